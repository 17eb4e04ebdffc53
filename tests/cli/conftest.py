"""The program against a running sandbox."""

from collections.abc import Callable
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.process import Done, clean_environment, run

Command = Callable[..., Done]


@pytest.fixture
def charge(sandbox: RunningSandbox, tmp_path: Path) -> Command:
    """Runs the program against the test's sandbox, in a home of its own."""

    def command(*arguments: str, **environment: str) -> Done:
        told = {"CHARGE_API_KEY": sandbox.key, "CHARGE_BASE_URL": sandbox.base_url, "TZ": "Europe/Paris"}
        done = run(*arguments, env=clean_environment(tmp_path, **(told | environment)))
        assert "Traceback" not in done.err
        assert sandbox.key not in done.everything
        return done

    return command
