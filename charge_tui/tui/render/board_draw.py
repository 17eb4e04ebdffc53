"""The board in text: the axis with its hours, a line of a lane with its bars, the legend.

The shapes are those of the axis in the detail: ``█`` given, ``━`` asked, ``├··┤`` limits, ``┊`` now. Nothing needs
a colour to be told: a filled bar keeps its ends where nothing but text can be shown.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from charge_tui.domain.lifecycle import is_open
from charge_tui.domain.text import safe
from charge_tui.domain.times import day, hhmm, span, window
from charge_tui.records import dataclass
from charge_tui.tui.render.board import Bar, BoardLine, Hours, Layout
from charge_tui.tui.render.canvas import Canvas
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cells, cut, fit, width_of

SHOW: Final = "bar:"
"""What the action of a span begins with that belongs to a bar; the reservation's id follows."""
SHORTEST: Final = 6
"""The fewest cells in which a name is still worth its place."""

_STEPS: Final = (15, 30, 60, 120, 180, 240, 360, 720)
"""Minutes between two labels of the axis."""

Weigh = Callable[[Bar], tuple[str, Token]]
"""The shape in front of a bar that needs a look, and how it weighs; nothing for most bars."""


@dataclass(frozen=True, slots=True)
class Brush:
    """What drawing needs besides what stands where."""

    look: Look
    weigh: Weigh
    marked: Collection[str] = ()


