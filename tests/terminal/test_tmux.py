"""The desk in tmux, where it is meant to live: detached, attached from elsewhere, resized, killed with its server."""

from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.process import READY, clean_environment
from tests.support.ssh import wait_for_death
from tests.support.tmux import in_tmux


def environment(sandbox: RunningSandbox, home: Path) -> dict[str, str]:
    """The desk's own folders, and the sandbox."""
    return clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, TZ="Europe/Paris")


@pytest.mark.parametrize("end", ["kill-server", "kill-session", "kill-pane"])
def test_a_killed_tmux_leaves_no_process(sandbox: RunningSandbox, tmp_path: Path, end: str) -> None:
    with in_tmux(tmp_path, environment(sandbox, tmp_path)) as tmux:
        tmux.wait_for(READY)
        pid = tmux.pid
        tmux.do(end)
        wait_for_death(pid)
    assert any((tmp_path / ".cache/charge-tui").glob("picture-*.sqlite"))


def test_detached_and_attached_again_keys_and_mouse_work(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """Textualize/textual#6668: after a new terminal is attached, old mouse reports killed the input."""
    with in_tmux(tmp_path, environment(sandbox, tmp_path)) as tmux:
        tmux.do("set-option", "-g", "mouse", "on")
        tmux.wait_for(READY)
        for term in ("xterm-256color", "screen-256color", "vt100"):
            with tmux.attached(term=term) as far:
                far.wait_for("charge")
                far.type("\x1b[M !!")
                far.type("\x1b[<0;118;10M\x1b[<0;118;10m")
                far.type("?")
                tmux.wait_for("next reservation")
                far.type("\x1b")
                tmux.wait_for_no("next reservation")
                tmux.do("detach-client", "-s", "desk")
                far.wait_for_end()
        tmux.leave()
        wait_for_death(tmux.pid)


def test_a_storm_of_sizes_ends_in_the_last_one(sandbox: RunningSandbox, tmp_path: Path) -> None:
    sizes = [(20, 5), (300, 100), (59, 15), (60, 16), (80, 24), (1, 1), (116, 40), (115, 40), (200, 60), (79, 23)]
    with in_tmux(tmp_path, environment(sandbox, tmp_path)) as tmux:
        tmux.wait_for(READY)
        for _ in range(5):
            for width, height in sizes:
                tmux.resize(width, height)
        tmux.resize(20, 5)
        tmux.wait_for("The desk needs", "60x16")
        tmux.resize(120, 36)
        shown = tmux.wait_for("charge", READY, "Failed")
        assert len(shown.rstrip("\n").split("\n")) == 36
        tmux.leave()
        wait_for_death(tmux.pid)


def test_a_screenful_that_is_pasted_commands_nothing(sandbox: RunningSandbox, tmp_path: Path) -> None:
    text = "x y q c d\n" * 40
    with in_tmux(tmp_path, environment(sandbox, tmp_path)) as tmux:
        tmux.wait_for(READY)
        before = [one["status"] for one in sandbox.find()]
        tmux.do("set-buffer", "-b", "much", text)
        tmux.do("paste-buffer", "-p", "-b", "much", "-t", "desk")
        tmux.type("?")
        tmux.wait_for("next reservation")
        tmux.type("Escape")
        tmux.wait_for_no("next reservation")
        tmux.type("/")
        tmux.do("paste-buffer", "-p", "-b", "much", "-t", "desk")
        tmux.wait_for("x y q c d")
        assert [one["status"] for one in sandbox.find()] == before
        tmux.type("Escape")
        tmux.wait_for_no("x y q c d")
        tmux.leave()
        wait_for_death(tmux.pid)
