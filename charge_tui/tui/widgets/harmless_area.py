"""Many lines to type in, as harmless as ``harmless.HarmlessInput``."""

from rich.text import Text
from textual.widgets import TextArea

from charge_tui.tui.ink import ink_of
from charge_tui.tui.widgets.harmless import harmless


class HarmlessArea(TextArea):
    """Many lines, each shown without what a terminal might act on."""

    def get_line(self, line_index: int) -> Text:
        """A line as it is shown."""
        return Text(ink_of(self).text(harmless(self.document.get_line(line_index), "\t")), end="", no_wrap=True)

    def on_unmount(self) -> None:
        """Leave the app's theme: a watcher keeps its widget alive after it is removed (Textualize/textual#6666)."""
        watchers = getattr(self.app, "__watchers", {})
        for name, held in watchers.items():
            watchers[name] = [one for one in held if one[0] is not self]
