"""What Textual keeps of closed pages, let go.

``StylesCache.get_inner_outer`` remembers its last 1,024 answers for each widget by the widget's own cache, and so keeps
those caches, with every line that they hold, long after their pages were closed: some 100 MB after a day of forms. The
answer depends on two colours alone, so it is remembered by them.
"""

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style


@lru_cache(256)
def _inner_outer(base_background: Color, background: Color) -> tuple[Style, Style]:
    inner = base_background + background
    return Style(background=inner), Style(background=base_background)


def let_closed_pages_go() -> None:
    """Have Textual remember by colours what it remembers by widgets; once is enough, again does no harm."""
    StylesCache.get_inner_outer = staticmethod(_inner_outer)  # type: ignore[assignment, method-assign]
