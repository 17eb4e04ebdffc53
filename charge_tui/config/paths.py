"""The folders that the program keeps its files in, and files that only their owner can read."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, Literal

from charge_tui.config.errors import ConfigError
from charge_tui.records import dataclass

APP: Final = "charge-tui"

_FLAGS: Final = {
    "r": os.O_RDONLY,
    "w": os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    "x": os.O_WRONLY | os.O_CREAT | os.O_EXCL,
    "a": os.O_WRONLY | os.O_CREAT | os.O_APPEND,
}


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one user; ``XDG_*`` moves them on Linux."""

    config: Path
    """Holds ``config.toml``."""
    state: Path
    """Holds what must not be lost: journal, drafts, acknowledgements."""
    cache: Path
    """Holds what can be fetched again: the last picture."""
    log: Path
    problem: str | None = None
    """Why one of the folders cannot be written to, in a sentence; None while all is well."""

    @property
    def config_file(self) -> Path:
        """The configuration file, whether or not there is one."""
        return self.config / "config.toml"

    def prepared(self) -> "Paths":
        """Create the folders that are written to, for their owner alone; ``problem`` tells what did not work."""
        problems = [found for folder in (self.state, self.cache, self.log) if (found := private_folder(folder))]
        return replace(self, problem=problems[0] if problems else None)


def user_paths() -> Paths:
    """The folders where this platform keeps such things. Nothing is created."""
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP, appauthor=False)
    return Paths(dirs.user_config_path, dirs.user_state_path, dirs.user_cache_path, dirs.user_log_path)


@contextmanager
def passing_paths(lasting: Paths) -> Iterator[Paths]:
    """State and cache folders that are gone afterwards, so that a demonstration leaves no trace among real data.

    Raises:
        ConfigError: this machine has no place for temporary files.
    """
    try:
        temporary = TemporaryDirectory(prefix=f"{APP}-", ignore_cleanup_errors=True)
    except OSError as fault:
        raise ConfigError(f"There is no place for temporary files ({fault.strerror or fault}); set TMPDIR.") from fault
    with temporary as folder:
        yield replace(lasting, state=Path(folder) / "state", cache=Path(folder) / "cache").prepared()


def private_folder(folder: Path) -> str | None:
    """Make sure that a folder exists and is its owner's alone; a sentence where it is not usable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_uid == os.geteuid() and status.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as fault:
        return f"{folder} cannot be used ({fault.strerror or fault})"
    return None if os.access(folder, os.W_OK | os.X_OK) else f"{folder} cannot be written to"


def open_private(path: Path, mode: Literal["r", "w", "x", "a"], **how: Any) -> IO[Any]:
    """Open a text file that only its owner can read; a symbolic link or a pipe in its place is refused.

    Raises:
        OSError: as ``open`` does.
    """
    flags = _FLAGS[mode] | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe must not be waited for
    descriptor = os.open(path, flags, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not an ordinary file", str(path))
    return os.fdopen(descriptor, mode.replace("x", "w"), **({"encoding": "utf-8"} | how))
