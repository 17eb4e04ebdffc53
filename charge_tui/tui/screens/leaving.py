"""The question before the desk is left while something critical waits."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from charge_tui.tui.render.forms import told_lines
from charge_tui.tui.render.spans import Span
from charge_tui.tui.screens.frame import Frame, keys


class LeaveScreen(Frame[bool | None]):
    """Gives True for leaving."""

    BOX = "menu"
    TEXT = "menu-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", show=False),
        Binding("n", "leave", show=False),
        Binding("enter,space", "enter", show=False),
    ]

    def __init__(self, waiting: int) -> None:
        super().__init__()
        self._waiting = waiting
        self._words = ""

    def action_yes(self) -> None:
        """Leave all the same."""
        self.dismiss(True)

    def action_enter(self) -> None:
        """Enter alone does not leave."""
        self._words = "Enter does not leave: y leaves, Esc stays."
        self.show()

    def show(self) -> None:
        """Show the question."""
        width = self.text.size.width
        if not width:
            return
        many = "1 critical finding waits" if self._waiting == 1 else f"{self._waiting} critical findings wait"
        lines = told_lines(f"{many}, and nobody has answered. Once the desk is left, nothing rings.", "", width)
        lines += told_lines(self._words, "warn", width) if self._words else []
        self.grow(lines, around=8)
        self.paint((Span(" Leave the desk? ", "critical"),), lines, keys(("y", "leaves"), ("Esc", "stays")))
