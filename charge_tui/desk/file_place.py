"""The place of a file in a private folder: what stands there, and the right to begin or move it alone."""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

SIDES: Final = ("-wal", "-shm")
"""What SQLite keeps beside a file while it is open."""

Identity = tuple[int, int]
"""Device and inode."""

_STEP: Final = 0.02
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"), (stat.S_ISLNK, "a symbolic link"), (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"), (stat.S_ISBLK, "a device"), (stat.S_ISCHR, "a device"),
)  # fmt: skip


def identity(path: Path) -> Identity | None:
    """Which file stands at a path; None for none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def identities(path: Path) -> tuple[Identity | None, ...]:
    """Which file stands there, and which beside it."""
    return (identity(path), *(identity(beside(path, side)) for side in SIDES))


def state_of(path: Path) -> tuple[int, ...] | None:
    """What is another one after a file was written to or replaced; None for no file."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def beside(path: Path, side: str) -> Path:
    """A file beside another one."""
    return path.with_name(path.name + side)


def size_there(path: Path) -> int | None:
    """The bytes of the ordinary file that stands there, made its owner's alone; None where there is none.

    Raises:
        OSError: something else stands there, or it may not be used; ``strerror`` says so for a person.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    for is_one, kind in _KINDS:
        if is_one(found.st_mode):
            raise OSError(0, f"{path.name} is {kind}, not a file")
    if found.st_mode & 0o077 and found.st_uid == os.geteuid():
        path.chmod(0o600)
    return found.st_size


@contextmanager
def alone_in(folder: Path, patience: float) -> Iterator[None]:
    """Hold the folder, so that no other desk begins or moves a file in it meanwhile.

    Raises:
        OSError: another one holds it for longer than ``patience`` seconds, or there is no such folder.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as busy:
                if time.monotonic() >= until:
                    raise OSError(busy.errno, "another desk is at it") from busy
                time.sleep(_STEP)
        yield
    finally:
        os.close(descriptor)


def put_aside(path: Path) -> Path:
    """Rename what stands there, and what is beside it, to the next free name; that name."""
    names = (path.with_name(f"{path.name}.broken{'' if n == 1 else f'-{n}'}") for n in range(1, 10_000))
    aside = next(name for name in names if not any(map(os.path.lexists, (name, *(beside(name, s) for s in SIDES)))))
    for side in ("", "-wal"):
        with suppress(FileNotFoundError):
            beside(path, side).replace(beside(aside, side))
    beside(path, "-shm").unlink(missing_ok=True)
    return aside


def put_in_place(made: Path, path: Path) -> None:
    """Give a closed file its name; what was left beside a former one of that name goes."""
    for side in SIDES:
        beside(path, side).unlink(missing_ok=True)
    made.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def readable(content: bytes) -> str:
    """A text of a file; a damaged one is still a text, where Python would refuse the whole answer."""
    return content.decode(errors="replace")
