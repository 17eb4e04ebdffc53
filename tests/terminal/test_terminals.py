"""Kinds of terminals, their sizes, and what is pasted into them."""

import fcntl
import os
import re
import signal
import struct
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.forms import a_pending
from tests.support.grid import Grid
from tests.support.process import READY, Terminal, clean_environment, terminal
from tests.support.restored import assert_restored
from tests.support.tmux import in_tmux

RICH, MANY = re.compile(r"[34]8;2;"), re.compile(r"[34]8;5;")
COLOUR = re.compile(r"\x1b\[[\d;]*\b(?:3[0-8]|4[0-8]|9\d|10\d)\b[\d;]*m")
TOO_SMALL = "The desk needs"


def environment(sandbox: RunningSandbox, home: Path, **more: str) -> dict[str, str]:
    """The desk's own folders, and the sandbox."""
    env = clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, TZ="Europe/Paris")
    return env | more


@contextmanager
def desk(sandbox: RunningSandbox, home: Path, *arguments: str, **more: str) -> Iterator[Terminal]:
    """A desk with fresh rows."""
    with terminal(*arguments, env=environment(sandbox, home, **more)) as it:
        it.wait_for(READY)
        it.wait_for("FRESH")
        yield it


def left(it: Terminal) -> None:
    """Leave it well."""
    it.leave()
    assert it.wait_for_end() == 0
    assert_restored(it)


KINDS: Mapping[str, Mapping[str, str]] = {
    "xterm-256color": {},
    "screen-256color": {},
    "tmux-256color": {},
    "linux": {},
    "vt100": {},
    "xterm": {},
    "16 million colours": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "no colour": {"TERM": "xterm-256color", "NO_COLOR": "1"},
    "no colour of many": {"TERM": "xterm-256color", "NO_COLOR": "1", "COLORTERM": "truecolor"},
    "LANG=C": {"TERM": "xterm-256color", "LANG": "C", "PYTHONUTF8": ""},
    "LC_ALL=POSIX": {"TERM": "linux", "LC_ALL": "POSIX", "PYTHONUTF8": ""},
    "ascii by Python": {"TERM": "xterm-256color", "PYTHONIOENCODING": "ascii"},
    "latin-1 by Python": {"TERM": "xterm-256color", "PYTHONIOENCODING": "latin-1"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_shows_rows_and_gets_nothing_that_it_lacks(
    sandbox: RunningSandbox, tmp_path: Path, kind: str
) -> None:
    more = {"TERM": kind, **KINDS[kind]}
    with desk(sandbox, tmp_path, **more) as it:
        it.type("?")
        it.wait_for("next reservation")
        it.type("q")
        left(it)
        if "COLORTERM" not in more or "NO_COLOR" in more:
            assert not RICH.search(it.text)
        if not more["TERM"].endswith("256color"):
            assert not MANY.search(it.text)
        if "NO_COLOR" in more:
            assert not COLOUR.search(it.text)
        else:
            assert COLOUR.search(it.text)
        if "PYTHONIOENCODING" in more:
            assert it.seen.isascii()
            assert "\\u" not in it.text
        else:
            assert "│" in it.text


def test_ascii_is_ascii_to_the_last_byte(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path, "--ascii") as it:
        it.type("?")
        it.wait_for("next reservation")
        it.type("q")
        it.type("t")
        it.wait_for("Lanes")
        left(it)
        assert it.seen.isascii()


def test_without_the_mouse_it_is_never_asked_for(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path, "--no-mouse") as it:
        it.leave()
        assert it.wait_for_end() == 0
        for mode in ("1000", "1002", "1003", "1006"):
            assert f"\x1b[?{mode}h" not in it.text


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (59, 16), (60, 16), (80, 24), (300, 100)], ids=str)
def test_every_size_is_drawn_and_left(sandbox: RunningSandbox, tmp_path: Path, size: tuple[int, int]) -> None:
    with terminal(env=environment(sandbox, tmp_path), size=size) as it:
        if size == (1, 1):
            it.wait_for("\x1b]2;charge FRESH")
        else:
            it.wait_for(READY if size >= (60, 16) else TOO_SMALL)
        it.wait_for("\x1b]2;charge FRESH")
        left(it)


