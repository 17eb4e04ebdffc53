"""A process that writes all that a desk keeps, as fast as it can; run as a module with folder, name and rounds."""

import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

from charge_tui.desk import log_file
from charge_tui.desk.attention import verdict_file
from charge_tui.desk.attention.state import Said, Verdict
from charge_tui.desk.attention.terms import Standing
from charge_tui.desk.desk_store import DESK_STORE, desk_file
from charge_tui.desk.entries import Draft, Plan, State
from charge_tui.desk.journal_file import JournalFile
from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.domain.attention.finding import Severity
from tests.support.reservations import NOON

ENTRIES, VERDICTS, DRAFTS, LINES = "entries", "verdicts", "drafts", "log lines"


def main() -> int:
    """Write, and say the number of each round once all of it is on disk."""
    folder, name, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    journal, store = JournalFile(folder / "journal.sqlite", 30.0), desk_file(folder / DESK_STORE, 30.0)
    stamp = (NOON, NOON, name, "host", "account", "test", name)
    for number in range(rounds):
        plan = Plan("create", "create", {"n": number}, f"{name}-{number}")
        journal.write(stamp, [plan])
        journal.keep_draft("account", Draft(f"{name}-{number}", {"metadata": "x" * 200}, NOON))
        key = f"{name}-{number}"
        one = Standing(Verdict(Said.ACKNOWLEDGED, key, Severity.HIGH, name, NOON, None, ""), (key,), "facts")
        store.change(partial(verdict_file.write, account="account", given={key: (one, None)}, rulings=[]))
        line = LogEntry(LogKind.CHANGE, NOON, NOON, "changed", reservation=key, updated=str(number), before="x")
        store.change(partial(log_file.append, account="account", entries=[line], names=lambda _: ()))
        assert journal.settle(plan.key, state=State.DONE, outcome="Booked.", ended=NOON)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    journal.close()
    store.close()
    return 0


def counted(folder: Path, name: str) -> dict[str, set[int]]:
    """By kind, the numbers of what a desk of that name wrote and is there, each of them once."""
    queries = {
        ENTRIES: ("journal.sqlite", "SELECT key FROM entry"),
        VERDICTS: (DESK_STORE, "SELECT json_extract(key, '$') FROM verdict"),
        DRAFTS: ("journal.sqlite", "SELECT name FROM draft"),
        LINES: (DESK_STORE, "SELECT reservation FROM log"),
    }
    found: dict[str, set[int]] = {}
    for kind, (file, query) in queries.items():
        if not (folder / file).exists():
            found[kind] = set()
            continue
        with closing(sqlite3.connect(folder / file)) as db:
            keys = [key for (key,) in db.execute(query) if key.rpartition("-")[0] == name]
        assert len(keys) == len(set(keys))
        found[kind] = {int(key.rpartition("-")[2]) for key in keys}
    return found


if __name__ == "__main__":
    raise SystemExit(main())
