"""What the table shows for a view: which rows, in which order. Pure, and told of changes rather than asked to look."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from charge_tui.desk.state import Filters
from charge_tui.domain.diff import status_of
from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.domain.windows import start
from charge_tui.tui.render.look import NameBook

_FAR: Final = datetime.max.replace(tzinfo=UTC).timestamp()

URGENCY: Final = "severity"
"""The column of which the order is that of the queue; only Attention has it."""

SORTS: Final = {
    URGENCY: ("urgency", False),
    "in": ("start", False),
    "created": ("newest created", True),
    "vehicle": ("vehicle", False),
    "driver": ("driver", False),
    "station": ("station", False),
    "status": ("status", False),
    "updated": ("last change", True),
}
"""By the column: what the order is called, and whether it begins with the largest."""


def sort_key(column: str, names: NameBook) -> Callable[[Row], tuple[Any, ...]]:
    """The key that orders rows by a column of ``SORTS``, the earlier start deciding between equals.

    By urgency it is that of the rows below the queue: the start.
    """

    def named(name: Callable[[str], str | None], id: str | None) -> str:
        return ((name(id) or id) if id else "\U0010ffff").casefold()

    def key(row: Row) -> tuple[Any, ...]:
        if isinstance(row, OddRow):
            return (_FAR if column in (URGENCY, "in", "created", "updated") else "\U0010ffff", _FAR, row.id)
        begin = start(row).timestamp()
        own: Any
        match column:
            case "created":
                own = -row.created.timestamp()
            case "updated":
                own = -row.updated.timestamp()
            case "vehicle":
                own = named(names.vehicle, row.vehicle_id)
            case "driver":
                own = named(names.driver, row.driver_id)
            case "station":
                own = named(names.station, row.station_id)
            case "status":
                own = row.status
            case _:
                own = begin
        return (own, begin, row.id)

    return key


def passes(row: Row, status: str | None, filters: Filters) -> bool:
    """Whether a row belongs into a view, by the same filters that the API has."""
    if status is not None and status_of(row) != status:
        return False
    if not filters:
        return True
    if not isinstance(row, Reservation):
        return False
    wanted = (
        (filters.driver, row.driver_id),
        (filters.vehicle, row.vehicle_id),
        (filters.charging_station, row.station_id),
    )
    return all(want is None or want == have for want, have in wanted)


class Rule(str):
    """A line between rows: no reservation, and no place for the cursor."""

    __slots__ = ()


class Ordered:
    """Rows by id in one order, kept by insertion: a change costs the same however many rows there are.

    Args:
        key: what they are ordered by; it ends with the id, so that no two rows have the same.
        belongs: which of the rows that are put are to be held.
    """

    def __init__(self, key: Callable[[Row], tuple[Any, ...]], belongs: Callable[[Row], bool]) -> None:
        self._key = key
        self._belongs = belongs
        self._keys: dict[str, tuple[Any, ...]] = {}
        self._order: list[tuple[Any, ...]] = []
        self._ids: list[str] = []
        self.rows: dict[str, Row] = {}

    def fill(self, rows: Iterable[Row]) -> None:
        """Hold these rows and no others, those that belong."""
        self.rows = {row.id: row for row in rows if self._belongs(row)}
        self._keys = {id: self._key(row) for id, row in self.rows.items()}
        self._order = sorted(self._keys.values())
        self._ids = [key[-1] for key in self._order]

    def put(self, id: str, row: Row | None) -> bool:
        """Take in one row as it is now, None for gone; True if the order is different after."""
        if row is None or not self._belongs(row):
            return self._remove(id)
        key = self._key(row)
        self.rows[id] = row
        if self._keys.get(id) == key:
            return False
        self._remove_key(id)
        self._keys[id] = key
        place = bisect_left(self._order, key)
        self._order.insert(place, key)
        self._ids.insert(place, id)
        return True

    def ids(self) -> list[str]:
        """The ids in order."""
        return self._ids.copy()

    def __len__(self) -> int:
        return len(self.rows)

    def _remove(self, id: str) -> bool:
        if id not in self.rows:
            return False
        del self.rows[id]
        self._remove_key(id)
        return True

    def _remove_key(self, id: str) -> None:
        key = self._keys.pop(id, None)
        if key is not None:
            place = bisect_left(self._order, key)
            del self._order[place]
            del self._ids[place]


def successor(before: Sequence[str], cursor: str | None, after: Mapping[str, int]) -> str | None:
    """Where the cursor goes in a new order: it stays with its row; if that left, to the next neighbour, else the
    previous one, else to the first row; None where there is none.
    """
    if cursor is not None and cursor in after:
        return cursor
    if cursor is not None and cursor in before:
        place = before.index(cursor)
        for id in [*before[place + 1 :], *reversed(before[:place])]:
            if id in after:
                return id
    return next(iter(after), None)
