"""Places to type in that may hold text of any origin, pasted or stored, and show none that a terminal acts on."""

from rich.text import Text
from textual.widgets import Input, TextArea

from charge_tui.domain.text import safe, with_keys_hidden
from charge_tui.tui.ink import ink_of


class HarmlessInput(Input):
    """A line to type in that shows a harmless character for each one that a terminal might act on."""

    @property
    def _value(self) -> Text:
        return Text(ink_of(self).text(harmless(self.value)), no_wrap=True, overflow="ignore", end="")


class HarmlessArea(TextArea):
    """The same with many lines."""

    def get_line(self, line_index: int) -> Text:
        """A line as it is shown."""
        return Text(ink_of(self).text(harmless(self.document.get_line(line_index), "\t")), end="", no_wrap=True)

    def on_unmount(self) -> None:
        """Leave the app's theme: a watcher keeps its widget alive after it is removed (Textualize/textual#6666)."""
        watchers = getattr(self.app, "__watchers", {})
        for name, held in watchers.items():
            watchers[name] = [one for one in held if one[0] is not self]


def harmless(text: str, kept: str = "") -> str:
    """The text with as many characters, no secret key, and none that a terminal acts on but those that are ``kept``."""
    text = with_keys_hidden(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one in kept else shown if len(shown := safe(one, 4)) == 1 else "\ufffd" for one in text)
