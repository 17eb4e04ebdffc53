"""Lines of text that repaint only the cells that changed."""

from collections.abc import Sequence

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from charge_tui.tui.ink import difference, ink_of
from charge_tui.tui.render.spans import BLANK, Line, cells, fit_line


class Lines(Widget):
    """A pane of lines. ``show`` gives it new ones; what looks the same is not painted again."""

    class Pressed(Message):
        """A piece of a line that does something was clicked."""

        def __init__(self, lines: "Lines", action: str) -> None:
            super().__init__()
            self.lines = lines
            self.action = action

        @property
        def control(self) -> "Lines":
            """The pane."""
            return self.lines

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._lines: list[Line] = []
        self._offset = 0

    @property
    def lines(self) -> Sequence[Line]:
        """What it shows."""
        return self._lines

    @property
    def offset_y(self) -> int:
        """How many lines are scrolled out above."""
        return self._offset

    def show(self, lines: Sequence[Line], *, from_top: bool = False) -> None:
        """Show these lines from now on; ``from_top`` scrolls back to the first."""
        before, self._lines = self._lines, list(lines)
        offset = 0 if from_top else min(self._offset, self._furthest())
        if offset != self._offset:
            self._offset = offset
            self.refresh()
            return
        width, height = self.size
        for y in range(height):
            old = before[y + offset] if y + offset < len(before) else BLANK
            new = self._lines[y + offset] if y + offset < len(self._lines) else BLANK
            if old is new or old == new:
                continue
            changed = difference(old, new, width)
            if changed:
                self.refresh(Region(changed[0], y, changed[1], 1))

    def scroll_by(self, lines: int) -> None:
        """Scroll by that many lines, as far as there are any."""
        self.scroll_line(self._offset + lines)

    def scroll_line(self, line: int) -> None:
        """Make this the uppermost line, as far as that goes."""
        offset = max(0, min(line, self._furthest()))
        if offset != self._offset:
            self._offset = offset
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the pane."""
        index = y + self._offset
        line = self._lines[index] if 0 <= index < len(self._lines) else BLANK
        return ink_of(self).strip(line, self.size.width)

    def action_at(self, x: int, y: int) -> str:
        """What a click on that cell does; empty for nothing."""
        index = y + self._offset
        if not 0 <= index < len(self._lines):
            return ""
        for span in fit_line(self._lines[index], self.size.width):
            x -= cells(span.text)
            if x < 0:
                return span.action
        return ""

    def on_click(self, event: events.Click) -> None:
        """Tell whoever listens what was clicked."""
        at = event.get_content_offset(self)
        action = self.action_at(at.x, at.y) if at else ""
        if action:
            event.stop()
            self.post_message(self.Pressed(self, action))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        event.stop()
        self.scroll_by(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel."""
        event.stop()
        self.scroll_by(-3)

    def on_resize(self) -> None:
        """Keep within what there is."""
        self._offset = min(self._offset, self._furthest())

    def _furthest(self) -> int:
        return max(0, len(self._lines) - max(1, self.size.height))
