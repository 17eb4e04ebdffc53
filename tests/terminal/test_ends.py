"""However the desk is ended, and whatever it is doing then: saved, given back, gone, with the right exit code.

``CHARGE_LONG=1`` lays every way of ending over every place; otherwise each is met at least once.
"""

import fcntl
import os
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from charge_tui.domain.lifecycle import OPEN
from charge_tui.sandbox import RunningSandbox
from tests.support.ending import WAYS, by_signal, ended, processes_of, rows, say
from tests.support.forms import a_pending
from tests.support.process import READY, Terminal, clean_environment, terminal
from tests.support.restored import ALT_SCREEN, MAIN_SCREEN, assert_restored

GENEROUS = 8.0
"""Seconds; the promise is three, which a busy machine cannot be held to."""
FULL = 3_000
"""Bytes after which little more goes into a terminal that nobody reads."""
IDLE = 3.0
"""Seconds of processor time that an end may take; one that spins takes all there are."""


def opened(sandbox: RunningSandbox, it: Terminal) -> None:
    """A pending reservation is in front, and something is acknowledged."""
    it.type("a")
    it.wait_for("acknowledged")
    identity = a_pending(sandbox)
    it.type("o")
    it.wait_for("Open a reservation")
    it.type(identity + "\r")
    it.wait_for_title(identity)


def at_form(sandbox: RunningSandbox, it: Terminal) -> None:
    """A form with typed text."""
    opened(sandbox, it)
    it.type("e")
    it.wait_for("nothing yet")
    it.type("\x1b[B" * 4 + ", Zz99")
    it.wait_for(", Zz99")


def at_question(sandbox: RunningSandbox, it: Terminal) -> None:
    """A question that waits for its y."""
    opened(sandbox, it)
    it.type("x")
    it.wait_for("CANCEL this reservation?")


def at_sending(sandbox: RunningSandbox, it: Terminal) -> None:
    """A write that hangs."""
    at_question(sandbox, it)
    sandbox.order_faults(["hang@method=POST"])
    it.type("y")
    it.wait_for("sending")


def at_reading(sandbox: RunningSandbox, it: Terminal) -> None:
    """A read that hangs."""
    opened(sandbox, it)
    sandbox.order_faults(["hang@method=GET"])
    it.type("r")
    it.wait_for("reading ")


def at_board(sandbox: RunningSandbox, it: Terminal) -> None:
    """The board."""
    opened(sandbox, it)
    it.type("t")
    it.wait_for("Lanes")


def at_log(sandbox: RunningSandbox, it: Terminal) -> None:
    """The log."""
    opened(sandbox, it)
    it.type("l")
    it.wait_for("acknowledged")


PLACES: Mapping[str, Callable[[RunningSandbox, Terminal], None]] = {
    "the table": opened, "a form": at_form, "a question": at_question, "a write": at_sending,
    "a read": at_reading, "the board": at_board, "the log": at_log, "another desk": opened,
}  # fmt: skip
MET = (
    ("the table", "the hangup goes elsewhere"), ("a form", "the terminal is closed"),
    ("a form", "the hangup is ignored"), ("a question", "SIGTERM"), ("a write", "SIGHUP"),
    ("a read", "the terminal is closed"), ("the board", "SIGTERM"), ("the log", "SIGINT"),
    ("another desk", "the terminal is closed"),
)  # fmt: skip
ALL = tuple((place, way) for place in PLACES for way in WAYS)


def environment(sandbox: RunningSandbox, home: Path) -> dict[str, str]:
    """The desk's own folders, and the sandbox."""
    return clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, TZ="Europe/Paris")


@pytest.mark.parametrize(("place", "way"), ALL if os.environ.get("CHARGE_LONG") else MET)
def test_it_ends_well_wherever_it_is(sandbox: RunningSandbox, tmp_path: Path, place: str, way: str) -> None:
    env, how = environment(sandbox, tmp_path), WAYS[way]
    with ExitStack() as stack:
        if place == "another desk":
            first = stack.enter_context(terminal(env=env))
            first.wait_for("FRESH")
        it = stack.enter_context(terminal(env=env, program=how.program))
        it.wait_for(READY)
        it.wait_for("FRESH")
        PLACES[place](sandbox, it)
        done = ended(it, how.end)
        say(f"{place}, {way}: gone after {done.seconds:.2f} s, {done.cpu:.2f} s of processor time")
        assert done.code == how.code
        assert done.seconds < GENEROUS
        assert done.cpu < IDLE
        if it.master >= 0:
            assert_restored(it)
        left = [first.pid] if place == "another desk" else []
        assert processes_of(tmp_path) == left
        for pid in left:
            os.kill(pid, signal.SIGTERM)
            assert first.wait_for_end() == 143
    is_open = {str(row["id"]) for status in OPEN for row in sandbox.find(status=status)}
    assert is_open <= set(rows(tmp_path, "picture-*.sqlite", "SELECT id FROM reservation"))
    assert len(rows(tmp_path, "desk.sqlite", "SELECT key FROM verdict")) == 1
    drafts = rows(tmp_path, "journal.sqlite", "SELECT texts FROM draft")
    assert [", Zz99" in text for text in drafts] == ([True] if place == "a form" else []), drafts


