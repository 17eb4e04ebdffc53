"""A command that is interrupted ends at once, with the code of its signal and without a traceback."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.process import PATIENCE, PROGRAM, clean_environment
from tests.support.sandbox import SandboxMaker


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)]
)
def test_a_command_that_waits_can_be_interrupted(
    make_sandbox: SandboxMaker, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    sandbox = make_sandbox(reservations=10, open=2, faults=("hang",))
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    pipe = subprocess.PIPE
    with subprocess.Popen([*PROGRAM, "list"], env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            while not sandbox.requests:
                assert process.poll() is None
            process.send_signal(sent)
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (code, "", "")
