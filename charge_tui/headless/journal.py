"""``charge-tui journal``: what the desks of this user on this machine did, unknown outcomes first. Asks nobody."""

import argparse
import sys
from typing import TYPE_CHECKING

from charge_tui.headless.list import at_least_one

if TYPE_CHECKING:
    from datetime import tzinfo

    from charge_tui.config.session import Session
    from charge_tui.desk.entries import Entry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "What was sent from this machine and what came of it: unknown outcomes first, then the newest."
    parser.add_argument("--limit", type=at_least_one, metavar="N", help="at most so many (default: all)")
    parser.add_argument("--unknown", action="store_true", help="only those of which the outcome is not known")
    parser.add_argument("--json", action="store_true", help="one entry per line, whole")


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Print the entries and return the exit code.

    Raises:
        ConfigError: the journal cannot be read.
    """
    from charge_tui.config.errors import ConfigError
    from charge_tui.desk.account import journal_file
    from charge_tui.desk.journal_file import JournalFile, JournalUnwritable
    from charge_tui.domain.text import plain_json

    given = vars(parsed)
    path = journal_file(session.paths.state)
    if not path.exists():
        print("nothing was sent from here yet", file=sys.stderr)
        return 0
    file = JournalFile(path)
    try:
        where = "state IN ('open', 'unknown')" if given.get("unknown") else "1"
        entries = file.entries(where, limit=given.get("limit", -1))
    except JournalUnwritable as fault:
        raise ConfigError(f"The journal {path} cannot be read: {fault.__cause__ or fault}") from fault
    finally:
        file.close()
    if file.notice:
        print(f"charge-tui: {file.notice}", file=sys.stderr)
    for entry in entries:
        print(plain_json(entry.document()) if given.get("json") else _line(entry, session))
    if not entries:
        print("no entries", file=sys.stderr)
    return 0


def _line(entry: "Entry", session: "Session") -> str:
    from charge_tui.domain.text import safe

    plan = entry.plan
    what = f"{plan.cause} ({plan.verb})" if plan.cause in ("move", "undo") else plan.cause
    told = [
        f"{entry.number:>5}",
        _when(entry, session.settings.zone),
        f"{entry.state!s:<8}",
        f"{safe(what, 20):<12}",
        f"{safe(plan.reservation or '-', 60):<36}",
        f"{safe(entry.operator, 30)} {entry.mode} {safe(entry.host, 60)}",
        safe(entry.outcome or "nothing is known yet", 300),
    ]
    request = [safe(entry.request_id, 60)] if entry.request_id and entry.request_id not in entry.outcome else []
    return "  ".join([*told, *request])


def _when(entry: "Entry", zone: "tzinfo") -> str:
    from charge_tui.domain.times import zone_word

    return f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S} {zone_word(entry.at, zone)}"
