"""A program on a terminal, watched from outside: when bytes come, how many, and what they cost the program.

The terminal is a present-day one: it says that it holds frames together (mode 2026), which the programs then use.
"""

import fcntl
import os
import re
import select
import struct
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.support.process import Terminal, terminal

PATIENCE: Final = 60.0
_ANSWER: Final = 10.0
"""Seconds in which something must come of what is done."""
DOWN: Final = "\x1b[B"
UP: Final = "\x1b[A"
_ASKED: Final = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y"}
_SEQUENCE: Final = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")


@dataclass
class Watched:
    """A program on a terminal, and each piece that came out with the moment at which it was read."""

    it: Terminal
    began: float
    pieces: list[tuple[float, bytes]] = field(default_factory=list)

    @property
    def written(self) -> int:
        """How many bytes came out so far."""
        return sum(len(piece) for _, piece in self.pieces)

    @property
    def stream(self) -> bytes:
        """All of them."""
        return b"".join(piece for _, piece in self.pieces)

    def since(self, mark: int) -> bytes:
        """What came out after so many pieces."""
        return b"".join(piece for _, piece in self.pieces[mark:])

    def read(self, seconds: float) -> bool:
        """Wait at most so long for more; whether more came."""
        if not select.select([self.it.master], [], [], max(0.0, seconds))[0]:
            return False
        try:
            more = os.read(self.it.master, 1 << 20)
        except OSError as error:
            raise AssertionError(f"the program ended: {self.stream[-2000:]!r}") from error
        self.pieces.append((time.perf_counter(), more))
        for question, answer in _ASKED.items():
            if question in more:
                os.write(self.it.master, answer)
        return True

    def listen(self, seconds: float) -> None:
        """Read for so long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.read(left)

    def quiet(self, seconds: float, at_most: float = 10.0) -> None:
        """Read until nothing came for so long."""
        until = time.perf_counter() + at_most
        while time.perf_counter() < until and self.read(seconds):
            pass

    def until(self, *words: str, after: bytes = b"") -> float:
        """Milliseconds from the start to the piece with which all these words have come, after a certain sequence."""
        give_up = time.perf_counter() + PATIENCE
        while True:
            stream = self.stream
            _, found, rest = stream.partition(after) if after else (b"", b"-", stream)
            text = _SEQUENCE.sub(b"", rest).decode(errors="replace")
            if found and all(word in text for word in words):
                return (self.pieces[-1][0] - self.began) * 1000
            assert time.perf_counter() < give_up, f"{words} did not come: {stream[-3000:]!r}"
            self.read(1.0)

    def type(self, keys: str) -> float:
        """Send keys; the moment."""
        now = time.perf_counter()
        os.write(self.it.master, keys.encode())
        return now

    def resize(self, width: int, height: int) -> float:
        """Give the terminal another size; the moment."""
        now = time.perf_counter()
        fcntl.ioctl(self.it.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        return now

    def milliseconds_to_last(self, since: float, silence: float = 0.4) -> float:
        """From a moment to the last byte before so long a silence; something must come at all."""
        assert self.read(_ANSWER), "nothing came of it"
        self.quiet(silence)
        return (self.pieces[-1][0] - since) * 1000

    def cpu(self) -> float:
        """Milliseconds of processor time that the program has used, all its threads."""
        total = 0
        for task in Path(f"/proc/{self.it.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:  # a thread that ended meanwhile
                continue
        return total / 1e6

    def memory(self) -> dict[str, float]:
        """Megabytes: resident, and the share of them that is its own (``pss``)."""
        found = re.findall(r"^(Rss|Pss):\s+(\d+) kB", Path(f"/proc/{self.it.pid}/smaps_rollup").read_text(), re.M)
        return {name.lower(): int(value) * 1024 / 1e6 for name, value in found}


@contextmanager
def watched(program: tuple[str, ...], env: Mapping[str, str], size: tuple[int, int] = (120, 36)) -> Iterator[Watched]:
    """Run a program on a terminal of that size, and watch it; it is killed at the end."""
    began = time.perf_counter()
    with terminal(env=env, program=program, size=size) as it:
        yield Watched(it, began)
