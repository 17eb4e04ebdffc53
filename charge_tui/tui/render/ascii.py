"""The screen in plain ASCII, for ``--ascii``: everything is drawn in Unicode and changed here, at the last moment."""

import unicodedata
from functools import lru_cache
from typing import Final

from charge_tui.tui.render.spans import cells

_SHAPES: Final = str.maketrans(
    dict(pair for pair in zip(
        "–—·…→←●○│─┊├┤┬┴┼━╺╸█▐▌▲▼◆◂▸↑↓⏎✓×’“”▏▕└┘┌┐□■",
        "--..><*o|-:||+++===###^v*<>^v/vx'\"\"||++++##",
        strict=True,
    ))
)  # fmt: skip


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """A text of the same number of cells in ASCII alone: shapes by their likes, letters without accents, else "?"."""
    if text.isascii():
        return text
    shaped = text.translate(_SHAPES)
    return "".join(char if char.isascii() else _letter(char) for char in shaped)


def _letter(char: str) -> str:
    width = cells(char)
    base = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return base if len(base) == width else "?" * width
