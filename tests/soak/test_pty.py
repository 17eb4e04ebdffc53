"""The real program with keys being typed: the ordinary form. ``python -m tests.soak.pty`` goes on for minutes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.process import load_of
from tests.soak.pty import Typist, left, soaked
from tests.soak.routine import DEEDS


def until(typist: Typist, come: Callable[[], bool], what: str) -> None:
    """Let the program go on until something is the case."""
    for _ in range(300):
        if come():
            return
        typist.listen(0.1)
    raise AssertionError(f"waited in vain until {what}")


@pytest.mark.slow
def test_a_busy_dispatcher_leaves_no_descriptor_connection_or_thread_behind(tmp_path: Path) -> None:
    with soaked(tmp_path, speed=600, seed=1) as (typist, sandbox):
        for deed in DEEDS[:6]:
            typist.do(deed)
        typist.come_home()
        before = load_of(typist.it.pid)
        for deed in DEEDS:
            typist.do(deed)
        typist.come_home()
        until(typist, lambda: load_of(typist.it.pid).threads <= before.threads + 1, "threads that worked are idle")
        until(typist, lambda: load_of(typist.it.pid).sockets <= before.sockets + 2, "the connections are those of rest")
        until(typist, lambda: load_of(typist.it.pid).descriptors <= before.descriptors + 3, "descriptors are closed")
        assert int(sandbox.status()["served"]) > 0
        assert left(typist) == 0
