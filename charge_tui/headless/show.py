"""``charge-tui show ID``: one reservation on standard output, field by field or as JSON."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charge_tui.api import ChargeClient
    from charge_tui.config.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Print one reservation."
    parser.add_argument("id", metavar="ID", help="the reservation's id (res_...)")
    parser.add_argument("--json", action="store_true", help="the document as the API has it")


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Print the reservation and return the exit code."""
    from charge_tui.headless.calls import call

    return call(session, lambda charge: _print(charge, parsed, session))


async def _print(charge: "ChargeClient", parsed: argparse.Namespace, session: "Session") -> None:
    from charge_tui.domain.text import plain_json
    from charge_tui.headless.table import document, fields

    row = await charge.reservations.retrieve_row(parsed.id)
    if getattr(parsed, "json", False):
        print(plain_json(document(row), indent=2))
    else:
        print("\n".join(fields(row, session.settings.zone)))
