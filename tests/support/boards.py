"""The board as its user sees it, and boards drawn without a screen."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from charge_tui.domain.reservation import Reservation
from charge_tui.tui.render.board import By, Hours, Layout, bar_of, hours_around, lanes_of, layout
from charge_tui.tui.render.board_draw import SHOW, Brush, axis_lines, label_width, lane_line
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import Line, cells, text_of
from charge_tui.tui.widgets.board import Board
from tests.support.reservations import NOON
from tests.support.screen import PARIS, Screen
from tests.tui.test_model import Names

NAMES = Names(veh_1="GH-204-KT", veh_2="CX777MM", drv_1="Maya Okafor", chst_1="Quai Sud", chst_2="Gare Nord")
WIDTH = 114
"""Cells of the boards that are drawn here: 25 for the names of the lanes, 89 for the hours unless told otherwise."""


def look(now: datetime = NOON, zone: tzinfo = PARIS) -> Look:
    """How things look at noon UTC, in Paris."""
    return Look(zone, now, NAMES)


def plan_of(rows: Iterable[Reservation], by: By = "station", hours: Hours | None = None) -> Layout:
    """What stands where on a board of 12 hours at noon UTC."""
    hours = hours or hours_around(NOON, 12, WIDTH - label_width(WIDTH))
    return layout(lanes_of(map(bar_of, rows), by, look()), by, hours)


def lines_of(plan: Layout, brush: Brush | None = None) -> list[Line]:
    """The lines of its lanes, as wide as the hours ask for; drawn the day before, so that now is not on them."""
    brush = brush or Brush(look(NOON - timedelta(days=1)), lambda _: ("", ""))
    return [lane_line(line, plan, brush, width_for(plan.hours)) for line in plan.lines]


def names_of(plan: Layout) -> list[str]:
    """What stands in front of the bars."""
    return [text_of(line)[: label_width(width_for(plan.hours))].rstrip() for line in lines_of(plan)]


def bars_of(plan: Layout, brush: Brush | None = None) -> list[str]:
    """The bars of the lines as text."""
    return [text_of(line)[label_width(width_for(plan.hours)) :].rstrip() for line in lines_of(plan, brush)]


def axis_of(hours: Hours, now: datetime = NOON, zone: tzinfo = PARIS) -> str:
    """The names of the hours."""
    width = width_for(hours)
    brush = Brush(look(now, zone), lambda _: ("", ""))
    return text_of(axis_lines(Layout(hours, "station"), brush, width)[0])[label_width(width) :]


def width_for(hours: Hours) -> int:
    """The width of a board that has so many cells for its hours."""
    return next(width for width in range(15, 400) if width - label_width(width) == hours.width)


def cells_of(line: Line, identity: str) -> list[int]:
    """The cells of a line that belong to a reservation."""
    found: list[int] = []
    at = 0
    for span in line:
        size = cells(span.text)
        if span.action == SHOW + identity:
            found += range(at, at + size)
        at += size
    return found


class Boarder:
    """Somebody at the board."""

    def __init__(self, desk: Screen) -> None:
        self.desk = desk

    @property
    def board(self) -> Board:
        """The board, which must be open."""
        board = self.desk.desk_screen.board
        assert board is not None
        assert self.desk.desk_screen.boarding
        return board

    @property
    def cursor(self) -> str:
        """The reservation under the cursor: the board, the hidden table and whatever acts agree on it."""
        cursor = self.board.state.cursor
        assert cursor is not None
        assert cursor == self.desk.desk_screen.subject == self.desk.table.cursor
        return cursor

    @property
    def focus(self) -> str:
        """Which pane the keys act on."""
        focused = self.desk.app.focused
        return "" if focused is None else focused.id or ""

    @property
    def lines(self) -> list[str]:
        """What stands on the board."""
        return [self.board.render_line(y).text.rstrip() for y in range(self.board.size.height)]

    @property
    def line(self) -> int:
        """The line of the cursor, from 0."""
        return self.board.state.plan.places[self.cursor]

    async def open(self) -> "Boarder":
        """Open it."""
        await self.desk.press("t")
        await self.desk.until(
            lambda: self.desk.desk_screen.boarding and self.board.state.plan.lines, "the board is open"
        )
        return self
