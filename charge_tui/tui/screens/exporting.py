"""Asks where an export goes and how it is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from charge_tui.desk.log_export import Format
from charge_tui.domain.text import safe
from charge_tui.records import dataclass
from charge_tui.tui.render.spans import Span
from charge_tui.tui.widgets.harmless import HarmlessInput
from charge_tui.tui.widgets.lines import Lines

WORDS: Final = {
    Format.CSV: "CSV, for spreadsheets",
    Format.JSON_LINES: "JSON lines, for programs",
    Format.MARKDOWN: "Markdown, for people",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, and how."""

    folder: Path
    form: Format


class ExportForm(ModalScreen[Target | None]):
    """Gives the target on Enter, None on Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("tab,down", "turn(1)", show=False, priority=True),
        Binding("shift+tab,up", "turn(-1)", show=False, priority=True),
    ]

    def __init__(self, title: str, target: Target, forms: Sequence[Format] = tuple(WORDS)) -> None:
        super().__init__()
        self._title = title
        self._forms = forms
        self._form = target.form if target.form in forms else forms[0]
        self.input = HarmlessInput(value=str(target.folder), placeholder="a folder", compact=True, id="ask-input")
        self.input.cursor_blink = False
        self.heading = Lines(id="page-title")
        self.choice = Lines(id="export-form")
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(id="ask"):
            yield self.heading
            yield self.input
            yield self.choice
            yield self.foot

    def on_mount(self) -> None:
        """Ready to type."""
        self.heading.show([(Span(self._title, "title"),)])
        self.input.focus()
        self._show("")

    def action_turn(self, steps: int) -> None:
        """Another way to write it."""
        self._form = self._forms[(self._forms.index(self._form) + steps) % len(self._forms)]
        self._show("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        folder = Path(event.value.strip() or "~").expanduser()
        if not folder.is_dir():
            self._show(f"there is no folder {safe(str(folder), 200)}")
            return
        self.dismiss(Target(folder, self._form))

    def action_cancel(self) -> None:
        """Back, nothing written."""
        self.dismiss(None)

    def _show(self, fault: str) -> None:
        self.choice.show([(Span("as ", "quiet"), Span(WORDS[self._form], "strong"))])
        turn = "Tab another way  ·  " if len(self._forms) > 1 else ""
        told = Span(fault, "warn") if fault else Span(f"Enter writes a new file there  ·  {turn}Esc closes", "quiet")
        self.foot.show([(told,)])
