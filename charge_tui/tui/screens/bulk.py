"""One deed to many reservations: one question that lists them, then how each of them ended."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from charge_tui.desk.outcome import Outcome
from charge_tui.desk.writes import Progress
from charge_tui.domain.attention.as_if import After
from charge_tui.domain.reservation import Reservation
from charge_tui.records import dataclass
from charge_tui.tui.foresight import ONCE_CONFIRMED, Foresight
from charge_tui.tui.render.forms import told_lines
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cut, fit, wrap
from charge_tui.tui.screens.sending import Sender
from charge_tui.tui.widgets.lines import Lines


@dataclass(frozen=True, slots=True)
class Many:
    """What is asked about many."""

    kind: Literal["confirm", "cancel", "again"]
    title: str
    yes: str
    rows: Sequence[Reservation]
    names: Sequence[str]
    """Each reservation in a line, safe to show."""
    notes: Sequence[str]
    """What is to be known besides: those out of sight, those left out, what it costs."""
    act: Callable[[Sequence[Reservation], Progress], Awaitable[tuple[Outcome, ...]]]
    after: After
    """The reservations as they would be once all are done."""


class BulkScreen(Sender, ModalScreen[dict[str, Outcome]]):
    """Gives the outcome by reservation; nothing when the answer was no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", show=False),
        Binding("n,escape,q", "leave", show=False),
        Binding("enter,space", "enter", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown", "scroll_page(1)", show=False),
        Binding("pageup", "scroll_page(-1)", show=False),
    ]

    def __init__(self, many: Many, foresight: Foresight) -> None:
        super().__init__(classes=f"-{many.kind}")
        self.many = many
        self._foresight = foresight
        self._foreseen: tuple[int, list[Line]] = (0, [])
        self.outcomes: list[Outcome] = []
        self.sending = False
        self.over = False
        self._words = ""
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
        """Show it once the size is known."""
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.call_after_refresh(self.show)

    def action_yes(self) -> None:
        """Do it to all of them, one after the other."""
        if not self.sending and not self.over and self.app.size.width >= 60 and self.app.size.height >= 16:
            self.sending, self._words = True, ""
            self.show()
            self.run_worker(self._act(), group="send")

    async def _act(self) -> None:
        outcomes = await self.many.act(self.many.rows, self._progress)
        self.outcomes = list(outcomes)
        self.sending, self.over = False, True
        self.text.scroll_line(0)
        self.show()

    def _progress(self, done: int, total: int, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.show()
        self.text.scroll_line(self._place_of(done) - max(1, self.text.size.height) + 3)

    def action_leave(self) -> None:
        """No; or, when all are done, back to the desk."""
        if self.sending:
            self._words = "It goes on to its end; each outcome is in the journal too."
            self.show()
        else:
            self.dismiss({row.id: one for row, one in zip(self.many.rows, self.outcomes, strict=False)})

    def action_enter(self) -> None:
        """Enter alone does not say yes."""
        if self.over:
            self.action_leave()
        elif not self.sending:
            self._words = f"Enter does not say yes: y {self.many.yes}, Esc leaves all as it is."
            self.show()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.text.scroll_by(lines)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by screenfuls."""
        self.text.scroll_by(pages * max(1, self.text.size.height - 1))

    def show(self) -> None:
        """Show the list with what came of each so far."""
        weight: Token = "critical" if self.many.kind == "cancel" else "title"
        title = f" {self.many.title} " if weight == "critical" else self.many.title
        self.heading.show([(Span(title, weight), Span(f"  {self._summary()}", "quiet"))])
        self.text.show(self._lines(self.text.size.width))
        self.foot.show([self._foot()])

    def _summary(self) -> str:
        if not self.outcomes and not self.sending:
            return ""
        well = sum(1 for one in self.outcomes if one.well)
        rest = len(self.outcomes) - well
        told = f"{len(self.outcomes)} of {len(self.many.rows)} · {well} done"
        return f"{told}, {rest} not" if rest else told

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = []
        if self.over:
            bad = [place for place, one in enumerate(self.outcomes) if not one.well]
            words = "All are done." if not bad else f"{len(bad)} did not work out; they stay marked."
            lines += [(Span(words, "bad" if bad else "good"),), BLANK]
        for note in self.many.notes if not self.over else ():
            lines += told_lines(note, "warn", width)
        if not self.over and not self.sending:
            lines += self._told_before(width)
        if lines and not self.over:
            lines.append(BLANK)
        self._first = len(lines)
        for place, name in enumerate(self.many.names):
            outcome = self.outcomes[place] if place < len(self.outcomes) else None
            sign, token = _sign(outcome, running=self.sending and place == len(self.outcomes))
            lines.append((Span(f"{sign} ", token), Span(fit(name, max(10, width - 2)))))
            if outcome is not None and not outcome.well:
                lines += [(Span("    " + part, "bad"),) for part in wrap(outcome.sentence, max(10, width - 4))]
        return lines

    def _told_before(self, width: int) -> list[Line]:
        if self._foreseen[0] != width:
            when = ONCE_CONFIRMED if self.many.kind == "confirm" else ""
            self._foreseen = width, self._foresight.lines(self.many.after, width, when=when)
        return self._foreseen[1]

    def _place_of(self, done: int) -> int:
        told = sum(1 for one in self.outcomes[:done] if not one.well)
        return self._first + done + told

    _first = 0

    def _foot(self) -> Line:
        if self.sending:
            done, total = len(self.outcomes), len(self.many.rows)
            bar = cut("━" * (20 * done // max(1, total)), 20)
            return (Span(bar, "accent"), Span("─" * (20 - len(bar)), "quiet"), Span(f" {self._words}", "quiet"))
        if self._words and not self.over:
            return (Span(self._words, "warn"),)
        if self.over:
            return (
                Span("Esc", "key"),
                Span(" back to the desk   ", "quiet"),
                Span("j k", "key"),
                Span(" scroll", "quiet"),
            )
        return (
            Span("y", "key"), Span(f" {self.many.yes}   "), Span("Esc", "key"), Span(" leave all as it is   "),
            Span("j k", "key"), Span(" scroll", "quiet"),
        )  # fmt: skip


def _sign(outcome: Outcome | None, *, running: bool) -> tuple[str, Token]:
    if outcome is None:
        return ("▸", "accent") if running else ("·", "quiet")
    return ("✓", "good") if outcome.well else ("×", "bad")
