"""How long a key takes to its painting while the desk is at work: the real program on a terminal, key by key.

    python -m tests.benchmarks.keys [SITUATION ...] [--keys 300]

A time runs from the write of a key to the first byte that comes out after it; before each key the terminal was silent
for some milliseconds. The first line, with nothing else going on, is what the others are to be compared with. Where
the machine does other work, the figures to go by are those "of its own": what the kernel says of the time for which the
program had to stand in line for a processor is taken off.
"""

# ruff: noqa: T201

import argparse
import json
import os
import select
import sqlite3
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from charge_tui.desk import log_file
from charge_tui.desk.account import digest_of
from charge_tui.desk.desk_store import DESK_STORE, desk_file
from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.domain.times import rfc3339
from charge_tui.secret import Secret
from tests.soak.pty import SandboxProcess, sandbox_process
from tests.support.process import Terminal, clean_environment, config_file, terminal

_SILENT: Final = 0.012
_GIVEN_UP: Final = 5.0
_LINES: Final = 100_000
_STATE: Final = ".local/state/charge-tui"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one key took. Milliseconds."""

    wall: float
    stood: float
    """How much of it was waiting for a processor that other programs of the machine had."""

    @property
    def own(self) -> float:
        """What it would have taken on a machine of its own."""
        return max(0.0, self.wall - self.stood)


@dataclass
class Fingers:
    """Types keys on a terminal, and takes the time of each."""

    it: Terminal
    random: Random

    def quiet(self, seconds: float = _SILENT) -> None:
        """Read until nothing came for so long, at most a fifth of a second."""
        until = time.monotonic() + 0.2
        while time.monotonic() < until and self._read(seconds):
            pass

    def time_of(self, key: str) -> Taken:
        """The time from a key to the first byte after it."""
        time.sleep(self.random.uniform(0.02, 0.1))
        self.quiet()
        began, stood = time.perf_counter(), self._stood()
        os.write(self.it.master, key.encode())
        self._read(_GIVEN_UP)
        return Taken((time.perf_counter() - began) * 1000, (self._stood() - stood) * 1000)

    def _stood(self) -> float:
        """Seconds for which the program's main thread, and this one, stood in line for a processor until now."""
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) for pid in (self.it.pid, "self")) / 1e9

    def times(self, keys: int, of: str = "jjjkjk") -> list[Taken]:
        """The same of so many keys, which come in this order again and again."""
        return [self.time_of(of[number % len(of)]) for number in range(keys)]

    def _read(self, seconds: float) -> bool:
        if not select.select([self.it.master], [], [], seconds)[0]:
            return False
        self.it.seen = (self.it.seen + os.read(self.it.master, 65_536))[-20_000:]
        return True


def told(name: str, times: list[Taken]) -> str:
    """Median, 95th and 99th percentile and the longest, in a line; and again without the waits for a processor."""
    walls, owns = _percentiles([one.wall for one in times]), _percentiles([one.own for one in times])
    return f"{name:<12} {len(times):4d} keys  {walls} ms  of its own: {owns} ms"


def _percentiles(times: list[float]) -> str:
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99)]
    return f"median {at[0]:5.1f}  p95 {at[1]:5.1f}  p99 {at[2]:5.1f}  max {ordered[-1]:6.1f}"


@contextmanager
def desk(home: Path, sandbox: SandboxProcess, settings: str, *, ready: str = "conf") -> Iterator[Fingers]:
    """The program on a terminal, on that sandbox."""
    config_file(home).write_text(settings)
    env = clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, COLORTERM="truecolor")
    with terminal(env=env) as it:
        it.wait_for(ready)
        yield Fingers(it, Random(1))


def order(sandbox: SandboxProcess, *faults: str) -> None:
    """Order trouble."""
    request = urllib.request.Request(
        sandbox.base_url.removesuffix("/v1") + "/sandbox/faults",
        data=json.dumps({"faults": faults}).encode(),
        headers={"Authorization": f"Bearer {sandbox.key}", "Content-Type": "application/json"},
    )
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30).close()


def idle(home: Path, keys: int) -> list[Taken]:
    """Nothing else goes on: the desk reads when asked, and nobody asks."""
    with sandbox_process(home, "--speed", "0") as sandbox, desk(home, sandbox, "refresh = 0\n") as fingers:
        fingers.quiet(1.0)
        return fingers.times(keys)


def hanging(home: Path, keys: int) -> list[Taken]:
    """Every request hangs."""
    settings = "refresh = 2\nbudget = 6000\n"
    with sandbox_process(home, "--speed", "0") as sandbox, desk(home, sandbox, settings) as fingers:
        order(sandbox, "hang:3600")
        fingers.quiet(1.0)
        return fingers.times(keys)


