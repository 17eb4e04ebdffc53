"""What was, what somebody else made of it, and what the person wants: side by side, field by field, to choose from."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from charge_tui.desk.outcome import Outcome
from charge_tui.domain.drafting import Side
from charge_tui.tui.commands import Keymap, keymap
from charge_tui.tui.render import forms
from charge_tui.tui.render.spans import BLANK, Line, Span
from charge_tui.tui.screens.frame import Frame, keys


class ConflictScreen(Frame[set[str] | None]):
    """Gives the fields of which theirs is kept, None when it was left without a choice."""

    BOX = "conflict"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(one for one in keymap({}).bindings(form=True) if one.id == "form_save"),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("t,left", "choose('theirs')", show=False),
        Binding("m,right", "choose('mine')", show=False),
        Binding("enter", "enter", show=False),
    ]

    def __init__(self, conflict: Outcome, keymap: Keymap) -> None:
        super().__init__()
        self._conflict = conflict
        self._keymap = keymap
        self._open = [one.field for one in conflict.fields if one.side is Side.BOTH]
        self.chosen: dict[str, Side] = {}
        self._at = 0
        self._words = ""
        self._follow = False

    def action_move(self, steps: int) -> None:
        """To the next field that is to be chosen."""
        self._follow = True
        if self._open:
            self._at = max(0, min(len(self._open) - 1, self._at + steps))
        self.show()

    def action_choose(self, side: str) -> None:
        """Keep theirs or mine, and go on to the next one."""
        self._follow = True
        if self._open:
            self.chosen[self._open[self._at]] = Side(side)
            self._words = ""
            rest = [place for place, field in enumerate(self._open) if field not in self.chosen]
            if rest:
                self._at = next((place for place in rest if place > self._at), rest[0])
        self.show()

    def action_enter(self) -> None:
        """Enter alone decides nothing."""
        self._words = f"Enter decides nothing; {self._keymap.shown('form_save', 1)} saves what bears the mark."
        self.show()

    async def action_command(self, _identity: str) -> None:
        """Save what was chosen, once all is."""
        missing = [field for field in self._open if field not in self.chosen]
        if missing:
            self._follow = True
            self._at = self._open.index(missing[0])
            self._words = f"Choose first: {forms.label(missing[0])}."
            self.show()
            return
        self.dismiss({field for field, side in self.chosen.items() if side is Side.THEIRS})

    def _into_view(self, place: int) -> None:
        last = self.text.offset_y + self.text.size.height
        if place < self.text.offset_y or (place + 3 > last and last < len(self.text.lines)):
            self.text.scroll_line(max(0, place - 3))

    def show(self) -> None:
        """Show the fields."""
        width = self.text.size.width
        lines = [*forms.told_lines(self._conflict.sentence, "warn", width), BLANK]
        fields, place = forms.conflict_lines(
            self._conflict.fields, self.chosen, self._at if self._open else None, width
        )
        place += len(lines)
        lines += fields[:-1]
        self.grow(lines, around=7)
        told = (("t", "theirs"), ("m", "mine"), ("j k", "field"), ("PgDn", "scroll"),
                (self._keymap.shown("form_save", 1), "save"), ("Esc", "back"))  # fmt: skip
        foot: Line = (Span(self._words, "warn"),) if self._words else keys(*told)
        self.paint((Span("Somebody else changed it meanwhile", "title"),), lines, foot)
        if self._follow:
            self.call_after_refresh(self._into_view, place)
