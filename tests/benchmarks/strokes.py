"""What keys cost a watched program: time to the first byte, bytes, processor time."""

import statistics
import time
from dataclasses import dataclass
from typing import Final

from tests.benchmarks.watched import DOWN, UP, Watched

KEYS: Final = 99
"""From the first row of a page of 100 to its last."""
_STANDS: Final = 0.08
"""Seconds of silence after which a cursor stands; less than keys must rest before the detail follows it."""
_RATE: Final = 30.0
"""Keys a second of a key that is held down."""


@dataclass(frozen=True)
class Typed:
    """What came of keys that repeat."""

    first: list[float]
    """Milliseconds from a key to the first byte after it, of those that painted before the next one."""
    bytes: list[int]
    """Bytes between a key and the next."""
    cpu: float
    """Milliseconds of the processor a key."""

    @property
    def summary(self) -> dict[str, float]:
        """The figures that are compared."""
        ordered = sorted(self.first) or [float("nan")]
        return {
            "first byte, median": statistics.median(ordered),
            "first byte, p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
            "painted": len(self.first),
            "bytes, median": statistics.median(self.bytes),
            "bytes, mean": statistics.fmean(self.bytes),
            "cpu": self.cpu,
        }


def held_down(it: Watched, key: str = DOWN, keys: int = KEYS) -> Typed:
    """Hold a key down."""
    first: list[float] = []
    each: list[int] = []
    it.quiet(0.3)
    cpu, due = it.cpu(), time.perf_counter()
    for _ in range(keys):
        it.read(0.0)
        mark, typed = len(it.pieces), it.type(key)
        due += 1 / _RATE
        while (left := due - time.perf_counter()) > 0:
            it.read(left)
        if len(it.pieces) > mark:
            first.append((it.pieces[mark][0] - typed) * 1000)
        each.append(len(it.since(mark)))
    return Typed(first, each, (it.cpu() - cpu) / keys)


def settled(it: Watched, key: str = UP, keys: int = 11, silence: float = 0.5) -> list[int]:
    """Bytes of single keys, each with all that follows from it."""
    each = []
    for _ in range(keys):
        it.quiet(silence)
        mark = len(it.pieces)
        it.type(key)
        it.quiet(silence, at_most=1.0)
        each.append(len(it.since(mark)))
    return each


def burst(it: Watched, keys: int = 100) -> float:
    """Milliseconds from a hundred keys at once until the cursor stands: the detail follows when keys have rested.

    The median of five, up and down by turns: whether a terminal hands them on at once or in two parts is chance.
    """
    took = []
    for key in (UP, DOWN, UP, DOWN, UP):
        it.quiet(0.5, at_most=3.0)
        took.append(it.milliseconds_to_last(it.type(key * keys), silence=_STANDS))
    return statistics.median(took)
