"""The desk in a real terminal: what a pilot hides. Signals, bytes, the state in which the terminal is left."""

import os
import re
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.process import Terminal, clean_environment, terminal

ALT_SCREEN, MAIN_SCREEN = "\x1b[?1049h", "\x1b[?1049l"


@contextmanager
def desk(sandbox: RunningSandbox, home: Path, *arguments: str, **more: str) -> Iterator[Terminal]:
    """The desk on a sandbox, with rows on the screen."""
    env = clean_environment(
        home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, TZ="Europe/Paris", **more
    )
    with terminal(*arguments, env=env) as it:
        it.wait_for("by urgency")
        it.wait_for("conf")
        yield it


def assert_restored(it: Terminal) -> None:
    """The terminal is as it was found: main screen, cursor, no mouse, no raw mode."""
    assert it.text.rindex(MAIN_SCREEN) > it.text.rindex(ALT_SCREEN)
    assert it.text.rindex("\x1b[?25h") > it.text.rindex("\x1b[?25l")
    for mode in ("1000", "1003", "1006"):
        assert it.text.rindex(f"\x1b[?{mode}l") > it.text.rindex(f"\x1b[?{mode}h")
    flags = termios.tcgetattr(it.master)[3]
    assert flags & termios.ECHO
    assert flags & termios.ICANON


def test_q_leaves_a_restored_terminal_and_zero(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path) as it:
        it.leave()
        assert it.wait_for_end() == 0
        assert_restored(it)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=["TERM", "HUP", "INT"]
)
def test_a_signal_ends_it_restored_with_its_number(
    sandbox: RunningSandbox, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with desk(sandbox, tmp_path) as it:
        os.kill(it.pid, number)
        assert it.wait_for_end() == code
        assert_restored(it)


def test_a_terminal_that_goes_away_leaves_no_process(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path) as it:
        it.hang_up()
        assert it.wait_for_end() == 129


def test_a_terminal_that_goes_away_unnoticed_leaves_no_process(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """With SIGHUP ignored, as under nohup."""
    program = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh", sys.executable, "-m", "charge_tui")
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    with terminal(env=env, program=program) as it:
        it.wait_for("by urgency")
        it.hang_up()
        assert it.wait_for_end() == 129


def test_the_picture_is_kept_when_it_is_killed_politely(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path) as it:
        os.kill(it.pid, signal.SIGTERM)
        it.wait_for_end()
    sandbox.stop()
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    with terminal(env=env) as again:
        again.wait_for("conf")
        again.leave()
        assert again.wait_for_end() == 0


def test_bytes_that_are_no_text_do_not_stop_the_keys(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path) as it:
        taken = it.text.count("\x1b[?1003h")
        os.write(it.master, b"\x1b[M \xc8\xd0\xff\xfe")
        it.wait_until(lambda: it.text.count("\x1b[?1003h") > taken, "the mouse is asked for in the new way")
        it.type("?")
        it.wait_for("next reservation")
        it.type("q")
        it.leave()
        assert it.wait_for_end() == 0


def test_the_mouse_is_given_back_and_taken_again(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path) as it:
        it.type("T")
        it.wait_for("the mouse is the terminal's")
        assert it.text.rindex("\x1b[?1003l") > it.text.rindex("\x1b[?1003h")
        it.type("T")
        it.wait_for("the mouse acts here")
        assert it.text.rindex("\x1b[?1003h") > it.text.rindex("\x1b[?1003l")
        it.leave()
        assert it.wait_for_end() == 0
        assert_restored(it)


def test_the_title_tells_freshness_and_what_needs_a_person_and_is_put_back(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    with desk(sandbox, tmp_path) as it:
        it.wait_for("\x1b]2;charge FRESH")
        told = re.compile(r"\x1b\]2;charge FRESH · \d+ needs? you[^\x07]*\x07")
        it.wait_until(lambda: told.search(it.text) is not None, "the title tells what needs a person")
        it.leave()
        it.wait_for_end()
        assert it.text.rindex("\x1b[23;2t") > it.text.rindex("\x1b[22;2t")


def test_ctrl_z_gives_the_shell_its_terminal(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path) as it:
        it.type("\x1a")
        it.wait_for_stop()
        assert it.text.rindex(MAIN_SCREEN) > it.text.rindex(ALT_SCREEN)
        os.kill(it.pid, signal.SIGCONT)
        it.wait_for_last(ALT_SCREEN, MAIN_SCREEN)
        it.leave()
        assert it.wait_for_end() == 0


def test_no_colour_leaves_the_terminals_own_colours_alone(sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk(sandbox, tmp_path, NO_COLOR="1", COLORTERM="truecolor") as it:
        it.leave()
        it.wait_for_end()
        assert "38;2;" not in it.text
        assert "48;2;" not in it.text
