"""A command that is interrupted ends at once, with the code of its signal and without a traceback."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.process import PATIENCE, PROGRAM, clean_environment
from tests.support.sandbox import SandboxMaker

HEEDING = (
    "import os, signal, sys; [signal.signal(number, signal.SIG_DFL) for number in (1, 2, 15)]; "
    "os.execv(sys.argv[1], sys.argv[1:])"
)
"""Starts a program that heeds the signals which a shell lets its background jobs ignore."""


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)]
)
def test_a_command_that_waits_can_be_interrupted(
    make_sandbox: SandboxMaker, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    sandbox = make_sandbox(reservations=10, open=2, faults=("hang",))
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    pipe, program = subprocess.PIPE, [sys.executable, "-c", HEEDING, *PROGRAM, "list"]
    with subprocess.Popen(program, env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            while not sandbox.requests:
                assert process.poll() is None
            process.send_signal(sent)
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (code, "", "")
