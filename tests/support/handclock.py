"""A clock in a real event loop that a test turns by hand: whoever sleeps on it wakes when the test says so."""

import asyncio
import heapq
import itertools
from datetime import datetime, timedelta

from charge_tui.clock import Clock
from tests.support.sandbox import START


class HandClock(Clock):
    """Monotonic seconds from 0; wall time from ``START``."""

    def __init__(self) -> None:
        self._at = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return START + timedelta(seconds=self._at)

    def monotonic(self) -> float:
        return self._at

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._at + seconds, next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Let that much time pass, each sleeper waking at its own moment."""
        until = self._at + seconds
        while self._sleepers and self._sleepers[0][0] <= until:
            self._at, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            for _ in range(5):
                await asyncio.sleep(0)
        self._at = until
