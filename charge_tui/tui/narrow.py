"""A changed piece of a line goes over the wire without what stands before it in its pane.

Textual's compositor repaints a piece from the left edge of the pane on: each minute in a table of thirty rows
cost the whole of thirty rows, two thirds of all that an idle desk wrote.
"""

from rich.console import Console
from rich.control import Control
from textual import _compositor


class NarrowUpdate(_compositor.ChopsUpdate):
    """Writes the cells of its spans, and no others."""

    def render_segments(self, console: Console) -> str:
        """The update as a terminal takes it."""
        written: list[str] = []
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(x, x1), min(end, x2)
                if strip is None or left >= right:
                    continue
                piece = strip if (left, right) == (x, end) else strip.crop(left - x, right - x)
                written += (Control.move_to(left, y).segment.text, piece.render(console))
        return "".join(written)


def paint_narrowly() -> None:
    """Have every partial update of Textual's written so."""
    _compositor.ChopsUpdate = NarrowUpdate  # type: ignore[misc]
