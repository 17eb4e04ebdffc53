"""Which reservation of a finding about several is meant: a number answers."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from charge_tui.domain.drafting import window_words
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe, short_id
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import Line, Span, cells, fit, wrap
from charge_tui.tui.screens.frame import Frame, keys

MOST: Final = 9
"""How many are asked about at the most; a group's worst come first."""


class WhichScreen(Frame[Reservation | None]):
    """Gives the one that is meant, as it was when the key was pressed; None when nobody says.

    Args:
        title: what is about to be done ("Cancel").
        rows: those that it can be done to, the leading one first.
    """

    BOX = "question"
    TEXT = "question-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"choose({number})", show=False) for number in range(1, MOST + 1)
    ]

    def __init__(self, title: str, rows: Sequence[Reservation], look: Look) -> None:
        super().__init__()
        self._title = title
        self.rows = tuple(rows[:MOST])
        self._look = look
        self._words = ""

    def action_choose(self, number: int) -> None:
        """Take one of them."""
        if number <= len(self.rows):
            self.dismiss(self.rows[number - 1])
        else:
            self._words = f"There are {len(self.rows)}."
            self.show()

    def show(self) -> None:
        """Show them, each with its number."""
        width = self.text.size.width
        if not width:
            return
        lines = [line for number, row in enumerate(self.rows, 1) for line in self._lines(number, row, width)]
        self.grow(lines, 8)
        foot = (Span(self._words, "warn"),) if self._words else keys(("1–9", "takes it"), ("Esc", "none of them"))
        self.paint((Span(f"{self._title}: which one?", "title"),), lines, foot)

    def _lines(self, number: int, row: Reservation, width: int) -> list[Line]:
        look = self._look
        who = " · ".join(part for part in (look.vehicle(row.vehicle_id), look.driver(row.driver_id)) if part)
        head = f"{window_words(row, look.zone)}  {safe(row.status, 12)}"
        tail = f"  {short_id(row.id)}"
        room = width - 3 - cells(tail)
        first: Line = (Span(f"{number}  ", "key"), Span(fit(head, max(10, room)), "strong"), Span(tail, "quiet"))
        return [first, *((Span(f"   {part}", "quiet"),) for part in wrap(who, max(10, width - 3)) if part)]
