"""The state of the board: what it shows, which hours, where its cursor is. Knows no Textual.

A refresh never moves the cursor to another reservation and never scrolls; only keys do.
"""

from collections.abc import Callable, Iterable
from typing import Final

from charge_tui.domain.reservation import Reservation
from charge_tui.tui.render import board_walk as walk
from charge_tui.tui.render.board import (
    BYS,
    ZOOMS,
    Bar,
    By,
    Hours,
    Lane,
    Layout,
    bar_of,
    hours_around,
    hours_at,
    lanes_of,
    layout,
)
from charge_tui.tui.render.look import Look

USUAL: Final = 12
"""How many hours it shows at first."""


class BoardState:
    """Lanes, hours, cursor, and which line is the uppermost one on the screen.

    Args:
        look: how values are to be shown now.
    """

    def __init__(self, look: Callable[[], Look]) -> None:
        self.look = look
        self.by: By = BYS[0]
        self.cursor: str | None = None
        self.top = 0
        self.follows = True
        """Whether the hours go along with the time: until they are scrolled."""
        self.plan = Layout(hours_at(0.0, USUAL * 3600, 1), self.by)
        self._zoom = ZOOMS.index(USUAL)
        self._width = 1
        self._height = 1
        self._known: dict[str, Bar] = {}
        self._lanes: list[Lane] = []
        self._aim: float | None = None
        """The moment that going up and down keeps to; None before anything was walked."""

    # -- what it shows ------------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> int:
        """How many hours it shows."""
        return ZOOMS[self._zoom]

    @property
    def hours(self) -> Hours:
        """The stretch of time that it shows."""
        return self.plan.hours

    @property
    def total(self) -> int:
        """How many reservations it holds, at all hours."""
        return len(self._known)

    @property
    def in_sight(self) -> bool:
        """Whether the cursor's reservation is in these hours."""
        return self.cursor in self.plan.places

    @property
    def bottom(self) -> int:
        """The line after the last one on the screen."""
        return min(len(self.plan.lines), self.top + self._height)

    def show(self, rows: Iterable[Reservation], cursor: str | None, *, anew: bool = False) -> None:
        """Hold these reservations; the line of the cursor stays where it is on the screen unless they are ``anew``."""
        before, self._known = self._known, {}
        for row in rows:
            old = before.get(row.id)
            self._known[row.id] = old if old is not None and old.row is row else bar_of(row)
        self._group(cursor, top=anew)

    def resize(self, width: int, height: int) -> None:
        """Another number of cells for the hours, and of lines for the lanes: the same hours, in other cells."""
        self._width, self._height = max(1, width), max(1, height)
        fresh = self.hours.width == 1 or self.follows
        self._lay_out(self._coming() if fresh else hours_at(self.hours.start, self.hours.seconds, self._width))
        self._keep_in_sight()

    def pass_time(self) -> bool:
        """Time has passed: whether other hours are shown for it."""
        hours = self._coming()
        if not self.follows or hours == self.hours:
            return False
        self._lay_out(hours)
        return True

    # -- the cursor ---------------------------------------------------------------------------------------------------

    def follow(self, cursor: str | None) -> None:
        """Put the cursor on a reservation; the hours go along where that one is here at all."""
        if cursor != self.cursor:
            self.cursor = cursor
            bar = self._known.get(cursor or "")
            if bar is not None:
                self._go(bar, aim=True)

    def move(self, steps: int) -> str | None:
        """To the line that many below, at the bar nearest to the time that the cursor is at; where it is then."""
        number = self.plan.places.get(self.cursor or "")
        target = self.top if number is None else number + steps
        if number is None or 0 <= target < len(self.plan.lines):
            self._go(walk.nearest(self.plan, target, self._moment()))
        return self.cursor

    def move_page(self, pages: int) -> str | None:
        """A screenful of lines down; where the cursor is then."""
        number = self.plan.places.get(self.cursor or "", self.top)
        self._go(walk.nearest(self.plan, number + pages * max(1, self._height - 1), self._moment()))
        return self.cursor

    def go_line(self, number: int) -> str | None:
        """To a line, the last one for -1; where the cursor is then."""
        self._go(walk.nearest(self.plan, number if number >= 0 else len(self.plan.lines) - 1, self._moment()))
        return self.cursor

    def along(self, steps: int) -> bool:
        """To the next bar of the line, or the previous one; whether there was one."""
        if not self.in_sight:
            self.move(0)
            return True
        bar = walk.along(self.plan, self.cursor or "", steps)
        self._go(bar, aim=True)
        return bar is not None

    def advance(self) -> str | None:
        """To the next bar, line by line; where the cursor is then."""
        self._go(walk.following(self.plan, self.cursor or ""), aim=True)
        return self.cursor

    # -- the hours ----------------------------------------------------------------------------------------------------

    def scroll_hours(self, quarters: int) -> None:
        """Later or earlier by quarters of what is shown; a cursor that is left behind goes to the nearest bar."""
        self.follows = False
        self._lay_out(self.hours.moved(quarters * self.hours.seconds / 4))
        self._catch()

    def zoom_by(self, steps: int) -> bool:
        """More hours or fewer, the cursor's moment standing still; whether there is such a step."""
        if not 0 <= self._zoom + steps < len(ZOOMS):
            return False
        bar = walk.bar_at(self.plan, self.cursor)
        hours = self.hours
        held = walk.middle(bar, self.plan) if bar else hours.start + hours.seconds / 2
        share = (held - hours.start) / hours.seconds
        self._zoom += steps
        seconds = self.zoom * 3600
        self._lay_out(self._coming() if self.follows else hours_at(held - share * seconds, seconds, self._width))
        if bar is not None and not self.in_sight:
            self._bring(bar)
        self._catch()
        return True

    def to_now(self) -> None:
        """Back to the coming hours."""
        self.follows = True
        self._lay_out(self._coming())
        self._catch()

    def next_lanes(self) -> By:
        """Lanes of the next kind; what kind that is."""
        self.by = BYS[(BYS.index(self.by) + 1) % len(BYS)]
        self._group(self.cursor, top=True)
        return self.by

    def scroll_lines(self, lines: int) -> None:
        """Other lines on the screen; the cursor stays with its reservation."""
        self.top = self._within(self.top + lines)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _group(self, cursor: str | None, *, top: bool) -> None:
        self._lanes = lanes_of(self._known.values(), self.by, self.look())
        self._lay_out(self._coming() if self.follows else self.hours, cursor)
        if top:
            self.top = 0
            self._keep_in_sight()

    def _lay_out(self, hours: Hours, *cursor: str | None) -> None:
        """The line of the cursor, else the uppermost one, stays where it is on the screen."""
        before = self.plan
        line = before.places.get(self.cursor or "")
        y = line - self.top if line is not None and 0 <= line - self.top < self._height else None
        kept = before.lines[self.top].key if self.top < len(before.lines) else None
        if cursor:
            self.cursor = cursor[0]
        self.plan = layout(self._lanes, self.by, hours)
        number = self.plan.places.get(self.cursor or "")
        if y is not None and number is not None:
            self.top = number - y
        elif kept is not None:
            self.top = next((at for at, one in enumerate(self.plan.lines) if one.key == kept), self.top)
        self.top = self._within(self.top)

    def _go(self, bar: Bar | None, *, aim: bool = False) -> None:
        if bar is None:
            return
        self.cursor = bar.id
        if bar.id not in self.plan.places:
            self._bring(bar)
        if aim or self._aim is None:
            self._aim = walk.middle(bar, self.plan)
        self._keep_in_sight()

    def _bring(self, bar: Bar) -> None:
        """Hours in which a bar begins after a quarter of them."""
        self.follows = False
        self._lay_out(self.hours.moved(bar.start - self.hours.start - self.hours.seconds / 4))

    def _catch(self) -> None:
        """Take the cursor to the nearest bar where the hours went away from its own."""
        if not self.in_sight:
            at = max(self.hours.start, min(self.hours.end, self._moment()))
            self._go(walk.nearest(self.plan, self.top, at), aim=True)

    def _keep_in_sight(self) -> None:
        number = self.plan.places.get(self.cursor or "")
        if number is None:
            return
        if number < self.top:
            self.top = self._within(min(number, self.top - self._height // 2))
        elif number >= self.top + self._height:
            self.top = self._within(max(number - self._height + 1, self.top + self._height // 2))

    def _moment(self) -> float:
        return self.look().now.timestamp() if self._aim is None else self._aim

    def _coming(self) -> Hours:
        return hours_around(self.look().now, self.zoom, self._width)

    def _within(self, top: int) -> int:
        return max(0, min(top, len(self.plan.lines) - self._height))
