"""The desk is killed in the middle of a write, and finds out what became of it when it is started again."""

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.forms import a_pending
from tests.support.process import Terminal, clean_environment, terminal


def journal_of(home: Path) -> Path:
    """The journal of a desk whose folders lie in that home."""
    return next(home.rglob("journal.sqlite"))


def states(home: Path) -> list[str]:
    """The states of all entries, oldest first."""
    with sqlite3.connect(journal_of(home)) as file:
        return [state for (state,) in file.execute("SELECT state FROM entry ORDER BY number")]


def on_it(sandbox: RunningSandbox, home: Path, identity: str, it: Terminal) -> None:
    """Open a reservation by its id."""
    it.wait_for("by urgency")
    it.wait_for("pend")
    it.type("o")
    it.wait_for("Open a reservation")
    it.type(identity + "\r")
    it.wait_for_title(identity)


def environment(sandbox: RunningSandbox, home: Path) -> dict[str, str]:
    """The desk's own folders, and the sandbox."""
    return clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url, TZ="Europe/Paris")


@pytest.mark.parametrize(
    ("fault", "status", "state"),
    [("hang@method=POST", "pending", "done"), ("latency:20@method=POST", "pending", "done")],
    ids=["nothing was done", "it was slow"],
)
def test_a_cancel_that_was_killed_before_its_answer_is_settled_at_the_next_start(
    sandbox: RunningSandbox, tmp_path: Path, fault: str, status: str, state: str
) -> None:
    identity = a_pending(sandbox)
    env = environment(sandbox, tmp_path)
    with terminal(env=env, size=(80, 24)) as it:
        on_it(sandbox, tmp_path, identity, it)
        it.type("x")
        it.wait_for("CANCEL this reservation?")
        sandbox.order_faults([fault])
        it.type("y")
        it.wait_for("sending")
        it.wait_until(lambda: any(tmp_path.rglob("journal.sqlite")) and bool(states(tmp_path)), "it is in the journal")
        os.kill(it.pid, signal.SIGKILL)
        it.wait_for_end()
    assert states(tmp_path) == ["open"]
    assert sandbox.reservation(identity)["status"] == status
    sandbox.clear_faults()
    with terminal(env=env, size=(80, 24)) as again:
        again.wait_for("1 outcome unknown")
        again.type("U")
        again.wait_for("send again")
        again.type("s")
        again.wait_for("Every write is settled")
        again.type("q")
        again.leave()
        assert again.wait_for_end() == 0
    assert states(tmp_path) == [state]
    assert sandbox.reservation(identity)["status"] == "cancelled"


def test_an_answer_that_died_with_the_desk_is_found_by_itself(sandbox: RunningSandbox, tmp_path: Path) -> None:
    identity = a_pending(sandbox)
    env = environment(sandbox, tmp_path)
    with terminal(env=env) as it:
        on_it(sandbox, tmp_path, identity, it)
        it.type("x")
        it.wait_for("CANCEL this reservation?")
        sandbox.order_faults(["lost@method=POST,count=1", "hang@method=POST,after=1"])
        it.type("y")
        it.wait_until(lambda: sandbox.reservation(identity)["status"] == "cancelled", "it took effect")
        os.kill(it.pid, signal.SIGKILL)
        it.wait_for_end()
    assert states(tmp_path) == ["open"]
    sandbox.clear_faults()
    with terminal(env=env) as again:
        again.wait_for("It is cancelled")
        again.leave()
        assert again.wait_for_end() == 0
    assert states(tmp_path) == ["done"]


def test_a_draft_survives_a_kill_and_a_hangup(sandbox: RunningSandbox, tmp_path: Path) -> None:
    identity = a_pending(sandbox)
    env = environment(sandbox, tmp_path)
    for number, end in ((signal.SIGHUP, 129), (signal.SIGKILL, -9)):
        with terminal(env=env) as it:
            on_it(sandbox, tmp_path, identity, it)
            it.type("e")
            it.wait_for("nothing yet")
            it.type("\x1b[B" * 4 + f", Zz{number.value}")
            it.wait_for(f", Zz{number.value}")
            it.wait_for("Not documented")
            if number is signal.SIGKILL:
                it.wait_until(lambda: "Zz9" in drafts(tmp_path), "the draft is kept")
            os.kill(it.pid, number)
            assert it.wait_for_end() == end
        with terminal(env=env) as again:
            on_it(sandbox, tmp_path, identity, again)
            again.type("e")
            again.wait_for("Your draft of")
            again.wait_for(f"Zz{number.value}")
            again.type("\x12")
            again.wait_for("nothing yet")
            again.type("\x11")
            again.type("y")
            assert again.wait_for_end() == 0


def drafts(home: Path) -> str:
    """All that is kept of forms."""
    with sqlite3.connect(journal_of(home)) as file:
        return " ".join(texts for (texts,) in file.execute("SELECT texts FROM draft"))
