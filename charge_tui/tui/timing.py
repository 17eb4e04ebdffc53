"""Waiting on the program's own clock, so that a test can hold it."""

import asyncio
from collections.abc import Callable

from textual.widget import Widget

from charge_tui.clock import Clock


class Later:
    """Calls a function once nothing has asked for it anew during some seconds, within the widget's own turn."""

    def __init__(self, clock: Clock, seconds: float, widget: Widget, call: Callable[[], None]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._widget = widget
        self._call = call
        self._due = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> bool:
        """Whether the call is still to come."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Begin to wait, anew if it was waiting."""
        self._due = self._clock.monotonic() + self._seconds
        if not self.waiting:
            self._task = asyncio.create_task(self._wait())

    def cancel(self) -> None:
        """Forget about it."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _wait(self) -> None:
        while (left := self._due - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)
        self._task = None
        self._widget.call_later(self._call)


class Ticker:
    """Calls a function again and again, every so many seconds, within the widget's own turn."""

    def __init__(self, clock: Clock, seconds: float, widget: Widget, call: Callable[[], None]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._widget = widget
        self._call = call
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first call comes after one interval."""
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        while True:
            await self._clock.sleep(self._seconds)
            self._widget.call_later(self._call)
