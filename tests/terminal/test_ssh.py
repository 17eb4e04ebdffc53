"""The desk over a real SSH connection: the connection is lost, the server goes, and nothing is left behind."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.process import READY, clean_environment
from tests.support.ssh import Server, alive, desk_over_ssh, far_pid, ssh_server, wait_for_death

FIND_ROW = 35
"""The row of a screen of 36 in which one types what is searched for."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An sshd of this test's own."""
    with ssh_server(tmp_path / "ssh") as running:
        yield running


def environment(sandbox: RunningSandbox, home: Path) -> dict[str, str]:
    """The desk's own folders, and the sandbox."""
    return clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, TZ="Europe/Paris")


def test_it_is_used_and_left_over_ssh(server: Server, sandbox: RunningSandbox, tmp_path: Path) -> None:
    with desk_over_ssh(server, environment(sandbox, tmp_path)) as it:
        it.wait_for(READY)
        pid = far_pid(server)
        it.type("?")
        it.wait_for("next reservation")
        it.type("q")
        it.leave()
        it.wait_until(lambda: not alive(pid), "the desk is gone")
        assert it.wait_for_end() == 0
        assert it.text.rindex("\x1b[?1049l") > it.text.rindex("\x1b[?1049h")


@pytest.mark.parametrize("lost", ["connection", "client", "hangup"])
def test_a_lost_connection_leaves_no_process(
    server: Server, sandbox: RunningSandbox, tmp_path: Path, lost: str
) -> None:
    with desk_over_ssh(server, environment(sandbox, tmp_path)) as it:
        it.wait_for(READY)
        pid = far_pid(server)
        if lost == "connection":
            server.drop()
        elif lost == "client":
            os.kill(it.pid, signal.SIGKILL)
        else:
            it.hang_up()
        wait_for_death(pid)
    assert any((tmp_path / ".cache/charge-tui").glob("picture-*.sqlite"))


def test_nothing_moves_by_itself_over_ssh(server: Server, sandbox: RunningSandbox, tmp_path: Path) -> None:
    """No animation and no blinking cursor, where every frame crosses a network."""
    with desk_over_ssh(server, environment(sandbox, tmp_path)) as it:
        it.wait_for(READY)
        assert b"SSH_CONNECTION=" in Path(f"/proc/{far_pid(server)}/environ").read_bytes()
        it.type("/zxzxq")
        it.wait_for("Nothing matches")
        shown = len(it.text)
        ticks = re.compile(r"\x1b\[1;\d+H")
        it.wait_until(lambda: len(ticks.findall(it.text, shown)) >= 6, "the keys are dealt with")
        looked = len(it.text)
        it.wait_until(lambda: len(ticks.findall(it.text, looked)) >= 6, "seconds passed")
        parked = r"(?=\x1b\[\d+;\d+H|$)"
        assert not re.findall(rf"\x1b\[{FIND_ROW};\d+H(?!{parked})", it.text[looked:])
