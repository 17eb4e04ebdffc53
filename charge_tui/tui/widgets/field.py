"""One field of a form: its name, the text that is typed, and below it what that text means."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from charge_tui.tui.render.spans import Line, Span
from charge_tui.tui.widgets.harmless import HarmlessInput
from charge_tui.tui.widgets.lines import Lines


class Field(Vertical):
    """A name, a line to type in, and a note of as many lines as it needs."""

    def __init__(self, name: str, label: str, hint: str) -> None:
        super().__init__(id=f"field-{name}", classes="field")
        self.field = name
        self.label_text = label
        self.label = Lines(classes="field-label")
        self.input = HarmlessInput(placeholder=hint, compact=True, id=f"input-{name}", select_on_focus=False)
        self.input.cursor_blink = False
        self.note = Lines(classes="field-note")

    def compose(self) -> ComposeResult:
        """Name and text on one line, the note below."""
        with Horizontal(classes="field-line"):
            yield self.label
            yield self.input
        yield self.note

    def show(self, *, changed: bool, faulty: bool, note: Sequence[Line]) -> None:
        """Show whether it was changed, and what there is to say about it."""
        sign = Span("!", "bad") if faulty else Span("▌" if changed else " ", "accent")
        self.label.show([(sign, Span(" " + self.label_text, "bad" if faulty else "strong" if changed else "quiet"))])
        height = max(1, len(note))
        if self.note.styles.height is None or self.note.styles.height.value != height:
            self.note.styles.height = height
        self.note.show(list(note))

    def write(self, text: str) -> None:
        """Put another text into it, without telling."""
        if self.input.value != text:
            with self.input.prevent(HarmlessInput.Changed):
                self.input.value = text
            self.input.cursor_position = len(text)
