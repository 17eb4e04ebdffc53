"""The open rows in two orders, kept by their changes: by creation within each status, and by when they were last seen.

A page of a list is held against the rows that it should have had, and the screen asks once a second for the oldest
sight: neither looks at more rows than it is about.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from datetime import datetime
from heapq import heapify, heappop, heappush, heapreplace
from math import inf
from typing import Final, Protocol

from charge_tui.domain.diff import status_of
from charge_tui.domain.reservation import Reservation, Row

_SLACK: Final = 64


class Seen(Protocol):
    """Something that was seen at a moment."""

    seen: float


class ByCreation:
    """Ids by status, the newest first, as the API lists them; those without a readable time come last."""

    def __init__(self) -> None:
        self._lists: dict[str, list[tuple[float, str]]] = {}

    def put(self, row: Row) -> None:
        """Take a row in that is not there."""
        ids, place = self._lists.setdefault(status_of(row), []), (_place(row), row.id)
        if not ids or ids[-1] < place:  # a page after the other has them in order
            ids.append(place)
        else:
            insort(ids, place)

    def drop(self, row: Row) -> None:
        """Take a row out, as it was put in."""
        ids = self._lists[status_of(row)]
        del ids[bisect_left(ids, (_place(row), row.id))]

    def move(self, before: Row, after: Row) -> None:
        """A row became another one; mostly its place is the same."""
        if status_of(before) != status_of(after) or _place(before) != _place(after):
            self.drop(before)
            self.put(after)

    def all(self, status: str) -> list[str]:
        """All of a status."""
        return [identity for _, identity in self._lists.get(status, ())]

    def between(self, status: str, newer_than: datetime | None, older_than: datetime | None) -> list[str]:
        """Those created between two times, both excepted; None is without a limit."""
        ids = self._lists.get(status, [])
        first = 0 if older_than is None else bisect_right(ids, (-older_than.timestamp(), "\U0010ffff"))
        last = bisect_left(ids, (inf if newer_than is None else -newer_than.timestamp(), ""))
        return [identity for _, identity in ids[first:last]]

    def clear(self) -> None:
        """Start with nothing."""
        self._lists.clear()


class Oldest:
    """The sight that is longest ago. A later sight of a row costs nothing until it is asked about.

    Args:
        sights: what is open, by id. A moment in it only ever becomes later, but for ``build``.
    """

    def __init__(self, sights: Mapping[str, Seen]) -> None:
        self._sights = sights
        self._heap: list[tuple[float, str]] = []

    def put(self, identity: str, seen: float) -> None:
        """One more is open."""
        heappush(self._heap, (seen, identity))
        if len(self._heap) > 2 * len(self._sights) + _SLACK:
            self.build()

    def first(self) -> float | None:
        """When that was; None with nothing open."""
        heap = self._heap
        while heap:
            seen, identity = heap[0]
            sight = self._sights.get(identity)
            if sight is None:
                heappop(heap)
            elif sight.seen != seen:
                heapreplace(heap, (sight.seen, identity))
            else:
                return seen
        return None

    def build(self) -> None:
        """Begin anew with what is open now."""
        self._heap = [(sight.seen, identity) for identity, sight in self._sights.items()]
        heapify(self._heap)


def _place(row: Row) -> float:
    created = row.created if isinstance(row, Reservation) else row.time("created")
    return inf if created is None else -created.timestamp()
