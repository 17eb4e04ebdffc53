"""Writes whose outcome is not known: look again, send again with the same key, or decide what came of them."""

from collections.abc import Awaitable
from datetime import datetime, tzinfo
from typing import ClassVar

from textual.binding import Binding, BindingType

from charge_tui.desk.entries import Entry
from charge_tui.desk.outcome import Outcome
from charge_tui.desk.writes import Writer
from charge_tui.domain.drafting import told
from charge_tui.domain.text import safe
from charge_tui.domain.times import hhmm
from charge_tui.tui.render.forms import label, told_lines
from charge_tui.tui.render.spans import BLANK, Line, Span
from charge_tui.tui.screens.frame import Frame, keys
from charge_tui.tui.screens.sending import Sender


class UnknownScreen(Sender, Frame[None]):
    """The list of them, with the keys that settle one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("l", "look", show=False),
        Binding("s", "send", show=False),
        Binding("h", "decide(True)", show=False),
        Binding("v", "decide(False)", show=False),
        Binding("enter", "enter", show=False),
    ]

    def __init__(self, writer: Writer, zone: tzinfo) -> None:
        super().__init__()
        self._writer = writer
        self._zone = zone
        self._at = 0
        self._words = ""
        self._sure: tuple[int, bool] | None = None
        self.sending = False

    def action_move(self, steps: int) -> None:
        """To another one."""
        self._sure = None
        self._at = max(0, min(len(self._writer.unknown) - 1, self._at + steps))
        self.show()

    def action_look(self) -> None:
        """Read, and settle what can be settled."""
        self._do(self._look())

    def action_send(self) -> None:
        """The same request with its own key."""
        entry = self._entry()
        if entry is not None:
            self._do(self._told(self._writer.retry(entry.number)))

    def action_decide(self, happened: bool) -> None:
        """The person says what came of it; asked twice, since nothing is looked at."""
        entry = self._entry()
        if entry is None:
            return
        if self._sure != (entry.number, happened):
            self._sure = (entry.number, happened)
            key, what = ("h", "took effect") if happened else ("v", "had no effect")
            self._words = f"Are you sure that it {what}? {key} again notes it, with your name."
            self.show()
            return
        self._sure = None
        self._do(self._told(self._writer.decide(entry.number, happened=happened)))

    def action_enter(self) -> None:
        """Enter alone decides nothing."""
        self._words = "Enter decides nothing."
        self.show()

    def action_leave(self) -> None:
        """Back to the desk; what is under way goes on."""
        if self.sending:
            self._words = "It is under way; the outcome comes in a moment."
            self.show()
        else:
            self.dismiss(None)

    def _do(self, work: "Awaitable[str]") -> None:
        if self.sending:
            return
        self.sending, self._words = True, "looking"
        self.show()
        self.run_worker(self._done(work), group="send")

    async def _done(self, work: "Awaitable[str]") -> None:
        self._words = await work
        self.sending = False
        self._at = max(0, min(len(self._writer.unknown) - 1, self._at))
        self.show()

    async def _look(self) -> str:
        outcomes = await self._writer.settle_open_rows()
        return " ".join(_end(one) for one in outcomes) or "There is nothing to look for."

    async def _told(self, work: Awaitable[Outcome]) -> str:
        return _end(await work)

    def _entry(self) -> Entry | None:
        entries = self._writer.unknown
        return entries[self._at] if self._at < len(entries) and not self.sending else None

    def show(self) -> None:
        """Show them."""
        width = self.text.size.width
        if not width:
            return
        lines: list[Line] = []
        if self._words:
            lines += [*told_lines(self._words, "warn", width), BLANK]
        if not self._writer.unknown:
            lines.append((Span("Every write is settled.", "good"),))
        place = 0
        for number, entry in enumerate(self._writer.unknown):
            if number == self._at:
                place = len(lines)
            lines += _entry_lines(entry, self._zone, width, here=number == self._at)
        told = (("l", "look again"), ("s", "send again, same key"), ("h", "it happened"), ("v", "it did not"),
                ("Esc", "back"))  # fmt: skip
        self.paint((Span("Writes whose outcome is not known", "title"),), lines, keys(*told))
        if place >= self.text.offset_y + max(1, self.text.size.height - 3):
            self.text.scroll_line(place)


def _end(outcome: Outcome) -> str:
    return f"{outcome.cause} {safe(outcome.id or '', 60)}: {outcome.sentence}"


def _entry_lines(entry: Entry, zone: tzinfo, width: int, *, here: bool) -> list[Line]:
    plan = entry.plan
    sign = Span("▌" if here else " ", "accent")
    head = f" {_when(entry.at, zone)} {plan.cause} {safe(plan.reservation or 'of a new reservation', 60)}"
    lines: list[Line] = [(sign, Span(head, "strong"))]
    for part in told_lines(
        entry.outcome or "It was written down, and whether it left is not known.", "quiet", width - 4
    ):
        lines.append((sign, Span("   "), *part))
    for name, value in plan.body.items():
        for part in told_lines(f"{label(name)} {told(name, value, zone)}", "quiet", width - 6):
            lines.append((sign, Span("     "), *part))
    lines.append(BLANK)
    return lines


def _when(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%a} {hhmm(at, zone)}"
