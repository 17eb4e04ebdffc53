"""Asks for the word that opens writing to production, once in a run."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from charge_tui.desk.policy import WORD, WritePolicy
from charge_tui.tui.render.forms import told_lines
from charge_tui.tui.render.spans import Span
from charge_tui.tui.widgets.harmless import HarmlessInput
from charge_tui.tui.widgets.lines import Lines


class WordScreen(ModalScreen[bool]):
    """Gives True once the word was typed exactly."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, policy: WritePolicy, host: str) -> None:
        super().__init__()
        self._policy = policy
        self._host = host
        self.heading = Lines(id="page-title")
        self.text = Lines(id="question-text")
        self.input = HarmlessInput(placeholder=WORD, compact=True, id="ask-input")
        self.input.cursor_blink = False
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(id="question"):
            yield self.heading
            yield self.text
            yield self.input
            yield self.foot

    def on_mount(self) -> None:
        """Ready to type."""
        self.heading.show([(Span(" PRODUCTION ", "critical"), Span(f" {self._host}", "quiet"))])
        self.call_after_refresh(self._show, "")
        self.input.focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if self._policy.say(event.value):
            self.dismiss(True)
        else:
            self._show("That is not the word.")

    def action_leave(self) -> None:
        """It stays read-only."""
        self.dismiss(False)

    def _show(self, complaint: str) -> None:
        words = f"What is sent from here acts on real reservations. Type {WORD} to open writing until the desk is left."
        lines = told_lines(words, "", self.text.size.width)
        if complaint:
            lines += told_lines(complaint, "bad", self.text.size.width)
        self.text.styles.height = len(lines)
        self.text.show(lines)
        self.foot.show(
            [(Span("Enter", "key"), Span(" opens  ", "quiet"), Span("Esc", "key"), Span(" read-only", "quiet"))]
        )
