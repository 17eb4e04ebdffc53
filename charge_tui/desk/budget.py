"""The request budget: how many requests left in the last minute, and who may send the next one."""

from collections import deque
from enum import Enum
from typing import Final

WINDOW: Final = 60.0
"""Seconds over which the budget is counted."""
_QUIET_SURE: Final = 0.05
"""The part of the budget that quiet reads have even while a long walk goes on."""


class Share(Enum):
    """What a request is for, with the part of the budget that it may use up: the more urgent, the more."""

    PERSON = 0.0
    """Somebody asked for it: it is counted, and never waits."""
    URGENT = 1.0
    """How a reservation ended, or whether one that is due was confirmed."""
    HEAD = 0.98
    """The newest pending and failed ones."""
    WALK = 0.95
    """The rest of the open set."""
    QUIET = 0.8
    """Names, and closed reservations of the last day."""


class Budget:
    """Counts requests over a sliding minute. Times are monotonic seconds."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = max(1, per_minute)
        self._sent: deque[tuple[float, Share]] = deque()
        self.total = 0
        """All that was ever counted."""

    def spend(self, now: float, share: Share) -> None:
        """Count one request."""
        self._forget(now)
        self._sent.append((now, share))
        self.total += 1

    def used(self, now: float, share: Share | None = None) -> int:
        """Requests of the last minute, of one kind or of all."""
        self._forget(now)
        return len(self._sent) if share is None else sum(1 for _, kind in self._sent if kind is share)

    def wait(self, now: float, share: Share) -> float:
        """Seconds until a request of this kind may leave; 0 when it may now."""
        if share is Share.PERSON:
            return 0.0
        self._forget(now)
        allowed = max(1, int(self.per_minute * self._limit(now, share).value))
        surplus = len(self._sent) - allowed
        return 0.0 if surplus < 0 else max(0.0, self._sent[surplus][0] + WINDOW - now)

    def spacing(self, now: float) -> float:
        """Seconds between two pages of a long walk that use up evenly what the urgent leave of the budget."""
        quiet = min(self.used(now, Share.QUIET), self.per_minute * _QUIET_SURE)
        others = self.used(now, Share.URGENT) + self.used(now, Share.HEAD) + quiet
        return WINDOW / max(1.0, self.per_minute * Share.WALK.value - others)

    def _limit(self, now: float, share: Share) -> Share:
        sure = share is Share.QUIET and self.used(now, Share.QUIET) < self.per_minute * _QUIET_SURE
        return Share.WALK if sure else share

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0][0] <= now - WINDOW:
            self._sent.popleft()
