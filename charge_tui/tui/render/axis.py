"""The windows of a reservation drawn on one time axis.

Each thing has a line of its own on a shared scale: limits, asked, given, free-cancel deadline, now. Times stand in a
column on either side, so nothing can overlap whatever the windows are. What lies far outside the windows asked for and
given is not drawn to scale: an arrow at the edge points to it, and its time says how far.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from charge_tui.domain.times import day, seconds_between, utc
from charge_tui.records import dataclass
from charge_tui.tui.render.spans import Line, Span, Token, cells, cut, fit

LABEL: Final = 7
"""Cells of the column of names, the space after it included."""
NEAR: Final = 2.0
"""How many lengths of the windows away something may lie to be still drawn to scale."""
LEAST: Final = 30
"""The fewest cells that an axis is drawn in."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STEPS: Final = (
    60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
    86_400, 172_800, 604_800, 2_592_000, 31_536_000, 315_360_000, 3_153_600_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Windows:
    """What is to be drawn, aware times; None for what is not set or does not apply."""

    asked: tuple[datetime, datetime]
    given: tuple[datetime, datetime] | None = None
    limits: tuple[datetime | None, datetime | None] = (None, None)
    free_until: datetime | None = None
    now: datetime | None = None
    without: str = ""
    """What stands in place of a given window ("no station"); empty for no such line."""


