"""Time as an argument: what the client, the desk and the sandbox are given instead of looking at a clock."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A source of time. Wall time is aware and in UTC; intervals are monotonic seconds that never jump."""

    def now(self) -> datetime:
        """The wall time, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; only differences mean anything."""

    async def sleep(self, seconds: float) -> None:
        """Return after that many monotonic seconds."""


class SystemClock:
    """The machine's own clock: the only place in the program that reads it."""

    def now(self) -> datetime:
        """The wall time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        await asyncio.sleep(max(0.0, seconds))
