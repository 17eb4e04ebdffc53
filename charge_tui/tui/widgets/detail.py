"""The pane of one reservation in full, whose numbers choose a proposal while it has the focus."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from charge_tui.tui.widgets.lines import Lines


class DetailPane(Lines):
    """Lines with numbered proposals on top; a number that none of them has keeps its other meaning."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"choose({number})", show=False) for number in (1, 2, 3)
    ]

    can_focus = True

    class Chosen(Message):
        """The number of a proposal was pressed."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices = 0
        """How many proposals it shows."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key means something here."""
        if action == "choose":
            return isinstance(parameters[0], int) and parameters[0] <= self.choices
        return super().check_action(action, parameters)

    def action_choose(self, number: int) -> None:
        """Tell which number was pressed."""
        self.post_message(self.Chosen(number))
