"""Which desk of an account on this machine reads for all: the one that holds the lock of a file.

The system lets go of the lock when its process ends, however it ends. The lock of a process that was stopped and
is still there can be passed by: the file is replaced, and what the stopped one holds is the lock of no seat any more.
"""

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from charge_tui.records import dataclass

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_BUSY: Final = (BlockingIOError, PermissionError)
_LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat."""

    pid: int
    machine: str
    """The running machine, not its name: after a restart it is another."""
    token: str
    """The desk."""

    @property
    def here(self) -> bool:
        """Whether it runs on this machine: only then do both see the same clock and the same files."""
        return self.machine == this_machine()


def this_machine() -> str:
    """A name of this machine that holds until it is restarted."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return os.uname().nodename


class Seat:
    """The seat of one account.

    Args:
        folder: where the lock's file is.
        account: the account's digest.
        token: the name of this desk.
    """

    def __init__(self, folder: Path, account: str, token: str) -> None:
        self.token = token
        self._file = folder / f"seat-{account}.lock"
        self._lock: int | None = None

    @property
    def held(self) -> bool:
        """Whether this desk has the seat, and nobody has passed it by."""
        return self._lock is not None and _is_file_of(self._file, self._lock)

    def try_take(self) -> bool:
        """Take the seat if it is free; whether it is held now.

        Raises:
            OSError: files cannot be locked here, so nobody can be told apart from anybody.
        """
        if self.held:
            return True
        self.release()
        self._lock = self._locked()
        return self._lock is not None

    def free(self) -> bool:
        """Whether nobody else has the seat at this moment.

        Raises:
            OSError: as ``try_take``.
        """
        if self.held:
            return True
        try:
            return self.try_take()
        finally:
            self.release()

    def release(self) -> None:
        """Let go of the seat, if it is held."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def holder(self) -> Holder | None:
        """Who took the seat last, as it wrote down; None where that is not to be known."""
        try:
            with open(self._file, "rb", opener=_no_link) as file:
                said = json.loads(file.read(_LONGEST))
            return Holder(int(said["pid"]), str(said["machine"]), str(said["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def pass_by(self, silent: Holder | None) -> bool:
        """Take the seat although its holder has the lock: it is there and does nothing. Whether it is held now.

        Of several desks that try at once one succeeds: a second lock lets them in one by one, and whoever comes in
        later finds another holder.

        Raises:
            OSError: as ``try_take``.
        """
        turn = os.open(self._file.with_suffix(".turn"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self.holder() == silent:
                self._file.unlink(missing_ok=True)
            return self.try_take()
        except _BUSY:
            return False
        finally:
            os.close(turn)

    def _said(self) -> dict[str, str | int]:
        return {"pid": os.getpid(), "machine": this_machine(), "token": self.token}

    def _locked(self) -> int | None:
        lock = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_file_of(self._file, lock):
                os.ftruncate(lock, 0)
                os.pwrite(lock, json.dumps(self._said()).encode(), 0)
                return lock
        except _BUSY:
            pass
        except OSError:
            os.close(lock)
            raise
        os.close(lock)
        return None


def _is_file_of(file: Path, descriptor: int) -> bool:
    with suppress(OSError):
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    return False


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
