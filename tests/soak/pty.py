"""The real program on a terminal, with keys being typed as a dispatcher types them, for minutes of real time.

    python -m tests.soak.pty [--minutes 15] [--speed 600] [--seed 1]

The sandbox is a process of its own; its world lives at that many times the real speed. Each minute it prints memory,
processor time, bytes to the terminal and requests, and at the end by how much the second half grew.
"""

import argparse
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from charge_tui.domain.lifecycle import OPEN
from tests.soak.process import Load, load_of, slope
from tests.soak.routine import ESC, Deed, Routine
from tests.support.process import PROGRAM, Terminal, clean_environment, config_file, terminal

BETWEEN: Final = 0.12
"""Seconds between two keys: more than the time in which Escape and a letter count as one key."""
_TAIL: Final = 20_000
SETTINGS: Final = "refresh = 2\nbudget = 600\n"


@dataclass(frozen=True, slots=True)
class SandboxProcess:
    """A sandbox that somebody else runs."""

    base_url: str
    key: str
    pid: int

    def status(self) -> dict[str, Any]:
        """What the sandbox tells of itself."""
        request = urllib.request.Request(
            self.base_url.removesuffix("/v1") + "/sandbox", headers={"Authorization": f"Bearer {self.key}"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def sandbox_process(home: Path, *arguments: str) -> Iterator[SandboxProcess]:
    """A sandbox as a process of its own, killed at the end."""
    process = subprocess.Popen(
        [*PROGRAM, "sandbox", *arguments], env=clean_environment(home), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        told = ""
        while not (found := re.search(r"base URL\s+(\S+)\s+key\s+(\S+)\s", told)):
            line = process.stdout.readline()
            assert line, f"the sandbox did not start: {told}"
            told += line
        yield SandboxProcess(found[1], found[2], process.pid)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@dataclass
class Typist:
    """Types deeds on a terminal, and reads all that comes out; of that it keeps the end and the count."""

    it: Terminal
    routine: Routine
    keys: int = 0
    bytes_out: int = 0
    deeds: Counter[str] = field(default_factory=Counter)

    def do(self, deed: Deed) -> None:
        """Do one of them, key by key, and come back to the desk."""
        for keys in deed.keys:
            os.write(self.it.master, keys.encode())
            self.keys += 1
            self.listen(BETWEEN * 2 if keys == ESC else BETWEEN)
        self.deeds[deed.name] += 1

    def next(self) -> None:
        """Do the next one of the routine."""
        self.do(self.routine.next())

    def listen(self, seconds: float) -> None:
        """Read for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.it.master], [], [], left)[0]:
                more = os.read(self.it.master, 65_536)
                self.bytes_out += len(more)
                self.it.seen = (self.it.seen + more)[-_TAIL:]

    def come_home(self) -> None:
        """Close whatever is open."""
        for _ in range(4):
            os.write(self.it.master, ESC.encode())
            self.listen(2 * BETWEEN)


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures at one moment; all but the load are counts since the start."""

    seconds: float
    load: Load
    bytes_out: int
    keys: int
    requests: int
    open: int
    """Open reservations of the world now: what the program holds grows and shrinks with them."""


@contextmanager
def soaked(home: Path, *, speed: float, seed: int, reservations: int = 600) -> Iterator[tuple[Typist, SandboxProcess]]:
    """The real program on a terminal of 120 by 36, at work on a sandbox process, with rows on the screen."""
    config_file(home).write_text(SETTINGS)
    options = ("--speed", f"{speed:g}", "--reservations", str(reservations), "--seed", str(seed))
    with sandbox_process(home, *options) as sandbox:
        env = clean_environment(
            home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, COLORTERM="truecolor"
        )
        with terminal(env=env) as it:
            it.wait_for("by urgency")
            it.wait_for("conf")
            yield Typist(it, Routine(seed)), sandbox


def left(typist: Typist) -> int:
    """Quit from the desk; the program's exit code."""
    typist.come_home()
    typist.it.leave()
    return typist.it.wait_for_end()


def disk(home: Path) -> dict[str, int]:
    """The bytes of each file that the program keeps, by its name."""
    return {
        str(path.relative_to(home)): path.stat().st_size
        for path in sorted(home.rglob("*"))
        if path.is_file() and ".config" not in path.parts
    }


def read(typist: Typist, sandbox: SandboxProcess, began: float) -> Reading:
    """The figures now."""
    status, load = sandbox.status(), load_of(typist.it.pid)
    open_now = sum(status["counts"].get(name, 0) for name in OPEN)
    return Reading(time.monotonic() - began, load, typist.bytes_out, typist.keys, int(status["served"]), open_now)


def tell(before: Reading, now: Reading) -> None:
    """Print one line: what was spent between two readings, and how the process stands."""
    load = now.load
    print(
        f"{now.seconds / 60:5.1f} min  RSS {load.rss / 2**20:6.1f} MiB  CPU {load.cpu - before.load.cpu:5.1f} s  "
        f"{(now.bytes_out - before.bytes_out) / 1000:8.0f} kB out  {now.keys - before.keys:4d} keys  "
        f"{now.requests - before.requests:4d} requests  {now.open:4d} open  {load.descriptors} fds  "
        f"{load.sockets} sockets  {load.threads} threads",
        flush=True,
    )


def summary(readings: list[Reading]) -> str:
    """What the second half grew by, in words."""
    half = readings[len(readings) // 2 :]
    grown = slope([(one.seconds / 60, one.load.rss / 2**20) for one in half])
    first, last = readings[0], readings[-1]
    minutes = (last.seconds - first.seconds) / 60
    return (
        f"{minutes:.1f} minutes: CPU {(last.load.cpu - first.load.cpu) / (minutes * 60):.1%} of one core, "
        f"{(last.bytes_out - first.bytes_out) / minutes / 60:,.0f} bytes/s to the terminal, "
        f"{last.keys - first.keys:,} keys, {(last.requests - first.requests) / minutes:.0f} requests a minute\n"
        f"second half: RSS {half[0].load.rss / 2**20:.1f} to {half[-1].load.rss / 2**20:.1f} MiB, "
        f"slope {grown * 60:+.1f} MiB an hour"
    )


def main(minutes: float, speed: float, seed: int) -> int:
    """Run it, print the figures; 1 if the program did not leave well."""
    with tempfile.TemporaryDirectory() as folder, soaked(Path(folder), speed=speed, seed=seed) as (typist, sandbox):
        print(f"{minutes:g} minutes of real time, the world at {speed:g} times its speed, seed {seed}", flush=True)
        began = time.monotonic()
        readings = [read(typist, sandbox, began)]
        while time.monotonic() - began < minutes * 60:
            typist.next()
            if time.monotonic() - began >= len(readings) * 60:
                readings.append(read(typist, sandbox, began))
                tell(readings[-2], readings[-1])
        readings.append(read(typist, sandbox, began))
        code = left(typist)
        print(summary(readings))
        print("deeds: " + ", ".join(f"{name} {count}" for name, count in sorted(typist.deeds.items())))
        print("on disk: " + ", ".join(f"{name} {size / 1000:,.0f} kB" for name, size in disk(Path(folder)).items()))
        print(f"left with {code}")
    return 0 if code == 0 else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The real program on a terminal, left running.")
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--speed", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(main(given.minutes, given.speed, given.seed))
