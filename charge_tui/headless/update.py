"""``charge-tui update ID``: change a pending reservation."""

import argparse
from typing import TYPE_CHECKING

from charge_tui.headless.options import add_field_options, add_write_options

if TYPE_CHECKING:
    from charge_tui.config.session import Session
    from charge_tui.desk.outcome import Outcome
    from charge_tui.headless.writing import Intent, Work


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Change a pending reservation; what is not given stays as it is. +45m counts from the present."
    parser.add_argument("id", metavar="ID", help="the reservation's id (res_...)")
    add_field_options(parser, new=False)
    add_write_options(parser)


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Change it and return the exit code.

    Raises:
        ConfigError: an option is missing or wrong.
    """
    from charge_tui.clock import SystemClock
    from charge_tui.config.errors import ConfigError
    from charge_tui.domain.drafting import EDITABLE
    from charge_tui.headless.options import fields_given
    from charge_tui.headless.writing import write

    if not any(hasattr(parsed, name) for name in EDITABLE):
        raise ConfigError("update needs at least one field to change (see charge-tui update --help)")
    fields_given(parsed, EDITABLE, {}, session.settings.zone, SystemClock().now())
    return write(parsed, session, lambda work: _prepare(work, parsed))


async def _prepare(work: "Work", parsed: argparse.Namespace) -> "Intent | Outcome":
    from charge_tui.desk.outcome import Kind, Outcome
    from charge_tui.domain.drafting import EDITABLE, differences, edit_body, values_of
    from charge_tui.domain.text import safe
    from charge_tui.headless.options import check, fields_given
    from charge_tui.headless.writing import Intent, found, path_of

    zone = work.session.settings.zone
    row = await found(work, parsed.id)
    before = values_of(row)
    after = before | fields_given(parsed, EDITABLE, before, zone, work.bench.now())
    check(after, new=False)
    body = edit_body(before, after)
    if not body:
        return Outcome(Kind.UNCHANGED, "edit", row.id, "There is nothing to change.", row)
    lines = [
        f"{safe(one.field, 60)}: {one.before} -> {one.after}" + (f"  ({one.words})" if one.words else "")
        for one in differences(before, after, zone)
    ]
    question = (*lines, f"Change {safe(row.id, 60)} on {work.client.host} ({work.client.mode})?")
    return Intent(question, path_of(work.client, row.id), body, lambda: work.writer.edit(row, after))
