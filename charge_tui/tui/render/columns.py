"""The columns of the table, and which of them fit a width. Widths are fixed by the width alone, never by the data."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from charge_tui.records import dataclass

GAP: Final = 2
"""Cells between two columns."""
_CLOSE: Final = frozenset({"mark", "severity", "why", "window"})
"""Columns that mostly leave room themselves, so that one cell behind them is enough."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the table can have. ``least`` and ``most`` are its width in cells."""

    key: str
    title: str
    about: str
    least: int
    most: int
    rank: int
    """The smaller, the longer it stays when room gets scarce."""
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Placed:
    """A column with the width that it got."""

    column: Column
    width: int


COLUMNS: Final = {
    column.key: column
    for column in (
        Column("severity", "", "how much it matters, as a shape and a letter", 3, 3, 0),
        Column("mark", "", "a mark on rows that need a look", 2, 2, 0),
        Column("why", "Why", "why it needs somebody", 15, 20, 1),
        Column("in", "In", "in Attention until when, else time to the start, or the end once begun", 7, 7, 1, "right"),
        Column("day", "Day", "the day of the start, empty for today", 6, 6, 6),
        Column("window", "Window", "start and end as far as they are known", 13, 13, 1),
        Column("vehicle", "Vehicle", "the registration plate", 9, 12, 2),
        Column("driver", "Driver", "the driver's name", 12, 20, 5),
        Column("station", "Station", "the charging station", 12, 26, 7),
        Column("note", "Note", "what is abnormal about it", 13, 30, 8),
        Column("status", "Stat", "the status in four letters", 4, 4, 1),
        Column("limits", "Limits", "earliest start and latest end", 13, 13, 10),
        Column("drift", "Drift", "how far the granted start is from the one asked for", 6, 6, 9, "right"),
        Column("fee", "Fee", "the reservation fee", 9, 12, 11, "right"),
        Column("connector", "Connector", "the acceptable connector types", 9, 18, 12),
        Column("created", "Created", "when it was made", 12, 12, 9),
        Column("updated", "Updated", "when it last changed", 12, 12, 13),
        Column("id", "Id", "the reservation's id", 12, 36, 4),
    )
}
"""Every column by its key, in the order in which the table shows them."""

ATTENTION: Final = ("severity", "why", "in", "window", "vehicle", "driver", "station", "status")
OPEN: Final = ("mark", "in", "day", "window", "vehicle", "driver", "station", "note", "status")
CLOSED: Final = ("mark", "day", "window", "vehicle", "driver", "station", "note", "status", "created")
"""What each kind of view shows when nobody chose otherwise."""


def place(keys: Iterable[str], width: int) -> tuple[Placed, ...]:
    """The columns that fit, widened to use the room; the least important ones are left out first.

    Keys that name no column are left out; the order is that of ``keys``.
    """
    wanted = [COLUMNS[key] for key in keys if key in COLUMNS]
    while len(wanted) > 1 and _needed(wanted) > width:
        wanted.remove(max(wanted, key=lambda column: column.rank))
    room = width - _needed(wanted)
    widths = {column.key: column.least for column in wanted}
    for column in sorted(wanted, key=lambda column: column.rank):
        more = min(room, column.most - column.least)
        if more > 0:
            widths[column.key] += more
            room -= more
    return tuple(Placed(column, widths[column.key]) for column in wanted)


def gap_after(key: str) -> int:
    """How many cells stay empty behind a column."""
    return 1 if key in _CLOSE else GAP


def _needed(columns: Sequence[Column]) -> int:
    gaps = sum(gap_after(column.key) for column in columns[:-1])
    return sum(column.least for column in columns) + gaps
