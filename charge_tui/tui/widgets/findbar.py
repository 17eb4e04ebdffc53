"""The line in which one types what to find."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from charge_tui.tui.render.spans import Span
from charge_tui.tui.widgets.harmless import HarmlessInput
from charge_tui.tui.widgets.lines import Lines


class FindBar(Horizontal):
    """Shown while something is searched for; what is typed is found at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.command('back')", show=False),
        Binding("down,tab", "screen.leave_find", show=False, priority=True),
    ]

    class Changed(Message):
        """Another text is searched for."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    class Done(Message):
        """The text is as it should be."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sign = Lines(id="find-sign")
        self.input = HarmlessInput(placeholder="id, driver, plate, station, metadata", id="find-input", compact=True)
        self.input.cursor_blink = False
        self.found = Lines(id="find-found")
        self.display = False

    def compose(self) -> ComposeResult:
        """Sign, field, count."""
        yield self.sign
        yield self.input
        yield self.found

    def on_mount(self) -> None:
        """Show the sign."""
        self.sign.show([(Span("/", "key"),)])

    def open(self) -> None:
        """Ready to type."""
        self.display = True
        self.input.focus()

    def close(self, *, clear: bool) -> None:
        """Away; ``clear`` forgets the text without telling."""
        self.display = False
        if clear:
            with self.input.prevent(Input.Changed):
                self.input.value = ""

    def tell(self, found: int, total: int) -> None:
        """How many were found."""
        self.found.show([(Span(f"{found:,} of {total:,}", "quiet"),)])

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Done())
