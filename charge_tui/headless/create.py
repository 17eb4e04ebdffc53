"""``charge-tui create``: book a reservation."""

import argparse
from typing import TYPE_CHECKING, Any

from charge_tui.headless.options import add_field_options, add_write_options

if TYPE_CHECKING:
    from charge_tui.config.session import Session
    from charge_tui.headless.writing import Intent, Work


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Book a reservation. Without --connector-type it is the vehicle's own."
    add_field_options(parser, new=True)
    add_write_options(parser)


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Book and return the exit code.

    Raises:
        ConfigError: an option is missing or wrong.
    """
    from charge_tui.clock import SystemClock
    from charge_tui.config.errors import ConfigError
    from charge_tui.domain.drafting import CREATABLE
    from charge_tui.headless.options import fields_given
    from charge_tui.headless.writing import write

    missing = [n for n in ("driver", "vehicle", "ideal_start", "ideal_end", "location") if not hasattr(parsed, n)]
    if missing:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise ConfigError(f"create needs {options} besides (see charge-tui create --help)")
    fields_given(parsed, CREATABLE, {}, session.settings.zone, SystemClock().now())
    return write(parsed, session, lambda work: _prepare(work, parsed))


async def _prepare(work: "Work", parsed: argparse.Namespace) -> "Intent":
    from charge_tui.domain.drafting import CREATABLE, create_body, told
    from charge_tui.headless.options import check, fields_given
    from charge_tui.headless.writing import Intent, path_of

    zone = work.session.settings.zone
    standard = await _standard(work, parsed)
    values: dict[str, Any] = fields_given(parsed, CREATABLE, {}, zone, work.bench.now())
    if standard and "connector_type" not in values:
        values["connector_type"] = [standard]
    check(values, new=True)
    body = create_body(values)
    lines = [f"{name}: {told(name, body[name], zone)}" for name in body]
    question = (*lines, f"Book this on {work.client.host} ({work.client.mode})?")
    return Intent(question, path_of(work.client), body, lambda: work.writer.create(values))


async def _standard(work: "Work", parsed: argparse.Namespace) -> str | None:
    """The vehicle's own connector type; reading it also sets the world's clock, which the times count from."""
    from charge_tui.api.errors import NotFound, PermissionDenied

    try:
        return (await work.client.vehicles.retrieve(parsed.vehicle)).charging_standard
    except (NotFound, PermissionDenied):
        return None
