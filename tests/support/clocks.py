"""A clock that a test turns by hand."""

from datetime import datetime, timedelta

from charge_tui.clock import Clock
from tests.support.reservations import NOON


class StoppedClock(Clock):
    """Stands still until it is moved: ``at`` is monotonic seconds, ``wall`` what wall time is ahead of it."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at
        self.wall = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.at + self.wall)

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
