"""The last picture on disk: what is shown at the next start, with its age, until the API has answered.

One SQLite file for each account in the cache folder, written by one thread. It is a cache: broken or unwritable, it is
moved aside or done without, and said so.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from charge_tui.desk.names import KINDS, Neighbour
from charge_tui.domain.neighbours import Driver, PaymentMethod, Station, Vehicle
from charge_tui.domain.reservation import Reservation, Row, read_row
from charge_tui.domain.times import parse_rfc3339, rfc3339

T = TypeVar("T")

_MODELS: Final[dict[str, type[Driver | Vehicle | Station | PaymentMethod]]] = {
    "vehicle": Vehicle,
    "driver": Driver,
    "station": Station,
    "payment": PaymentMethod,
}
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS reservation (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS name (id TEXT PRIMARY KEY, kind TEXT NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_FORMAT: Final = "1"


@dataclass(frozen=True, slots=True)
class SavedPicture:
    """Rows of the last run, and the world time at which the oldest of them was seen."""

    rows: tuple[Row, ...]
    seen: datetime


class Inline(Executor):
    """Runs everything at once in the calling thread: for a program on a virtual clock."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run it and give its finished future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed to whoever asks the future, as an executor must
            future.set_exception(error)
        return future


class PictureStore:
    """Keeps rows and names. ``problem`` says in a sentence what is wrong with the file; None while it is well.

    Args:
        path: the file; None keeps nothing.
        writer: runs the writes one after another; a thread of its own by default.
    """

    def __init__(self, path: Path | None, writer: Executor | None = None) -> None:
        self._path = path
        self._writer = writer or ThreadPoolExecutor(max_workers=1, thread_name_prefix="picture")
        self.problem: str | None = None
        self._db: sqlite3.Connection | None = None
        if path is not None:
            self._guard(lambda: self._open(path))

    def load(self) -> SavedPicture | None:
        """The picture of the last run; None where there is none that can be read."""
        return self._guard(self._load)

    def load_names(self) -> dict[str, list[Neighbour]]:
        """The names of the last run by kind."""
        return self._guard(self._load_names) or {}

    def save(self, rows: Iterable[Row], dropped: Iterable[str], seen: datetime) -> None:
        """Keep these rows, forget those ids; the picture as a whole was seen at that world time. Returns at once."""
        changed, gone = tuple(rows), tuple(dropped)
        self._writer.submit(self._guard, lambda: self._save(changed, gone, seen))

    def save_names(self, kind: str, found: Iterable[Neighbour]) -> None:
        """Keep these names. Returns at once."""
        new = tuple(found)
        self._writer.submit(self._guard, lambda: self._save_names(kind, new))

    def close(self) -> None:
        """Finish what is to be written, and close the file."""
        self._writer.shutdown(wait=True)
        if self._db:
            self._db.close()
            self._db = None

    def _guard(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except sqlite3.DatabaseError as error:
            self._set_aside(error)
        except OSError as error:
            self.problem = f"The last picture cannot be kept: {error.strerror or error}."
            self._db = None
        return None

    def _open(self, path: Path) -> None:
        path.touch(mode=0o600, exist_ok=True)
        db = sqlite3.connect(path, check_same_thread=False, timeout=2.0, isolation_level=None)
        self._db = db
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(_SCHEMA)
        held = db.execute("SELECT value FROM fact WHERE name = 'format'").fetchone()
        if held and held[0] != _FORMAT:
            db.executescript("DELETE FROM reservation; DELETE FROM name; DELETE FROM fact;")
        db.execute("INSERT OR REPLACE INTO fact VALUES ('format', ?)", (_FORMAT,))

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        if self._db:
            self._db.close()
            self._db = None
        if self._path is None or isinstance(error, sqlite3.OperationalError):
            self.problem = f"The last picture cannot be kept: {error}."
            return
        aside = self._path.with_name(self._path.name + ".broken")
        self.problem = f"The last picture was unreadable and was moved to {aside.name}; it is made anew."
        try:
            self._path.replace(aside)
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            self._open(self._path)
        except (OSError, sqlite3.Error) as again:
            self.problem = f"The last picture was unreadable and cannot be made anew: {again}."
            self._db = None

    def _load(self) -> SavedPicture | None:
        if not self._db:
            return None
        fact = self._db.execute("SELECT value FROM fact WHERE name = 'seen'").fetchone()
        if not fact:
            return None
        documents = self._db.execute("SELECT document FROM reservation").fetchall()
        rows = [read_row(raw) for raw in map(_parsed, (text for (text,) in documents)) if raw is not None]
        try:
            return SavedPicture(tuple(rows), parse_rfc3339(fact[0]))
        except ValueError:
            return None

    def _load_names(self) -> dict[str, list[Neighbour]]:
        found: dict[str, list[Neighbour]] = {kind: [] for kind in KINDS}
        if self._db:
            for kind, text in self._db.execute("SELECT kind, document FROM name"):
                raw = _parsed(text)
                if kind in _MODELS and raw is not None:
                    found[kind].append(_MODELS[kind].model_validate(raw))
        return found

    def _save(self, rows: tuple[Row, ...], dropped: tuple[str, ...], seen: datetime) -> None:
        if not self._db:
            return
        with _transaction(self._db) as db:
            db.executemany("DELETE FROM reservation WHERE id = ?", ((identity,) for identity in dropped))
            db.executemany("INSERT OR REPLACE INTO reservation VALUES (?, ?)", ((row.id, _text(row)) for row in rows))
            db.execute("INSERT OR REPLACE INTO fact VALUES ('seen', ?)", (rfc3339(seen),))

    def _save_names(self, kind: str, found: tuple[Neighbour, ...]) -> None:
        if self._db:
            with _transaction(self._db) as db:
                db.executemany(
                    "INSERT OR REPLACE INTO name VALUES (?, ?, ?)",
                    ((one.id, kind, one.model_dump_json(exclude_unset=True)) for one in found),
                )


class _transaction:  # noqa: N801 - reads as a statement
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> sqlite3.Connection:
        self._db.execute("BEGIN IMMEDIATE")
        return self._db

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._db.execute("COMMIT" if error is None else "ROLLBACK")


def _text(row: Row) -> str:
    return json.dumps(row.document() if isinstance(row, Reservation) else row.raw, separators=(",", ":"))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