def label_width(width: int) -> int:
    """Cells for the names of the lanes on a board of that width, the space after them included."""
    return max(15, min(28, width // 6 + 6))


# -- the axis ---------------------------------------------------------------------------------------------------------


def axis_lines(plan: Layout, brush: Brush, width: int) -> tuple[Line, Line]:
    """The hours, and the rule below them on which they and now are marked."""
    hours, zone, left = plan.hours, brush.look.zone, label_width(width)
    names = Canvas(hours.width)
    rule = Canvas(hours.width)
    rule.fill(range(hours.width), "─", "quiet")
    taken = 0
    for at, label, token in _ticks(hours, zone):
        place = hours.place(at)
        rule.put(place, "┬", "quiet")
        if place >= taken and place + cells(label) <= hours.width:
            names.text(place, label, token)
            taken = place + cells(label) + 1
    now = hours.place(brush.look.now.timestamp())
    if 0 <= now < hours.width:
        rule.put(now, "▼", "strong")
    head = Span(fit(" " + day(hours.moment(), zone), left), "strong")
    about = Span(fit(f" by {plan.by}", left - 1) + " ", "quiet")
    return (head, *names.spans()), (about, *rule.spans())


def _ticks(hours: Hours, zone: tzinfo) -> Iterator[tuple[float, str, Token]]:
    """Round local times in order: a skipped hour is absent, a doubled one comes twice where every hour is told."""
    step = next((step for step in _STEPS if step * 60 >= hours.cell * 7), _STEPS[-1])
    at = hours.moment().replace(second=0, microsecond=0)
    at += timedelta(minutes=-at.minute % 15)
    while at.timestamp() < hours.end:
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if local.date() != (at - timedelta(minutes=15)).astimezone(zone).date():
            yield at.timestamp(), f"{local:%a} {local.day}", "strong"
        elif minute % step == 0 and not (local.fold and step > 60):
            yield at.timestamp(), f"{local:%H:%M}", "quiet"
        at += timedelta(minutes=15)


# -- a line of a lane -------------------------------------------------------------------------------------------------


def lane_line(line: BoardLine, plan: Layout, brush: Brush, width: int, *, top: bool = False) -> Line:
    """One line, exactly ``width`` cells wide; the action of every span of a bar names its reservation.

    The first line of a lane bears its name, and so does the ``top`` one of the screen.
    """
    hours = plan.hours
    row = Canvas(hours.width)
    pieces = [_piece(bar, hours, brush) for bar in line.bars]
    for piece in pieces:
        _draw(row, piece)
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        _part(row, piece, following)
    for piece, before in zip(pieces, [None, *pieces[:-1]], strict=True):
        _weigh(row, piece, before)
    for piece in pieces:
        _limit(row, piece, hours)
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        _name(row, piece, following, plan, brush)
    now = hours.place(brush.look.now.timestamp())
    if row.blank(now):
        row.put(now, "┊", "quiet")
    return (*_label(line, brush, label_width(width), top), *row.spans())


@dataclass(slots=True)
class _Piece:
    """A bar in the cells of one line: the first and the last one that show it, and what weighs on it."""

    bar: Bar
    first: int
    last: int
    asked: tuple[int, int]
    given: tuple[int, int] | None
    begun: bool
    """Whether it begins before the first cell."""
    goes_on: bool
    front: str
    weight: Token
    text_from: int = 0

    @property
    def action(self) -> str:
        return SHOW + self.bar.id


def _piece(bar: Bar, hours: Hours, brush: Brush) -> _Piece:
    first, last = hours.halves((bar.start, bar.end))
    shape, weight = brush.weigh(bar)
    front = ("●" if bar.id in brush.marked else "") + shape
    given = hours.halves(bar.given) if bar.given else None
    ends = max(0, first // 2), min(hours.width - 1, (last - 1) // 2)
    beyond = first < 0, last > hours.width * 2
    return _Piece(bar, *ends, hours.halves(bar.asked), given, *beyond, front, weight if shape else "accent")


def _draw(row: Canvas, piece: _Piece) -> None:
    outline: Token = "" if is_open(piece.bar.row.status) else "quiet"
    if piece.weight in ("warn", "bad", "critical"):
        outline = "warn" if piece.weight == "warn" else "bad"
    for cell in range(piece.first, piece.last + 1):
        filled, asked = _covering(cell, piece.given, "█▌▐"), _covering(cell, piece.asked, "━╸╺")
        row.put(cell, filled or asked or "·", "bar" if filled else outline if asked else "quiet", piece.action)
    for beyond, cell, shape in ((piece.begun, 0, "◂"), (piece.goes_on, row.width - 1, "▸")):
        if beyond:
            row.put(cell, shape, row.tokens[cell], piece.action)


def _covering(cell: int, halves: tuple[int, int] | None, shapes: str) -> str:
    if halves is None:
        return ""
    left, right = (halves[0] <= half < halves[1] for half in (cell * 2, cell * 2 + 1))
    return shapes[0] if left and right else shapes[1] if left else shapes[2] if right else ""


def _part(row: Canvas, piece: _Piece, following: _Piece | None) -> None:
    """Where the next bar takes the last cell or begins right after it, this one ends earlier, so that both are seen."""
    if following is None:
        return
    if following.first <= piece.last:
        piece.last = following.first - 1
    elif following.first == piece.last + 1:
        shorter = {"█": "▌", "━": "╸"}.get(row.chars[piece.last])
        if shorter:
            row.put(piece.last, shorter, row.tokens[piece.last], piece.action)


def _weigh(row: Canvas, piece: _Piece, before: _Piece | None) -> None:
    """The shape stands in front of the bar where there is room, else in its first cells."""
    size = cells(piece.front)
    if not size or piece.last < piece.first:
        piece.text_from = piece.first + 1
        return
    at = piece.first - size
    if at < 0 or (before is not None and at <= before.last):
        at = piece.first
    room = min(size, row.width - at)
    row.text(at, cut(piece.front, room, ""), piece.weight, piece.action)
    piece.text_from = max(piece.first + 1, at + room)
    if at < piece.first:
        piece.first = at


def _name(row: Canvas, piece: _Piece, following: _Piece | None, plan: Layout, brush: Brush) -> None:
    """Its text in the bar, else behind it; the most that fits without being cut, at the least a part of the name."""
    name, times = _words(piece.bar, plan, brush.look)
    inside, behind = _inside(piece, row.width), _behind(row, piece, following)
    token: Token = "inbar" if piece.bar.given else ""
    texts = [text for text in (f"{name} {times[0]}".strip(), f"{name} {times[1]}".strip(), name) if text]
    for text in texts:
        size = cells(text)
        if size <= len(inside):
            spare = not piece.bar.given and size + 2 <= len(inside)
            row.text(inside[0], f" {text} " if spare else text, token, piece.action)
            return
    for text in texts[1:]:
        if cells(text) <= len(behind):
            row.text(behind[0], text, "quiet", piece.action)
            return
    if len(inside) >= max(SHORTEST, len(behind)):
        row.text(inside[0], cut(texts[-1], len(inside)), token, piece.action)
    elif len(behind) >= SHORTEST:
        row.text(behind[0], cut(texts[-1], len(behind)), "quiet", piece.action)


def _behind(row: Canvas, piece: _Piece, following: _Piece | None) -> range:
    """The empty cells behind a bar, and behind its limits, without those that keep it apart from what follows."""
    begin = piece.last + 1
    while begin < row.width and row.chars[begin] in "·┤" and not row.actions[begin]:
        begin += 1
    stop = begin
    while stop < row.width and row.blank(stop):
        stop += 1
    return range(begin + 1, max(begin + 1, stop if following is None and stop == row.width else stop - 1))


def _inside(piece: _Piece, width: int) -> range:
    """The cells in which text can stand: of what is given, else of what is asked, without the cells at the ends."""
    first, last = piece.given or piece.asked
    low = max(piece.text_from, first // 2 + 1, 0)
    high = min(piece.last, (last - 1) // 2, width - 1)
    return range(low, max(low, high))


def _words(bar: Bar, plan: Layout, look: Look) -> tuple[str, tuple[str, str]]:
    row = bar.row
    start, end = (datetime.fromtimestamp(at, UTC) for at in bar.window)
    if plan.by == "station":
        name = look.vehicle(row.vehicle_id) or look.driver(row.driver_id)
    elif plan.by == "vehicle":
        name = look.station(row.station_id)
    else:
        name = look.vehicle(row.vehicle_id) or look.station(row.station_id)
    if not name and not is_open(row.status):
        name = safe(row.status, 20)
    return name, (window(start, end, look.zone), hhmm(start, look.zone))


def _limit(row: Canvas, piece: _Piece, hours: Hours) -> None:
    """The limits of an open one on either side, where nothing stands between them and the bar."""
    low, high = piece.bar.limits
    if not is_open(piece.bar.row.status):
        return
    if low is not None:
        first = hours.place(low)
        stretch = range(max(0, first), piece.first)
        if stretch and all(row.blank(at) for at in stretch):
            row.fill(stretch, "·", "quiet")
            row.put(first, "├", "quiet")
    if high is not None:
        last = hours.place(high)
        stretch = range(piece.last + 1, min(last, row.width - 1) + 1)
        if stretch and all(row.blank(at) for at in stretch):
            row.fill(stretch, "·", "quiet")
            row.put(last, "┤", "quiet")


def _label(line: BoardLine, brush: Brush, width: int, top: bool) -> Line:
    if line.number and (line.overlap or not top):
        words = f"  └ overlap {span(line.overlap)}" if line.overlap else ""
        return (Span(fit(words, width), "warn"),)
    count = str(len(line.lane.bars))
    weighed = (brush.weigh(bar) for bar in line.lane.bars) if line.lane.key else iter(())
    shape, weight = max(weighed, key=_heavy, default=("", ""))
    room = width - 5 - len(count)
    return (
        Span(fit(shape, 2), weight),
        Span(" "),
        Span(fit(line.lane.label, room), "" if line.lane.key else "quiet"),
        Span(f" {count} ", "quiet"),
    )


def _heavy(weighed: tuple[str, Token]) -> int:
    order: tuple[Token, ...] = ("", "quiet", "warn", "bad", "critical")
    return order.index(weighed[1]) if weighed[0] and weighed[1] in order else 0


# -- around it --------------------------------------------------------------------------------------------------------


def legend(brush: Brush, width: int) -> Line:
    """What the shapes mean, as far as there is room."""
    told: tuple[tuple[str, Token, str], ...] = (
        ("█", "bar", "given"), ("━", "", "asked"), ("├··┤", "quiet", "limits"),
        ("┊", "quiet", f"now {hhmm(brush.look.now, brush.look.zone)}"), ("!!", "critical", "critical"),
        ("!", "bad", "high"), ("-", "warn", "medium"), ("~", "quiet", "to know"), ("●", "accent", "marked"),
    )  # fmt: skip
    spans: list[Span] = []
    for shape, token, words in told:
        piece = (Span("  " if spans else " "), Span(shape, token), Span(f" {words}", "quiet"))
        if width_of(spans) + width_of(piece) > width:
            break
        spans += piece
    return tuple(spans) or BLANK
