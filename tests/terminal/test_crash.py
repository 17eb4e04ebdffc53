"""A failure of the program: one line, a report without private data, a restored terminal, exit code 1.

The program is spoilt from outside, in a process that imports it: there is nothing in it that fails when told to.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.process import READY, clean_environment, terminal
from tests.support.restored import assert_restored

START = """
import threading
from charge_tui.cli import entry
from charge_tui.desk.poller import Poller
from charge_tui.desk.store import Store
from charge_tui.tui.app import ChargeApp
from charge_tui.tui.driver import SturdyDriver
from charge_tui.tui.screens.desk import DeskScreen
from charge_tui.tui.widgets.table import ReservationTable

def broken(*_, **__):
    secret = "ch_sk_test_" + "precious"
    raise RuntimeError("wrong " + secret)

async def broken_later(*_, **__):
    broken()

def on_r(act):
    def pressed(screen, *_):
        act(screen)
    DeskScreen.do_refresh = pressed
"""

PLACES: Mapping[str, str] = {
    "a key": "DeskScreen.do_refresh = broken",
    "a worker": "on_r(lambda screen: screen.run_worker(broken_later()))",
    "a timer": "on_r(lambda screen: screen.set_timer(0.01, broken))",
    "the drawing": "on_r(lambda it: (setattr(ReservationTable, 'render_line', broken), it.query('*').refresh()))",
    "the reading": "on_r(lambda screen: (setattr(Poller, '_do', broken_later), screen.desk.refresh()))",
    "a thread": "on_r(lambda screen: threading.Thread(target=broken).start())",
    "the reading of keys": "on_r(lambda screen: setattr(SturdyDriver, 'process_message', broken))",
    "the journal": "on_r(lambda screen: screen.run_worker(screen.writer.journal._store.run(broken)))",
}
"""Where it fails, and what makes it fail there once ``r`` is pressed."""


@pytest.mark.parametrize("place", PLACES)
def test_a_crash_tells_one_line_and_no_locals(sandbox: RunningSandbox, tmp_path: Path, place: str) -> None:
    program = f"{START}\n{PLACES[place]}\nraise SystemExit(entry())\n"
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    with terminal(env=env, program=(sys.executable, "-c", program)) as it:
        it.wait_for(READY)
        it.type("r")

        def failed() -> bool:
            it.type("j")
            return any(tmp_path.rglob("crash-*.txt"))

        it.wait_until(failed, "it failed")
        assert it.wait_for_end() == 1
        after = it.text[it.text.rindex("\x1b[?1049l") :]
        assert after.count("an error of its own ended it") == 1
        assert "RuntimeError" in after
        assert "precious" not in it.text
        assert "Traceback" not in it.text
        assert_restored(it)
    (report,) = tmp_path.rglob("crash-*.txt")
    text = report.read_text()
    assert "in broken" in text
    assert "precious" not in text
    assert report.stat().st_mode & 0o077 == 0


def test_what_fails_beside_the_screen_is_kept_in_the_log_and_drawn_nowhere(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    program = f"""{START}
import asyncio, logging
class Heavy:
    def __del__(self):
        broken()
def act(screen):
    asyncio.get_running_loop().call_soon(broken)
    logging.getLogger("some.library").error("a word of a library")
    Heavy()
on_r(act)
raise SystemExit(entry())
"""
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    with terminal(env=env, program=(sys.executable, "-c", program)) as it:
        it.wait_for(READY)
        it.type("r")
        log = tmp_path / ".local/state/charge-tui/log/charge-tui.log"
        it.wait_until(lambda: log.exists() and log.read_text().count("in broken") >= 2, "both are in the log")
        it.type("?")
        it.wait_for("next reservation")
        it.type("q")
        it.leave()
        assert it.wait_for_end() == 0
        for words in ("precious", "Traceback", "a word of a library"):
            assert words not in it.text
    assert "precious" not in log.read_text()
