"""Processes that share the stores and are killed: what was said to be on disk is there, once; nobody is locked out."""

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from time import perf_counter

from tests.support.busy_desk import DRAFTS, ENTRIES, LINES, VERDICTS, counted

ROOT = Path(__file__).parents[2]
LONG = bool(os.environ.get("CHARGE_LONG"))
"""Whether to kill some hundreds of times."""


def busy(folder: Path, name: str, rounds: int) -> "subprocess.Popen[str]":
    """A process that writes all that a desk writes, and says after each round what is on disk."""
    command = [sys.executable, "-m", "tests.support.busy_desk", str(folder), name, str(rounds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def sound(folder: Path) -> None:
    """No file is damaged, and none was moved aside."""
    assert not [path for path in folder.iterdir() if "broken" in path.name]
    for name in ("journal.sqlite", "desk.sqlite"):
        with sqlite3.connect(folder / name) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_processes_that_hammer_the_same_files_lose_nothing_and_wait_for_each_other(tmp_path: Path) -> None:
    rounds = 400 if LONG else 40
    desks = [busy(tmp_path, name, rounds) for name in ("ann", "bob", "cat")]
    with ThreadPoolExecutor(len(desks)) as readers:
        said = list(readers.map(lambda desk: desk.communicate(timeout=300)[0], desks))
    assert [desk.returncode for desk in desks] == [0, 0, 0]
    assert "locked" not in "".join(said)
    sound(tmp_path)
    for name in ("ann", "bob", "cat"):
        assert counted(tmp_path, name) == {kind: set(range(rounds)) for kind in (ENTRIES, VERDICTS, DRAFTS, LINES)}


def test_whoever_is_killed_leaves_what_it_said_was_kept(tmp_path: Path) -> None:
    rng = Random(9)
    for number in range(400 if LONG else 40):
        name, wanted = f"desk{number}", rng.randrange(6)
        desk = busy(tmp_path, name, 1_000)
        assert desk.stdout is not None
        kept = [int(desk.stdout.readline()) for _ in range(wanted)]
        until = perf_counter() + rng.uniform(0, 0.02)
        while perf_counter() < until:
            pass
        desk.send_signal(signal.SIGKILL)
        rest, _ = desk.communicate()
        kept += [int(line) for line in rest.split("\n") if line]
        there = counted(tmp_path, name) if (tmp_path / "journal.sqlite").exists() else {}
        for what, numbers in there.items():
            assert set(kept) <= numbers, f"{what} of the desk that was killed"
            assert len(numbers - set(kept)) <= 2, "nothing but what was under way"
    sound(tmp_path)
    last = busy(tmp_path, "last", 1)
    assert last.communicate()[0] == "0\n"
    assert last.returncode == 0
