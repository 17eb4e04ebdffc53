"""A machine's two clocks in a simulation: one counts while it is awake, the other shows the time and may be set."""

import asyncio
from datetime import datetime, timedelta

from charge_tui.clock import Clock
from tests.support.virtual import START


class MachineClock(Clock):
    """What programs on a machine see; ``doze`` and ``set`` do what happens to laptops."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._asleep = 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))

    def real(self) -> float:
        """Seconds that have passed for the rest of the world."""
        return self.monotonic() + self._asleep

    def doze(self, seconds: float) -> None:
        """Sleep: nothing on the machine runs, the time goes on, the monotonic clock stands."""
        self._asleep += seconds
        self._start += timedelta(seconds=seconds)

    def set(self, seconds: float) -> None:
        """Somebody puts the clock forward, or back."""
        self._start += timedelta(seconds=seconds)
