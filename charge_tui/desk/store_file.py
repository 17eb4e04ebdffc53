"""A SQLite file of this program: private, shared by all desks of this user on this machine, honest when it is broken.

``StoreFile`` is the file, and every method of it blocks; ``store.Store`` puts one on a thread of its own for a program
that must not wait. An owner of data describes its tables as ``Table`` values and does its work in two calls::

    notes = Table("note", "notes", "CREATE TABLE IF NOT EXISTS note (key PRIMARY KEY, text) WITHOUT ROWID;")
    file = StoreFile(state / "desk.sqlite", (notes, *tables_of_somebody_else))
    file.change(lambda db: db.execute("INSERT INTO note VALUES (?, ?)", ("a", "text")))    # one transaction
    file.read(lambda db: db.execute("SELECT text FROM note").fetchall())                  # no transaction

Both raise ``StoreUnwritable`` with a sentence for a person when the disk is full, the file locked or the folder closed;
the work may be run again by whoever wants to, nothing of it was kept. A file that cannot be written can still be read.
A broken file is moved aside, and one that was removed while it was open is not lost: what can be read of it is taken
over into a new one, and ``notice`` says so; the work is then done on the new one.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from charge_tui.desk.file_place import (
    Identity,
    alone_in,
    beside,
    identities,
    identity,
    put_aside,
    put_in_place,
    readable,
    size_there,
    state_of,
)
from charge_tui.desk.salvage import Row, header_fault, rows, shape_of, whole
from charge_tui.records import dataclass

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]
"""What is to be done with the open file; it begins and ends no transaction itself."""

_PAGES: Final = ("page_count", "freelist_count", "page_size")
_KIND: Final = 0xFF
"""The bits of an error code that say what kind it is."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file."""

    name: str
    words: str
    """What its rows are called, for a person ("entries")."""
    sql: str
    """Statements that make the table and its indexes where there are none."""
    looks: Callable[[Row], bool] | None = None
    """Whether a row of a broken file may be one of this table although nothing leads to it; None takes no such row."""


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
        self._stood: tuple[Identity | None, ...] = ()
        self._lying: tuple[object, sqlite3.Connection] | None = None
        self.notice: str | None = None
        """A sentence about a file that was moved aside or removed in this run, else None."""
        self.written = 0
        """How many pieces of work were kept."""

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

        result = self._guard(transaction)
        self.written += 1
        return result

    def read(self, work: Work[T]) -> T:
        """Do work that only reads. A file that cannot be opened for writing is read as it lies there.

        Raises:
            StoreUnwritable: it cannot be read.
        """
        try:
            return self._guard(lambda: work(self._opened()))
        except self.unwritable as fault:
            if self._path is None or not isinstance(fault.__cause__, OSError | sqlite3.OperationalError):
                raise
            try:
                return self._read_as_it_lies(self._path, work)
            except (OSError, sqlite3.Error) as again:
                raise fault from again

    def probe(self) -> None:
        """Write a page that says nothing new: whether there is room again.

        Raises:
            StoreUnwritable: there is not.
        """
        self.change(lambda db: db.execute("PRAGMA user_version = 0"))

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._db:
            self._db.close()
            self._db = None
        if self._lying:
            self._lying[1].close()
            self._lying = None

    # -- inside -----------------------------------------------------------------------------------------------------

    def _guard(self, work: Callable[[], T]) -> T:
        for last in (False, True):
            try:
                return work()
            except (sqlite3.DatabaseError, UnicodeDecodeError) as fault:  # a message can hold what is damaged
                if last or not _is_damage(fault):
                    if _code(fault) == sqlite3.SQLITE_IOERR and self._is_in_place():
                        self.close()
                    raise self.unwritable(_words(fault)) from fault
                self._try_to_set_aside(fault)
            except OSError as fault:
                raise self.unwritable(fault.strerror or type(fault).__name__) from fault
        raise AssertionError("unreachable")

    def _is_in_place(self) -> bool:
        return self._path is None or self._stood[:1] == (identity(self._path),)

    def _opened(self) -> sqlite3.Connection:
        """The file that stands there now: somebody may have removed it, or put another one in its place."""
        if self._path is None:
            self._db = self._db or self._connected(":memory:")
        elif self._db is None:
            with alone_in(self._path.parent, self._patience):
                self._db = self._found_or_begun(self._path)
        elif self._stood != identities(self._path):
            with alone_in(self._path.parent, self._patience):
                self._db = self._moved_to(self._path, self._db)
        return self._db

    def _found_or_begun(self, path: Path) -> sqlite3.Connection:
        self._stood = (identity(path),)
        size = size_there(path)
        if size is None and not os.path.lexists(beside(path, "-wal")):
            put_in_place(self._made(path, lambda db: None), path)
            self._stood = (identity(path),)
        elif size is None:
            raise sqlite3.DatabaseError("only its log of changes is left")
        elif fault := header_fault(path):
            raise sqlite3.DatabaseError(fault)
        db = self._connected(path)
        self._stood = identities(path)
        return db

    def _made(self, path: Path, fill: Callable[[sqlite3.Connection], object]) -> Path:
        """A new file beside its place, filled and closed; ``put_in_place`` gives it its name."""
        made = path.with_name(path.name + ".new")
        for side in ("", "-wal", "-shm"):
            beside(made, side).unlink(missing_ok=True)
        os.close(os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        db = self._connected(made)
        try:
            fill(db)
        finally:
            db.close()
        return made

    def _connected(self, path: Path | str) -> sqlite3.Connection:
        db = sqlite3.connect(path, check_same_thread=False, timeout=self._patience, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'NORMAL'}")
            db.execute("PRAGMA secure_delete=ON")  # what was forgotten is not found again in a broken file
            self._set_up(db)
        except BaseException:
            db.close()
            raise
        return db

    def _set_up(self, db: sqlite3.Connection) -> None:
        db.text_factory = readable
        for table in self._tables:
            db.executescript(table.sql)
        if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(found)

    def _moved_to(self, path: Path, old: sqlite3.Connection) -> sqlite3.Connection:
        """Leave a file that was removed, or lost its log, while it was open; all that it had is still to be read."""
        if size_there(path) is None or self._is_in_place():
            put_in_place(self._made(path, old.backup), path)
            self.notice = f"The {self._name} was removed while it was in use; it was put back as it was."
            db = self._found_or_begun(path)
        else:
            db = self._found_or_begun(path)
            for table in self._tables:
                shape = shape_of(db, table.name, None)
                held = old.execute(f"SELECT {', '.join(shape.columns)} FROM {table.name}")  # noqa: S608 - own names
                taken_over(db, shape.name, shape.columns, held, renumber=shape.alias)
        old.close()
        return db

    def _read_as_it_lies(self, path: Path, work: Work[T]) -> T:
        if self._db is not None and not self._is_in_place():
            return work(self._db)
        size_there(path)
        now = tuple(state_of(one) for one in (path, beside(path, "-wal")))
        if self._lying is None or self._lying[0] != now:
            self._lying = now, self._lifted(path)
        return work(self._lying[1])

    def _lifted(self, path: Path) -> sqlite3.Connection:
        db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        try:
            db.deserialize(whole(path))
            self._set_up(db)
        except (sqlite3.Error, UnicodeDecodeError):
            db.close()
            db = self._connected(":memory:")
            self._salvaged(path, db)
        return db

    def _try_to_set_aside(self, fault: Exception) -> None:
        try:
            if self._path is None:
                self.close()
            else:
                with alone_in(self._path.parent, self._patience):
                    self._set_aside(self._path, fault)
        except (sqlite3.Error, OSError) as again:
            reason = again.strerror if isinstance(again, OSError) else str(again)
            raise self.unwritable(reason or type(again).__name__) from again

    def _set_aside(self, path: Path, fault: Exception) -> None:
        if not self._is_in_place():
            self.close()
            return  # another desk has moved the broken file already
        saved: dict[str, int] = {}
        made = self._made(path, lambda db: saved.update(self._salvaged(path, db)))
        aside = put_aside(path)
        self.close()  # only now, since closing a file in its place writes its log into it
        put_in_place(made, path)
        kept = " and ".join(f"{count:,} {words}" for words, count in saved.items() if count) or "nothing"
        self.notice = (
            f"The {self._name} was unreadable ({_words(fault)}) and was moved to {aside.name}; a new one was begun "
            f"with what could be read of it: {kept}."
        )

    def _salvaged(self, path: Path, db: sqlite3.Connection) -> dict[str, int]:
        shapes = [shape_of(db, table.name, table.looks) for table in self._tables]
        found = rows(whole(path), shapes)
        return {
            table.words: taken_over(db, shape.name, shape.columns, found[shape.name])
            for table, shape in zip(self._tables, shapes, strict=True)
        }


def taken_over(
    db: sqlite3.Connection, table: str, columns: Sequence[str], found: Iterable[Row], *, renumber: int | None = None
) -> int:
    """Put rows into a table, but for those that it has; how many.

    With ``renumber`` (the column of the rowid) a row whose number is taken gets another one, if something else than the
    number tells rows of this table apart.
    """
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of this package's own
    unique = any(index[3] == "u" for index in db.execute(f"PRAGMA index_list({table})"))
    before = db.total_changes
    db.execute("BEGIN IMMEDIATE")
    for row in found:
        count = db.execute(insert, row).rowcount
        if not count and unique and renumber is not None:
            db.execute(insert, (*row[:renumber], None, *row[renumber + 1 :]))
    db.execute("COMMIT")
    return db.total_changes - before


def size_of(db: sqlite3.Connection) -> int:
    """The bytes of a file that hold something."""
    pages, free, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in _PAGES)
    return int((pages - free) * size)


def _code(fault: Exception) -> int:
    return int(getattr(fault, "sqlite_errorcode", 0)) & _KIND


def _is_damage(fault: Exception) -> bool:
    """Whether it is the file's content that is wrong: of a passing fault, and of a lock, it is not."""
    if isinstance(fault, sqlite3.OperationalError):
        return "no such column" in str(fault) or "has no column" in str(fault) or "no such table" in str(fault)
    return not isinstance(fault, sqlite3.IntegrityError)


def _words(fault: Exception) -> str:
    return "its texts are damaged" if isinstance(fault, UnicodeDecodeError) else str(fault)
