"""The program as its users start it: a process of its own, on pipes or on a terminal."""

import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.grid import Grid

PATIENCE = 60.0
"""Seconds until a state that does not come is given up; no test passes or fails by how fast it comes."""

READY = "by urgency"
"""What stands in the status line of a desk that shows its rows."""

PROGRAM = (sys.executable, "-m", "charge_tui")


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """An environment without anything of this machine's user, whose folders all lie in ``home``."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {"HOME": str(home), "TERM": "xterm-256color", "PYTHONUTF8": "1"} | kept | more


def config_file(home: Path) -> Path:
    """The configuration file of that home; its folder is made."""
    folder = home / ".config/charge-tui"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "config.toml"


@dataclass(frozen=True)
class Done:
    """How a process ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def everything(self) -> str:
        """Both streams, to search for what must not be there."""
        return self.out + self.err


def run(*arguments: str, env: Mapping[str, str], program: tuple[str, ...] = PROGRAM, cwd: Path | None = None) -> Done:
    """Run the program on pipes, with nothing on standard input."""
    done = subprocess.run(
        [*program, *arguments],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@dataclass
class Terminal:
    """A process on a terminal of its own, and all bytes that came out of it."""

    pid: int
    master: int
    screen: Grid
    """What stands on it now."""
    seen: bytes = b""
    code: int | None = field(default=None)
    _silent: bool = False
    """Whether it has ended, and all that it wrote is read."""

    @property
    def text(self) -> str:
        """What came out, as text with its escape sequences."""
        return self.seen.decode(errors="replace")

    def type(self, keys: str) -> None:
        """Send keys."""
        os.write(self.master, keys.encode())

    def leave(self) -> None:
        """Quit from the desk, and say yes where it asks because something critical waits."""
        self.type("qy")

    def wait_for(self, words: str) -> None:
        """Read until some words have come out in one piece, or stand on the screen: only cells that differ come."""
        self._read(lambda: self.has_shown(words) or self._silent, f"{words!r} did not come")
        assert self.has_shown(words), f"{words!r} did not come before it ended with {self.code}: {self.text[-2000:]!r}"

    def wait_for_title(self, identity: str) -> None:
        """Read until the detail shows that reservation: its id stands there in bold."""
        self._read(lambda: self.screen.shows_bold(identity), f"the detail of {identity} did not come")

    def has_shown(self, words: str) -> bool:
        """Whether some words have come out in one piece, or stand on the screen."""
        return words in self.text or self.screen.shows(words)

    def wait_until(self, come: Callable[[], bool], what: str) -> None:
        """Read until something is the case."""
        self._read(come, f"waited in vain until {what}")

    def wait_for_end(self) -> int:
        """Read until the process has ended; its exit code, negative for a signal."""
        self._read(self._ended, "it did not end")
        assert self.code is not None
        while self.master >= 0 and select.select([self.master], [], [], 0)[0] and (more := self._more()):
            self._take(more)
        return self.code

    def wait_for_last(self, words: str, before: str) -> None:
        """Read until some words have come out after all others that are named."""
        self._read(lambda: self.text.rfind(words) > self.text.rfind(before), f"{words!r} did not come again")

    def wait_for_stop(self) -> None:
        """Read until the process has stopped itself, as Ctrl+Z makes it."""
        self._read(self._stopped, "it did not stop")

    def hang_up(self) -> None:
        """Take the terminal away, as a lost connection does."""
        os.close(self.master)
        self.master = -1

    def _stopped(self) -> bool:
        pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
        return bool(pid) and os.WIFSTOPPED(status)

    def _ended(self) -> bool:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def _read(self, come: Callable[[], bool], complaint: str) -> None:
        until = time.monotonic() + PATIENCE
        while not come():
            assert time.monotonic() < until, f"{complaint}; there was {self.text[-2000:]!r}"
            readable = [self.master] if self.master >= 0 else []
            more = self._more() if select.select(readable, [], [], 0.05)[0] else b""
            self._take(more)
            self._silent = not more and self._ended()

    def _take(self, more: bytes) -> None:
        self.seen += more
        self.screen.feed(more)

    def _more(self) -> bytes:
        try:
            return os.read(self.master, 65_536)
        except OSError as error:
            if error.errno != errno.EIO:  # the other side is closed
                raise
            return b""


@contextmanager
def terminal(
    *arguments: str,
    env: Mapping[str, str],
    program: tuple[str, ...] = PROGRAM,
    size: tuple[int, int] = (120, 36),
    cwd: Path | None = None,
) -> Iterator[Terminal]:
    """Run the program on a terminal of that size (columns, lines); it is killed at the end if it still runs."""
    pid, master = pty.fork()
    if pid == 0:
        try:
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):  # ignored where the tests run in background
                signal.signal(number, signal.SIG_DFL)
            os.chdir(cwd or "/")
            os.execvpe(program[0], [*program, *arguments], dict(env))
        finally:
            os._exit(127)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    it = Terminal(pid, master, Grid(*size))
    try:
        yield it
    finally:
        if it.code is None:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        if it.master >= 0:
            os.close(master)
