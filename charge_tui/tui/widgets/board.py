"""The board on the screen: lanes of bars under an axis of hours; only what looks different is painted again."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from charge_tui.domain.reservation import Reservation
from charge_tui.tui.board import BoardState
from charge_tui.tui.ink import difference, ink_of
from charge_tui.tui.render.board import By, Layout
from charge_tui.tui.render.board_draw import SHOW, Brush, axis_lines, label_width, lane_line, legend
from charge_tui.tui.render.panels import centred
from charge_tui.tui.render.spans import BLANK, Line, Span, cells, fit_line

HEAD: Final = 2
"""Lines of the axis above the lanes."""
FOOT: Final = 1
"""Lines of the legend below them."""


class Board(Widget, can_focus=True):
    """Shows the reservations that it is given.

    Args:
        brush: how it is to be drawn now.
        go: is told the reservation that the cursor goes to.
    """

    class Opened(Message):
        """The bar under the cursor was clicked again."""

        def __init__(self, board: "Board") -> None:
            super().__init__()
            self.board = board

        @property
        def control(self) -> "Board":
            """The board."""
            return self.board

    def __init__(self, brush: Callable[[], Brush], go: Callable[[str], None], *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._brush_of = brush
        self._go_there = go
        self._brush: Brush | None = None
        self._drawn: dict[tuple[int, bool], Line] = {}
        self._drawn_of: Layout | None = None
        self._painted: list[Line] = []
        self._cursor: tuple[str | None, bool] = (None, False)
        self.state = BoardState(lambda: brush().look)

    # -- what it shows ------------------------------------------------------------------------------------------------

    def show(self, rows: Iterable[Reservation], cursor: str | None, *, anew: bool = False) -> None:
        """Show these reservations; the cursor's line stays where it is on the screen unless they are ``anew``."""
        self._brush = None
        self.state.show(rows, cursor, anew=anew)
        self._paint()

    def repaint(self, cursor: str | None) -> None:
        """Time has passed, or marks, names or the zone are others."""
        self._brush = None
        self.state.follow(cursor)
        self.state.pass_time()
        self._paint()

    def follow(self, cursor: str | None) -> None:
        """Put the cursor on a reservation."""
        self.state.follow(cursor)
        self._paint()

    # -- what keys do -------------------------------------------------------------------------------------------------

    def move(self, steps: int) -> None:
        """That many lines down, or up."""
        self._went(self.state.move(steps))

    def move_page(self, pages: int) -> None:
        """That many screenfuls down, or up."""
        self._went(self.state.move_page(pages))

    def first(self) -> None:
        """To the first line."""
        self._went(self.state.go_line(0))

    def last(self) -> None:
        """To the last line."""
        self._went(self.state.go_line(-1))

    def advance(self) -> None:
        """To the next bar, line by line."""
        self._went(self.state.advance())

    def along(self, steps: int) -> bool:
        """To the next bar of the line, or the previous one; whether there was one."""
        found = self.state.along(steps)
        self._went(self.state.cursor)
        return found

    def scroll_hours(self, quarters: int) -> None:
        """Later or earlier by quarters of what is shown."""
        self.state.scroll_hours(quarters)
        self._went(self.state.cursor)

    def zoom_by(self, steps: int) -> bool:
        """More hours, or fewer; whether there is such a step."""
        done = self.state.zoom_by(steps)
        self._went(self.state.cursor)
        return done

    def to_now(self) -> None:
        """Back to the coming hours."""
        self.state.to_now()
        self._went(self.state.cursor)

    def next_lanes(self) -> By:
        """Lanes of the next kind; what kind that is."""
        by = self.state.next_lanes()
        self._paint()
        return by

    def _went(self, cursor: str | None) -> None:
        self._paint()
        if cursor is not None:
            self._go_there(cursor)

    # -- painting -----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line of the board."""
        line = self._painted[y] if y < len(self._painted) else BLANK
        ink, (cursor, focused) = ink_of(self), self._cursor
        if cursor is None:
            return ink.strip(line, self.size.width)
        return ink.strip_with_cursor(line, self.size.width, SHOW + cursor, focused)

    def _paint(self) -> None:
        """Compose what is on the screen, and refresh the lines of which the text or the cursor is another."""
        before, self._painted = self._painted, self._composed()
        was, self._cursor = self._cursor, (self.state.cursor, self.has_focus)
        moved = {SHOW + one for one, _ in (was, self._cursor) if one} if was != self._cursor else set()
        for y, line in enumerate(self._painted):
            old = before[y] if y < len(before) else BLANK
            if moved and any(one.action in moved for both in (old, line) for one in both):
                self.refresh(Region(0, y, self.size.width, 1))
            elif old is not line and old != line:
                changed = difference(old, line, self.size.width)
                if changed:
                    self.refresh(Region(changed[0], y, changed[1], 1))

    def _composed(self) -> list[Line]:
        width, height = self.size
        if not width or height <= HEAD + FOOT:
            return [BLANK] * height
        if self._brush is None or self._drawn_of is not self.state.plan:
            self._drawn.clear()
            self._drawn_of = self.state.plan
        brush = self._brush = self._brush or self._brush_of()
        room = height - HEAD - FOOT
        lanes = [self._line(number, brush, width) for number in range(self.state.top, self.state.bottom)]
        if not self.state.plan.lines:
            lanes = centred(self._nothing(), width, room)
        lanes += [BLANK] * (room - len(lanes))
        return [*axis_lines(self.state.plan, brush, width), *lanes[:room], legend(brush, width)]

    def _line(self, number: int, brush: Brush, width: int) -> Line:
        top = number == self.state.top
        line = self._drawn.get((number, top))
        if line is None:
            plan = self.state.plan
            line = self._drawn[number, top] = lane_line(plan.lines[number], plan, brush, width, top=top)
        return line

    def _nothing(self) -> Sequence[Line]:
        if not self.state.total:
            return [(Span("nothing to show in this view", "quiet"),)]
        return [(Span("nothing in these hours", "strong"),), (Span(f"{self.state.total:,} at other times", "quiet"),)]

    # -- what the terminal does ---------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Another size: the same hours, in cells of another length."""
        width, height = self.size
        self.state.resize(width - label_width(width), height - HEAD - FOOT)
        self._painted = []
        self._paint()
        self.refresh()

    def on_focus(self) -> None:
        """The cursor shows that keys act on it."""
        self._paint()

    def on_blur(self) -> None:
        """The cursor shows that keys act elsewhere."""
        self._paint()

    def on_click(self, event: events.Click) -> None:
        """A click selects; a click on the bar of the cursor opens it."""
        at = event.get_content_offset(self)
        if at is None or at.y >= len(self._painted):
            return
        identity = _action_at(self._painted[at.y], at.x, self.size.width).removeprefix(SHOW)
        if identity not in self.state.plan.places:
            return
        event.stop()
        if identity == self.state.cursor and self.has_focus:
            self.post_message(self.Opened(self))
        self.state.follow(identity)
        self._went(identity)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls the lanes; the cursor stays with its reservation."""
        event.stop()
        self.state.scroll_lines(3)
        self._paint()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls the lanes; the cursor stays with its reservation."""
        event.stop()
        self.state.scroll_lines(-3)
        self._paint()


def _action_at(line: Line, x: int, width: int) -> str:
    for span in fit_line(line, width):
        x -= cells(span.text)
        if x < 0:
            return span.action
    return ""
