"""``charge-tui cancel ID``: cancel a reservation."""

import argparse
from typing import TYPE_CHECKING

from charge_tui.headless.options import add_write_options

if TYPE_CHECKING:
    from charge_tui.config.session import Session
    from charge_tui.headless.writing import Intent, Work


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Cancel a pending or confirmed reservation; the question says what it costs now."
    parser.add_argument("id", metavar="ID", help="the reservation's id (res_...)")
    add_write_options(parser)


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Cancel it and return the exit code."""
    from charge_tui.headless.writing import write

    return write(parsed, session, lambda work: _prepare(work, parsed))


async def _prepare(work: "Work", parsed: argparse.Namespace) -> "Intent":
    from charge_tui.domain.drafting import cancel_cost, window_words
    from charge_tui.domain.text import safe
    from charge_tui.headless.writing import Intent, found, path_of

    row = await found(work, parsed.id)
    zone = work.session.settings.zone
    lines = (
        f"{safe(row.id, 60)}, {safe(row.status, 40)}: {window_words(row, zone)}",
        cancel_cost(row, work.bench.now(), zone).words,
        f"Cancel it on {work.client.host} ({work.client.mode})?",
    )
    return Intent(lines, path_of(work.client, row.id, "/cancel"), {}, lambda: work.writer.cancel(row))
