"""The screen that was left is the first thing of the next start, and the terminal is handed over without a loss."""

import os
import signal
import termios
from pathlib import Path

import pytest

from charge_tui import early
from charge_tui.config.paths import user_paths
from charge_tui.sandbox import RunningSandbox
from tests.support.process import READY, Terminal, clean_environment, config_file, terminal
from tests.support.restored import ALT_SCREEN, assert_restored

FIRST = "opening"
"""Stands behind the age of a screen that was left."""
DESK = "\x1b[?2004h"
"""What only the desk itself sends, when it takes the terminal."""


def left(env: dict[str, str], size: tuple[int, int] = (120, 36)) -> None:
    """The desk was open, and was left."""
    with terminal(env=env, size=size) as it:
        it.wait_for(READY)
        it.wait_for("FRESH")
        it.leave()
        assert it.wait_for_end() == 0


@pytest.fixture
def env(sandbox: RunningSandbox, tmp_path: Path) -> dict[str, str]:
    """A user with a key in a file, so that the environment does not change with it."""
    key = tmp_path / "key"
    key.write_text(sandbox.key)
    key.chmod(0o600)
    config_file(tmp_path).write_text(f'api_key_file = "{key}"\nbase_url = "{sandbox.base_url}"\n')
    return clean_environment(tmp_path)


def kept(home: Path) -> list[Path]:
    """The files of screens that were left."""
    return sorted((home / ".cache/charge-tui").glob("screen-*"))


def modes(it: Terminal) -> list[object]:
    """The terminal's modes."""
    return list(termios.tcgetattr(it.master))


def test_the_screen_that_was_left_comes_first_and_no_key_is_lost(env: dict[str, str], tmp_path: Path) -> None:
    with terminal(env=env) as it:
        before = modes(it)
        it.wait_for(READY)
        it.wait_for("FRESH")
        assert FIRST not in it.text
        it.leave()
        assert it.wait_for_end() == 0
    (file,) = kept(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    with terminal(env=env) as it:
        it.wait_for(FIRST)
        assert "SAVED" in it.text
        assert DESK not in it.text
        it.type("?")
        it.wait_for(DESK)
        assert READY in it.text[: it.text.index(DESK)], "its rows stand there before the desk does"
        it.wait_for("show attention reservations")
        assert it.text.count(ALT_SCREEN) == 1, "a second switch would clear it"
        it.type("q")
        it.leave()
        assert it.wait_for_end() == 0
        assert_restored(it)
        assert modes(it) == before


def test_the_first_start_of_all_says_at_once_which_host_it_opens(env: dict[str, str], sandbox: RunningSandbox) -> None:
    with terminal(env=env) as it:
        it.wait_for(f"127.0.0.1:{sandbox.port}  LOADING")
        assert DESK not in it.text, "before Textual is there"
        it.wait_for(READY)
        it.leave()
        assert it.wait_for_end() == 0
        assert it.text.count(ALT_SCREEN) == 1
        assert_restored(it)


def test_it_says_nothing_of_a_password_in_the_address(env: dict[str, str], tmp_path: Path) -> None:
    file = config_file(tmp_path)
    file.write_text(file.read_text().replace("http://", "http://maya:word@", 1))
    with terminal(env=env) as it:
        assert it.wait_for_end() == 2
        assert "maya" not in it.text
        assert "word@" not in it.text


def test_a_start_that_is_not_the_same_shows_nothing_of_it(env: dict[str, str], tmp_path: Path) -> None:
    left(env)
    for arguments, size, more in (
        ((), (100, 30), {}),
        (("--view", "pending"), (120, 36), {}),
        ((), (120, 36), {"CHARGE_PROFILE": ""}),
    ):
        with terminal(*arguments, env=env | more, size=size) as it:
            it.wait_for("FRESH")
            assert FIRST not in it.text, (arguments, size, more)
    (file,) = kept(tmp_path)
    whole = file.read_text()
    for broken in ("", "x", whole.replace("Attention", "\x1b]0;x\x07"), whole[:300], whole.replace(" ", "\x9b", 9)):
        file.write_text(broken)
        with terminal(env=env) as it:
            it.wait_for("FRESH")
            assert FIRST not in it.text
            assert "\x1b]0;x" not in it.text


def test_a_start_that_fails_gives_the_terminal_back_before_it_says_why(env: dict[str, str], tmp_path: Path) -> None:
    left(env)
    (tmp_path / "key").write_text("none")
    with terminal(env=env) as it:
        before = modes(it)
        it.wait_for(FIRST)
        assert it.wait_for_end() == 2
        assert modes(it) == before
        assert "does not begin with ch_sk_test_" in it.text[it.text.rindex("\x1b[?1049l") :]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_before_the_desk_stands_gives_the_terminal_back(
    env: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    waiting = tmp_path / "waiting"
    command = tmp_path / "command"
    command.write_text(f"#!/bin/sh\nif [ -e {waiting} ]; then sleep 9; fi\ncat {tmp_path / 'key'}\n")
    command.chmod(0o700)
    text = config_file(tmp_path).read_text()
    config_file(tmp_path).write_text(
        text.replace(f'api_key_file = "{tmp_path / "key"}"', f'api_key_command = ["{command}"]')
    )
    left(env)
    waiting.touch()
    with terminal(env=env) as it:
        before = modes(it)
        it.wait_for(FIRST)
        os.kill(it.pid, number)
        assert it.wait_for_end() == 128 + number
        assert modes(it) == before
        assert it.text.rindex("\x1b[?1049l") > it.text.rindex(ALT_SCREEN)


def test_it_lies_with_the_other_pictures_and_is_named_for_all_that_chooses_the_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in clean_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    file = config_file(tmp_path)
    places: list[str] = []
    for content, arguments, key in (
        ("", [], "a"),
        ("refresh = 1", [], "a"),
        ("", ["--view", "all"], "a"),
        ("", [], "b"),
    ):
        file.write_text(content)
        places.append(early.place(arguments, {"CHARGE_API_KEY": key, "UNRELATED": str(len(places))}))
    assert len(set(places)) == len(places)
    assert {Path(one).parent for one in places} == {user_paths().cache}


@pytest.mark.parametrize(
    ("age", "told"), [(0.4, "0s"), (59, "59s"), (60, "1m"), (3_599, "59m"), (7_200, "2h"), (90_000, "1d")]
)
def test_an_age_is_told_in_its_largest_unit(age: float, told: str) -> None:
    assert early.told(age) == told


def test_a_terminal_that_is_gone_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    monkeypatch.setattr(early, "STDIN", theirs)
    monkeypatch.setattr(early, "STDERR", theirs)
    it = early.Early()
    it.show(["a line"])
    taken = [it.taken]
    os.close(ours)
    os.close(theirs)
    it.give_back()
    assert [*taken, it.taken] == [True, False]
    with pytest.raises(OSError, match="Bad file descriptor"):
        early.Early().show(["a line"])
