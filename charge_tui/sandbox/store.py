"""The world's memory: one SQLite database, in a file or in memory.

A request is committed before it is answered. The file is in WAL mode: a process that is killed loses nothing that it
had acknowledged. Lists are read by keyset on ``seq``, the order of creation, so the last
page costs what the first does.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from charge_tui.records import dataclass

FORMAT: Final = "1"

_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE neighbour (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE reservation (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, status TEXT NOT NULL, driver TEXT, vehicle TEXT, charging_station TEXT,
    starts INTEGER NOT NULL, ends INTEGER NOT NULL, origin TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE booking (
    reservation TEXT PRIMARY KEY, station TEXT NOT NULL, connector TEXT NOT NULL, starts INTEGER NOT NULL,
    ends INTEGER NOT NULL
);
CREATE TABLE event (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    UNIQUE (kind, subject)
);
CREATE TABLE answer (
    key TEXT PRIMARY KEY, at INTEGER NOT NULL, digest TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL
);
"""

_INDEXES: Final = """
CREATE UNIQUE INDEX IF NOT EXISTS reservation_id ON reservation (id);
CREATE INDEX IF NOT EXISTS reservation_status ON reservation (status);
CREATE INDEX IF NOT EXISTS reservation_driver ON reservation (driver);
CREATE INDEX IF NOT EXISTS reservation_vehicle ON reservation (vehicle);
CREATE INDEX IF NOT EXISTS reservation_station ON reservation (charging_station);
CREATE INDEX IF NOT EXISTS booking_station ON booking (station);
CREATE INDEX IF NOT EXISTS event_at ON event (at, n);
CREATE INDEX IF NOT EXISTS answer_at ON answer (at);
"""

FILTERS: Final = ("charging_station", "driver", "status", "vehicle")
"""The filters of a list, in the order in which a page URL repeats them."""

_NARROWEST_FIRST: Final = ("vehicle", "driver", "charging_station", "status")


@dataclass(frozen=True, slots=True)
class Stored:
    """A reservation as it is kept; ``body`` is its JSON text in the documented key order."""

    seq: int
    id: str
    status: str
    driver: str | None
    vehicle: str | None
    charging_station: str | None
    starts: int
    ends: int
    origin: str
    body: str