def shown(stream: str) -> str:
    """What a terminal of the usual size shows after that."""
    grid = Grid(120, 36)
    grid.feed(stream.encode())
    return "\n".join(grid.lines)


def resize(it: Terminal, width: int, height: int) -> None:
    """Give the terminal another size, as a window manager does."""
    fcntl.ioctl(it.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    os.kill(it.pid, signal.SIGWINCH)


@pytest.mark.parametrize("place", ["a form", "the board"])
def test_a_storm_of_sizes_does_no_harm(sandbox: RunningSandbox, tmp_path: Path, place: str) -> None:
    identity = a_pending(sandbox)
    with desk(sandbox, tmp_path) as it:
        it.type("o")
        it.wait_for("Open a reservation")
        it.type(identity + "\r")
        it.wait_for_title(identity)
        if place == "a form":
            it.type("e")
            it.wait_for("nothing yet")
            it.type("\x1b[B" * 4 + ", Zz99")
            it.wait_until(lambda: ", Zz99" in shown(it.text), "it is typed")
        else:
            it.type("t")
            it.wait_for("Lanes")
        for _ in range(6):
            for size in ((20, 5), (300, 100), (59, 15), (60, 16), (80, 24), (1, 1), (116, 40), (115, 40), (200, 60)):
                resize(it, *size)
        resize(it, 20, 5)
        if place == "the board":
            it.wait_for(TOO_SMALL)
        seen = len(it.text)
        resize(it, 120, 36)
        words = ", Zz99" if place == "a form" else "Lanes"
        it.wait_until(lambda: words in it.text[seen:], "it is drawn in its last size")
        if place == "a form":
            it.type("\x12")
            it.wait_until(lambda: "nothing yet" in it.text[seen:], "the draft is dropped")
        it.type("\x11")
        it.type("y")
        assert it.wait_for_end() == 0
        assert_restored(it)


SCREENFUL = "\n".join(["x y q c y d n Y", "yyyy", "U s y", "B y\tq\x03"] * 12)
"""What does harm when it is taken for keys."""


@pytest.mark.parametrize("place", ["the table", "find", "a form", "a question"])
def test_a_bracketed_paste_commands_nothing(sandbox: RunningSandbox, tmp_path: Path, place: str) -> None:
    identity = a_pending(sandbox)
    before = [(row["id"], row["status"]) for row in sandbox.find()]
    with in_tmux(tmp_path, environment(sandbox, tmp_path)) as tmux:
        tmux.wait_for(READY, "FRESH")
        if place != "the table":
            tmux.type("o")
            tmux.wait_for("Open a reservation")
            tmux.type(identity, "Enter")
            tmux.wait_for("Enter back")
        for key, words in {"find": (("/", "Find"),), "a form": (("e", "nothing yet"),),
                           "a question": (("x", "CANCEL this"),)}.get(place, ()):  # fmt: skip
            tmux.type(key)
            tmux.wait_for(words)
        tmux.do("set-buffer", "-b", "much", SCREENFUL)
        tmux.do("paste-buffer", "-p", "-b", "much", "-t", "desk")
        if place in ("find", "a form"):
            tmux.wait_for("x y q c")
        else:
            tmux.wait_for("CANCEL this" if place == "a question" else READY)
        if place == "a question":
            tmux.type("z")  # a key that means nothing: what was pasted before it is dealt with
        assert [(row["id"], row["status"]) for row in sandbox.find()] == before
        tmux.do("kill-session")
    assert [(row["id"], row["status"]) for row in sandbox.find()] == before
    assert not [one for one in sandbox.requests if one.method == "POST"]
