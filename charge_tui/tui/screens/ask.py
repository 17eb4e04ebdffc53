"""A line to type in over the desk."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from charge_tui.tui.render.spans import Span
from charge_tui.tui.widgets.harmless import HarmlessInput
from charge_tui.tui.widgets.lines import Lines


class AskId(ModalScreen[str | None]):
    """Asks for a reservation's id."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self.input = HarmlessInput(placeholder=hint, compact=True, id="ask-input")
        self.input.cursor_blink = False
        self.heading = Lines(id="page-title")
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(id="ask"):
            yield self.heading
            yield self.input
            yield self.foot

    def on_mount(self) -> None:
        """Ready to type."""
        self.heading.show([(Span(self._title, "title"),)])
        self.foot.show([(Span("Enter opens  ·  Esc closes", "quiet"),)])
        self.input.focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)

    def action_cancel(self) -> None:
        """Back to the desk, nothing done."""
        self.dismiss(None)
