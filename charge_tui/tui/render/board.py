"""What stands where on the board: reservations as bars, bars in lanes, lanes in lines, hours as cells.

Time is divided into cells that begin at 1970, so that scrolling moves what is drawn by whole cells and changes nothing
else. Bars that overlap stand on lines of their own within their lane: no bar ever covers another.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from heapq import heappop, heappush
from math import floor
from typing import Final, Literal

from charge_tui.domain.lifecycle import COMPLETED, CONFIRMED, is_open
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.windows import NOISE
from charge_tui.records import dataclass
from charge_tui.tui.render.look import Look

By = Literal["station", "vehicle", "driver"]
BYS: Final[tuple[By, ...]] = ("station", "vehicle", "driver")
"""What a lane can be, in the order of the key that changes it."""
ZOOMS: Final = (2, 6, 12, 24)
"""How many hours the board can show."""
NOBODY: Final[dict[By, str]] = {"station": "no station yet", "vehicle": "no vehicle", "driver": "no driver"}
"""The lane of what has none of it."""

_HOLDING: Final = frozenset({CONFIRMED, COMPLETED})


@dataclass(frozen=True, slots=True)
class Bar:
    """A reservation on the board; times are seconds since 1970, put in order where those of the API are not."""

    row: Reservation
    asked: tuple[float, float]
    given: tuple[float, float] | None
    """The reserved window of one that holds its station, or held it; None for all others."""
    limits: tuple[float | None, float | None]
    start: float
    """The first moment of what is drawn of it."""
    end: float
    """The last moment of what is drawn of it."""

    @property
    def id(self) -> str:
        """The reservation's id."""
        return self.row.id

    @property
    def window(self) -> tuple[float, float]:
        """When it takes place as far as is known."""
        return self.given or self.asked


def bar_of(row: Reservation) -> Bar:
    """The bar of a reservation."""
    given = None
    if row.status in _HOLDING and row.reserved_start and row.reserved_end:
        given = _ordered(row.reserved_start, row.reserved_end)
    low, high = row.earliest_start, row.latest_end
    limits = low.timestamp() if low else None, high.timestamp() if high else None
    asked = _ordered(row.ideal_start, row.ideal_end)
    other = given or asked
    return Bar(row, asked, given, limits, min(asked[0], other[0]), max(asked[1], other[1]))


@dataclass(frozen=True, slots=True)
class Hours:
    """The stretch of time that is shown: ``width`` cells from cell number ``first`` on, counted since 1970."""

    first: int
    seconds: int
    width: int

    @property
    def cell(self) -> float:
        """Seconds in a cell."""
        return self.seconds / self.width

    @property
    def start(self) -> float:
        """The first moment shown."""
        return self.first * self.cell

    @property
    def end(self) -> float:
        """The first moment no longer shown."""
        return (self.first + self.width) * self.cell

    def moment(self) -> datetime:
        """The first moment shown, as a time."""
        return datetime.fromtimestamp(self.start, UTC)

    def until(self) -> datetime:
        """The first moment no longer shown, as a time."""
        return datetime.fromtimestamp(self.end, UTC)

    def place(self, at: float) -> int:
        """The cell of a moment, from 0; also outside."""
        return floor(at / self.cell) - self.first

    def halves(self, window: tuple[float, float]) -> tuple[int, int]:
        """The half cells of a window from 0, the last one excluded: rounded, and never none."""
        first, last = (floor(at / self.cell * 2 + 0.5) - self.first * 2 for at in window)
        return first, max(first + 1, last)

    def shows(self, bar: Bar) -> bool:
        """Whether anything of a bar is drawn."""
        begin, stop, cell = self.start, self.end, self.cell
        if bar.start >= stop or bar.end < begin - cell:
            return False
        if bar.end > begin + cell and bar.start < stop - cell:
            return True
        first, last = self.halves((bar.start, bar.end))
        return first < self.width * 2 and last > 0

    def moved(self, seconds: float) -> "Hours":
        """Earlier or later by that much, rounded to cells; always within the calendar."""
        return hours_at(self.start + seconds, self.seconds, self.width)


_EARLIEST: Final = datetime(2, 1, 1, tzinfo=UTC).timestamp()
_LATEST: Final = datetime(9998, 12, 1, tzinfo=UTC).timestamp()


def hours_at(start: float, seconds: int, width: int) -> Hours:
    """That many seconds from a moment on, the moment rounded to a cell."""
    width = max(1, width)
    return Hours(round(max(_EARLIEST, min(_LATEST, start)) / (seconds / width)), seconds, width)


def hours_around(now: datetime, hours: int, width: int) -> Hours:
    """The next hours: they begin with the part of an hour before now, and stand still for most of that time."""
    step = {2: 600, 6: 1800}.get(hours, 3600)
    return hours_at(floor(now.timestamp() / step) * step - step / 2, hours * 3600, width)


