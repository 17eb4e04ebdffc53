"""The form that chooses the columns of a view."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from charge_tui.tui.render.columns import COLUMNS
from charge_tui.tui.render.spans import Line, Span, fit
from charge_tui.tui.widgets.lines import Lines


class ColumnsForm(ModalScreen[tuple[str, ...] | None]):
    """Gives the chosen keys on Enter, None on Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", show=False),
        Binding("enter", "apply", show=False),
        Binding("space", "choose", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("d", "reset", show=False),
    ]

    def __init__(self, chosen: Sequence[str], usual: Sequence[str]) -> None:
        super().__init__()
        self._keys = [key for key in COLUMNS if key != "mark"]
        self._chosen = set(chosen)
        self._usual = usual
        self._at = 0
        self.heading = Lines(id="page-title")
        self.text = Lines(id="page-text")
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(id="page"):
            yield self.heading
            yield self.text
            yield self.foot

    def on_mount(self) -> None:
        """Show the list."""
        self.heading.show([(Span("Columns", "title"), Span("  the narrower the screen, the fewer fit", "quiet"))])
        self.foot.show([(Span("Space chooses · Enter applies · d as usual · Esc closes", "quiet"),)])
        self.call_after_refresh(self._show)

    def action_move(self, steps: int) -> None:
        """To another column."""
        self._at = max(0, min(len(self._keys) - 1, self._at + steps))
        self._show()

    def action_choose(self) -> None:
        """Choose it, or leave it out."""
        self._chosen ^= {self._keys[self._at]}
        self._show()

    def action_reset(self) -> None:
        """Choose those that the view has when nobody chose."""
        self._chosen = set(self._usual)
        self._show()

    def action_apply(self) -> None:
        """Give what is chosen."""
        self.dismiss(tuple(key for key in COLUMNS if key == "mark" or key in self._chosen))

    def action_cancel(self) -> None:
        """Back to the desk, the columns as they were."""
        self.dismiss(None)

    def _show(self) -> None:
        lines: list[Line] = []
        for place, key in enumerate(self._keys):
            column = COLUMNS[key]
            sign = "[x]" if key in self._chosen else "[ ]"
            here = place == self._at
            lines.append(
                (
                    Span("▌" if here else " ", "accent"),
                    Span(f"{sign} {fit(column.title, 10)}", "strong" if here else ""),
                    Span(f" {column.about}", "quiet"),
                )
            )
        self.text.show(lines)
        if self._at < self.text.offset_y or self._at >= self.text.offset_y + self.text.size.height:
            self.text.scroll_line(self._at - self.text.size.height // 2)
