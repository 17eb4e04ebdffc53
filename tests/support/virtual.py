"""Time that passes only when nothing else is left to do: a simulated day takes seconds, the same way twice.

The event loop's own clock is virtual, so ``asyncio.sleep`` and every timer of every library follow it. Nothing in such
a loop may wait for a socket or a thread: there is none that could answer.
"""

import asyncio
import selectors
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from charge_tui.clock import Clock

START = datetime(2026, 4, 1, 0, 50, tzinfo=UTC)
"""The wall time at which a virtual loop begins: the hour of the documentation's examples."""


class _JumpingSelector(selectors.DefaultSelector):
    """Does not wait: when no file is ready, time jumps to the next timer."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("everything waits, and nothing is left that could wake it")
            self.loop.elapsed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop of which the clock reads ``elapsed``."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        selector = _JumpingSelector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.elapsed


BACKEND: tuple[str, Mapping[str, Any]] = ("asyncio", {"loop_factory": VirtualLoop})
"""For the ``anyio_backend`` fixture of a module whose tests run on virtual time."""


class VirtualClock(Clock):
    """The virtual loop's time; ``step`` moves wall time alone, as a suspend or a correction of the clock does."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._origin = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() - self._origin

    async def sleep(self, seconds: float) -> None:
        # less than the loop's time can tell apart would leave it standing for ever
        await asyncio.sleep(max(1e-6, seconds) if seconds > 0 else 0.0)

    def step(self, seconds: float) -> None:
        self._start += timedelta(seconds=seconds)
