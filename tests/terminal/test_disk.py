"""The desk on a disk that goes wrong: it says so, goes on reading, sends nothing, and recovers by itself."""

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.forms import a_pending
from tests.support.process import Terminal, clean_environment, terminal

LOCK = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


def environment(sandbox: RunningSandbox, home: Path) -> dict[str, str]:
    """The desk's own folders, and the sandbox."""
    return clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, TZ="Europe/Paris")


def found(home: Path, name: str) -> Path:
    """A file of the desk by its name."""
    return next(path for path in home.rglob(name) if "broken" not in path.name)


def posts(sandbox: RunningSandbox) -> int:
    """How many requests that change something came in."""
    return sum(one.method == "POST" for one in sandbox.requests)


def ask_to_cancel(it: Terminal, identity: str) -> None:
    """Open one by its id, and say yes to its cancellation."""
    it.type("o")
    it.wait_for("Open a reservation")
    it.type(identity + "\r")
    it.wait_for_title(identity)
    it.type("x")
    it.wait_for("CANCEL this reservation?")
    it.type("y")


def told(it: Terminal, *words: str) -> None:
    """The page of what is wrong says these words; it is left again."""
    it.type("!")
    for one in ("How far this picture can be trusted", *words):
        it.wait_for(one)
    it.type("q")


def goes_on_reading(sandbox: RunningSandbox, it: Terminal) -> None:
    """The lists are read again and again."""
    served = sandbox.sandbox.served
    it.wait_until(lambda: sandbox.sandbox.served >= served + 6, "the lists are read")


@contextmanager
def full_disk(it: Terminal, home: Path) -> Iterator[None]:
    """No file of the program can grow."""
    before = resource.prlimit(it.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(it.pid, resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.prlimit(it.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def folder_in_place(it: Terminal, home: Path) -> Iterator[None]:
    """The journal is gone, and a folder has its name."""
    journal = found(home, "journal.sqlite")
    journal.unlink()
    journal.mkdir()
    yield
    journal.rmdir()


@contextmanager
def locked(it: Terminal, home: Path) -> Iterator[None]:
    """Another process has the journal for itself for a long time."""
    command = [sys.executable, "-c", LOCK, str(found(home, "journal.sqlite"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        yield
        assert other.stdin is not None
        other.stdin.close()


@pytest.mark.parametrize("spoilt", [full_disk, folder_in_place, locked])
def test_no_write_leaves_without_its_row_and_it_recovers_by_itself(
    sandbox: RunningSandbox, tmp_path: Path, spoilt: Callable[[Terminal, Path], AbstractContextManager[None]]
) -> None:
    identity = a_pending(sandbox)
    with terminal("--refresh", "1", env=environment(sandbox, tmp_path)) as it:
        it.wait_for("FRESH")
        it.wait_until(lambda: any(tmp_path.rglob("journal.sqlite")), "the journal is there")
        with spoilt(it, tmp_path):
            ask_to_cancel(it, identity)
            it.wait_for("The journal cannot be")
            it.wait_for("journal not writable")
            assert posts(sandbox) == 0
            assert sandbox.reservation(identity)["status"] == "pending"
            it.type("\x1b")
            goes_on_reading(sandbox, it)
        it.wait_until(lambda: "journal not writable" not in _first_line(it), "it recovers")
        os.kill(it.pid, 15)
        assert it.wait_for_end() == 143
    with terminal(env=environment(sandbox, tmp_path)) as again:
        again.wait_for("FRESH")
        ask_to_cancel(again, identity)
        again.wait_until(lambda: sandbox.reservation(identity)["status"] == "cancelled", "it is cancelled")
        os.kill(again.pid, 15)
        again.wait_for_end()
    assert posts(sandbox) == 1


def _first_line(it: Terminal) -> str:
    return it.screen.lines[0]


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def scrambled(path: Path) -> None:
    with path.open("r+b") as held:
        held.write(b"\xff" * 4096)


@pytest.mark.parametrize(
    ("name", "harm"),
    [("journal.sqlite", cut), ("journal.sqlite", emptied), ("desk.sqlite", scrambled), ("picture-*.sqlite", emptied)],
)
def test_a_broken_store_is_told_and_the_desk_works(
    sandbox: RunningSandbox, tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    env = environment(sandbox, tmp_path)
    with terminal(env=env) as it:
        it.wait_for("FRESH")
        it.leave()
        assert it.wait_for_end() == 0
    store = found(tmp_path, name)
    harm(store)
    with terminal(env=env) as again:
        again.wait_for("FRESH")
        empty_picture = name.startswith("picture") and harm is emptied
        told(again, "made anew" if empty_picture else "was moved to")
        again.leave()
        assert again.wait_for_end() == 0
    assert empty_picture or list(tmp_path.rglob(f"{name}.broken"))
    with sqlite3.connect(store) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("name", ["charge-tui.log", "seat-*.lock", "journal.sqlite", "desk.sqlite", "picture-*.sqlite"])
def test_a_pipe_in_the_place_of_a_file_holds_nothing_up(sandbox: RunningSandbox, tmp_path: Path, name: str) -> None:
    env = environment(sandbox, tmp_path)
    with terminal(env=env) as it:
        it.wait_for("FRESH")
        path = found(tmp_path, name)
        it.leave()
        it.wait_for_end()
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    with terminal(env=env) as again:
        again.wait_for("FRESH")
        told(again, path.name if "seat" not in name else "cannot share")
        again.leave()
        assert again.wait_for_end() == 0
