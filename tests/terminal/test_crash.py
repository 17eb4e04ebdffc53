"""A failure of the program: one line, a report without private data, a restored terminal, exit code 1."""

import sys
from pathlib import Path

from charge_tui.sandbox import RunningSandbox
from tests.support.process import clean_environment, terminal

BROKEN = """
from charge_tui.tui.screens.desk import DeskScreen
from charge_tui.cli import entry

def broken(screen):
    secret = "ch_sk_test_" + "precious"
    raise RuntimeError("wrong " + secret)

DeskScreen.do_refresh = broken
raise SystemExit(entry())
"""


def test_a_crash_tells_one_line_and_no_locals(sandbox: RunningSandbox, tmp_path: Path) -> None:
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    with terminal(env=env, program=(sys.executable, "-c", BROKEN)) as it:
        it.wait_for("by urgency")
        it.type("r")
        assert it.wait_for_end() == 1
        after = it.text[it.text.rindex("\x1b[?1049l") :]
        assert "RuntimeError" in after
        assert "precious" not in it.text
        assert "Traceback" not in after
    reports = list(tmp_path.rglob("crash-*.txt"))
    assert len(reports) == 1
    report = reports[0].read_text()
    assert "raise RuntimeError" in report or "in broken" in report
    assert "precious" not in report
    assert reports[0].stat().st_mode & 0o077 == 0
