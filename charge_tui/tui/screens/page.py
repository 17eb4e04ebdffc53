"""A page of text over the desk: title, lines that scroll, Esc closes it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from charge_tui.tui.render.spans import Line, Span
from charge_tui.tui.widgets.lines import Lines


class Page(ModalScreen[None]):
    """Shows lines that ``text`` gives for a width."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll_page(1)", show=False),
        Binding("pageup", "scroll_page(-1)", show=False),
        Binding("g,home", "scroll(-1000000)", show=False),
        Binding("G,end", "scroll(1000000)", show=False),
    ]

    def __init__(self, title: str, hint: str = "Esc closes") -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self.text = Lines(id="page-text")
        self.heading = Lines(id="page-title")
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(id="page"):
            yield self.heading
            yield self.text
            yield self.foot

    def on_mount(self) -> None:
        """Show it once the size is known."""
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.call_after_refresh(self.show)

    def page_lines(self, width: int) -> Sequence[Line]:
        """What the page says, in lines of at most that width."""
        raise NotImplementedError

    def show(self) -> None:
        """Show what the page says now."""
        lines = list(self.page_lines(self.text.size.width))
        self.text.show(lines)
        self.heading.show([(Span(self._title, "title"),)])
        more = len(lines) > self.text.size.height
        self.foot.show([(Span(self._hint + ("  ·  j k scroll" if more else ""), "quiet"),)])

    def action_close(self) -> None:
        """Back to the desk."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.text.scroll_by(lines)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by screenfuls."""
        self.text.scroll_by(pages * max(1, self.text.size.height - 1))

    @on(Lines.Pressed)
    def _pressed(self, event: Lines.Pressed) -> None:
        event.stop()
