"""What time it is where the reservations live: the server's clock, as far as its answers tell.

The API sends a ``Date`` header of whole seconds; the sandbox announces its own time and the rate at which it passes.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from charge_tui.clock import Clock
from charge_tui.domain.times import seconds_between
from charge_tui.records import dataclass

SKEW: Final = 30.0
"""Seconds by which the server's clock may differ from ours before it is worth a word."""
_SAMPLES: Final = 5
_DATE_GRAIN: Final = 1.5


@dataclass(frozen=True, slots=True)
class WorldTime:
    """What a world clock knows, for another one on this machine. Monotonic seconds of the machine."""

    offsets: tuple[float, ...]
    anchor: tuple[float, datetime] | None
    rate: float


class WorldClock:
    """Counts on between two answers, and follows the server when an answer shows that the count is off.

    ``on_jump`` is called with the seconds of world time by which the clock was set at once, when the server's time
    turned out to be more than a minute from what was counted.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.on_jump: Callable[[float], None] | None = None
        self._offsets: deque[float] = deque(maxlen=_SAMPLES)
        self._anchor: tuple[float, datetime] | None = None
        self.rate = 1.0
        self.sure = False
        """Whether an answer has come since the start and since the machine's clock jumped; until then it is a guess."""

    def now(self) -> datetime:
        """World time, aware, in UTC."""
        if self._anchor:
            at, world = self._anchor
            return world + timedelta(seconds=(self._clock.monotonic() - at) * self.rate)
        return self._clock.now() + timedelta(seconds=self._offset())

    def skew(self) -> float | None:
        """Seconds by which the server's ``Date`` is ahead of our own clock (median of five); None while unknown."""
        return median(self._offsets) if self._offsets else None

    def real(self, world_seconds: float) -> float:
        """Real seconds in which that much world time passes; with a world that stands still, never."""
        return world_seconds / self.rate if self.rate > 0 else float("inf")

    def suspended(self, seconds: float) -> None:
        """The machine slept that long, which its monotonic clock did not count; old samples say nothing any more."""
        self._offsets.clear()
        self.sure = False
        if self._anchor:
            at, world = self._anchor
            self._anchor = at - seconds, world

    def known(self) -> WorldTime:
        """What is known of the server's time."""
        return WorldTime(tuple(self._offsets), self._anchor, self.rate)

    def adopt(self, world: WorldTime) -> None:
        """Go by what another clock of this machine has found out; a jump is told as if an answer had shown it."""
        before = self.now()
        self._offsets = deque(world.offsets, maxlen=_SAMPLES)
        self._anchor, self.rate, self.sure = world.anchor, world.rate, True
        off = seconds_between(before, self.now())
        if abs(off) > max(60.0, 5 * self.rate) and self.on_jump:
            self.on_jump(off)

    def observe(
        self, *, date: datetime | None, world_now: datetime | None, rate: float | None, sent: float, received: float
    ) -> None:
        """Take in what one answer says; ``sent`` and ``received`` are monotonic seconds of our clock."""
        middle, self.sure = (sent + received) / 2, True
        if world_now is not None:
            self._follow(world_now, 1.0 if rate is None else rate, middle, received - sent)
        elif date is not None:
            self._anchor = None
            self.rate = 1.0
        if date is not None and self.rate == 1.0:
            truth = self._date_reference(middle)
            self._offsets.append(seconds_between(truth, date) + 0.5)

    def _date_reference(self, at: float) -> datetime:
        late = self._clock.monotonic() - at
        return (self.now() if self._anchor else self._clock.now()) - timedelta(seconds=late)

    def _offset(self) -> float:
        skew = self.skew()
        return skew if skew is not None and abs(skew) > _DATE_GRAIN else 0.0

    def _follow(self, world_now: datetime, rate: float, at: float, trip: float) -> None:
        if self._anchor is None:
            self._anchor, self.rate = (at, world_now), rate
            return
        counted = self._anchor[1] + timedelta(seconds=(at - self._anchor[0]) * self.rate)
        off = seconds_between(counted, world_now)
        if rate != self.rate or abs(off) > max(0.5, trip * rate):
            self._anchor, self.rate = (at, world_now), rate
            if abs(off) > max(60.0, 5 * rate) and self.on_jump:
                self.on_jump(off)
