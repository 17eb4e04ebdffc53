"""All SQL of the log: lines newest first, bounded by age and size, and a few facts of its own.

Each function is work for ``store_file.StoreFile.change`` or ``read``, and belongs on the store's thread.
"""

import json
import sqlite3
import sys
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from charge_tui.desk.journal_file import scrubbed
from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.desk.store_file import Table, size_of
from charge_tui.records import dataclass

_COLUMNS: Final = (
    "at, wall, kind, what, detail, reservation, vehicle, driver, before, after, updated, state, fields, source, who, "
    "request, until"
)
_SQL: Final = f"""
CREATE TABLE IF NOT EXISTS log (
    number INTEGER PRIMARY KEY AUTOINCREMENT, account, {_COLUMNS}, words,
    UNIQUE (account, kind, reservation, updated, state)
);
CREATE INDEX IF NOT EXISTS log_at ON log (account, at, number);
CREATE INDEX IF NOT EXISTS log_reservation ON log (account, reservation, at);
"""
_FACTS: Final = "CREATE TABLE IF NOT EXISTS log_fact (account, name, value, PRIMARY KEY (account, name)) WITHOUT ROWID;"

LOG_TABLES: Final = (
    Table("log", "log lines", _SQL, looks=lambda row: isinstance(row[2], int) and row[4] in set(LogKind)),
    Table("log_fact", "notes", _FACTS, looks=lambda row: all(isinstance(one, str) for one in row)),
)
"""What the log has in the desk's store."""

Names = Callable[[LogEntry], Iterable[str]]
"""Names by which a person looks for a line (plate, driver), as far as they are known."""

_AT_ONCE: Final = 500
_DROPPED_AT_ONCE: Final = 50
_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Query:
    """Which lines are wanted; the empty one wants all."""

    text: str = ""
    """Words that must all be found, in an id, a name, a status, a detail or a person's name."""
    reservation: str = ""
    since: datetime | None = None
    until: datetime | None = None
    kinds: frozenset[LogKind] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return any((self.text, self.reservation, self.since, self.until, self.kinds))


def append(db: sqlite3.Connection, account: str, entries: Iterable[LogEntry], names: Names) -> int:
    """Put lines in; how many are new.

    A change that is there already is left as it is; an action or a gap that is there is brought to its present state.
    """
    before = db.total_changes
    marks = ", ".join("?" * 19)
    for entry in entries:
        new_state = "DO NOTHING"
        if entry.kind in (LogKind.ACTION, LogKind.GAP):
            new_state = (
                "DO UPDATE SET detail = excluded.detail, request = excluded.request, until = excluded.until, "
                "words = excluded.words WHERE detail != excluded.detail OR request != excluded.request "
                "OR until IS NOT excluded.until"
            )
        elif not entry.before and entry.what.startswith("new"):
            known = _last_status(db, account, entry)
            if known is _TOLD:
                continue
            entry = _with_status(entry, known)
        db.execute(
            f"INSERT INTO log (account, {_COLUMNS}, words) VALUES ({marks}) "  # noqa: S608 - this module's own names
            f"ON CONFLICT (account, kind, reservation, updated, state) {new_state}",
            (account, *_values(entry), _words(entry, names(entry))),
        )
    return db.total_changes - before


def numbers(db: sqlite3.Connection, account: str, query: Query) -> "array[int]":
    """The numbers of all lines that a query wants, the newest first: eight bytes each."""
    where, values = _where(account, query)
    # one row with all of them: a row each would have this thread fight the screen's for the interpreter at every row
    ordered = f"SELECT number FROM log WHERE {where} ORDER BY at DESC, number DESC LIMIT -1"  # noqa: S608
    told = db.execute(f"SELECT group_concat(printf('%016x', number), '') FROM ({ordered})", values).fetchone()[0]  # noqa: S608
    found = array("q", bytes.fromhex(told or ""))
    if sys.byteorder == "little":
        found.byteswap()
    return found


def count(db: sqlite3.Connection, account: str) -> int:
    """How many lines an account has."""
    return int(db.execute("SELECT count(*) FROM log WHERE account = ?", (account,)).fetchone()[0])


def lines(db: sqlite3.Connection, wanted: Sequence[int]) -> list[LogEntry]:
    """The lines of these numbers, in their order; those that are gone, or cannot be read, are left out."""
    marks = ", ".join("?" * len(wanted))
    rows = db.execute(f"SELECT number, {_COLUMNS} FROM log WHERE number IN ({marks})", tuple(wanted))  # noqa: S608
    found = {row[0]: entry for row in rows if (entry := _entry(row)) is not None}
    return [found[number] for number in wanted if number in found]


def every(db: sqlite3.Connection, account: str, query: Query) -> Iterator[LogEntry]:
    """All lines that a query wants, the newest first, read as they are asked for."""
    wanted = numbers(db, account, query)
    for place in range(0, len(wanted), _AT_ONCE):
        yield from lines(db, wanted[place : place + _AT_ONCE])


