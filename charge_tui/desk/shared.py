"""What is in the picture's file, and how several desks of one account read and write it.

One desk writes: the one whose token the file has. Each of its writes has the next number, and what it wrote bears that
number; so the others ask for what is newer than what they have. They write nothing but offers: rows that a person had
read there, and wishes. Moments are Unix time.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import field
from math import isfinite
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError

from charge_tui.desk import facts as told
from charge_tui.desk.facts import Facts
from charge_tui.desk.lean import Lean
from charge_tui.desk.mirror import End
from charge_tui.desk.names import KINDS, Neighbour
from charge_tui.domain.neighbours import Driver, PaymentMethod, Station, Vehicle
from charge_tui.domain.reservation import Reservation, Row, read_row
from charge_tui.domain.text import without_keys
from charge_tui.records import dataclass

FORMAT: Final = "2"
SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reservation (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS reservation_version ON reservation (version);
CREATE TABLE IF NOT EXISTS sight (version INTEGER NOT NULL, at REAL NOT NULL, ids TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS sight_version ON sight (version);
CREATE TABLE IF NOT EXISTS name (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, kind TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS name_version ON name (version);
CREATE TABLE IF NOT EXISTS offer (
    number INTEGER PRIMARY KEY AUTOINCREMENT, desk TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
"""
TABLES: Final = ("fact", "reservation", "sight", "name", "offer")
_OFFERS_KEPT: Final = 2_000
_MODELS: Final[dict[str, type[Driver | Vehicle | Station | PaymentMethod]]] = {
    "vehicle": Vehicle,
    "driver": Driver,
    "station": Station,
    "payment": PaymentMethod,
}