@dataclass(frozen=True, slots=True)
class _Scale:
    origin: datetime
    seconds: float
    width: int

    def place(self, at: datetime, resolution: int = 1) -> int:
        """The cell (or half cell, with resolution 2) of an instant, also outside the axis."""
        raw = seconds_between(self.origin, at) / self.seconds * self.width * resolution
        far = self.width * resolution * 4
        return int(max(-far, min(far, raw // 1)))

    @property
    def end(self) -> datetime:
        return self.origin + timedelta(seconds=self.seconds)


def axis(windows: Windows, zone: tzinfo, width: int) -> list[Line]:
    """The drawing, every line exactly ``width`` cells wide; nothing below ``LEAST`` cells."""
    if width < LEAST:
        return []
    base = utc(min(windows.asked))
    left, right = _columns(windows, base, zone)
    room = width - LABEL - left - right - 2
    if room < 6:
        return []
    scale = _scale(windows, room)
    frame = _Frame(scale, base, zone, left, right, windows.now)
    lines = [frame.ruler()]
    low, high = windows.limits
    if low or high:
        lines.append(frame.line("limits", low, high, frame.limits(low, high), "quiet"))
    lines.append(frame.line("asked", *windows.asked, frame.bar(windows.asked, "━", "╺", "╸"), ""))
    if windows.given:
        lines.append(frame.line("given", *windows.given, frame.bar(windows.given, "█", "▐", "▌"), "accent"))
    elif windows.without:
        lines.append(frame.words("given", windows.without))
    if windows.free_until:
        lines.append(frame.line("free", windows.free_until, None, frame.point(windows.free_until, "◆"), "good"))
    if windows.now:
        lines.append(frame.line("now", windows.now, None, frame.point(windows.now, "▲"), "strong"))
    return lines


@dataclass(frozen=True, slots=True)
class _Frame:
    scale: _Scale
    base: datetime
    zone: tzinfo
    left: int
    right: int
    now: datetime | None

    def line(self, name: str, start: datetime | None, end: datetime | None, shape: str, token: Token) -> Line:
        """One thing: its name, its first time, its shape, its last time."""
        before = clock(start, self.base, self.zone) if start else "any" if name == "limits" else ""
        after = clock(end, self.base, self.zone) if end else "any" if name == "limits" else ""
        return (
            Span(fit(name, LABEL), "quiet"),
            Span(fit(before, self.left, "right") + " "),
            *self.guided(shape, token),
            Span(" " + fit(after, self.right)),
        )

    def words(self, name: str, words: str) -> Line:
        """A thing that has no place on the axis, in words."""
        room = self.scale.width + self.right + 2
        return (
            Span(fit(name, LABEL), "quiet"),
            Span(fit("–", self.left, "right") + " ", "quiet"),
            Span(fit(cut(words, room - 1), room - 1), "quiet"),
        )

    def guided(self, shape: str, token: Token) -> list[Span]:
        """A shape with the line of now running through its empty cells."""
        at = self.scale.place(self.now) if self.now else -1
        if not 0 <= at < self.scale.width or shape[at] != " ":
            return [Span(shape, token)]
        return [Span(shape[:at], token), Span("┊", "quiet"), Span(shape[at + 1 :], token)]

    def bar(self, span: tuple[datetime, datetime], full: str, from_half: str, to_half: str) -> str:
        """A window as a bar with ends at half cells; at least half a cell, arrows where it goes beyond the axis."""
        width = self.scale.width
        first, last = sorted(self.scale.place(at, 2) for at in span)
        last = max(last, first + 1)
        if last <= 0:
            return _edge(width, "◂")
        if first >= width * 2:
            return _edge(width, "▸")
        row = [" "] * width
        for cell in range(width):
            covered = (first <= cell * 2 < last, first <= cell * 2 + 1 < last)
            row[cell] = {(True, True): full, (False, True): from_half, (True, False): to_half}.get(covered, " ")
        if first < 0:
            row[0] = "◂"
        if last > width * 2:
            row[-1] = "▸"
        return "".join(row)

    def limits(self, low: datetime | None, high: datetime | None) -> str:
        """The span that the driver allows; arrows on a side that is open or far away."""
        width = self.scale.width
        start = self.scale.place(low) if low else -1
        stop = self.scale.place(high) if high else width
        if low and high and start > stop:
            start, stop = stop, start
        if stop < 0:
            return _edge(width, "◂")
        if start >= width:
            return _edge(width, "▸")
        row = [" "] * max(0, start) + ["─"] * (min(stop, width - 1) - max(0, start) + 1)
        row += [" "] * (width - len(row))
        row[max(0, start)] = "├" if start >= 0 else "◂"
        row[min(stop, width - 1)] = "▸" if stop >= width else "┤" if stop > start else row[stop]
        return "".join(row)

    def point(self, at: datetime, shape: str) -> str:
        """One instant; an arrow where it lies beyond the axis."""
        place = self.scale.place(at)
        if place < 0:
            return _edge(self.scale.width, "◂")
        if place >= self.scale.width:
            return _edge(self.scale.width, "▸")
        return " " * place + shape + " " * (self.scale.width - place - 1)

    def ruler(self) -> Line:
        """The scale: round local times where they fit, none touching another."""
        row = ""
        for at, label in _ticks(self.scale, self.zone):
            start = self.scale.place(at)
            if start < len(row) + (1 if row else 0) or start + len(label) > self.scale.width:
                continue
            row = row.ljust(start) + label
        head = fit(day(self.base, self.zone), LABEL + self.left + 1)
        return (Span(head, "quiet"), Span(row.ljust(self.scale.width), "quiet"), Span(" " * (self.right + 1)))


def clock(at: datetime, base: datetime, zone: tzinfo) -> str:
    """The local time of an instant, with the days since the local day of ``base`` ("00:45+1"), far away its date."""
    local, start = at.astimezone(zone), base.astimezone(zone)
    days = (local.date() - start.date()).days
    if not days:
        return f"{local:%H:%M}"
    if abs(days) <= 9:
        return f"{local:%H:%M}{days:+d}"
    return f"{local.day} {local:%b}" if local.year == start.year else f"{local.year}-{local.month:02d}"


def _columns(windows: Windows, base: datetime, zone: tzinfo) -> tuple[int, int]:
    firsts = [windows.asked[0], windows.limits[0], windows.free_until, windows.now]
    lasts = [windows.asked[1], windows.limits[1]]
    if windows.given:
        firsts.append(windows.given[0])
        lasts.append(windows.given[1])
    return _widest(firsts, base, zone), _widest(lasts, base, zone)


def _widest(times: Sequence[datetime | None], base: datetime, zone: tzinfo) -> int:
    return max(5, *(cells(clock(at, base, zone)) for at in times if at))


def _scale(windows: Windows, width: int) -> _Scale:
    core = [*windows.asked, *(windows.given or ())]
    low, high = utc(min(core)), utc(max(core))
    length = max(60.0, seconds_between(low, high))
    start, stop = low, high
    for at in (*windows.limits, windows.free_until, windows.now):
        if at and -NEAR * length <= seconds_between(low, at) and seconds_between(high, at) <= NEAR * length:
            start, stop = min(start, utc(at)), max(stop, utc(at))
    seconds = max(60.0, seconds_between(start, stop))
    return _Scale(start, seconds * width / (width - 0.5), width)


def _ticks(scale: _Scale, zone: tzinfo) -> list[tuple[datetime, str]]:
    least = scale.seconds / scale.width * 7
    step = next((step for step in _STEPS if step >= least), None)
    if step is None:
        return []
    offset = scale.origin.astimezone(zone).utcoffset() or timedelta()
    first = (scale.origin - _EPOCH + offset).total_seconds()
    at = scale.origin + timedelta(seconds=-first % step)
    found: list[tuple[datetime, str]] = []
    while at < scale.end:
        local = at.astimezone(zone)
        years = f"{local.year}" if step >= 31_536_000 else ""
        label = years or (f"{local:%H:%M}" if step < 86_400 else f"{local.day} {local:%b}")
        found.append((at.astimezone(UTC), label))
        at += timedelta(seconds=step)
    return found


def _edge(width: int, arrow: str) -> str:
    return arrow + " " * (width - 1) if arrow == "◂" else " " * (width - 1) + arrow
