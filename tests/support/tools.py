"""Programs of the machine that some tests need: without them those are skipped, or, under ``.ci/run``, failed."""

import os
import shutil

import pytest

REQUIRED = "CHARGE_REQUIRE_TOOLS"
"""The environment variable that makes a missing program a failure."""

_BESIDES = "/usr/sbin:/usr/local/sbin:/sbin"


def tool(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where all tools are required."""
    path = shutil.which(name) or shutil.which(name, path=_BESIDES)
    if path is None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{name} is required and not installed")
        pytest.skip(f"{name} is not installed")
    return path