class Store:
    """One connection to the world's database. Not safe for two threads at once: its owner holds a lock.

    Raises:
        ValueError: the file is not a database of a sandbox, or cannot be opened; the text is one sentence.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self._depth = 0
        try:
            self._db = sqlite3.connect(
                str(path) if path is not None else ":memory:", isolation_level=None, check_same_thread=False, timeout=1
            )
        except sqlite3.Error as fault:
            raise _unusable(path, fault) from fault
        try:
            self.fresh = self._open(path)
        except sqlite3.Error as fault:
            self._db.close()
            raise _unusable(path, fault) from fault
        except ValueError:
            self._db.close()
            raise

    def _open(self, path: Path | str | None) -> bool:
        """Set the connection up; whether the database is new."""
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        if path is not None:
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        names = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not names:
            self._db.executescript("BEGIN IMMEDIATE;" + _TABLES + "COMMIT;")
            self.remember("format", FORMAT)
        elif "meta" not in names or self.recall("format") != FORMAT:
            raise ValueError(f"{path} is not a sandbox's database, or one of another version")
        return not names

    def close(self) -> None:
        """Close the database; what was committed stays."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed together, or not at all."""
        if self._depth == 0:
            self._db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self._db.execute("COMMIT")

    def remember(self, name: str, value: str) -> None:
        """Keep a single value of the world."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def recall(self, name: str) -> str | None:
        """A single value of the world, None when it was never kept."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def add_indexes(self) -> None:
        """Make the indexes, after a large load."""
        for statement in filter(str.strip, _INDEXES.split(";")):
            self._db.execute(statement)

    # Neighbours

    def add_neighbours(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Keep neighbours as (kind, id, JSON) in the order of their creation."""
        self._db.executemany("INSERT INTO neighbour (kind, id, body) VALUES (?, ?, ?)", rows)

    def neighbours(self) -> Iterator[tuple[str, str]]:
        """All neighbours as (kind, JSON) in the order of their creation."""
        yield from self._db.execute("SELECT kind, body FROM neighbour ORDER BY seq")

    # Reservations

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep reservations as (id, status, driver, vehicle, station, starts, ends, origin, JSON), oldest first."""
        self._db.executemany(
            "INSERT INTO reservation (id, status, driver, vehicle, charging_station, starts, ends, origin, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def replace(self, row: tuple[Any, ...]) -> None:
        """Put a reservation in place of the one with its id; the columns are those of ``add``."""
        self._db.execute(
            "UPDATE reservation SET status = ?, driver = ?, vehicle = ?, charging_station = ?, starts = ?, ends = ?,"
            " origin = ?, body = ? WHERE id = ?",
            (*row[1:], row[0]),
        )

    def get(self, identity: str) -> Stored | None:
        """A reservation by its id."""
        row = self._db.execute("SELECT * FROM reservation WHERE id = ?", (identity,)).fetchone()
        return None if row is None else Stored(*row)

    def rows(self, filters: Mapping[str, str], position: int | None, newer: bool, count: int) -> list[Stored]:
        """At most ``count`` reservations that match, next to a position and without it.

        Older ones, newest first; or with ``newer`` those above the position, oldest first.
        """
        sql, values = self._listing(filters, position, newer)
        return [Stored(*row) for row in self._db.execute(sql, (*values, count))]

    def plan(self, filters: Mapping[str, str], position: int | None, newer: bool, count: int) -> str:
        """How the database goes about ``rows``: to see that it uses an index and sorts nothing."""
        sql, values = self._listing(filters, position, newer)
        return "; ".join(row[3] for row in self._db.execute("EXPLAIN QUERY PLAN " + sql, (*values, count)))

    def _listing(self, filters: Mapping[str, str], position: int | None, newer: bool) -> tuple[str, list[Any]]:
        narrow = next((name for name in _NARROWEST_FIRST if name in filters), None)
        tests = [f"{'' if name == narrow else '+'}{name} = ?" for name in filters]
        values: list[Any] = list(filters.values())
        if position is not None:
            tests.append("seq > ?" if newer else "seq < ?")
            values.append(position)
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        order = "ASC" if newer else "DESC"
        return f"SELECT * FROM reservation{where} ORDER BY seq {order} LIMIT ?", values  # noqa: S608

    def counts(self) -> dict[str, int]:
        """How many reservations stand in each status."""
        return dict(self._db.execute("SELECT status, count(*) FROM reservation GROUP BY status ORDER BY status"))

    def count(self, *statuses: str) -> int:
        """How many reservations stand in any of these statuses."""
        marks = ", ".join("?" * len(statuses))
        sql = f"SELECT count(*) FROM reservation WHERE status IN ({marks})"  # noqa: S608
        return int(self._db.execute(sql, statuses).fetchone()[0])

    def next_seq(self) -> int:
        """The place in the order of creation that the next reservation takes."""
        return int(self._db.execute("SELECT coalesce(max(seq), 0) + 1 FROM reservation").fetchone()[0])

    def busy(self, column: str, identity: str, starts: int, ends: int, but: str = "") -> bool:
        """Whether a driver or vehicle has an open reservation in this window, other than ``but``."""
        name = "vehicle" if column == "vehicle" else "driver"
        sql = (
            f"SELECT 1 FROM reservation WHERE {name} = ? AND +status IN ('pending', 'confirmed')"  # noqa: S608
            " AND starts < ? AND ends > ? AND id <> ? LIMIT 1"
        )
        return self._db.execute(sql, (identity, ends, starts, but)).fetchone() is not None

    # Bookings

    def book(self, rows: Iterable[tuple[str, str, str, int, int]]) -> None:
        """Lock connectors: (reservation, station, connector, starts, ends)."""
        self._db.executemany("INSERT OR REPLACE INTO booking VALUES (?, ?, ?, ?, ?)", rows)

    def release(self, reservation: str) -> None:
        """Free the connector that a reservation had."""
        self._db.execute("DELETE FROM booking WHERE reservation = ?", (reservation,))

    def taken(self, station: str, starts: int, ends: int) -> set[str]:
        """The connectors of a station that are locked for any part of a window."""
        rows = self._db.execute(
            "SELECT connector FROM booking WHERE station = ? AND starts < ? AND ends > ?", (station, ends, starts)
        )
        return {row[0] for row in rows}

    # Events

    def schedule(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Put events (at, kind, subject) on the world's calendar, in place of the same kind for the same subject."""
        self._db.executemany("INSERT OR REPLACE INTO event (at, kind, subject) VALUES (?, ?, ?)", rows)

    def unschedule(self, kind: str, subject: str) -> None:
        """Take an event off the calendar."""
        self._db.execute("DELETE FROM event WHERE kind = ? AND subject = ?", (kind, subject))

    def take_due(self, until: int) -> tuple[int, str, str] | None:
        """Take the first event that is due by a time off the calendar."""
        row = self._db.execute(
            "SELECT n, at, kind, subject FROM event WHERE at <= ? ORDER BY at, n LIMIT 1", (until,)
        ).fetchone()
        if row is None:
            return None
        self._db.execute("DELETE FROM event WHERE n = ?", (row[0],))
        return int(row[1]), str(row[2]), str(row[3])

    # Answers to idempotency keys

    def answer(self, key: str) -> tuple[str, int, bytes] | None:
        """The digest of the request, the status and the body that a key was answered with."""
        row = self._db.execute("SELECT digest, status, body FROM answer WHERE key = ?", (key,)).fetchone()
        return None if row is None else (str(row[0]), int(row[1]), bytes(row[2]))

    def keep_answer(self, key: str, at: int, digest: str, status: int, body: bytes) -> None:
        """Keep what a key was answered with."""
        self._db.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)", (key, at, digest, status, body))

    def forget_answers(self, before: int) -> None:
        """Forget the keys that were first used before a time."""
        self._db.execute("DELETE FROM answer WHERE at < ?", (before,))

    def dump(self) -> Iterator[str]:
        """The whole database as SQL text, to compare two worlds byte for byte."""
        yield from self._db.iterdump()


def _unusable(path: Path | str | None, fault: sqlite3.Error) -> ValueError:
    return ValueError(f"{path} cannot be used as the sandbox's database: {fault}")