def pages(home: Path, keys: int) -> list[Taken]:
    """Page after page of 100 rows is read and parsed, in a world that changes."""
    settings = "refresh = 1\nbudget = 6000\n"
    options = ("--speed", "60", "--reservations", "2000", "--open", "1000")
    with sandbox_process(home, *options) as sandbox, desk(home, sandbox, settings) as fingers:
        return fingers.times(keys)


def filling(home: Path, keys: int) -> list[Taken]:
    """The mirror is filled with 5,000 rows: from the first paint on, as often as it takes."""
    found: list[Taken] = []
    options = ("--speed", "0", "--reservations", "6000", "--open", "5000")
    with sandbox_process(home, *options) as sandbox:
        while len(found) < keys:
            with (
                tempfile.TemporaryDirectory() as anew,
                desk(Path(anew), sandbox, "refresh = 2\nbudget = 6000\n") as fingers,
            ):
                found += fingers.times(min(50, keys - len(found)))
    return found


def following(home: Path, keys: int) -> list[Taken]:
    """A desk that follows another one takes 5,000 rows over."""
    found: list[Taken] = []
    options = ("--speed", "0", "--reservations", "6000", "--open", "5000")
    settings = "refresh = 2\nbudget = 6000\n"
    with sandbox_process(home, *options) as sandbox, desk(home, sandbox, settings) as first:
        first.quiet(5.0)
        drained = threading.Event()
        thread = threading.Thread(target=_drain, args=(first.it.master, drained))
        thread.start()
        try:
            while len(found) < keys:
                with desk(home, sandbox, settings) as fingers:
                    found += fingers.times(min(40, keys - len(found)))
        finally:
            drained.set()
            thread.join()
    return found


def log(home: Path, keys: int) -> list[Taken]:
    """A log of 100,000 lines is opened, searched and closed; each of these keys paints, whatever has been read."""
    with sandbox_process(home, "--speed", "0") as sandbox:
        _fill_log(home, digest_of(sandbox.base_url, Secret(sandbox.key)))
        with desk(home, sandbox, "refresh = 0\n") as fingers:
            fingers.quiet(1.0)
            return fingers.times(keys, "l/res\rqq")


def slow_disk(home: Path, keys: int) -> list[Taken]:
    """Verdicts are given while another process keeps the store locked nearly all the time."""
    with sandbox_process(home, "--speed", "0") as sandbox, desk(home, sandbox, "refresh = 0\n") as fingers:
        fingers.quiet(1.0)
        over = threading.Event()
        thread = threading.Thread(target=_lock, args=(home / _STATE / DESK_STORE, over))
        thread.start()
        try:
            return fingers.times(keys, "ajak")
        finally:
            over.set()
            thread.join()


def _lock(path: Path, over: threading.Event) -> None:
    db = sqlite3.connect(path, isolation_level=None, timeout=30.0)
    while not over.is_set():
        db.execute("BEGIN IMMEDIATE")
        over.wait(0.5)
        db.execute("COMMIT")
        time.sleep(0.005)
    db.close()


def _drain(master: int, over: threading.Event) -> None:
    while not over.is_set():
        if select.select([master], [], [], 0.2)[0]:
            os.read(master, 65_536)


def _fill_log(home: Path, account: str) -> None:
    folder = home / _STATE
    folder.mkdir(parents=True, mode=0o700)
    file, begin = desk_file(folder / DESK_STORE), datetime.now(UTC) - timedelta(seconds=_LINES)
    entries = (
        LogEntry(
            LogKind.CHANGE, at, at, "confirmed", reservation=f"res_{number:08}", before="pending", after="confirmed",
            updated=rfc3339(at), state="confirmed", source="poll",
        )
        for number in range(_LINES)
        for at in (begin + timedelta(seconds=number),)
    )  # fmt: skip
    file.change(lambda db: log_file.append(db, account, entries, lambda _: []))
    file.close()


SITUATIONS: Final[dict[str, Callable[[Path, int], list[Taken]]]] = {
    "idle": idle, "hanging": hanging, "pages": pages, "filling": filling, "following": following, "log": log,
    "slow-disk": slow_disk,
}  # fmt: skip


def main(names: list[str], keys: int) -> None:
    """Measure these situations, one after the other."""
    for name in ["idle", *(one for one in names or SITUATIONS if one != "idle")]:
        with tempfile.TemporaryDirectory() as folder:
            print(told(name, SITUATIONS[name](Path(folder), keys)), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="From a key to its painting.")
    parser.add_argument("situations", nargs="*", choices=[*SITUATIONS, []])
    parser.add_argument("--keys", type=int, default=300)
    given = parser.parse_args()
    main(given.situations, given.keys)
