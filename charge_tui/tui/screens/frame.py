"""The frame of whatever stands over the desk: a box with a title, lines that scroll, and a foot that tells the keys."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from charge_tui.tui.render.spans import Line, Span
from charge_tui.tui.widgets.lines import Lines

Result = TypeVar("Result")


class Frame(ModalScreen[Result]):
    """A framed page that scrolls. A page says in ``show`` what it shows, by ``paint``, as often as that changes.

    ``BOX`` and ``TEXT`` are the names by which the style sheets know the box and its lines.
    """

    BOX: ClassVar[str] = "page"
    TEXT: ClassVar[str] = "page-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown", "scroll_page(1)", show=False),
        Binding("pageup", "scroll_page(-1)", show=False),
        Binding("g,home", "scroll(-1000000)", show=False),
        Binding("G,end", "scroll(1000000)", show=False),
    ]

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.heading = Lines(id="page-title")
        self.text = Lines(id=self.TEXT)
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(id=self.BOX):
            yield self.heading
            yield self.text
            yield from self.below()
            yield self.foot

    def below(self) -> Sequence[Widget]:
        """What stands between the lines and the foot."""
        return ()

    def on_mount(self) -> None:
        """Show it once the size is known."""
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show what the page says now."""
        raise NotImplementedError

    def paint(self, title: Line, lines: Sequence[Line], foot: Line) -> None:
        """Paint these, as far as they are others than before."""
        self.heading.show([title])
        self.text.show(lines)
        self.foot.show([foot])

    def grow(self, lines: Sequence[Line], around: int) -> None:
        """Make the box as high as its lines, as far as the terminal allows with so many lines around them."""
        height = max(3, min(len(lines), self.app.size.height - around))
        if self.text.styles.height is None or self.text.styles.height.value != height:
            self.text.styles.height = height

    def into_view(self, first: int, last: int) -> None:
        """Scroll as little as shows these lines; the first one wins."""
        height = max(1, self.text.size.height)
        if first < self.text.offset_y:
            self.text.scroll_line(first)
        elif last >= self.text.offset_y + height:
            self.text.scroll_line(min(first, last - height + 1))

    def action_leave(self) -> None:
        """Back to where it was opened, nothing done."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.text.scroll_by(lines)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by screenfuls."""
        self.text.scroll_by(pages * max(1, self.text.size.height - 1))

    @on(Lines.Pressed)
    def _pressed(self, event: Lines.Pressed) -> None:
        event.stop()


def keys(*told: tuple[str, str]) -> Line:
    """A foot that tells keys and what each of them does."""
    spans: list[Span] = []
    for key, words in told:
        spans += [Span(key, "key"), Span(f" {words}  ", "quiet")]
    return tuple(spans)
