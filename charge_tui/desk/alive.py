"""Which runs of the program are still there: each holds a lock that the system lets go of when the process ends."""

import fcntl
import os
from pathlib import Path
from typing import Final

_PREFIX: Final = "desk-"
_SUFFIX: Final = ".lock"


class Presence:
    """This run's lock in the state folder, and a look at those of others.

    Args:
        folder: where the locks are; None for a run that nobody needs to know of.
        token: the name of this run, as the journal has it.
    """

    def __init__(self, folder: Path | None, token: str) -> None:
        self._folder = folder
        self.token = token
        self._lock: int | None = None

    def hold(self) -> None:
        """Take the lock; where the folder cannot be written to, this run counts as gone for the others.

        Raises:
            OSError: it cannot be taken.
        """
        if self._folder is None or (self._lock is not None and _is_file_of(self._file(self.token), self._lock)):
            return
        self.let_go()  # somebody may have taken the file away, and with it what others know of this run
        for file in self._folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            self.is_here(file.name.removeprefix(_PREFIX).removesuffix(_SUFFIX))
        while self._lock is None:
            self._lock = self._taken(self._file(self.token))

    def _taken(self, file: Path) -> int | None:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_file_of(file, descriptor):
                return descriptor
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)  # another run took the file away before it was locked
        return None

    def let_go(self) -> None:
        """End the presence, and take the lock's file away."""
        if self._lock is not None:
            if _is_file_of(self._file(self.token), self._lock):
                self._file(self.token).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def is_here(self, token: str) -> bool:
        """Whether the run of that name is still there; this one always is. The file of one that is gone is removed."""
        if token == self.token:
            return True
        if self._folder is None:
            return False
        file = self._file(token)
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            file.unlink(missing_ok=True)
            return False
        finally:
            os.close(descriptor)

    def _file(self, token: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{_PREFIX}{token}{_SUFFIX}"


def _is_file_of(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.lstat(), os.fstat(descriptor))
    except OSError:
        return False
