"""What changed on a row since somebody looked last, for as long as that is worth an accent. Pure."""

from collections.abc import Iterable
from typing import Final

from charge_tui.domain.diff import FieldChange

FADE: Final = 15.0
"""Seconds after which a change is as old as everything else, once somebody is there to see it."""
KEPT: Final = 600.0
"""The same while nobody is."""
MOST: Final = 500
"""So many rows bear an accent at a time; where more change at once, nothing stands out anyway."""

_WINDOW: Final = ("in", "day", "window")
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "status": ("status",),
    "ideal_start": _WINDOW,
    "ideal_end": _WINDOW,
    "reserved_start": (*_WINDOW, "drift"),
    "reserved_end": (*_WINDOW, "drift"),
    "earliest_start": ("limits",),
    "latest_end": ("limits",),
    "vehicle": ("vehicle",),
    "driver": ("driver",),
    "charging_station": ("station",),
    "reservation_fee": ("fee",),
    "connector_type": ("connector",),
    "failed_reason": ("why", "note"),
}


def columns_of(fields: Iterable[FieldChange]) -> frozenset[str]:
    """The columns in which a change of these fields can be seen."""
    return frozenset(column for change in fields for column in _COLUMNS.get(change.field, ()))


class Recent:
    """The columns of each row that changed. Times are monotonic."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[frozenset[str], float, float | None]] = {}

    def note(self, identity: str, fields: Iterable[FieldChange], now: float) -> None:
        """A row changed in these fields."""
        columns = columns_of(fields)
        if columns and (identity in self._rows or len(self._rows) < MOST):
            self._rows[identity] = (columns | self.of(identity), now, None)

    def of(self, identity: str) -> frozenset[str]:
        """The columns of a row that bear an accent."""
        held = self._rows.get(identity)
        return held[0] if held else frozenset()

    def visit(self, identity: str | None) -> bool:
        """Somebody looks at this row; whether that took an accent away."""
        return identity is not None and self._rows.pop(identity, None) is not None

    def fade(self, now: float, *, present: bool) -> frozenset[str]:
        """Time has passed, with somebody there or not; the rows that lost their accent by it."""
        over: set[str] = set()
        for identity, (columns, at, seen) in list(self._rows.items()):
            if present and seen is None:
                seen = now
                self._rows[identity] = (columns, at, seen)
            if now - at >= KEPT or (seen is not None and now - seen >= FADE):
                over.add(identity)
                del self._rows[identity]
        return frozenset(over)

    def clear(self) -> None:
        """Everything is another picture."""
        self._rows.clear()
