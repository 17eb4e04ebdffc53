"""A disk that goes wrong under real files: full, closed for writing, or locked by somebody else.

SQLite itself refuses: a full disk is a file that may have no more pages, a closed one is a connection that may only
ask, a lock is held by another connection. A test that runs as root can make none of it by permissions.
"""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Executor
from enum import Enum
from pathlib import Path

from charge_tui.desk.attention.verdict_file import VERDICT_TABLES
from charge_tui.desk.journal import Journal
from charge_tui.desk.journal_file import JournalFile
from charge_tui.desk.log_file import LOG_TABLES
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.store import Store
from charge_tui.desk.store_file import StoreFile, Table


class Flaw(Enum):
    """What is wrong with a file."""

    NONE = "well"
    FULL = "full"
    CLOSED = "read-only"
    LOCKED = "locked"


class Disk:
    """One folder of state, in which each file may be out of order by itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.flaws: dict[str, Flaw] = {}
        self._locks: dict[str, sqlite3.Connection] = {}
        self._as_is: dict[int, Flaw] = {}

    @property
    def well(self) -> bool:
        """Whether every file can be written."""
        return not self.flaws

    def file(self, name: str) -> Path:
        """A file of that name."""
        return self.folder / name

    def spoil(self, name: str, flaw: Flaw) -> None:
        """Let something be wrong with a file."""
        self.mend(name)
        self.flaws[name] = flaw
        if flaw is Flaw.LOCKED:
            lock = sqlite3.connect(self.file(name), timeout=0, isolation_level=None, check_same_thread=False)
            try:
                lock.execute("BEGIN IMMEDIATE")
            except sqlite3.Error:
                lock.close()
                del self.flaws[name]
            else:
                self._locks[name] = lock

    def mend(self, name: str) -> None:
        """Let a file be well again."""
        self.flaws.pop(name, None)
        if (lock := self._locks.pop(name, None)) is not None:
            lock.close()

    def mend_all(self) -> None:
        """Let everything be well again."""
        for name in [*self.flaws, *self._locks]:
            self.mend(name)

    def prepared(self, name: str, db: sqlite3.Connection) -> sqlite3.Connection:
        """A connection as the disk lets it be used now."""
        flaw = self.flaws.get(name)
        if self._as_is.get(id(db), Flaw.NONE) is not (flaw or Flaw.NONE):
            self._as_is[id(db)] = flaw or Flaw.NONE
            db.execute(f"PRAGMA query_only = {'ON' if flaw is Flaw.CLOSED else 'OFF'}")
            db.execute(f"PRAGMA max_page_count = {1 if flaw is Flaw.FULL else 1_000_000_000}")
        return db


class _Picture(PictureStore):
    def __init__(self, disk: Disk, name: str) -> None:
        self._disk, self._called = disk, name
        super().__init__(disk.file(name), Inline())

    def _opened(self) -> sqlite3.Connection:
        held = self._db
        db = super()._opened()
        if db is not held:
            db.execute("PRAGMA busy_timeout = 0")
        return self._disk.prepared(self._called, db)


class _Journal(JournalFile):
    def __init__(self, disk: Disk, name: str) -> None:
        self._disk, self._called = disk, name
        super().__init__(disk.file(name), 0.0)

    def _opened(self) -> sqlite3.Connection:
        return self._disk.prepared(self._called, super()._opened())


class _Kept(StoreFile):
    def __init__(self, disk: Disk, name: str, tables: Sequence[Table]) -> None:
        self._disk, self._called = disk, name
        super().__init__(disk.file(name), tables, 0.0)

    def _opened(self) -> sqlite3.Connection:
        return self._disk.prepared(self._called, super()._opened())


def picture_on(disk: Disk) -> PictureStore:
    """The picture's file."""
    return _Picture(disk, "picture.sqlite")


def put_on(disk: Disk, journal: Journal) -> None:
    """Let a journal write to this disk."""
    journal._file = _Journal(disk, "journal.sqlite")
    journal._store = Store(journal._file, Inline(), name="journal")


def store_on(disk: Disk, writer: Executor | None = None) -> Store:
    """The desk's store, with verdicts and log."""
    return Store(_Kept(disk, "desk.sqlite", (*VERDICT_TABLES, *LOG_TABLES)), writer or Inline(), name="desk")
