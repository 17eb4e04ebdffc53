"""From lines to what Textual paints: the theme's styles, and ASCII where that is asked for."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip
from textual.widget import Widget

from charge_tui.tui.render.ascii import to_ascii
from charge_tui.tui.render.spans import Line, Span, cells, fit_line
from charge_tui.tui.themes import Palette


class Ink:
    """Paints lines with one palette."""

    def __init__(self, palette: Palette, ascii_only: bool) -> None:
        self.palette = palette
        self.ascii_only = ascii_only

    def strip(self, line: Line, width: int) -> Strip:
        """The line in exactly that many cells."""
        return self._strip(((span.text, self.palette.style(span.token)) for span in fit_line(line, width)), width)

    def cursor_strip(self, line: Line, width: int, focused: bool) -> Strip:
        """The line as the cursor's row."""
        style = self.palette.on_cursor
        return self._strip(((span.text, style(span.token, focused)) for span in fit_line(line, width)), width)

    def strip_with_cursor(self, line: Line, width: int, action: str, focused: bool) -> Strip:
        """A line of the board with the cursor on those of its pieces that have this action."""
        fore, plain = self.palette.on_bar, self.palette.style
        spans = fit_line(line, width)
        styles = (fore(one.token, focused) if one.action == action else plain(one.token) for one in spans)
        return self._strip(zip((one.text for one in spans), styles, strict=True), width)

    def text(self, text: str) -> str:
        """A text in the alphabet that is asked for."""
        return to_ascii(text) if self.ascii_only else text

    def _strip(self, pieces: Iterable[tuple[str, Style]], width: int) -> Strip:
        segments: list[Segment] = []
        for text, style in pieces:
            if segments and segments[-1].style == style:
                segments[-1] = Segment(segments[-1].text + self.text(text), style)
            else:
                segments.append(Segment(self.text(text), style))
        return Strip(segments, width)


class InkedApp(App[None]):
    """An app whose widgets paint with ``ink``."""

    ink: Ink


def ink_of(widget: Widget) -> Ink:
    """The ink of the app that a widget lives in."""
    app = widget.app
    if not isinstance(app, InkedApp):
        raise TypeError(f"{app!r} has no ink")
    return app.ink


def difference(before: Line, after: Line, width: int) -> tuple[int, int] | None:
    """The cells from the first to the last that differ, as start and length; None where the lines look the same."""
    old, new = _cells(before, width), _cells(after, width)
    if old is None or new is None:
        return None if before == after else (0, width)
    if old == new:
        return None
    first = next(index for index in range(width) if old[index] != new[index])
    last = next(index for index in range(width - 1, -1, -1) if old[index] != new[index])
    return first, last - first + 1


def _cells(line: Line, width: int) -> list[tuple[str, str]] | None:
    fitted = fit_line(line, width)
    if not all(_narrow(span) for span in fitted):
        return None
    return [(char, span.token) for span in fitted for char in span.text]


def _narrow(span: Span) -> bool:
    return span.text.isascii() or all(cells(char) == 1 for char in span.text)
