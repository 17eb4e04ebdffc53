"""The journal's file: SQLite in the state folder, shared by all desks of this user on this machine.

Every method blocks, and belongs on one thread (``journal`` sees to that). A commit is on disk when it returns
(``synchronous=FULL``). A broken file is moved aside, and what can be read of it is taken over.
"""

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from charge_tui.desk.entries import Draft, Entry, Plan, State
from charge_tui.domain.times import parse_rfc3339, rfc3339

T = TypeVar("T")

_COLUMNS: Final = (
    "at, wall, operator, host, account, mode, desk, verb, cause, reservation, before, after, key, body, replaces, "
    "cluster, undoes, known, state, outcome, request, settled, ended, answer"
)
_SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY AUTOINCREMENT, {_COLUMNS}, UNIQUE (key));
CREATE INDEX IF NOT EXISTS entry_state ON entry (state);
CREATE INDEX IF NOT EXISTS entry_reservation ON entry (reservation);
CREATE TABLE IF NOT EXISTS draft (account, name, texts, at, PRIMARY KEY (account, name)) WITHOUT ROWID;
"""
_JSON: Final = frozenset({"before", "after", "body", "known", "answer"})
_NAMES: Final = tuple(_COLUMNS.split(", "))
_UNSETTLED: Final = "state IN ('open', 'unknown')"
_KEY: Final = re.compile(r"ch_sk_(?:test|live)_\w+")
_MOST_DRAFTS: Final = 200
_DRAFT_DAYS: Final = 60


class JournalUnwritable(Exception):
    """The journal cannot be written or read; so nothing may be sent. ``sentence`` says why, for a person."""

    def __init__(self, reason: str) -> None:
        self.sentence = f"The journal cannot be written ({reason}), and no write leaves without its journal row."
        super().__init__(self.sentence)


class JournalFile:
    """All SQL of the journal. ``path`` None keeps it in memory.

    ``patience`` is the seconds that a lock of another desk is waited for. ``notice`` is a sentence about a file that
    was moved aside in this run, else None.
    """

    def __init__(self, path: Path | None, patience: float = 5.0) -> None:
        self._path = path
        self._patience = patience
        self._db: sqlite3.Connection | None = None
        self._inode: int | None = None
        self.notice: str | None = None

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

        return self._change(insert)

    def settle(self, number: int, **columns: object) -> bool:
        """Set what became of an entry that is not settled; False where another desk has settled it.

        Raises:
            JournalUnwritable: it is not on disk.
        """
        values = {name: _scrubbed(_plain(name, value)) for name, value in columns.items()}
        sets = ", ".join(f"{name} = ?" for name in values)

        def update(db: sqlite3.Connection) -> bool:
            done = db.execute(
                f"UPDATE entry SET {sets} WHERE number = ? AND {_UNSETTLED}",  # noqa: S608
                (*values.values(), number),
            )
            return done.rowcount == 1

        return self._change(update)

    def entries(self, where: str = "1", values: Sequence[object] = (), limit: int = -1) -> list[Entry]:
        """Entries, the unsettled first, then the newest first; one that cannot be read is left out."""
        query = (
            f"SELECT number, {_COLUMNS} FROM entry WHERE {where} "  # noqa: S608 - ``where`` is this package's own
            f"ORDER BY {_UNSETTLED} DESC, number DESC LIMIT ?"
        )
        rows = self._guard(lambda: self._opened().execute(query, (*values, limit)).fetchall())
        return [entry for row in rows if (entry := _entry(row)) is not None]

    def keep_draft(self, account: str, draft: Draft) -> None:
        """Keep a draft in place of the one of that name."""
        row = (account, draft.name, json.dumps(draft.texts), rfc3339(draft.at))
        self._change(lambda db: db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?)", row))

    def drop_draft(self, account: str, name: str) -> None:
        """Forget a draft."""
        self._change(lambda db: db.execute("DELETE FROM draft WHERE account = ? AND name = ?", (account, name)))

    def drafts(self, account: str) -> list[Draft]:
        """All drafts of an account, the newest first."""
        query = "SELECT name, texts, at FROM draft WHERE account = ? ORDER BY at DESC"
        rows = self._guard(lambda: self._opened().execute(query, (account,)).fetchall())
        return [Draft(name, json.loads(texts), parse_rfc3339(at)) for name, texts, at in rows]

    def prune(self, now: datetime, days: float, megabytes: float) -> int:
        """Forget settled entries older than ``days``, and the oldest above that size; never one that is not settled."""
        oldest = rfc3339(now - timedelta(days=days))
        drafts = rfc3339(now - timedelta(days=_DRAFT_DAYS))

        def forget(db: sqlite3.Connection) -> int:
            gone = db.execute(f"DELETE FROM entry WHERE wall < ? AND NOT {_UNSETTLED}", (oldest,)).rowcount  # noqa: S608
            while _size(db) > megabytes * 1_000_000:
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

        return self._change(forget)

    def close(self) -> None:
        """Close the file."""
        if self._db:
            self._db.close()
            self._db = None

    def _change(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def transaction() -> T:
            db = self._opened()
            db.execute("BEGIN IMMEDIATE")
            try:
                result = work(db)
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            return result

        return self._guard(transaction)

    def _guard(self, work: Callable[[], T]) -> T:
        for last in (False, True):
            try:
                return work()
            except (sqlite3.OperationalError, sqlite3.IntegrityError) as fault:
                raise JournalUnwritable(str(fault)) from fault
            except sqlite3.DatabaseError as fault:
                if last:
                    raise JournalUnwritable(str(fault)) from fault
                self._set_aside(fault)
            except OSError as fault:
                raise JournalUnwritable(fault.strerror or type(fault).__name__) from fault
        raise AssertionError("unreachable")

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = self._open()
        return self._db

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(self._path, flags, 0o600)
            try:
                os.fchmod(descriptor, 0o600)
                self._inode = os.fstat(descriptor).st_ino
            finally:
                os.close(descriptor)
        db = sqlite3.connect(
            self._path or ":memory:", check_same_thread=False, timeout=self._patience, isolation_level=None
        )
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.executescript(_SCHEMA)
            if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(found)
        except BaseException:
            db.close()
            raise
        return db

    def _set_aside(self, fault: sqlite3.DatabaseError) -> None:
        self.close()
        path = self._path
        if path is None or (path.exists() and self._inode not in (None, path.stat().st_ino)):
            return  # another desk has moved the broken file already
        aside = next(name for name in _names_beside(path) if not name.exists())
        path.replace(aside)
        for suffix in ("-wal", "-shm"):
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + suffix))
        saved = self._salvage(aside)
        self.notice = (
            f"The journal was unreadable ({fault}) and was moved to {aside.name}; a new one was begun with the "
            f"{saved} entries that could be read."
        )

    def _salvage(self, aside: Path) -> int:
        db, saved = self._opened(), 0
        marks = ", ".join("?" * (len(_NAMES) + 1))
        try:
            old = sqlite3.connect(f"file:{aside}?mode=ro", uri=True)
        except sqlite3.Error:
            return 0
        try:
            for row in old.execute(f"SELECT number, {_COLUMNS} FROM entry"):  # noqa: S608
                db.execute(f"INSERT OR IGNORE INTO entry (number, {_COLUMNS}) VALUES ({marks})", row)  # noqa: S608
                saved += 1
        except sqlite3.Error:
            return saved
        finally:
            old.close()
        return saved


def _names_beside(path: Path) -> Iterable[Path]:
    return (path.with_name(f"{path.name}.broken{'' if count == 1 else f'-{count}'}") for count in range(1, 10_000))


def _size(db: sqlite3.Connection) -> int:
    pages, free, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in _PAGES)
    return int((pages - free) * size)


_PAGES: Final = ("page_count", "freelist_count", "page_size")


def _plan_row(plan: Plan) -> list[Any]:
    group = (plan.replaces, plan.group, plan.undoes, _plain("known", list(plan.known)))
    before, after = _plain("before", plan.before), _plain("after", plan.after)
    return [plan.verb, plan.cause, plan.reservation, before, after, plan.key, _plain("body", plan.body), *group]


def _scrubbed(value: Any) -> Any:
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


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _JSON:
        return json.loads(value)
    return parse_rfc3339(value) if name in ("at", "wall", "ended") else value
