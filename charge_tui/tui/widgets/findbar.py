"""The line in which one types what to find."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class FindBar(Input):
    """Shown while something is searched for; what is typed is found at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.command('back')", show=False),
        Binding("down", "screen.leave_find", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(placeholder="id, driver, plate, station, metadata", id=id, select_on_focus=False, compact=True)
        self.cursor_blink = False
        self.display = False
