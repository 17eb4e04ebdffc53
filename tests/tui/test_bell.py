"""What the terminal is told of a critical finding: one bell, one notification, only where asked, never raw text."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.bell import alarm_words, notification
from tests.support.attending import lost, quiet_world
from tests.support.hostile import FORBIDDEN, HOSTILE
from tests.support.process import Terminal, clean_environment, config_file, terminal
from tests.support.sandbox import SandboxMaker

OSC = re.compile(r"\x1b\](\d+);([^\x07\x1b]*)(?:\x07|\x1b\\)")
"""An operating system command, of which the title may end in a bell's byte that rings nothing."""


def bells(seen: str) -> int:
    """How often the bell rang."""
    return OSC.sub("", seen).count("\x07")


def notifications(seen: str) -> list[tuple[str, str]]:
    """The notifications, each with the number of its command."""
    return [(number, text) for number, text in OSC.findall(seen) if number in ("9", "777")]


@pytest.fixture
def world(make_sandbox: SandboxMaker) -> RunningSandbox:
    """A world in which nothing is wrong but what a test does to it."""
    return quiet_world(make_sandbox)


def the_desk(world: RunningSandbox, home: Path, **more: str) -> dict[str, str]:
    """The environment of a desk on that world, which reads every second."""
    return clean_environment(home, CHARGE_API_KEY=world.key, CHARGE_BASE_URL=world.base_url, TZ="Europe/Paris", **more)


def settle(it: Terminal) -> None:
    """Wait until the desk has read the whole world, and has nothing to tell."""
    it.wait_for("all clear")


def test_a_new_critical_one_rings_once_and_notifies_once(world: RunningSandbox, tmp_path: Path) -> None:
    config_file(tmp_path).write_text("bell = true\nnotify = true\n")
    with terminal("--refresh", "1", env=the_desk(world, tmp_path)) as it:
        settle(it)
        assert bells(it.text) == 0
        lost(world)
        it.wait_until(lambda: bells(it.text) > 0, "it rings")
        lost(world, 30)
        it.wait_for("2 critical")
        it.type("gaa")
        it.wait_for_last("all clear", "2 critical")
        it.leave()
        assert it.wait_for_end() == 0
        assert bells(it.text) == 1
        [(number, text)] = notifications(it.text)
        assert number == "9"
        assert text.startswith("charge: critical: lost: no connector, ")
        assert f"\x07\x1b]9;{text}\x1b\\" in it.text


def test_what_was_there_at_the_start_rings_nothing(world: RunningSandbox, tmp_path: Path) -> None:
    config_file(tmp_path).write_text("bell = true\nnotify = true\n")
    lost(world)
    with terminal("--refresh", "1", env=the_desk(world, tmp_path)) as it:
        it.wait_for("1 critical")
        it.type("ga")
        it.wait_for_last("all clear", "1 critical")
        it.leave()
        assert it.wait_for_end() == 0
        assert bells(it.text) == 0
        assert not notifications(it.text)


def test_by_itself_the_desk_is_silent(world: RunningSandbox, tmp_path: Path) -> None:
    with terminal("--refresh", "1", env=the_desk(world, tmp_path)) as it:
        settle(it)
        lost(world)
        it.wait_for("1 critical")
        it.type("ga")
        it.wait_for_last("all clear", "1 critical")
        it.leave()
        assert it.wait_for_end() == 0
        assert bells(it.text) == 0
        assert not notifications(it.text)


@pytest.mark.parametrize(
    ("env", "begins"),
    [
        ({"TERM": "xterm-256color"}, "\x1b]9;charge: "),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "\x1b]777;notify;charge;"),
        ({"TERM": "rxvt-unicode-256color"}, "\x1b]777;notify;charge;"),
        ({"TERM": "foot"}, "\x1b]777;notify;charge;"),
        ({}, "\x1b]9;charge: "),
    ],
)
def test_each_terminal_gets_the_one_that_it_knows(env: dict[str, str], begins: str) -> None:
    sequence = notification("critical: lost; again", env)
    assert sequence == f"{begins}critical: lost, again\x1b\\"
    assert notification("critical: lost", {"TERM": "linux"}) == ""


@given(st.one_of(st.text(), st.sampled_from(HOSTILE)))
def test_no_text_ends_the_sequence_or_begins_another(text: str) -> None:
    finding = Finding(
        Kind.LOST, "k", Severity.CRITICAL, (f"res_{text}",), datetime(2026, 4, 1, tzinfo=UTC), {"failed_reason": text}
    )
    for vehicle in ("", text):
        for env in ({}, {"TERM": "rxvt"}):
            sequence = notification(alarm_words(finding, vehicle), env)
            assert sequence.endswith("\x1b\\")
            body = sequence[2:-2]
            assert not FORBIDDEN & set(body)
            assert body.count(";") == (3 if env else 1)