class Lane:
    """The bars of one station, vehicle or driver, in the order of their start.

    Args:
        key: the id; empty for the lane of what has none.
        label: its name, safe.
    """

    def __init__(self, key: str, label: str, bars: Sequence[Bar]) -> None:
        self.key = key
        self.label = label
        self.bars = sorted(bars, key=lambda bar: (bar.start, bar.id))
        self._cell = 0.0
        self._packed: list[list[Bar]] = []

    def packed(self, cell: float) -> list[list[Bar]]:
        """Its bars on as few lines as it takes that none covers another, where a cell has that many seconds."""
        if cell != self._cell:
            self._cell, self._packed = cell, _packed(self.bars, cell)
        return self._packed


def lanes_of(bars: Iterable[Bar], by: By, look: Look) -> list[Lane]:
    """The lanes in the order of their first start, of what is not over before that; last the one without a name."""
    found: dict[str, list[Bar]] = {}
    identity: Callable[[Reservation], str | None] = _IDENTITY[by]
    for bar in bars:
        found.setdefault(identity(bar.row) or "", []).append(bar)
    name = {"station": look.station, "vehicle": look.vehicle, "driver": look.driver}[by]
    made = [Lane(key, name(key) if key else NOBODY[by], own) for key, own in found.items()]
    now = look.now.timestamp()

    def place(lane: Lane) -> tuple[bool, bool, float, str, str]:
        ahead = next((bar.start for bar in lane.bars if bar.end > now), None)
        first = lane.bars[0].start if ahead is None else ahead
        return not lane.key, ahead is None, first, lane.label, lane.key

    return sorted(made, key=place)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One line of the board: some bars of a lane, none of which covers another."""

    lane: Lane
    number: int
    """Which one of the lane's shown lines it is, from 0."""
    bars: tuple[Bar, ...]
    """Those that the hours show, in order."""
    overlap: float = 0.0
    """The longest time in seconds for which one of them overlaps one of a line above; 0 where that is no trouble."""

    @property
    def key(self) -> tuple[str, int]:
        """What it is known by."""
        return self.lane.key, self.number


@dataclass(frozen=True, slots=True)
class Layout:
    """All lines that the hours show, from the first to the last."""

    hours: Hours
    by: By
    lines: tuple[BoardLine, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    """By reservation: the line it stands on."""
    lanes: int = 0
    """How many lanes they are."""


def layout(lanes: Iterable[Lane], by: By, hours: Hours) -> Layout:
    """The lines of the lanes that have something in these hours."""
    lines: list[BoardLine] = []
    shown = 0
    for lane in lanes:
        own = list(_lines(lane, by, hours))
        lines += own
        shown += bool(own)
    places = {bar.id: number for number, line in enumerate(lines) for bar in line.bars}
    return Layout(hours, by, tuple(lines), places, shown)


def _lines(lane: Lane, by: By, hours: Hours) -> Iterator[BoardLine]:
    above: list[Bar] = []
    number = 0
    for packed in lane.packed(hours.cell):
        bars = tuple(bar for bar in packed if hours.shows(bar))
        if len(bars) > 1 and hours.halves((bars[1].start, bars[1].end))[0] < 2:
            bars = bars[1:] if _last_cell(bars[0], hours) == 0 else bars
        if not bars:
            continue
        overlap = max((_overlap(bar, other) for bar in bars for other in above), default=0.0)
        yield BoardLine(lane, number, bars, overlap)
        number += 1
        if by != "station" and lane.key:
            above += bars


def _last_cell(bar: Bar, hours: Hours) -> int:
    return (hours.halves((bar.start, bar.end))[1] - 1) // 2


def _overlap(one: Bar, other: Bar) -> float:
    if not (is_open(one.row.status) and is_open(other.row.status)):
        return 0.0
    shared = min(one.window[1], other.window[1]) - max(one.window[0], other.window[0])
    return shared if shared >= NOISE else 0.0


def _packed(bars: Sequence[Bar], cell: float) -> list[list[Bar]]:
    """First fit: each bar on the uppermost line that is free by then, which is found without trying them all."""
    lines: list[list[Bar]] = []
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    for bar in bars:
        while busy and busy[0][0] <= bar.start:
            heappush(free, heappop(busy)[1])
        if free:
            number = heappop(free)
            lines[number].append(bar)
        else:
            number = len(lines)
            lines.append([bar])
        heappush(busy, (_free_from(bar, cell), number))
    return lines


def _free_from(bar: Bar, cell: float) -> float:
    """When the next bar can begin on the same line: it may take the last cell of this one, but never the only one."""
    first = floor(bar.start / cell * 2 + 0.5) // 2
    last = max(first, (floor(bar.end / cell * 2 + 0.5) - 1) // 2)
    at = last if last > first else first + 1
    return max(bar.end - NOISE, (at - 0.25) * cell)


def _ordered(one: datetime, other: datetime) -> tuple[float, float]:
    first, second = one.timestamp(), other.timestamp()
    return (first, second) if first <= second else (second, first)


_IDENTITY: Final[dict[By, Callable[[Reservation], str | None]]] = {
    "station": lambda row: row.station_id,
    "vehicle": lambda row: row.vehicle_id,
    "driver": lambda row: row.driver_id,
}
