"""What was, what somebody else made of it, and what the person wants: side by side, field by field, to choose from."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from charge_tui.desk.outcome import Outcome
from charge_tui.domain.drafting import Side
from charge_tui.tui.commands import Keymap, keymap
from charge_tui.tui.render import forms
from charge_tui.tui.render.spans import BLANK, Line, Span
from charge_tui.tui.widgets.lines import Lines


class ConflictScreen(ModalScreen[set[str] | None]):
    """Gives the fields of which theirs is kept, None when it was left without a choice."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(one for one in keymap({}).bindings(form=True) if one.id == "form_save"),
        Binding("escape,q", "leave", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("t,left", "choose('theirs')", show=False),
        Binding("m,right", "choose('mine')", show=False),
        Binding("enter", "enter", show=False),
        Binding("pagedown", "scroll(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False),
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
        self.heading = Lines(id="page-title")
        self.text = Lines(id="page-text")
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box with three columns."""
        with Vertical(id="conflict"):
            yield self.heading
            yield self.text
            yield self.foot

    def on_mount(self) -> None:
        """Show it once the size is known."""
        self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.call_after_refresh(self.show)

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

    def action_leave(self) -> None:
        """Back to the form; nothing was sent."""
        self.dismiss(None)

    def action_scroll(self, pages: int) -> None:
        """Scroll by screenfuls."""
        self.text.scroll_by(pages * max(1, self.text.size.height - 1))

    def _into_view(self, place: int) -> None:
        last = self.text.offset_y + self.text.size.height
        if place < self.text.offset_y or (place + 3 > last and last < len(self.text.lines)):
            self.text.scroll_line(max(0, place - 3))

    def show(self) -> None:
        """Show the fields."""
        self.heading.show([(Span("Somebody else changed it meanwhile", "title"),)])
        width = self.text.size.width
        lines = [*forms.told_lines(self._conflict.sentence, "warn", width), BLANK]
        fields, place = forms.conflict_lines(
            self._conflict.fields, self.chosen, self._at if self._open else None, width
        )
        place += len(lines)
        lines += fields[:-1]
        height = max(3, min(len(lines), self.app.size.height - 7))
        if self.text.styles.height is None or self.text.styles.height.value != height:
            self.text.styles.height = height
        self.text.show(lines)
        if self._follow:
            self.call_after_refresh(self._into_view, place)
        save = self._keymap.shown("form_save", 1)
        keys: list[Span] = []
        for key, words in (
            ("t", "theirs"),
            ("m", "mine"),
            ("j k", "field"),
            ("PgDn", "scroll"),
            (save, "save"),
            ("Esc", "back"),
        ):
            keys += [Span(key, "key"), Span(f" {words}  ", "quiet")]
        line: Line = (Span(self._words, "warn"),) if self._words else tuple(keys)
        self.foot.show([line])
