"""A SQLite file of this program: private, shared by all desks of this user on this machine, honest when it is broken.

``StoreFile`` is the file, and every method of it blocks; ``store.Store`` puts one on a thread of its own for a program
that must not wait. An owner of data describes its tables as ``Table`` values and does its work in two calls::

    notes = Table("note", "notes", "CREATE TABLE IF NOT EXISTS note (key PRIMARY KEY, text) WITHOUT ROWID;")
    file = StoreFile(state / "desk.sqlite", (notes, *tables_of_somebody_else))
    file.change(lambda db: db.execute("INSERT INTO note VALUES (?, ?)", ("a", "text")))    # one transaction
    file.read(lambda db: db.execute("SELECT text FROM note").fetchall())                  # no transaction

Both raise ``StoreUnwritable`` with a sentence for a person when the disk is full, the file locked or the folder closed;
the work may be run again by whoever wants to, nothing of it was kept. A broken file is moved aside, what can be read of
it is taken over into a new one, and ``notice`` says so; the work is then done on the new one.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]
"""What is to be done with the open file; it begins and ends no transaction itself."""

_PAGES: Final = ("page_count", "freelist_count", "page_size")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file."""

    name: str
    words: str
    """What its rows are called, for a person ("entries")."""
    sql: str
    """Statements that make the table and its indexes where there are none."""


class StoreUnwritable(Exception):
    """The file cannot be written or read. ``sentence`` says why, for a person."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.sentence = self.told(reason)
        super().__init__(self.sentence)

    def told(self, reason: str) -> str:
        """The sentence for a reason."""
        return f"The desk's store cannot be written ({reason})."


class StoreFile:
    """One file with the tables of its owners. ``path`` None keeps it in memory.

    Args:
        tables: all tables that may be in it; those of a broken file that are not among them are not taken over.
        patience: the seconds that a lock of another desk is waited for.
        name: what a person calls the file.
        durable: whether a commit is on disk when it returns; otherwise a power failure may take the last seconds.
        unwritable: the kind of error that is raised.
    """

    def __init__(
        self,
        path: Path | None,
        tables: Sequence[Table],
        patience: float = 5.0,
        *,
        name: str = "desk's store",
        durable: bool = False,
        unwritable: type[StoreUnwritable] = StoreUnwritable,
    ) -> None:
        self._path = path
        self._tables = tuple(tables)
        self._patience = patience
        self._name = name
        self._durable = durable
        self.unwritable = unwritable
        self._db: sqlite3.Connection | None = None
        self._inode: int | None = None
        self.notice: str | None = None
        """A sentence about a file that was moved aside in this run, else None."""

    def change(self, work: Work[T]) -> T:
        """Do work in one transaction, all of it or nothing.

        Raises:
            StoreUnwritable: nothing of it was kept.
        """

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

    def read(self, work: Work[T]) -> T:
        """Do work that only reads.

        Raises:
            StoreUnwritable: it cannot be read.
        """
        return self._guard(lambda: work(self._opened()))

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._db:
            self._db.close()
            self._db = None

    # -- inside -----------------------------------------------------------------------------------------------------

    def _guard(self, work: Callable[[], T]) -> T:
        for last in (False, True):
            try:
                return work()
            except (sqlite3.OperationalError, sqlite3.IntegrityError) as fault:
                raise self.unwritable(str(fault)) from fault
            except sqlite3.DatabaseError as fault:
                if last:
                    raise self.unwritable(str(fault)) from fault
                self._try_to_set_aside(fault)
            except OSError as fault:
                raise self.unwritable(fault.strerror or type(fault).__name__) from fault
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
            db.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'NORMAL'}")
            for table in self._tables:
                db.executescript(table.sql)
            if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(found)
        except BaseException:
            db.close()
            raise
        return db

    def _try_to_set_aside(self, fault: sqlite3.DatabaseError) -> None:
        try:
            self._set_aside(fault)
        except (sqlite3.Error, OSError) as again:
            reason = again.strerror if isinstance(again, OSError) else str(again)
            raise self.unwritable(reason or type(again).__name__) from again

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
        kept = " and ".join(f"{count:,} {words}" for words, count in saved if count) or "nothing"
        self.notice = (
            f"The {self._name} was unreadable ({fault}) and was moved to {aside.name}; a new one was begun with what "
            f"could be read of it: {kept}."
        )

    def _salvage(self, aside: Path) -> list[tuple[str, int]]:
        db = self._opened()
        try:
            old = sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro", uri=True)
        except sqlite3.Error:
            return []
        try:
            return [(table.words, _taken_over(old, db, table.name)) for table in self._tables]
        finally:
            old.close()


def size_of(db: sqlite3.Connection) -> int:
    """The bytes of a file that hold something."""
    pages, free, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in _PAGES)
    return int((pages - free) * size)


def _taken_over(old: sqlite3.Connection, db: sqlite3.Connection, table: str) -> int:
    saved = 0
    try:
        present = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
        names = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] in present]
        if not names:
            return 0
        columns, marks = ", ".join(names), ", ".join("?" * len(names))
        for row in old.execute(f"SELECT {columns} FROM {table}"):  # noqa: S608 - names of this package's own tables
            db.execute(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", row)  # noqa: S608
            saved += 1
    except sqlite3.Error:
        return saved
    return saved


def _names_beside(path: Path) -> Iterable[Path]:
    return (path.with_name(f"{path.name}.broken{'' if count == 1 else f'-{count}'}") for count in range(1, 10_000))
