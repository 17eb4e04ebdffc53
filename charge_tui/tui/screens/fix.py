"""One proposal before it is sent: what it changes, why, and what it does to the findings; then what came of it."""

from collections.abc import Callable
from typing import ClassVar, Final, Literal

from textual.binding import Binding, BindingType

from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.writes import Writer
from charge_tui.domain.attention.as_if import After, after_proposal
from charge_tui.domain.attention.proposals import Proposal, Verb
from charge_tui.domain.reservation import Reservation
from charge_tui.records import dataclass
from charge_tui.tui.foresight import Foresight
from charge_tui.tui.render import questions
from charge_tui.tui.render.fixes import proposal_differences
from charge_tui.tui.render.forms import told_lines
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span
from charge_tui.tui.screens.question import Deed, Question

_KINDS: Final[dict[Verb, Literal["confirm", "cancel", "move", "edit", "again"]]] = {
    "book again": "again", "edit": "edit", "cancel": "cancel", "confirm": "confirm", "move": "move",
}  # fmt: skip
_YES: Final[dict[Verb, str]] = {
    "book again": "books it", "edit": "sends it", "cancel": "cancels it", "confirm": "confirms it now",
    "move": "books the new window, then cancels the old",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fixer:
    """What it takes to show a proposal and to send it."""

    writer: Writer
    foresight: Foresight
    look: Callable[[], Look]


class _Fix:
    def __init__(self, fixer: Fixer, one: Proposal) -> None:
        self.fixer = fixer
        self.one = one
        self.despite = False

    def deed(self) -> Deed:
        """For a question."""
        one = self.one
        return Deed(
            _KINDS[one.verb],
            one.label,
            _YES[one.verb],
            "leaves all as it is",
            one.row,
            self.lines,
            self.act,
            self.after,
        )

    def lines(self, row: Reservation, width: int) -> list[Line]:
        """The reservation, what will be different, and why."""
        look, verb = self.fixer.look(), self.one.verb
        if verb == "cancel":
            return [*questions.cancel_lines(row, look, width), *self._why(width)]
        if verb == "move":
            return [*questions.move_lines(row, self.one.values, look, width), *self._why(width)]
        if verb == "confirm" and not self.one.values:
            return [*questions.confirm_lines(row, look, width), *self._why(width)]
        head = "will be sent" if verb == "edit" else "will be different"
        found = proposal_differences(self.one, look)
        page = questions.difference_page(found, width) or [(Span("nothing: the same once more", "quiet"),)]
        return [*questions.subject(row, look, width), BLANK, (Span(head, "head"),), *page, *self._why(width)]

    def after(self, row: Reservation) -> After:
        """The reservations as they would be."""
        return after_proposal(self.one, self.fixer.look().now)

    async def act(self, row: Reservation) -> Outcome:
        """Send it, by the ordinary way of its kind."""
        writer, values = self.fixer.writer, self.one.values
        match self.one.verb:
            case "book again":
                return await writer.book_again(row, values, despite=self.despite)
            case "edit":
                return await writer.edit(row, values)
            case "cancel":
                return await writer.cancel(row)
            case "confirm":
                return await writer.confirm(row, values.get("payment_method"))
            case "move":
                return await writer.move(row, values)
        raise ValueError("accepting sends nothing")

    def _why(self, width: int) -> list[Line]:
        return [BLANK, *told_lines(self.one.why, "quiet", width)] if self.one.why else []


class FixScreen(Question):
    """The question about a proposal. With ``at_once`` it was answered where it was shown, and only sends.

    ``open_form`` opens the ordinary form with the proposal's values, to change something before it is sent.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("e", "as_form", show=False)]

    def __init__(
        self, one: Proposal, fixer: Fixer, *, at_once: bool, open_form: Callable[[Proposal], None] | None
    ) -> None:
        self._fix = _Fix(fixer, one)
        super().__init__(self._fix.deed(), fixer.foresight)
        self._at_once = at_once
        self._open_form = open_form

    def on_mount(self) -> None:
        """Show it, or send it."""
        self.call_after_refresh(self.action_yes if self._at_once else self.show)

    def action_yes(self) -> None:
        """Send it; once more where the vehicle has another one in that window."""
        if self.outcome is not None and self.outcome.kind is Kind.TAKEN:
            self._fix.despite, self.outcome = True, None
        super().action_yes()

    def action_as_form(self) -> None:
        """Change it first."""
        if self._open_form is not None and not self.sending and (self.outcome is None or self._taken):
            self.dismiss(None)
            self._open_form(self._fix.one)

    @property
    def _taken(self) -> bool:
        return self.outcome is not None and self.outcome.kind is Kind.TAKEN

    def keys_line(self, more: bool) -> Line:
        """The keys; also the form's."""
        if self.sending or self._words or (self.outcome is not None and not self._taken):
            return super().keys_line(more)
        yes = "books it all the same" if self._taken else self.deed.yes
        told: Line = (Span("y", "key"), Span(f" {yes}   "), Span("Esc", "key"), Span(f" {self.deed.no}   "))
        form: Line = (Span("e", "key"), Span(" changes it first   ")) if self._open_form is not None else ()
        scroll: Line = (Span("j k", "key"), Span(" scroll", "quiet")) if more else ()
        return (*told, *form, *scroll)
