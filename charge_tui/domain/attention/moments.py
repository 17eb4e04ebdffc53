"""What is to be looked at again, and when: a heap in which an entry that was overtaken is dropped when it comes up."""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from math import inf
from typing import Generic, TypeVar

Name = TypeVar("Name")

_SLACK = 64
_FEW = 8
"""That many times less than there are in all is few."""


class Moments(Generic[Name]):
    """One next moment for each name."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Name]] = []
        self._next: dict[Name, float] = {}
        self._count = 0

    def set(self, name: Name, moment: float) -> None:
        """Note when a name is to be looked at; infinity for never."""
        if moment == inf:
            self._next.pop(name, None)
        elif self._next.get(name) != moment:
            self._next[name] = moment
            self._count += 1
            heappush(self._heap, (moment, self._count, name))
            if len(self._heap) > 2 * len(self._next) + _SLACK:
                self._rebuild()

    def set_all(self, moments: Mapping[Name, float]) -> None:
        """Note all of these; many are put in order at one go."""
        if len(moments) * _FEW < len(self._next):
            for name, moment in moments.items():
                self.set(name, moment)
            return
        self._next |= moments
        for name in [name for name, moment in moments.items() if moment == inf]:
            del self._next[name]
        self._rebuild()

    def come(self, now: float) -> list[Name]:
        """The names whose moment has come; each is told once."""
        found: list[Name] = []
        while self._heap and self._heap[0][0] <= now:
            moment, _, name = heappop(self._heap)
            if self._next.get(name) == moment:
                del self._next[name]
                found.append(name)
        return found

    def soonest(self) -> float | None:
        """The next moment of all."""
        while self._heap and self._next.get(self._heap[0][2]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def _rebuild(self) -> None:
        self._heap = [(moment, place, name) for place, (name, moment) in enumerate(self._next.items())]
        self._count = len(self._heap)
        heapify(self._heap)
