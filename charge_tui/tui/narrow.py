"""A changed piece of the screen is put together without what stands around it, and written where it is not there yet.

Textual's compositor renders every widget between the uppermost and the lowest changed line, and writes a piece from the
left edge of its pane on. A key that moved the cursor and the count below cost fifteen renderings, and each minute in a
table of thirty rows cost the whole of thirty rows, two thirds of all that an idle desk wrote. Under a question it
paints the whole screen for each frame: a confirmation that waited five seconds cost 126 kB.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.control import Control
from textual import _compositor
from textual.geometry import Region
from textual.strip import Strip

from charge_tui.tui.shown import shown_on

Span = tuple[int, int]
"""Cells of a line: the first, and the one after the last."""


class NarrowUpdate(_compositor.CompositorUpdate):
    """Pieces of lines: column, line, cells."""

    def __init__(self, pieces: Iterable[tuple[int, int, Strip]]) -> None:
        self.pieces = sorted(pieces, key=lambda piece: (piece[1], piece[0]))

    def render_segments(self, console: Console) -> str:
        """The update as a terminal takes it."""
        return _written(console, self.pieces)


class NarrowLayout(_compositor.LayoutUpdate):
    """Of a screen that is painted whole, as it is for each frame under a question, what the terminal does not show."""

    def render_segments(self, console: Console) -> str:
        """The update as a terminal takes it."""
        return _written(
            console, ((self.region.x, y, Strip.join(line)) for y, line in enumerate(self.strips, self.region.y))
        )


def _written(console: Console, pieces: Iterable[tuple[int, int, Strip]]) -> str:
    shown, written = shown_on(console), list[str]()
    for x, y, strip in pieces:
        for column, part in shown.differing(y, x, strip):
            written += (Control.move_to(column, y).segment.text, part.render(console))
    return "".join(written)


def partial_update(compositor: _compositor.Compositor) -> NarrowUpdate | None:
    """What changed since the last update; None where nothing did."""
    dirty, screen = compositor._dirty_regions, compositor.size.region
    left: dict[int, list[Span]] = {}
    for y, x1, x2 in compositor._regions_to_spans(region.intersection(screen) for region in dirty):
        if x1 < x2:
            left.setdefault(y, []).append((x1, x2))
    dirty.clear()
    return NarrowUpdate(_pieces(compositor, left)) if left else None


def _pieces(compositor: _compositor.Compositor, left: dict[int, list[Span]]) -> list[tuple[int, int, Strip]]:
    """The cells of these spans, from the foremost widget to the one behind it, as far as cells are left."""
    pieces: list[tuple[int, int, Strip]] = []
    for widget, (region, clip) in compositor.visible_widgets.items():
        seen = region.intersection(clip)
        x1, x2 = seen.x, seen.right
        lines = [
            y for y, spans in left.items()
            if seen.y <= y < seen.bottom and any(start < x2 and x1 < end for start, end in spans)
        ]  # fmt: skip
        if not lines:
            continue
        first, last = min(lines), max(lines)
        strips = widget.render_lines(Region(x1 - region.x, first - region.y, seen.width, last - first + 1))
        for y in lines:
            strip, rest = strips[y - first], list[Span]()
            for start, end in left[y]:
                start_in, end_in = max(start, x1), min(end, x2)
                if start_in >= end_in:
                    rest.append((start, end))
                    continue
                pieces.append((start_in, y, _cropped(strip, start_in - x1, end_in - x1)))
                rest += [span for span in ((start, start_in), (end_in, end)) if span[0] < span[1]]
            if rest:
                left[y] = rest
            else:
                del left[y]
        if not left:
            break
    return pieces


def _cropped(strip: Strip, start: int, end: int) -> Strip:
    return strip if (start, end) == (0, strip.cell_length) else strip.crop(start, end)


def paint_narrowly() -> None:
    """Have every update of Textual's made so."""
    _compositor.LayoutUpdate = NarrowLayout  # type: ignore[misc]
    _compositor.Compositor.render_partial_update = partial_update  # type: ignore[method-assign,assignment]
