"""A line to type in that may hold text of any origin, pasted or stored, and shows none that a terminal acts on."""

from rich.text import Text
from textual.widgets import Input

from charge_tui.domain.text import safe, with_keys_hidden
from charge_tui.tui.ink import ink_of


class HarmlessInput(Input):
    """A line to type in that shows a harmless character for each one that a terminal might act on."""

    @property
    def _value(self) -> Text:
        return Text(ink_of(self).text(harmless(self.value)), no_wrap=True, overflow="ignore", end="")


def harmless(text: str, kept: str = "") -> str:
    """The text with as many characters, no secret key, and none that a terminal acts on but those that are ``kept``."""
    text = with_keys_hidden(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one in kept else shown if len(shown := safe(one, 4)) == 1 else "\ufffd" for one in text)
