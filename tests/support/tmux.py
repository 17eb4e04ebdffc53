"""A tmux server of a test's own, with the desk in it: what a person sees there, and what survives it."""

import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import PATIENCE, PROGRAM, Terminal, terminal
from tests.support.tools import tool


@dataclass(frozen=True)
class Tmux:
    """A session of one window with the program in it."""

    socket: Path
    env: Mapping[str, str]
    pid_file: Path

    def do(self, *words: str) -> str:
        """Run a tmux command; what it says."""
        done = subprocess.run(
            [tool("tmux"), "-f", "/dev/null", "-S", str(self.socket), *words],
            env=dict(self.env), capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.stdout

    @property
    def screen(self) -> str:
        """What stands on the screen, as text."""
        return self.do("capture-pane", "-p", "-t", "desk")

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return int(self.pid_file.read_text())

    def type(self, *keys: str) -> None:
        """Press keys, by tmux's names for them."""
        self.do("send-keys", "-t", "desk", *keys)

    def leave(self) -> None:
        """Quit from the desk, and say yes where it asks because something critical waits."""
        self.type("q", "y")

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self.do("resize-window", "-t", "desk", "-x", str(width), "-y", str(height))

    def wait_for(self, *words: str) -> str:
        """Wait until these words stand on the screen together; the screen."""
        return self.wait_until(lambda screen: all(word in screen for word in words), f"{words} stand there")

    def wait_for_no(self, words: str) -> str:
        """Wait until these words stand there no more; the screen."""
        return self.wait_until(lambda screen: words not in screen, f"{words} are gone")

    def wait_until(self, come: Callable[[str], bool], what: str) -> str:
        """Wait until the screen is so; the screen."""
        until = time.monotonic() + PATIENCE
        while not come(shown := self.screen):
            assert time.monotonic() < until, f"waited in vain until {what}; the screen is\n{shown}"
            time.sleep(0.05)
        return shown

    @contextmanager
    def attached(self, size: tuple[int, int] = (120, 36), term: str = "xterm-256color") -> Iterator[Terminal]:
        """Look at the session from a terminal of that kind."""
        program = (tool("tmux"), "-f", "/dev/null", "-S", str(self.socket), "attach-session", "-t", "desk")
        with terminal(env=dict(self.env) | {"TERM": term}, program=program, size=size) as it:
            yield it


@contextmanager
def in_tmux(
    folder: Path,
    env: Mapping[str, str],
    *arguments: str,
    size: tuple[int, int] = (120, 36),
    term: str = "tmux-256color",
) -> Iterator[Tmux]:
    """The program in a session that nobody is attached to yet."""
    session = Tmux(folder / "tmux.socket", env, folder / "tmux.pid")
    words = " ".join(shlex.quote(word) for word in (*PROGRAM, *arguments))
    command = f"exec sh -c {shlex.quote(f'echo $$ >{session.pid_file}; exec {words}')}"
    width, height = (str(number) for number in size)
    session.do("start-server", ";", "set-option", "-g", "default-terminal", term, ";",
               "new-session", "-d", "-s", "desk", "-x", width, "-y", height, command)  # fmt: skip
    try:
        yield session
    finally:
        session.do("kill-server")
