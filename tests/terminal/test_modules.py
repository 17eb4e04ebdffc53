"""What a start brings in: nearly all of its time is imports, and modules can be counted."""

import re
import sys
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.process import READY, clean_environment, run, terminal

TRACED = (sys.executable, "-X", "importtime", "-m", "charge_tui")
"""The program, telling each module that it imports on standard error."""
_IMPORT = re.compile(r"import time:\s+\d+ \|\s+\d+ \| +([\w.]+)")


def imported(told: str) -> set[str]:
    """The modules that were imported, but those of the standard library, whose number differs by its version."""
    modules = set(_IMPORT.findall(told))
    assert "encodings" in modules
    return {name for name in modules if name.split(".")[0] not in sys.stdlib_module_names and name in _OURS(modules)}


def _OURS(modules: set[str]) -> set[str]:
    return {name for name in modules if name.split(".")[0] not in ("sitecustomize", "usercustomize")}


def test_the_version_needs_three_modules(tmp_path: Path) -> None:
    done = run("--version", env=clean_environment(tmp_path), program=TRACED)
    assert done.code == 0
    assert imported(done.err) <= {"charge_tui", "charge_tui.cli", "charge_tui.__main__"}
