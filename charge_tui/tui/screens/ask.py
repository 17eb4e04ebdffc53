"""A line to type in over the desk, with the choices that fit what was typed so far."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from charge_tui.domain.text import safe
from charge_tui.tui.render.spans import Span
from charge_tui.tui.widgets.lines import Lines


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be meant."""

    id: str
    label: str
    """Safe to show."""


def told_apart(choices: Sequence[Choice]) -> list[Choice]:
    """The same choices with the end of the id behind every label that two of them share."""
    times = Counter(one.label for one in choices)
    return [
        Choice(one.id, f"{one.label} …{safe(one.id, 200)[-4:]}") if times[one.label] > 1 else one for one in choices
    ]


def matching(typed: str, choices: Sequence[Choice], limit: int = 8) -> list[Choice]:
    """The choices that a text can mean: those that begin with it first, then those that have it anywhere."""
    text = typed.casefold().strip()
    if not text:
        return []
    first = [one for one in choices if one.label.casefold().startswith(text) or one.id.casefold() == text]
    rest = [one for one in choices if one not in first and text in f"{one.label} {one.id}".casefold()]
    return [*sorted(first, key=lambda one: one.label), *sorted(rest, key=lambda one: one.label)][:limit]


class AskId(ModalScreen[str | None]):
    """Asks for a reservation's id."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self.input = Input(placeholder=hint, compact=True, id="ask-input")
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
