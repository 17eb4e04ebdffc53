"""What every benchmark gets: how many rounds, a folder, the programs, and sandboxes as processes of their own."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.benchmarks.watched import Watched, watched
from tests.soak.pty import SandboxProcess, sandbox_process
from tests.support.process import clean_environment, config_file

_FLOORS: Final = Path(__file__).parent / "floors"
BARE: Final = (sys.executable, str(_FLOORS / "bare.py"))
PAGE: Final = (sys.executable, str(_FLOORS / "page.py"))
DESK: Final = (str(Path(sys.executable).parent / "charge-tui"),)
"""The program as it is installed beside this interpreter."""

STANDING: Final = ("--speed", "0", "--reservations", "400", "--open", "120", "--no-traffic")
"""A world that stands still, with more than a page of open reservations."""
ROWS: Final = ("by urgency", "conf", "FRESH")
"""What has come when the whole open set is on the screen."""


@dataclass(frozen=True)
class Bench:
    """Where and how thoroughly to measure."""

    rounds: int
    folder: Path

    @contextmanager
    def sandbox(self, *options: str) -> Iterator[SandboxProcess]:
        """A sandbox with these options."""
        with tempfile.TemporaryDirectory(dir=self.folder) as home, sandbox_process(Path(home), *options) as it:
            yield it

    @contextmanager
    def home(self) -> Iterator[Path]:
        """A home in which the program was never started."""
        with tempfile.TemporaryDirectory(dir=self.folder) as home:
            yield Path(home)

    @contextmanager
    def bare(self, program: tuple[str, ...] = BARE) -> Iterator[Watched]:
        """One of the floors on a terminal."""
        with watched(program, environment(self.folder)) as it:
            yield it

    @contextmanager
    def desk(self, sandbox: SandboxProcess, home: Path | None = None, settings: str = "") -> Iterator[Watched]:
        """The program on a terminal, for the first time unless a home is given."""
        with tempfile.TemporaryDirectory(dir=self.folder) as fresh:
            place = home or Path(fresh)
            if settings:
                config_file(place).write_text(settings)
            with watched(DESK, environment(place, sandbox)) as it:
                yield it


def environment(home: Path, sandbox: SandboxProcess | None = None) -> dict[str, str]:
    """A terminal of 16 million colours, nothing of this machine's user, and the sandbox where there is one."""
    there = {"CHARGE_API_KEY": sandbox.key, "CHARGE_BASE_URL": sandbox.base_url} if sandbox else {}
    return clean_environment(home, COLORTERM="truecolor", TZ="Europe/Paris", **there)


def plain(sandbox: SandboxProcess) -> httpx.Client:
    """Bare httpx on a sandbox."""
    bearer = {"Authorization": f"Bearer {sandbox.key}"}
    return httpx.Client(base_url=sandbox.base_url, headers=bearer, trust_env=False, timeout=60)
