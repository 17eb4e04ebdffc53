"""A choice by one key, the last of which may be typed: why a finding is handled, or why it is put off."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from charge_tui.desk.attention.terms import REASONS
from charge_tui.domain.attention.finding import Finding
from charge_tui.records import dataclass
from charge_tui.tui.render.forms import told_lines
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, fit
from charge_tui.tui.render.why import head_lines
from charge_tui.tui.screens.frame import Frame, Result, keys
from charge_tui.tui.widgets.harmless import HarmlessInput

MOST: Final = 9
"""How many there are to choose from at the most."""
WAITING: Final = ("waiting for an answer", "driver knows", "station is looking into it")
"""The usual reasons why a finding is put off."""
_LONGEST: Final = 120
"""Characters of a typed text."""


@dataclass(frozen=True, slots=True)
class Option:
    """A line to choose; its key is its number."""

    words: str
    note: str = ""
    barred: str = ""
    """Why it cannot be chosen; empty where it can."""
    typed: str = ""
    """What stands in the empty line to type in; empty where the key alone chooses."""


class Choosing(Frame[Result | None]):
    """A question about a finding that one key answers; ``chosen`` says what is given back."""

    BOX = "menu"
    TEXT = "menu-text"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(number), f"choose({number})", show=False) for number in range(1, MOST + 1)),
        Binding("enter,space", "enter", show=False),
    ]

    def __init__(self, title: str, finding: Finding, look: Callable[[], Look], options: Sequence[Option]) -> None:
        super().__init__()
        self._title = title
        self._finding = finding
        self._look = look
        self.options = tuple(options[:MOST])
        self._typing: int | None = None
        self._words = ""
        self.input = HarmlessInput(compact=True, id="menu-input", max_length=_LONGEST)
        self.input.cursor_blink = False
        self.input.display = False

    def below(self) -> Sequence[Widget]:
        """The line to type in, while one is typed in."""
        return (self.input,)

    def chosen(self, number: int, text: str) -> None:
        """Give back what was chosen; ``text`` is what was typed, stripped."""
        raise NotImplementedError

    def action_choose(self, number: int) -> None:
        """Take that line, or begin to type."""
        if number > len(self.options) or self._typing is not None:
            return
        option = self.options[number - 1]
        if option.barred:
            self.complain(option.barred)
        elif option.typed:
            self._typing, self._words = number, ""
            self.input.placeholder = option.typed
            self.input.display = True
            self.input.focus()
            self.show()
        else:
            self.chosen(number, "")

    def action_enter(self) -> None:
        """Enter alone chooses nothing."""
        self.complain("Enter chooses nothing; the number of a line does.")

    def action_leave(self) -> None:
        """From typing to the lines, from the lines to the desk."""
        if self._typing is None:
            self.dismiss(None)
            return
        self._typing, self._words = None, ""
        self.input.value, self.input.display = "", False
        self.set_focus(None)
        self.show()

    def complain(self, words: str) -> None:
        """Say why that will not do."""
        self._words = words
        self.show()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if self._typing is not None and text:
            self.chosen(self._typing, text)
        else:
            self.complain("Type it, or Esc goes back.")

    @on(Input.Changed)
    def _changed(self) -> None:
        if self._words:
            self.complain("")

    def show(self) -> None:
        """Show the finding and the lines."""
        width = self.text.size.width
        if not width:
            return
        lines = [*head_lines(self._finding, self._look(), width), BLANK]
        wide = max(len(option.words) for option in self.options) + 2
        for number, option in enumerate(self.options, 1):
            lines.append(_option_line(number, option, wide, here=number == self._typing))
        if self._words:
            lines += [BLANK, *told_lines(self._words, "warn", width)]
        self.grow(lines, around=8 if self._typing is None else 10)
        told = (("Enter", "says it"), ("Esc", "back")) if self._typing else (self._numbers(), ("Esc", "leaves it"))
        self.paint((Span(self._title, "title"),), lines, keys(*told))

    def _numbers(self) -> tuple[str, str]:
        return f"1–{len(self.options)}", "chooses"


class ReasonMenu(Choosing[str]):
    """Gives the reason in a few words; None when nothing is said."""

    def __init__(
        self, title: str, finding: Finding, look: Callable[[], Look], reasons: Sequence[str] = REASONS
    ) -> None:
        options = [*(Option(reason) for reason in reasons), Option("other", typed="in a few words")]
        super().__init__(title, finding, look, options)

    def chosen(self, number: int, text: str) -> None:
        """The reason, as it stands there or as it was typed."""
        self.dismiss(text or self.options[number - 1].words)


def _option_line(number: int, option: Option, wide: int, *, here: bool) -> Line:
    if option.barred:
        return (Span(f"  {number}  ", "quiet"), Span(fit(option.words, wide), "quiet"), Span(option.note, "quiet"))
    sign = Span("▌ " if here else "  ", "accent")
    return (sign, Span(f"{number}  ", "key"), Span(fit(option.words, wide)), Span(option.note, "quiet"))
