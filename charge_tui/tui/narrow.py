"""A changed piece of a line goes over the wire, and nothing that the terminal shows already.

Textual's compositor repaints a piece from the left edge of the pane on: each minute in a table of thirty rows
cost the whole of thirty rows, two thirds of all that an idle desk wrote. Under a question it paints the whole screen
for each frame: a confirmation that waited five seconds cost 126 kB.
"""

from rich.console import Console
from rich.control import Control
from textual import _compositor
from textual.strip import Strip

from charge_tui.tui.shown import shown_on


class NarrowUpdate(_compositor.ChopsUpdate):
    """Writes the cells of its spans, and no others."""

    def render_segments(self, console: Console) -> str:
        """The update as a terminal takes it."""
        shown, written = shown_on(console), list[str]()
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(x, x1), min(end, x2)
                if strip is None or left >= right:
                    continue
                piece = strip if (left, right) == (x, end) else strip.crop(left - x, right - x)
                for column, part in shown.differing(y, left, piece):
                    written += (Control.move_to(column, y).segment.text, part.render(console))
        return "".join(written)


class NarrowLayout(_compositor.LayoutUpdate):
    """Of a screen that is painted whole, as it is for each frame under a question, writes what is not there."""

    def render_segments(self, console: Console) -> str:
        """The update as a terminal takes it."""
        shown, written = shown_on(console), list[str]()
        for y, line in enumerate(self.strips, self.region.y):
            for column, part in shown.differing(y, self.region.x, Strip.join(line)):
                written += (Control.move_to(column, y).segment.text, part.render(console))
        return "".join(written)


def paint_narrowly() -> None:
    """Have every update of Textual's written so."""
    _compositor.LayoutUpdate = NarrowLayout  # type: ignore[misc]
    _compositor.ChopsUpdate = NarrowUpdate  # type: ignore[misc]
