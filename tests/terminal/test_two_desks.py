"""Two desks in two terminals: one reads for both, and when it is killed or stopped the other one goes on."""

import json
import os
import signal
from pathlib import Path

from charge_tui.sandbox import RunningSandbox
from tests.support.process import Terminal, clean_environment, terminal


def environment(sandbox: RunningSandbox, home: Path) -> dict[str, str]:
    """The same user's folders for both, and the sandbox."""
    return clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, TZ="Europe/Paris")


def reader(home: Path) -> int | None:
    """The process that has the seat, as it wrote down."""
    for lock in home.rglob("seat-*.lock"):
        text = lock.read_text()
        if text:
            return int(json.loads(text)["pid"])
    return None


def opened(it: Terminal) -> None:
    """The whole picture is on the screen."""
    it.wait_for("FRESH")


def go_on_reading(sandbox: RunningSandbox, it: Terminal) -> None:
    """Wait until the lists were read again and again."""
    seen = sandbox.sandbox.served
    it.wait_until(lambda: sandbox.sandbox.served >= seen + 9, "the lists are read")


def test_the_second_follows_and_takes_over_when_the_first_is_killed(sandbox: RunningSandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path)
    with terminal("--refresh", "2", env=env) as first:
        opened(first)
        assert reader(tmp_path) == first.pid
        with terminal("--refresh", "2", env=env) as second:
            opened(second)
            go_on_reading(sandbox, second)
            assert reader(tmp_path) == first.pid
            assert len(sandbox.connections) == 1, "the second has asked the API for nothing"
            os.kill(first.pid, signal.SIGKILL)
            first.wait_for_end()
            second.wait_until(lambda: reader(tmp_path) == second.pid, "the second has the seat")
            go_on_reading(sandbox, second)
            assert len(sandbox.connections) == 1
            os.kill(second.pid, signal.SIGTERM)
            assert second.wait_for_end() == 143


def test_ctrl_z_hands_the_reading_over_and_fg_follows(sandbox: RunningSandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path)
    with terminal("--refresh", "2", env=env) as first:
        opened(first)
        with terminal("--refresh", "2", env=env) as second:
            opened(second)
            first.type("\x1a")
            first.wait_for_stop()
            second.wait_until(lambda: reader(tmp_path) == second.pid, "the second has the seat")
            os.kill(first.pid, signal.SIGCONT)
            go_on_reading(sandbox, first)
            assert reader(tmp_path) == second.pid
            for it in (first, second):
                os.kill(it.pid, signal.SIGTERM)
                assert it.wait_for_end() == 143
