"""The picture's file: what is shown at the next start until the API has answered, and what several desks share.

One SQLite file for each account in the cache folder, read and written by one thread. It is a cache: broken or
unwritable, it is moved aside or done without, and said so.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from charge_tui.desk import shared
from charge_tui.desk.file_place import alone_in, readable, size_there
from charge_tui.desk.names import Neighbour
from charge_tui.desk.shared import Look

T = TypeVar("T")

_PATIENCE: Final = 2.0
_PASSING: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


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
        writer: runs what is to be done with the file one after another; a thread of its own by default.
    """

    def __init__(self, path: Path | None, writer: Executor | None = None) -> None:
        self._path = path
        self._writer = writer or ThreadPoolExecutor(max_workers=1, thread_name_prefix="picture")
        self._trouble: str | None = None
        self._moved: str | None = None
        self._closed = False
        self._db: sqlite3.Connection | None = None
        self._file: os.stat_result | None = None
        if path is not None:
            self._guard(self._opened)

    @property
    def problem(self) -> str | None:
        """What is wrong with the file."""
        return self._trouble or self._moved

    @property
    def usable(self) -> bool:
        """Whether the last use of the file went well."""
        return self._path is not None and self._trouble is None

    def load(self) -> Look | None:
        """All that is in the file; None where there is none that can be read."""
        return self._guard(lambda: shared.look(self._opened(), "", -1)) if self._path else None

    def use(self, work: Callable[[sqlite3.Connection], T]) -> "Future[T | None]":
        """Do something with the file, in turn; None where it cannot be done. Returns at once."""
        return self.run(lambda: self._guard(lambda: work(self._opened())) if self._path else None)

    def run(self, work: Callable[[], T]) -> "Future[T]":
        """Do something in the file's thread, in turn. Returns at once.

        Raises:
            RuntimeError: the store is closed.
        """
        return self._writer.submit(work)

    def save_names(self, kind: str, found: Iterable[Neighbour]) -> None:
        """Keep these names. Returns at once."""
        new = tuple(found)
        if not self._closed:
            self.use(lambda db: shared.write_names(db, kind, new))

    def close(self) -> None:
        """Finish what is to be done, and close the file."""
        self._closed = True
        self._writer.shutdown(wait=True)
        self._shut()

    def _guard(self, work: Callable[[], T]) -> T | None:
        try:
            done = work()
        except sqlite3.OperationalError as error:
            self._trouble = f"The last picture cannot be kept: {error}."
            if getattr(error, "sqlite_errorcode", None) not in _PASSING:
                self._shut()
        except (sqlite3.DatabaseError, ValueError, TypeError):
            self._set_aside()
        except OSError as error:
            self._trouble = f"The last picture cannot be kept: {error.strerror or error}."
            self._shut()
        else:
            self._trouble = None
            return done
        return None

    def _opened(self) -> sqlite3.Connection:
        """The file that is there now: somebody may have moved it aside or emptied the folder."""
        assert self._path is not None
        if self._db is not None and self._file is not None:
            try:
                if os.path.samestat(self._path.stat(), self._file):
                    return self._db
            except FileNotFoundError:
                pass
        self._shut()
        with alone_in(self._path.parent, _PATIENCE):
            if size_there(self._path) == 0:
                self._moved = "The last picture was empty; it is made anew."
            self._path.touch(mode=0o600, exist_ok=True)
            self._file = self._path.stat()
            db = sqlite3.connect(self._path, check_same_thread=False, timeout=_PATIENCE, isolation_level=None)
            db.text_factory = readable
            try:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=NORMAL")
                shared.prepare(db)
            except sqlite3.Error:
                db.close()
                raise
        self._db = db
        return db

    def _shut(self) -> None:
        if self._db:
            self._db.close()
        self._db = self._file = None

    def _set_aside(self) -> None:
        broken = self._file
        self._shut()
        assert self._path is not None
        aside = self._path.with_name(self._path.name + ".broken")
        try:
            if broken is None or not os.path.samestat(self._path.stat(), broken):
                return  # another desk has moved it, and made a new one
            self._path.replace(aside)
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            self._opened()
        except (OSError, sqlite3.Error) as again:
            self._trouble = f"The last picture was unreadable and cannot be made anew: {again}."
            self._shut()
        else:
            self._trouble = None
            self._moved = f"The last picture was unreadable and was moved to {aside.name}; it is made anew."
