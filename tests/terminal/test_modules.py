"""What a start brings in: nearly all of its time is imports, and modules can be counted.

Those of the standard library are left out, since their number differs from one version of Python to the next.
"""

import re
import sys
from pathlib import Path

from charge_tui.sandbox import RunningSandbox
from tests.support.process import READY, clean_environment, run, terminal

TRACED = (sys.executable, "-X", "importtime", "-m", "charge_tui")
"""The program, which tells of each module that it imports on standard error."""
TEXTUAL = "\x1b[?2026$p"
"""What Textual asks the terminal when it has taken it."""
_IMPORT = re.compile(r"import time:\s+\d+ \|\s+\d+ \| +([\w.]+)")


def imported(told: str) -> set[str]:
    """The modules that were imported, without those of Python and of its installation."""
    modules = set(_IMPORT.findall(told))
    assert {"argparse", "re"} <= modules
    known = sys.stdlib_module_names | {"sitecustomize", "usercustomize"}
    return {name for name in modules if name.split(".")[0] not in known and not name.startswith("_")}


def packages(modules: set[str]) -> set[str]:
    """What they belong to."""
    return {name.split(".")[0] for name in modules}


def environment(sandbox: RunningSandbox, home: Path) -> dict[str, str]:
    return clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)


def test_the_version_needs_nothing_but_the_command_line(tmp_path: Path) -> None:
    done = run("--version", env=clean_environment(tmp_path), program=TRACED)
    assert done.code == 0
    assert imported(done.err) <= {"charge_tui", "charge_tui.__main__", "charge_tui.cli", "charge_tui.early"}


def test_list_needs_the_client_and_no_screen(sandbox: RunningSandbox, tmp_path: Path) -> None:
    done = run("list", env=environment(sandbox, tmp_path), program=TRACED)
    assert done.code == 0
    modules = imported(done.err)
    assert "httpx" in modules
    assert not {"textual", "rich", "starlette", "uvicorn", "pygments", "click"} & packages(modules)
    assert not {
        name for name in modules if name.startswith(("charge_tui.tui", "charge_tui.desk", "charge_tui.sandbox"))
    }


def test_the_desk_brings_in_no_more_modules_before_it_takes_the_terminal_than_today(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    with terminal(env=environment(sandbox, tmp_path), program=TRACED) as it:
        it.wait_for(TEXTUAL)
        modules = imported(it.text.partition(TEXTUAL)[0])
        it.wait_for(READY)
    assert {"textual.app", "httpx"} <= modules
    assert not {"starlette", "uvicorn", "pygments", "click", "markdown_it"} & packages(modules)
    assert len([name for name in modules if name.startswith("charge_tui")]) <= 197
    assert len(modules) <= 500  # with those of Textual, httpx and pydantic, whose number differs by their versions
