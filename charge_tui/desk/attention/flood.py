"""When so much comes at once that it is told as one thing, and when the bell rings."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from charge_tui.domain.attention.finding import Finding

WINDOW: Final = timedelta(minutes=10)
BEGINS: Final = 10
"""New findings in the window from which it is a flood [EEMUA 191]."""
ENDS: Final = 5
"""New findings in the window below which a flood is over."""
BELL_EVERY: Final = 60.0
"""Real seconds between two bells at the least."""


class Flood:
    """Counts new findings. Times are world times."""

    def __init__(self) -> None:
        self._new: deque[tuple[datetime, str]] = deque()
        self.active = False

    def note(self, findings: Iterable[Finding], now: datetime) -> None:
        """Count findings that are new now."""
        self._new.extend((now, finding.key) for finding in findings)

    def look(self, now: datetime) -> bool:
        """Judge anew; whether a flood began or ended."""
        while self._new and self._new[0][0] <= now - WINDOW:
            self._new.popleft()
        before, count = self.active, len(self._new)
        self.active = count >= ENDS if before else count >= BEGINS
        return before != self.active

    @property
    def recent(self) -> int:
        """How many were new in the window, as of the last look."""
        return len(self._new)

    @property
    def keys(self) -> frozenset[str]:
        """Which were new in the window."""
        return frozenset(key for _, key in self._new)


class Bell:
    """Rings for critical findings that wait for a verdict: once for each, at most once a minute, never in a flood."""

    def __init__(self) -> None:
        self._told: frozenset[str] = frozenset()
        self._rang = float("-inf")

    def rings(self, critical: frozenset[str], now: float, *, silent: bool = False) -> frozenset[str]:
        """For which to ring now, of the keys of the critical findings that wait for a verdict; none: do not ring.

        What came within a minute of the last bell rings when the minute is over, if it still waits then. ``silent``
        (a flood, the first look after a start) takes them for told.
        """
        self._told = critical if silent else self._told & critical
        new = critical - self._told
        if not new or now - self._rang < BELL_EVERY:
            return frozenset()
        self._told, self._rang = critical, now
        return new
