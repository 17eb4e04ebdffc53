"""When a pending reservation is worth a read of its own: in the minutes around the attempt to confirm it.

Charge tries "about 30 minutes" before the wanted start [seed], measured 1,890 to 1,950 s before it; a change of state
then must not wait for the turn of its page.
"""

import heapq
from datetime import datetime
from typing import Final

from charge_tui.desk.worldclock import WorldClock
from charge_tui.domain.lifecycle import PENDING
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.times import seconds_between
from charge_tui.domain.windows import hard_end

OPENS: Final = 1_925.0
"""World seconds before the ideal start at which it is first read: one period after the earliest attempt."""
CLOSELY: Final = 600.0
"""World seconds after that for which it is read most often."""
PERIOD: Final = 25.0
"""Real seconds between two reads while it is watched closely."""
_LATE_PERIOD: Final = 60.0
"""The same once it is late, where many are to be read."""
_OVERDUE_PERIOD: Final = 120.0
_SAME: Final = 1.0
_SLACK: Final = 64


class DueWatch:
    """A heap of moments (monotonic seconds) at which a pending reservation should have been seen again."""

    def __init__(self, world: WorldClock) -> None:
        self._world = world
        self._heap: list[tuple[float, str]] = []
        self._at: dict[str, float] = {}
        self.at_ease = False
        """Whether so few are read that late ones may be read as often as those that are watched closely."""

    def note(self, row: Row, seen: float, now: float, world_now: datetime) -> None:
        """Plan the next read of a row that was just seen; one that is not pending needs none."""
        check = self.next_check(row, seen, now, world_now)
        planned = self._at.get(row.id)
        if check is None:
            self._at.pop(row.id, None)
        elif planned is None or abs(planned - check) > _SAME:
            self._plan(check, row.id)

    def next_check(self, row: Row, seen: float, now: float, world_now: datetime) -> float | None:
        """When the row should be read again if nothing else sees it before; None if its turn in the walk is enough."""
        if not isinstance(row, Reservation) or row.status != PENDING:
            return None
        to_start = seconds_between(world_now, row.ideal_start)
        opens = now + self._world.real(to_start - OPENS)
        if opens > now:
            return None if opens == float("inf") else max(opens, seen + PERIOD)
        if seconds_between(world_now, hard_end(row)) <= 0:
            return None
        if to_start <= 0:
            return seen + _OVERDUE_PERIOD
        return seen + (PERIOD if self.at_ease or OPENS - to_start < CLOSELY else _LATE_PERIOD)

    def first(self) -> tuple[float, str] | None:
        """When the next read falls due, and of which reservation; None with nothing planned.

        It stays first until ``note``, ``postpone`` or ``drop`` is called for it.
        """
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None

    def postpone(self, identity: str, until: float) -> None:
        """Plan the read for later: the last one failed."""
        self._plan(until, identity)

    def drop(self, identity: str) -> None:
        """Plan no read of this one."""
        self._at.pop(identity, None)

    def rebuild(self, rows: list[tuple[Row, float]], now: float, world_now: datetime) -> None:
        """Plan anew after the world's clock jumped."""
        self._heap.clear()
        self._at.clear()
        for row, seen in rows:
            self.note(row, seen, now, world_now)

    def _plan(self, at: float, identity: str) -> None:
        self._at[identity] = at
        heapq.heappush(self._heap, (at, identity))
        if len(self._heap) > 2 * len(self._at) + _SLACK:
            self._heap = [(when, name) for name, when in self._at.items()]
            heapq.heapify(self._heap)
