"""All keys, from the registry."""

from collections.abc import Sequence

from charge_tui.tui.commands import Keymap, by_group
from charge_tui.tui.render.spans import BLANK, Line, Span, fit, wrap
from charge_tui.tui.screens.page import Page


class HelpPage(Page):
    """The help page."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__("Keys")
        self._keymap = keymap

    def page_lines(self, width: int) -> Sequence[Line]:
        """A line for each command, by group."""
        lines: list[Line] = []
        for group, commands in by_group().items():
            if lines:
                lines.append(BLANK)
            lines.append((Span(group, "head"),))
            for command in commands:
                key = fit(self._keymap.shown(command.id, 2), 11)
                for part in wrap(command.about, max(20, width - 12)):
                    lines.append((Span(key, "key"), Span(" " + part)))
                    key = " " * 11
        return lines
