"""The next start among many reservations, known without looking at all of them. Pure."""

import heapq
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import is_open
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.windows import start

_SLACK: Final = 64


class Starts:
    """When the open reservations start. A change costs the logarithm of their number, a question next to nothing."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str]] = []
        self._starts: dict[str, datetime] = {}

    def __len__(self) -> int:
        """How many moments are held, those that were overtaken too."""
        return len(self._heap)

    def fill(self, rows: Iterable[Row]) -> None:
        """Hold the open ones of these and no others."""
        self._starts = {row.id: start(row) for row in rows if isinstance(row, Reservation) and is_open(row.status)}
        self._build()

    def put(self, identity: str, row: Row | None) -> None:
        """Take in one row as it is now, None for gone."""
        if not isinstance(row, Reservation) or not is_open(status_of(row)):
            self._starts.pop(identity, None)
            return
        at = start(row)
        if self._starts.get(identity) != at:
            self._starts[identity] = at
            heapq.heappush(self._heap, (at, identity))
            if len(self._heap) > 2 * len(self._starts) + _SLACK:
                self._build()

    def next(self, now: datetime) -> datetime | None:
        """The first start after this moment; it must not be earlier than the moment of the last question."""
        while self._heap:
            at, identity = self._heap[0]
            if at > now and self._starts.get(identity) == at:
                return at
            heapq.heappop(self._heap)
        return None

    def _build(self) -> None:
        self._heap = [(at, identity) for identity, at in self._starts.items()]
        heapq.heapify(self._heap)
