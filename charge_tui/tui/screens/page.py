"""A page of text over the desk: title, lines that scroll, Esc closes it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from charge_tui.tui.render.spans import Line, Span
from charge_tui.tui.screens.frame import Frame


class Page(Frame[None]):
    """Shows lines that ``page_lines`` gives for a width."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "leave", show=False),
        Binding("space", "scroll_page(1)", show=False),
    ]

    def __init__(self, title: str, hint: str = "Esc closes") -> None:
        super().__init__()
        self._title = title
        self._hint = hint

    def page_lines(self, width: int) -> Sequence[Line]:
        """What the page says, in lines of at most that width."""
        raise NotImplementedError

    def show(self) -> None:
        """Show what the page says now."""
        lines = list(self.page_lines(self.text.size.width))
        more = "  ·  j k scroll" if len(lines) > self.text.size.height else ""
        self.paint((Span(self._title, "title"),), lines, (Span(self._hint + more, "quiet"),))
