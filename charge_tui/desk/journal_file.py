"""The journal's file: all SQL of the journal, on a store file of which a commit is on disk when it returns.

Every method blocks, and belongs on one thread (``journal`` sees to that).
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from charge_tui.desk.entries import Draft, Entry, Plan, State
from charge_tui.desk.store_file import StoreFile, StoreUnwritable, Table, size_of
from charge_tui.domain.times import parse_rfc3339, rfc3339

_COLUMNS: Final = (
    "at, wall, operator, host, account, mode, desk, verb, cause, reservation, before, after, key, body, replaces, "
    "cluster, undoes, known, state, outcome, request, settled, ended, answer"
)
_ENTRIES: Final = f"""
CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY AUTOINCREMENT, {_COLUMNS}, UNIQUE (key));
CREATE INDEX IF NOT EXISTS entry_state ON entry (state);
CREATE INDEX IF NOT EXISTS entry_reservation ON entry (reservation);
"""
_DRAFTS: Final = (
    "CREATE TABLE IF NOT EXISTS draft (account, name, texts, at, PRIMARY KEY (account, name)) WITHOUT ROWID;"
)
_JSON: Final = frozenset({"before", "after", "body", "known", "answer"})
_NAMES: Final = tuple(_COLUMNS.split(", "))
_STATES: Final = frozenset(str(state) for state in State)
_UNSETTLED: Final = "state IN ('open', 'unknown')"
_KEY: Final = re.compile(r"ch_sk_(?:test|live)_\w+")
_MOST_DRAFTS: Final = 200
_DRAFT_DAYS: Final = 60


class JournalUnwritable(StoreUnwritable):
    """The journal cannot be written or read; so nothing may be sent. ``sentence`` says why, for a person."""

    def told(self, reason: str) -> str:
        """The sentence for a reason."""
        return f"The journal cannot be written ({reason}), and no write leaves without its journal row."


class JournalFile(StoreFile):
    """All SQL of the journal. ``path`` None keeps it in memory.

    ``patience`` is the seconds that a lock of another desk is waited for.
    """

    def __init__(self, path: Path | None, patience: float = 5.0) -> None:
        tables = (
            Table("entry", "entries", _ENTRIES, looks=lambda row: row[1 + _NAMES.index("state")] in _STATES),
            Table("draft", "drafts", _DRAFTS, looks=lambda row: all(isinstance(one, str) for one in row)),
        )
        super().__init__(path, tables, patience, name="journal", durable=True, unwritable=JournalUnwritable)

    def write(self, stamp: Sequence[object], plans: Iterable[Plan]) -> list[int]:
        """Write an open entry for each plan, all or none; their numbers.

        ``stamp`` is (at, wall, operator, host, account, mode, desk), the times as datetimes.

        Raises:
            JournalUnwritable: it is not on disk.
        """
        head = [rfc3339(value) if isinstance(value, datetime) else value for value in stamp]
        rows = [[*head, *_plan_row(plan), State.OPEN, "", None, None, None, None] for plan in plans]
        if any(_KEY.search(str(value)) for row in rows for value in row):
            raise JournalUnwritable("the text looks like an API key, which is kept nowhere")
        marks = ", ".join("?" * len(_NAMES))

        def insert(db: sqlite3.Connection) -> list[int]:
            numbers = []
            for row in rows:
                made = db.execute(f"INSERT INTO entry ({_COLUMNS}) VALUES ({marks})", row)  # noqa: S608
                numbers.append(made.lastrowid or 0)
            return numbers

        return self.change(insert)

    def settle(self, key: str, **columns: object) -> bool:
        """Set what became of the entry of that key, if it is not settled; False where another desk has settled it.

        The key is an entry's own for ever; its number may be another one in a file that was made anew.

        Raises:
            JournalUnwritable: it is not on disk.
        """
        values = {name: scrubbed(_plain(name, value)) for name, value in columns.items()}
        sets = ", ".join(f"{name} = ?" for name in values)

        def update(db: sqlite3.Connection) -> bool:
            done = db.execute(
                f"UPDATE entry SET {sets} WHERE key = ? AND {_UNSETTLED}",  # noqa: S608
                (*values.values(), key),
            )
            return done.rowcount == 1

        return self.change(update)

    def entries(self, where: str = "1", values: Sequence[object] = (), limit: int = -1) -> list[Entry]:
        """Entries, the unsettled first, then the newest first; one that cannot be read is left out."""
        query = (
            f"SELECT number, {_COLUMNS} FROM entry WHERE {where} "  # noqa: S608 - ``where`` is this package's own
            f"ORDER BY {_UNSETTLED} DESC, number DESC LIMIT ?"
        )
        rows = self.read(lambda db: db.execute(query, (*values, limit)).fetchall())
        return [entry for row in rows if (entry := _entry(row)) is not None]

    def keep_draft(self, account: str, draft: Draft) -> None:
        """Keep a draft in place of the one of that name."""
        row = (account, draft.name, scrubbed(json.dumps(draft.texts)), rfc3339(draft.at))
        self.change(lambda db: db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?)", row))

    def drop_draft(self, account: str, name: str) -> None:
        """Forget a draft."""
        self.change(lambda db: db.execute("DELETE FROM draft WHERE account = ? AND name = ?", (account, name)))

    def drafts(self, account: str) -> list[Draft]:
        """All drafts of an account, the newest first; one that cannot be read is left out."""
        query = "SELECT name, texts, at FROM draft WHERE account = ? ORDER BY at DESC"
        rows = self.read(lambda db: db.execute(query, (account,)).fetchall())
        return [draft for row in rows if (draft := _draft(*row)) is not None]

    def prune(self, now: datetime, days: float, megabytes: float) -> int:
        """Forget settled entries older than ``days``, and the oldest above that size; never one that is not settled."""
        oldest = rfc3339(now - timedelta(days=days))
        drafts = rfc3339(now - timedelta(days=_DRAFT_DAYS))

        def forget(db: sqlite3.Connection) -> int:
            gone = db.execute(f"DELETE FROM entry WHERE wall < ? AND NOT {_UNSETTLED}", (oldest,)).rowcount  # noqa: S608
            while size_of(db) > megabytes * 1_000_000:
                few = f"SELECT number FROM entry WHERE NOT {_UNSETTLED} ORDER BY number LIMIT 100"  # noqa: S608
                dropped = db.execute(f"DELETE FROM entry WHERE number IN ({few})").rowcount  # noqa: S608
                gone += dropped
                if not dropped:
                    break
            db.execute("DELETE FROM draft WHERE at < ?", (drafts,))
            db.execute(
                "DELETE FROM draft WHERE (account, name) IN (SELECT account, name FROM draft ORDER BY at DESC "
                "LIMIT -1 OFFSET ?)",
                (_MOST_DRAFTS,),
            )
            return gone

        return self.change(forget)


def _plan_row(plan: Plan) -> list[Any]:
    group = (plan.replaces, plan.group, plan.undoes, _plain("known", list(plan.known)))
    before, after = _plain("before", plan.before), _plain("after", plan.after)
    return [plan.verb, plan.cause, plan.reservation, before, after, plan.key, _plain("body", plan.body), *group]


def scrubbed(value: Any) -> Any:
    """A value in which no text holds an API key."""
    return _KEY.sub("ch_sk_…", value) if isinstance(value, str) else value


def _plain(name: str, value: Any) -> Any:
    if name in _JSON and value is not None:
        return json.dumps(value, separators=(",", ":"))
    return rfc3339(value) if isinstance(value, datetime) else value


def _entry(row: tuple[Any, ...]) -> Entry | None:
    number, *rest = row
    try:
        held = {name: _read(name, value) for name, value in zip(_NAMES, rest, strict=True)}
        plan = Plan(
            held["verb"], held["cause"], held["body"], held["key"], held["reservation"], held["before"], held["after"],
            held["replaces"], held["cluster"], held["undoes"], tuple(held["known"]),
        )  # fmt: skip
        return Entry(
            number, held["at"], held["wall"], held["operator"], held["host"], held["account"], held["mode"],
            held["desk"], plan, State(held["state"]), held["outcome"], held["request"], held["settled"], held["ended"],
            held["answer"],
        )  # fmt: skip
    except (ValueError, TypeError):
        return None


def _draft(name: Any, texts: Any, at: Any) -> Draft | None:
    try:
        held = json.loads(texts)
        return Draft(str(name), {str(field): str(text) for field, text in held.items()}, parse_rfc3339(at))
    except (ValueError, TypeError, AttributeError):
        return None


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _JSON:
        return json.loads(value)
    return parse_rfc3339(value) if name in ("at", "wall", "ended") else value