@dataclass(frozen=True, slots=True)
class Sights:
    """These were seen at that moment."""

    at: float
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What the desk that reads has to tell since it last did."""

    rows: tuple[tuple[Row, End], ...] = ()
    dropped: tuple[str, ...] = ()
    sights: tuple[Sights, ...] = ()
    all_sights: bool = False
    """Whether the sights are those of the whole picture, so that none before them needs to be kept."""
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What is newer than what a desk has."""

    epoch: str
    """The file's own name: another one has nothing to do with what was read before."""
    version: int
    facts: Facts | None
    rows: tuple[tuple[Row, End], ...] = ()
    sights: tuple[Sights, ...] = ()
    names: dict[str, list[Neighbour]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a desk that follows asks of the one that reads, or tells it."""

    desk: str
    kind: str
    """row, gone, refresh, watch, names, spent."""
    body: Any


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables; a file of another format begins anew."""
    held = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'fact'").fetchone()
    if held and _fact(db, "format") != FORMAT:
        db.executescript("".join(f"DROP TABLE IF EXISTS {name};" for name in TABLES))
    db.executescript(SCHEMA)
    for name, value in (("format", FORMAT), ("epoch", uuid4().hex), ("version", "0")):
        db.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", (name, value))


def write(db: sqlite3.Connection, token: str, batch: Batch, *, claim: bool) -> int:
    """Write a batch; its number, or 0 when another desk writes by now. ``claim`` makes this one the writer."""
    with transaction(db):
        if claim:
            _keep(db, "token", token)
        elif _fact(db, "token") != token:
            return 0
        version = _next_version(db)
        db.executemany("DELETE FROM reservation WHERE id = ?", ((identity,) for identity in batch.dropped))
        db.executemany(
            "INSERT OR REPLACE INTO reservation VALUES (?, ?, ?, ?)",
            ((row.id, version, state.value, text_of(row)) for row, state in batch.rows),
        )
        if batch.all_sights:
            db.execute("DELETE FROM sight")
        db.executemany(
            "INSERT INTO sight VALUES (?, ?, ?)", ((version, one.at, json.dumps(one.ids)) for one in batch.sights)
        )
        if batch.facts:
            _keep(db, "facts", told.written(batch.facts))
        return version


def write_names(db: sqlite3.Connection, kind: str, found: Iterable[Neighbour]) -> None:
    """Keep names."""
    with transaction(db):
        version = _next_version(db)
        db.executemany(
            "INSERT OR REPLACE INTO name VALUES (?, ?, ?, ?)",
            ((one.id, version, kind, without_keys(one.model_dump_json(exclude_unset=True))) for one in found),
        )


def look(db: sqlite3.Connection, epoch: str, version: int) -> Look:
    """What is newer than that version of that epoch; of another epoch, everything."""
    with transaction(db, "BEGIN"):
        here = _fact(db, "epoch") or ""
        since = version if here == epoch else -1
        now = int(_fact(db, "version") or 0)
        facts = told.read(_fact(db, "facts") or "")
        if now == since:
            return Look(here, now, facts)
        rows = tuple(_rows(db.execute("SELECT document, state FROM reservation WHERE version > ?", (since,))))
        sights = db.execute("SELECT at, ids FROM sight WHERE version > ? ORDER BY rowid", (since,)).fetchall()
        names = db.execute("SELECT kind, document FROM name WHERE version > ?", (since,)).fetchall()
    return Look(here, now, facts, rows, tuple(_sights(sights)), _names(names))


def write_offers(db: sqlite3.Connection, offers: Sequence[Offer]) -> None:
    """Leave offers; where nobody takes them, the oldest go."""
    with transaction(db):
        db.executemany(
            "INSERT INTO offer (desk, kind, body) VALUES (?, ?, ?)",
            ((offer.desk, offer.kind, json.dumps(offer.body)) for offer in offers),
        )
        db.execute("DELETE FROM offer WHERE number <= (SELECT max(number) FROM offer) - ?", (_OFFERS_KEPT,))


def take_offers(db: sqlite3.Connection) -> list[Offer]:
    """Take the offers away."""
    if db.execute("SELECT 1 FROM offer LIMIT 1").fetchone() is None:
        return []
    with transaction(db):
        found = db.execute("SELECT desk, kind, body FROM offer ORDER BY number").fetchall()
        db.execute("DELETE FROM offer")
    return [Offer(desk, kind, parsed(body)) for desk, kind, body in found]


@contextmanager
def transaction(db: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All of it or nothing."""
    db.execute(begin)
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def text_of(row: Row) -> str:
    """A row as JSON, with everything that the API sent but a secret key."""
    return without_keys(json.dumps(row.document() if isinstance(row, Reservation) else row.raw, separators=(",", ":")))


def parsed(text: str) -> Any:
    """What a text has as JSON; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None


def _rows(found: Iterable[tuple[str, str]]) -> Iterator[tuple[Row, End]]:
    """Rows from their text, one by one: all texts at once, or rows that share nothing yet, take as much as the picture.

    That memory would stay with the process.
    """
    ends, lean = set(End), Lean()
    for text, state in found:
        row = _row(text)
        if row is not None:
            lean.share(row)
            yield row, End(state) if state in ends else End.NONE


def _row(text: str) -> Row | None:
    try:
        return Reservation.model_validate_json(text)
    except (ValidationError, RecursionError):
        raw = parsed(text)
        return None if raw is None else read_row(raw)


def _sights(found: Iterable[tuple[Any, str]]) -> Iterator[Sights]:
    for at, text in found:
        ids = parsed(text)
        if isinstance(ids, list) and isinstance(at, float | int) and isfinite(at):
            yield Sights(at, tuple(str(identity) for identity in ids))


def _names(found: Iterable[tuple[str, str]]) -> dict[str, list[Neighbour]]:
    names: dict[str, list[Neighbour]] = {kind: [] for kind in KINDS}
    for kind, text in found:
        raw = parsed(text)
        if kind in _MODELS and raw is not None:
            with suppress(ValidationError):
                names[kind].append(_MODELS[kind].model_validate(raw))
    return names


def _next_version(db: sqlite3.Connection) -> int:
    version = int(_fact(db, "version") or 0) + 1
    _keep(db, "version", str(version))
    return version


def _fact(db: sqlite3.Connection, name: str) -> str | None:
    found = db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def _keep(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))
