"""``charge-tui list``: reservations on standard output, newest created first, as a table or as JSON lines."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charge_tui.api import ChargeClient
    from charge_tui.config.session import Session

STATUSES = ("pending", "confirmed", "completed", "cancelled", "failed", "expired")
MOST_OF_A_PAGE = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Print reservations, newest created first."
    parser.add_argument("--status", choices=STATUSES, metavar="STATUS", help=", ".join(STATUSES))
    parser.add_argument("--driver", metavar="ID", help="of one driver")
    parser.add_argument("--vehicle", metavar="ID", help="of one vehicle")
    parser.add_argument("--station", metavar="ID", help="at one charging station")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--limit", type=at_least_one, metavar="N", help="at most so many (default: page_size, 50)")
    amount.add_argument("--all", action="store_true", help="all there are")
    parser.add_argument("--json", action="store_true", help="one document per line, as the API has it")


def at_least_one(text: str) -> int:
    """A count from the command line.

    Raises:
        ArgumentTypeError: it is none.
    """
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 10_000_000):
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(text)


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Print what was asked for and return the exit code."""
    from charge_tui.headless.calls import call

    return call(session, lambda charge: _print(charge, parsed, session))


async def _print(charge: "ChargeClient", parsed: argparse.Namespace, session: "Session") -> None:
    import sys

    from charge_tui.headless.table import header, json_line, line

    given = vars(parsed)
    zone = session.settings.zone
    left = None if given.get("all") else given.get("limit", session.settings.page_size)
    asked = min(MOST_OF_A_PAGE, left or MOST_OF_A_PAGE)
    as_json = given.get("json", False)
    pages = charge.reservations.list(
        status=given.get("status"),
        driver=given.get("driver"),
        vehicle=given.get("vehicle"),
        charging_station=given.get("station"),
        limit=asked,
    ).pages()
    printed = 0
    async for page in pages:
        rows = page.rows if left is None else page.rows[: left - printed]
        if rows and not printed and not as_json:
            print(header())
        for row in rows:
            print(json_line(row) if as_json else line(row, zone))
        printed += len(rows)
        sys.stdout.flush()
        if left is not None and printed >= left:
            if page.next_page_url or len(page.rows) > len(rows):
                print(f"{printed} shown, and there are more: --all, or a larger --limit", file=sys.stderr)
            return
    if not printed:
        print("no reservations match", file=sys.stderr)