def prune(db: sqlite3.Connection, now: datetime, days: float, megabytes: float) -> int:
    """Forget lines older than ``days`` by this machine's clock, and the oldest while the file is above that size."""
    gone = db.execute("DELETE FROM log WHERE wall < ?", (_number(now - timedelta(days=days)),)).rowcount
    while size_of(db) > megabytes * 1_000_000:
        oldest = "SELECT number FROM log ORDER BY number LIMIT ?"
        dropped = db.execute(f"DELETE FROM log WHERE number IN ({oldest})", (_DROPPED_AT_ONCE,)).rowcount  # noqa: S608
        gone += dropped
        if not dropped:
            break
    return gone


def fact(db: sqlite3.Connection, account: str, name: str) -> str | None:
    """A fact that was kept."""
    row = db.execute("SELECT value FROM log_fact WHERE account = ? AND name = ?", (account, name)).fetchone()
    return str(row[0]) if row else None


def keep_fact(db: sqlite3.Connection, account: str, name: str, value: str | None) -> None:
    """Keep a fact; None forgets it."""
    if value is None:
        db.execute("DELETE FROM log_fact WHERE account = ? AND name = ?", (account, name))
    else:
        db.execute("INSERT OR REPLACE INTO log_fact VALUES (?, ?, ?)", (account, name, value))


def accounts(db: sqlite3.Connection) -> list[str]:
    """The accounts that have lines or facts."""
    found = db.execute("SELECT DISTINCT account FROM log UNION SELECT DISTINCT account FROM log_fact ORDER BY 1")
    return [row[0] for row in found]


def folded(text: str) -> str:
    """A text as it is compared: without case and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


_TOLD: Final = "\0told"


def _last_status(db: sqlite3.Connection, account: str, entry: LogEntry) -> str:
    """The status in which the log knows a reservation that the picture does not; ``_TOLD`` where it knows this one."""
    row = db.execute(
        "SELECT after, updated FROM log WHERE account = ? AND kind = 'change' AND reservation = ? "
        "ORDER BY updated DESC, number DESC LIMIT 1",
        (account, entry.reservation),
    ).fetchone()
    if row is None:
        return ""
    return _TOLD if row[1] >= entry.updated else row[0]


def _with_status(entry: LogEntry, known: str) -> LogEntry:
    if not known:
        return entry
    changed = known != entry.after
    return replace(entry, what=entry.after if changed else "changed", before=known if changed else "")


def _where(account: str, query: Query) -> tuple[str, list[object]]:
    parts, values = ["account = ?"], list[object]([account])
    if query.reservation:
        parts.append("reservation = ?")
        values.append(query.reservation)
    if query.since is not None:
        parts.append("at >= ?")
        values.append(_number(query.since))
    if query.until is not None:
        parts.append("at < ?")
        values.append(_number(query.until))
    if query.kinds:
        parts.append(f"kind IN ({', '.join('?' * len(query.kinds))})")
        values += sorted(query.kinds)
    for word in folded(query.text).split():
        parts.append("instr(words, ?) > 0")
        values.append(_storable(word))
    return " AND ".join(parts), values


def _words(entry: LogEntry, names: Iterable[str]) -> str:
    found = [entry.reservation, entry.vehicle, entry.driver, entry.what, entry.before, entry.detail, entry.who]
    found += [entry.request, entry.source, str(entry.kind)]
    for name in names:
        found += [name, "".join(char for char in name if char.isalnum())]
    found += [f"{field} {_spoken(new)}" for field, _, new in entry.fields]
    return _storable(folded(" ".join(part for part in found if part))[:4000])


def _spoken(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {one}" for key, one in value.items())
    return " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _values(entry: LogEntry) -> tuple[object, ...]:
    until = _number(entry.until) if entry.until else None
    texts = (entry.what, entry.detail, entry.reservation, entry.vehicle, entry.driver, entry.before, entry.after)
    keys = (entry.updated, entry.state, json.dumps(entry.fields, separators=(",", ":")))
    return (
        _number(entry.at), _number(entry.wall), str(entry.kind), *map(_storable, texts), *map(_storable, keys),
        *map(_storable, (entry.source, entry.who, entry.request)), until,
    )  # fmt: skip


def _entry(row: tuple[Any, ...]) -> LogEntry | None:
    try:
        return _read(row)
    except (ValueError, TypeError, OverflowError):
        return None


def _read(row: tuple[Any, ...]) -> LogEntry:
    number, at, wall, kind, what, detail, reservation, vehicle, driver, before, after, updated, state = row[:13]
    fields, source, who, request, until = row[13:]
    return LogEntry(
        LogKind(kind), _instant(at), _instant(wall), what, detail, reservation, vehicle, driver, before, after, updated,
        state, tuple((name, old, new) for name, old, new in json.loads(fields)), source, who, request,
        None if until is None else _instant(until), number,
    )  # fmt: skip


def _storable(text: str) -> str:
    """SQLite takes no lone surrogates; they come from JSON escapes and mean nothing. A key is kept nowhere."""
    return str(scrubbed(text.encode("utf-8", "replace").decode()))


def _number(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def _instant(number: int) -> datetime:
    return _EPOCH + number * _MILLISECOND
