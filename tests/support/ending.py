"""Ways to end a desk, and what is left of it afterwards."""

import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import PROGRAM, Terminal

DEAF = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh", *PROGRAM)
"""The desk with SIGHUP ignored, as under nohup."""
_FORK = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
pid = os.fork()
if not pid:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.setsid()
    os.execv(sys.executable, [sys.executable, "-m", "charge_tui"])
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
"""
UNLED = (sys.executable, "-c", _FORK)
"""The desk in a session of its own, where the terminal is not the one that commands it: no hangup is delivered."""


def by_signal(number: signal.Signals) -> Callable[[Terminal], None]:
    """End it by a signal."""
    return lambda it: os.kill(it.pid, number)


@dataclass(frozen=True)
class Way:
    """How a desk is ended, with which exit code, and how it was started for that."""

    end: Callable[[Terminal], None]
    code: int
    program: tuple[str, ...] = PROGRAM


WAYS: Mapping[str, Way] = {
    "SIGTERM": Way(by_signal(signal.SIGTERM), 143),
    "SIGHUP": Way(by_signal(signal.SIGHUP), 129),
    "SIGINT": Way(by_signal(signal.SIGINT), 130),
    "the terminal is closed": Way(Terminal.hang_up, 129),
    "the hangup is ignored": Way(Terminal.hang_up, 129, DEAF),
    "the hangup goes elsewhere": Way(Terminal.hang_up, 129, UNLED),
}


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    seconds: float
    """Between the cause and its end."""
    cpu: float
    """Seconds of processor time that it used meanwhile, with its children."""


def ended(it: Terminal, end: Callable[[Terminal], None]) -> Ended:
    """End it, and wait for that."""
    before, earlier = _used(it.pid), _children()
    began = time.monotonic()
    end(it)
    code = it.wait_for_end()
    return Ended(code, time.monotonic() - began, _children() - earlier - before)


def processes_of(home: Path) -> list[int]:
    """All living processes that were started with that home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if str(home).encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def rows(home: Path, file: str, question: str) -> list[str]:
    """What a file of the desk holds, the first column of each row."""
    (path,) = home.rglob(file)
    with sqlite3.connect(path) as db:
        return [str(row[0]) for row in db.execute(question)]


def say(words: str) -> None:
    """Leave a figure in what pytest keeps of a test."""
    sys.stdout.write(words + "\n")


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_used(int(child)) for child in children)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
