"""One question before one deed. Enter alone does not say yes, and each kind of deed has a look of its own."""

from collections.abc import Awaitable, Callable
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.domain.attention.as_if import After
from charge_tui.domain.reservation import Reservation
from charge_tui.records import dataclass
from charge_tui.tui.foresight import ONCE_CONFIRMED, Foresight
from charge_tui.tui.render import questions
from charge_tui.tui.render.forms import told_lines
from charge_tui.tui.render.spans import BLANK, Line, Span, Token
from charge_tui.tui.screens.sending import Sender
from charge_tui.tui.widgets.lines import Lines


@dataclass(frozen=True, slots=True)
class Deed:
    """What is asked about. ``row`` is the reservation that was under the cursor when the key was pressed."""

    kind: Literal["confirm", "cancel", "move", "undo", "edit", "again"]
    title: str
    yes: str
    """What the key y does, in a few words."""
    no: str
    row: Reservation
    lines: Callable[[Reservation, int], list[Line]]
    """The question, for a reservation and a width."""
    act: Callable[[Reservation], Awaitable[Outcome]]
    """Does it, to the reservation as it was shown."""
    after: Callable[[Reservation], After]
    """The reservations as they would be once it is done."""


class Question(Sender, ModalScreen[Outcome | None]):
    """Gives what came of it; None when the answer was no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", show=False),
        Binding("n,escape,q", "leave", show=False),
        Binding("enter,space", "enter", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def __init__(self, deed: Deed, foresight: Foresight) -> None:
        super().__init__(classes=f"-{deed.kind}")
        self.deed = deed
        self.foresight = foresight
        self.row = deed.row
        self.outcome: Outcome | None = None
        self.sending = False
        self._changed: list[Line] = []
        self._words = ""
        self.heading = Lines(id="page-title")
        self.text = Lines(id="question-text")
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(id="question"):
            yield self.heading
            yield self.text
            yield self.foot

    def on_mount(self) -> None:
        """Show it once the size is known."""
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.call_after_refresh(self.show)

    def action_yes(self) -> None:
        """Do it."""
        if self.sending or self.outcome is not None or self.app.size.width < 60 or self.app.size.height < 16:
            return
        self.sending, self._words = True, ""
        self.show()
        self.run_worker(self._act(), group="send")

    async def _act(self) -> None:
        outcome = await self.deed.act(self.row)
        self.sending = False
        if outcome.kind is Kind.CONFLICT and isinstance(outcome.row, Reservation) and self.deed.kind != "undo":
            width = max(20, self.text.size.width)
            self._changed = [
                *told_lines(f"{outcome.sentence} This is how it is now:", "warn", width),
                *questions.changed_lines(outcome.fields, width), BLANK,
            ]  # fmt: skip
            self.row = outcome.row
            self.show()
        elif outcome.well:
            self.dismiss(outcome)
        else:
            self.outcome = outcome
            self.show()

    def action_leave(self) -> None:
        """No; or, once it was done, back to the desk."""
        if self.sending:
            self._words = "It is being sent; the outcome comes in a moment."
            self.show()
        else:
            self.dismiss(self.outcome)

    def action_enter(self) -> None:
        """Enter alone does not say yes."""
        if self.outcome is not None:
            self.dismiss(self.outcome)
            return
        self._words = f"Enter does not say yes: y {self.deed.yes}, Esc {self.deed.no}."
        self.show()

    def action_scroll(self, lines: int) -> None:
        """Scroll a long question."""
        self.text.scroll_by(lines)

    def show(self) -> None:
        """Show the question, or what came of it."""
        width = self.text.size.width
        if not width:
            return
        weight: Token = "critical" if self.deed.kind == "cancel" else "title"
        self.heading.show([(Span(f" {self.deed.title} " if weight == "critical" else self.deed.title, weight),)])
        lines = self._changed + self.deed.lines(self.row, width)
        if self.outcome is not None:
            lines = [*questions.outcome_lines(self.outcome, width), BLANK, *lines]
        else:
            when = ONCE_CONFIRMED if self.deed.kind == "confirm" else ""
            foreseen = self.foresight.lines(self.deed.after(self.row), width, when=when)
            lines = [*foreseen, *([BLANK] if foreseen else []), *lines]
        height = min(len(lines), max(3, self.app.size.height - 8))
        if self.text.styles.height is None or self.text.styles.height.value != height:
            self.text.styles.height = height
        self.text.show(lines)
        self.foot.show([self.keys_line(len(lines) > height)])

    def keys_line(self, more: bool) -> Line:
        """The keys; ``more`` when the question is longer than its box."""
        if self.sending:
            return (Span("sending", "quiet"),)
        if self.outcome is not None:
            return (Span("Esc", "key"), Span(" back to the desk", "quiet"))
        if self._words:
            return (Span(self._words, "warn"),)
        keys: Line = (
            Span("y", "key"),
            Span(f" {self.deed.yes}   ", ""),
            Span("Esc", "key"),
            Span(f" {self.deed.no}", ""),
        )
        return (*keys, Span("   j k", "key"), Span(" scroll", "quiet")) if more else keys
