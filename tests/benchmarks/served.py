"""A sandbox in a process of its own, so that processor time measured here is that of the client alone."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

_PROGRAM = """
import json, sys
from datetime import datetime
from charge_tui.sandbox import RunningSandbox, SandboxOptions
options = json.loads(sys.argv[1])
if "start" in options:
    options["start"] = datetime.fromisoformat(options["start"])
with RunningSandbox(SandboxOptions(**options)) as sandbox:
    print(json.dumps([sandbox.base_url, sandbox.key]), flush=True)
    sys.stdin.read()
"""


class Served(NamedTuple):
    """Where it answers, and to which key."""

    base_url: str
    key: str
    process: int

    def worked(self) -> float:
        """Milliseconds of the processor that it took since it was started, as Linux counts them."""
        threads = Path(f"/proc/{self.process}/task").iterdir()
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e6


@contextmanager
def served(**options: object) -> Iterator[Served]:
    """A sandbox with these options of ``SandboxOptions``; it ends with the block."""
    command = [sys.executable, "-c", _PROGRAM, json.dumps(options, default=datetime.isoformat)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            base_url, key = json.loads(process.stdout.readline())
            yield Served(base_url, key, process.pid)
        finally:
            process.communicate()