@pytest.mark.parametrize("way", ["SIGTERM", "the terminal is closed"])
@pytest.mark.parametrize("moment", ["first file", "first byte"])
def test_it_ends_well_in_the_very_start(sandbox: RunningSandbox, tmp_path: Path, moment: str, way: str) -> None:
    with terminal(env=environment(sandbox, tmp_path)) as it:
        files = tmp_path / ".local/state/charge-tui"
        it.wait_until(lambda: files.exists() if moment == "first file" else bool(it.seen), moment)
        done = ended(it, WAYS[way].end)
        assert done.code in (WAYS[way].code, 128 - WAYS[way].code), (
            "before it takes signals, they end it as any program"
        )
        assert done.seconds < GENEROUS
        if it.master >= 0:
            assert_restored(it)
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize("moment", ["at once", "given back"])
def test_a_signal_during_the_quit_changes_nothing_that_matters(
    sandbox: RunningSandbox, tmp_path: Path, moment: str
) -> None:
    with terminal(env=environment(sandbox, tmp_path)) as it:
        it.wait_for(READY)
        it.wait_for("FRESH")
        it.leave()
        if moment == "given back":
            it.wait_for_last(MAIN_SCREEN, ALT_SCREEN)
        assert ended(it, by_signal(signal.SIGTERM)).code in (0, 143, -15)
        assert_restored(it)
    assert processes_of(tmp_path) == []
    assert len(rows(tmp_path, "picture-*.sqlite", "SELECT id FROM reservation")) > 50


def test_a_terminal_that_takes_nothing_any_more_does_not_hold_it(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """A connection that is silently dead: nobody reads what is drawn, and every write blocks."""
    with terminal(env=environment(sandbox, tmp_path), size=(200, 60)) as it:
        it.wait_for(READY)
        it.wait_for("FRESH")
        for width in (120, 200) * 20:
            fcntl.ioctl(it.master, termios.TIOCSWINSZ, struct.pack("HHHH", 60, width, 0, 0))
            os.kill(it.pid, signal.SIGWINCH)
            _wait(lambda: _unread(it) > FULL, "it draws")
        began = time.monotonic()
        os.kill(it.pid, signal.SIGTERM)
        _wait(it._ended, "it ends although nobody reads")
        say(f"gone after {time.monotonic() - began:.2f} s")
        assert it.code == 143
        assert termios.tcgetattr(it.master)[3] & termios.ECHO


BLOCKED = """
import time
from charge_tui.tui.screens.desk import DeskScreen
from charge_tui.cli import entry
DeskScreen.do_refresh = lambda *_: time.sleep(600)
raise SystemExit(entry())
"""


@pytest.mark.parametrize("way", ["SIGTERM", "the terminal is closed"])
def test_a_desk_that_hangs_is_ended_by_force_and_gives_the_terminal_back(
    sandbox: RunningSandbox, tmp_path: Path, way: str
) -> None:
    with terminal(env=environment(sandbox, tmp_path), program=(sys.executable, "-c", BLOCKED)) as it:
        it.wait_for(READY)
        it.type("r")
        it.wait_until(lambda: _sleeps(it.pid), "it hangs")
        done = ended(it, WAYS[way].end)
        say(f"{way}: gone after {done.seconds:.2f} s")
        assert done.code == WAYS[way].code
        assert done.seconds < GENEROUS
        if it.master >= 0:
            assert_restored(it)
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGTSTP])
def test_a_stop_from_outside_is_come_back_from_again_and_again(
    sandbox: RunningSandbox, tmp_path: Path, number: signal.Signals
) -> None:
    with terminal(env=environment(sandbox, tmp_path)) as it:
        it.wait_for(READY)
        it.wait_for("FRESH")
        for _ in range(4):
            os.kill(it.pid, number)
            it.wait_for_stop()
            taken = it.text.count(ALT_SCREEN)
            os.kill(it.pid, signal.SIGCONT)
            it.wait_until(lambda taken=taken: it.text.count(ALT_SCREEN) > taken, "it takes the terminal again")  # type: ignore[misc]
            it.wait_until(lambda: READY in it.text[it.text.rindex(ALT_SCREEN) :], "all is drawn again")
            it.wait_until(lambda: "\x1b]2;charge" in it.text[it.text.rindex(ALT_SCREEN) :], "with its title")
        it.type("?")
        it.wait_for("next reservation")
        it.type("q")
        it.leave()
        assert it.wait_for_end() == 0
        assert_restored(it)


def _unread(it: Terminal) -> int:
    return int(struct.unpack("i", fcntl.ioctl(it.master, termios.FIONREAD, b"\0" * 4))[0])


def _sleeps(pid: int) -> bool:
    return Path(f"/proc/{pid}/wchan").read_text() in ("hrtimer_nanosleep", "do_nanosleep", "clock_nanosleep")


def _wait(come: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 20
    while not come():
        assert time.monotonic() < until, f"waited in vain until {what}"
        time.sleep(0.01)
