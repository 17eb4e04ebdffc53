"""What every exchange with the API tells the desk in passing: that it cost a request, and what time it is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from charge_tui.api import Meta, Observer, Sent
from charge_tui.clock import Clock
from charge_tui.desk.budget import Budget, Share
from charge_tui.desk.worldclock import WorldClock

_SHARE: Final[ContextVar[Share]] = ContextVar("share", default=Share.PERSON)


@contextmanager
def spending(share: Share) -> Iterator[None]:
    """Whatever is requested inside is counted as this share of the budget; outside, a person asked for it."""
    token = _SHARE.set(share)
    try:
        yield
    finally:
        _SHARE.reset(token)


class Gauge(Observer):
    """Given to the client as its observer: counts requests against the budget and sets the world clock."""

    def __init__(self, clock: Clock, per_minute: int) -> None:
        self._clock = clock
        self.budget = Budget(per_minute)
        self.world = WorldClock(clock)

    def sending(self, request: Sent) -> None:
        """Count the attempt."""
        self.budget.spend(request.sent_at, _SHARE.get())

    def answered(self, meta: Meta) -> None:
        """Set the clock."""
        self.world.observe(
            date=meta.date, world_now=meta.world_now, rate=meta.rate, sent=meta.sent_at, received=meta.received_at
        )
