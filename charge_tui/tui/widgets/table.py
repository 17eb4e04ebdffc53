"""The table of reservations: one line a row, painted only where its text changed, whatever the number of rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from charge_tui.tui.ink import difference, ink_of
from charge_tui.tui.model import Rule, successor
from charge_tui.tui.numbered import Numbered
from charge_tui.tui.render.panels import centred
from charge_tui.tui.render.spans import BLANK, Line

LineOf = Callable[[str], Line]
_KEPT: Final = 4
"""Screenfuls of rows that are kept as they were painted, or made ahead, until something might make them others."""


class ReservationTable(Widget, can_focus=True):
    """Rows known by the id of their reservation.

    The cursor belongs to an id and goes where that row goes; new rows never move it, nor what stands beside it.
    Between rows there can be rules, which it passes over.
    """

    class Moved(Message):
        """The cursor is on another reservation, or on none."""

        def __init__(self, table: "ReservationTable", id: str | None) -> None:
            super().__init__()
            self.table = table
            self.id = id

        def can_replace(self, message: Message) -> bool:
            """Where the cursor was for a moment, nobody asks."""
            return isinstance(message, ReservationTable.Moved)

        @property
        def control(self) -> "ReservationTable":
            """The table."""
            return self.table

    class Opened(Message):
        """The row under the cursor was clicked again."""

        def __init__(self, table: "ReservationTable", id: str) -> None:
            super().__init__()
            self.table = table
            self.id = id

        @property
        def control(self) -> "ReservationTable":
            """The table."""
            return self.table

    class Resized(Message):
        """The table has another size, so other columns fit."""

    def __init__(self, line_of: LineOf, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._line_of = line_of
        self._lines: Sequence[str] = ()
        self._places: Mapping[str, int] = {}
        self._ids: Sequence[str] = ()
        self._order: Mapping[str, int] = {}
        self._painted: dict[str, Line] = {}
        self._strips: dict[tuple[str, int], tuple[Line, int, Strip]] = {}
        self._cursor: str | None = None
        self._top = 0
        self._empty: Sequence[Line] = ()
        self._preparing = 0
        """The direction in which a row is to be made ahead, 0 for none."""
        self.moves = 0
        """How often the cursor went to another row, or to a row of another list."""

    # -- what it shows ------------------------------------------------------------------------------------------------

    @property
    def ids(self) -> Sequence[str]:
        """The rows in order."""
        return self._ids

    @property
    def cursor(self) -> str | None:
        """The reservation that the cursor is on."""
        return self._cursor

    @property
    def place(self) -> int | None:
        """The cursor's place among the rows, from 0."""
        return None if self._cursor is None else self._order.get(self._cursor)

    @property
    def visible_ids(self) -> Sequence[str]:
        """The rows on the screen, and the rules between them."""
        return self._lines[self._top : self._top + max(0, self.size.height)]

    def show(
        self, lines: Sequence[str], *, cursor: str | None = None, anew: bool = False, from_top: bool = False
    ) -> None:
        """Show these rows and rules in this order.

        The cursor stays with its row, or goes to a neighbour where that left; in another list (``anew``) it goes to the
        given row, or the first. With ``from_top`` a list that shows its first line goes on doing so, as long as that
        leaves the cursor on the screen.
        """
        before, old_cursor, y = self._lines, self._cursor, self._cursor_line()
        seen = list(self.visible_ids)
        self._lines = lines
        self._set_order(lines)
        kept = cursor if cursor in self._order else None
        self._cursor = kept or successor(() if anew else before, None if anew else old_cursor, self._order)
        top = self._top
        at = None if self._cursor is None else self._places[self._cursor]
        if anew:
            top = 0 if at is None else max(0, at - self._height() // 2)
        elif from_top and top == 0 and at is not None and at < self._height():
            pass
        elif y is not None and at is not None:
            top = at - y
        elif before and self._top < len(before) and before[self._top] in self._places:
            top = self._places[before[self._top]]
        self._top = self._within(top)
        if anew:
            self._forget_painted()
            self.refresh()
        else:
            self._repaint_changed(seen, old_cursor)
        if self._cursor != old_cursor or anew:
            self._tell_moved()

    def _set_order(self, lines: Sequence[str]) -> None:
        if isinstance(lines, Numbered):
            self._ids, self._places, self._order = lines, lines.places, lines.places
            return
        self._places = dict(zip(lines, range(len(lines)), strict=True))
        self._ids = [line for line in lines if not isinstance(line, Rule)]
        whole = len(self._ids) == len(lines)
        self._order = self._places if whole else {id: place for place, id in enumerate(self._ids)}

    def touch(self, ids: Iterable[str]) -> None:
        """These rows may look different now; those on the screen that do are painted."""
        wanted = set(ids)
        if wanted:
            self._forget_unseen()
        for y, id in enumerate(self.visible_ids):
            if id in wanted:
                self._repaint_row(y, id)

    def touch_visible(self) -> None:
        """Time has passed or names came: paint the rows on the screen that look different now."""
        self._forget_unseen()
        for y, id in enumerate(self.visible_ids):
            self._repaint_row(y, id)

    def repaint_all(self) -> None:
        """The columns, the zone or the theme are other ones."""
        self._forget_painted()
        self.refresh()

    def set_empty(self, lines: Sequence[Line]) -> None:
        """What stands in the middle when there are no rows."""
        if lines != self._empty:
            self._empty = lines
            if not self._ids:
                self.refresh()

    # -- the cursor ---------------------------------------------------------------------------------------------------

    def move(self, steps: int) -> None:
        """Move the cursor by that many rows, as far as there are any."""
        place = self.place
        if place is None:
            return
        self.go(self._ids[max(0, min(len(self._ids) - 1, place + steps))])
        if not self._preparing:
            self._preparing = 1 if steps > 0 else -1
            self.call_after_refresh(self._prepare)

    def move_page(self, pages: int) -> None:
        """Move the cursor by screenfuls, keeping it on the same line of the screen."""
        place = self.place
        if place is None:
            return
        step = max(1, self._height() - 1) * pages
        target = max(0, min(len(self._ids) - 1, place + step))
        top = 0 if target == 0 else self._within(self._top + step)
        self._go(self._keep_in_sight(self._ids[target], top), top)

    def go(self, id: str) -> None:
        """Put the cursor on a row, if it is here; beyond the edge the list scrolls by half a screen."""
        place = self._places.get(id)
        if place is None or id not in self._order:
            return
        height, top = self._height(), self._top
        if not self._order[id]:
            top = 0
        elif place < top:
            top = min(place, top - height // 2)
        elif place >= top + height:
            top = max(place - height + 1, top + height // 2)
        self._go(id, self._within(top))

    def first(self) -> None:
        """To the first row."""
        if self._ids:
            self._go(self._ids[0], 0)

    def last(self) -> None:
        """To the last row."""
        if self._ids:
            self._go(self._ids[-1], self._within(len(self._lines)))

    def _keep_in_sight(self, id: str, top: int) -> str:
        """The row, or the nearest one that stands on a screen whose first line is ``top``."""
        place = max(top, min(top + self._height() - 1, self._places[id]))
        near = [line for line in (*self._lines[place:], *reversed(self._lines[:place])) if not isinstance(line, Rule)]
        return near[0]

    def _go(self, id: str, top: int) -> None:
        before = self._cursor
        self._cursor = id
        if top != self._top:
            self._top = top
            if len(self._painted) > _KEPT * self._height():
                self._forget_unseen()
            self.refresh()
        elif before != self._cursor:
            self._refresh_lines(before, self._cursor)
        if before != self._cursor:
            self._tell_moved()

    def _tell_moved(self) -> None:
        self.moves += 1
        self.post_message(self.Moved(self, self._cursor))

    # -- painting -----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line of the table."""
        place, width, ink = y + self._top, self.size.width, ink_of(self)
        if not self._ids:
            lines = centred(self._empty, width, self.size.height)
            return ink.strip(lines[y] if y < len(lines) else BLANK, width)
        if place >= len(self._lines):
            return ink.strip(BLANK, width)
        id = self._lines[place]
        line = self._painted.get(id)
        if line is None:
            line = self._painted[id] = self._line_of(id)
        state = 0 if id != self._cursor else 2 if self.has_focus else 1
        known = self._strips.get((id, state))
        if known and known[0] is line and known[1] == width:
            return known[2]
        strip = ink.strip(line, width) if not state else ink.cursor_strip(line, width, state == 2)
        self._strips[id, state] = (line, width, strip)
        return strip

    def _prepare(self) -> None:
        """Make the next row that a scroll will bring in: fifteen of them would keep the frame that scrolls waiting.

        What is made ahead is thrown away by whatever might make it another one (``_forget_unseen``).
        """
        step, height = self._preparing, self._height()
        self._preparing = 0
        first = self._top + height if step > 0 else self._top - 1
        for place in range(first, first + step * (height // 2), step):
            if not 0 <= place < len(self._lines):
                return
            id = self._lines[place]
            if id not in self._painted:
                line = self._painted[id] = self._line_of(id)
                width = self.size.width
                self._strips[id, 0] = (line, width, ink_of(self).strip(line, width))
                return

    def _repaint_row(self, y: int, id: str) -> None:
        before = self._painted.get(id)
        if before is None:
            return
        after = self._line_of(id)
        if before == after:
            return
        self._painted[id] = after
        changed = difference(before, after, self.size.width)
        if changed:
            self.refresh(Region(changed[0], y, changed[1], 1))

    def _repaint_changed(self, seen: Sequence[str], old_cursor: str | None) -> None:
        visible = self.visible_ids
        moved = {old_cursor, self._cursor} if old_cursor != self._cursor else set()
        for y in range(self._height()):
            old = seen[y] if y < len(seen) else None
            new = visible[y] if y < len(visible) else None
            if old != new or new in moved:
                self.refresh(Region(0, y, self.size.width, 1))
            elif new is not None:
                self._repaint_row(y, new)
        self._forget_unseen()

    def _forget_unseen(self) -> None:
        visible = set(self.visible_ids)
        self._painted = {id: line for id, line in self._painted.items() if id in visible}
        self._strips = {of: strip for of, strip in self._strips.items() if of[0] in visible}

    def _forget_painted(self) -> None:
        self._painted.clear()
        self._strips.clear()

    def _refresh_lines(self, *ids: str | None) -> None:
        for id in ids:
            place = self._places.get(id) if id is not None else None
            if place is not None and 0 <= place - self._top < self._height():
                self.refresh(Region(0, place - self._top, self.size.width, 1))

    def _height(self) -> int:
        return max(1, self.size.height)

    def _within(self, top: int) -> int:
        return max(0, min(top, len(self._lines) - self._height()))

    def _cursor_line(self) -> int | None:
        place = None if self._cursor is None else self._places.get(self._cursor)
        if place is None or not 0 <= place - self._top < self._height():
            return None
        return place - self._top

    # -- what the person does -----------------------------------------------------------------------------------------

    def on_focus(self) -> None:
        """The cursor's row shows that keys act on it."""
        self._refresh_lines(self._cursor)

    def on_blur(self) -> None:
        """The cursor's row shows that keys act elsewhere."""
        self._refresh_lines(self._cursor)

    def on_resize(self) -> None:
        """Keep the cursor's row on the screen."""
        self._forget_painted()
        place = None if self._cursor is None else self._places.get(self._cursor)
        if place is not None and place >= self._top + self._height():
            self._top = place - self._height() + 1
        self._top = self._within(self._top)
        self.post_message(self.Resized())

    def on_click(self, event: events.Click) -> None:
        """A click selects; a click on the row of the cursor opens it."""
        at = event.get_content_offset(self)
        place = at.y + self._top if at else -1
        if not 0 <= place < len(self._lines) or isinstance(self._lines[place], Rule):
            return
        event.stop()
        id = self._lines[place]
        if id == self._cursor and self.has_focus:
            self.post_message(self.Opened(self, id))
        self._go(id, self._top)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls; the cursor stays with its row."""
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls; the cursor stays with its row."""
        event.stop()
        self._scroll(-3)

    def _scroll(self, lines: int) -> None:
        top = self._within(self._top + lines)
        if top != self._top:
            self._top = top
            self._forget_painted()
            self.refresh()
