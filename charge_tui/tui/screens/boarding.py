"""The desk's screen with the board in the table's place: the same view, the same cursor, the same keys.

The table stays what it is while it is hidden, and keeps the cursor: the board shows its rows and walks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import day, floor_minute, window
from charge_tui.tui.commands import Command, When
from charge_tui.tui.put_off import board_draw, boards
from charge_tui.tui.render.spans import Span, Token
from charge_tui.tui.render.standing import shape_cell
from charge_tui.tui.screens.attending import AttendingScreen
from charge_tui.tui.screens.picture import PictureScreen
from charge_tui.tui.widgets.table import ReservationTable
from charge_tui.tui.widgets.walkable import Walkable

if TYPE_CHECKING:
    from charge_tui.tui.render.board import Bar


class BoardingScreen(AttendingScreen):
    """Opens the board and leaves it; what it shows is what the view holds."""

    board: boards.Board | None = None
    """The board, once it was opened."""
    _unreadable = 0
    _stale = True
    _turns = 0
    _shown_as: tuple[object, ...] = ()

    @property
    def boarding(self) -> bool:
        """Whether the board stands in the table's place."""
        return self.has_class("-board")

    @property
    def home(self) -> Walkable:
        """Where the cursor is walked."""
        return self.board if self.board is not None and self.boarding else super().home

    def go_on(self) -> None:
        """To the reservation after the one under the cursor."""
        if self.board is not None and self.boarding:
            self.board.advance()
        else:
            super().go_on()

    # -- opening and leaving ------------------------------------------------------------------------------------------

    async def do_board(self) -> None:
        """Open the board, or go back to the table."""
        if self.boarding:
            self.leave_board()
            return
        if self.board is None:
            self.board = boards.Board(self._brush, self.table.go, id="board")
            await self.query_one("#middle").mount(self.board)
        self.remove_class("-detail-open")
        self.add_class("-board")
        self._stale = True
        self.board.focus()
        self.call_after_refresh(self._opened_board)

    def _opened_board(self) -> None:
        self._show_board(anew=True)
        self.show_edges()

    def leave_board(self) -> None:
        """Back to the table."""
        self.remove_class("-board")
        self.table.focus()
        self.call_after_refresh(self.show_all)

    def do_back(self) -> None:
        """One step back; from the board itself, to the table."""
        at_rest = not (self.find_bar.display or self.workspace.find or self.pinned or self.detail.has_focus)
        super().do_back()
        if self.boarding and at_rest:
            self.leave_board()

    # -- keys of the board --------------------------------------------------------------------------------------------

    def do_board_right(self) -> None:
        """Next of the line."""
        self._along(1)

    def do_board_left(self) -> None:
        """Previous of the line."""
        self._along(-1)

    def _along(self, steps: int) -> None:
        if self.board is not None and not self.board.along(steps):
            self.say(f"this lane has nothing {'later' if steps > 0 else 'earlier'}")
        self.show_status()

    def do_board_later(self) -> None:
        """Scroll the hours on."""
        self._scroll_hours(1)

    def do_board_earlier(self) -> None:
        """Scroll the hours back."""
        self._scroll_hours(-1)

    def _scroll_hours(self, quarters: int) -> None:
        if self.board is not None:
            self.board.scroll_hours(quarters)
            self.show_status()

    def do_board_now(self) -> None:
        """The coming hours."""
        if self.board is not None:
            self.board.to_now()
            self.show_status()

    def do_board_in(self) -> None:
        """Fewer hours."""
        self._zoom(-1)

    def do_board_out(self) -> None:
        """More hours."""
        self._zoom(1)

    def _zoom(self, steps: int) -> None:
        if self.board is not None:
            self.board.zoom_by(steps)
            self.say(f"{self.board.state.zoom} hours")

    def do_board_lanes(self) -> None:
        """Other lanes."""
        if self.board is not None:
            self.say(f"a lane for each {self.board.next_lanes()}")

    # -- what can be done ---------------------------------------------------------------------------------------------

    def cases(self) -> dict[When, bool]:
        """What is the case now; on the board there is no column to sort by."""
        known = super().cases()
        known["board"] = self.boarding
        known["held"] = known["held"] and not self.boarding
        return known

    def why_not(self, command: Command) -> str:
        """Why a command cannot act now."""
        if command.when == "board":
            return f"that is a key of the board; {self.keymap.shown('board', 1)} opens it"
        if command.when == "held" and self.boarding:
            return "the board orders its lanes by what starts first"
        return super().why_not(command)

    # -- showing ------------------------------------------------------------------------------------------------------

    def weigh(self, bar: Bar) -> tuple[str, Token]:
        """The shape in front of a bar that needs a look."""
        return shape_cell(bar.row, self.workspace.standing(bar.id))

    def _brush(self) -> board_draw.Brush:
        return board_draw.Brush(self._look, self.weigh, frozenset(self.workspace.place.marks))

    def show_rows(self, *, anew: bool = False) -> None:
        """Show the rows of the view."""
        super().show_rows(anew=anew)
        self._stale = True
        if self.boarding:
            self._show_board(anew=anew)

    def show_edges(self) -> None:
        """Show what stands around, and the board where it looks different now."""
        self._show_board()
        super().show_edges()

    @on(PictureScreen.Stepped)
    def _board_is_stale(self, event: PictureScreen.Stepped) -> None:
        self._stale |= bool(event.delta.changes or event.delta.whole or event.delta.names)

    @on(PictureScreen.Turned)
    def _board_weighs_anew(self) -> None:
        self._turns += 1

    @on(ReservationTable.Moved)
    def _board_follows(self) -> None:
        if self.boarding and self.board is not None:
            self.board.follow(self.table.cursor)
            self.show_status()

    def on_board_opened(self) -> None:
        """Enter or a click on a bar."""
        self.do_open()

    def _show_board(self, *, anew: bool = False) -> None:
        board, space = self.board, self.workspace
        if board is None or not self.boarding or (space.frozen and not anew and self._shown_as):
            return
        shown_as = (floor_minute(self._look.now), space.zone, tuple(space.place.marks), self._turns)
        if self._stale or anew:
            self._stale = False
            rows = [row for row in map(space.row, space.ids) if row is not None]
            readable = [row for row in rows if isinstance(row, Reservation)]
            self._unreadable = len(rows) - len(readable)
            board.show(readable, self.table.cursor, anew=anew)
        elif shown_as != self._shown_as:
            board.repaint(self.table.cursor)
        self._shown_as = shown_as

    def _where(self) -> list[Span]:
        board = self.board
        if board is None or not self.boarding or self.detail.has_focus:
            return super()._where()
        space, zone, state = self.workspace, self.workspace.zone, board.state
        hours, lines = state.hours, len(state.plan.lines)
        begin = hours.moment()
        parts = [
            f" {len(state.plan.places):,} of {len(space.ids):,}",
            f"{day(begin, zone)} {window(begin, hours.until(), zone)}",
        ]
        if space.find:
            parts[0] += " found"
        if lines > state.bottom - state.top:
            parts.append(f"lines {state.top + 1:,}–{state.bottom:,} of {lines:,}")
        if self.table.cursor and not state.in_sight:
            parts.append("the cursor is at other hours")
        if space.place.marks:
            parts.append(f"{len(space.place.marks):,} marked")
        if self._unreadable:
            parts.append(f"{self._unreadable:,} unreadable, left out")
        return [Span(" · ".join(parts), "quiet")]
