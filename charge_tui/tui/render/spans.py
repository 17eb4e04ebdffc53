"""Lines of text as values: what a renderer returns and a widget paints."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

Token = Literal[
    "", "quiet", "strong", "accent", "good", "warn", "bad", "critical", "head", "title", "key", "mode", "bar", "inbar",
]  # fmt: skip
"""What a piece of text means for its look; themes say what each one looks like.

``bar`` is for blocks that fill a bar, ``inbar`` for the text between them.
"""


class Span(NamedTuple):
    """A piece of one line. ``action`` names what a click on it does, empty for nothing."""

    text: str
    token: Token = ""
    action: str = ""


Line = tuple[Span, ...]
"""One line of text; its text is safe to show and holds no line breaks."""

BLANK: Final[Line] = ()


def text_of(line: Line) -> str:
    """The line's bare text."""
    return "".join(span.text for span in line)


def width_of(line: Iterable[Span]) -> int:
    """How many terminal cells the line takes."""
    return sum(cells(span.text) for span in line)


def cells(text: str) -> int:
    """How many terminal cells a text takes."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int, more: str = "…") -> str:
    """A text in at most that many cells, its end replaced by ``more`` where it is longer."""
    if cells(text) <= width:
        return text
    if width <= len(more):
        return more[:width]
    return set_cell_size(text, width - len(more)).rstrip(f" {more}") + more


def fit(text: str, width: int, align: Literal["left", "right"] = "left", more: str = "…") -> str:
    """A text in exactly that many cells."""
    text = cut(text, width, more)
    space = " " * (width - cells(text))
    return space + text if align == "right" else text + space


def fit_line(line: Line, width: int, more: str = "…") -> Line:
    """A line cut or filled to exactly that many cells."""
    kept: list[Span] = []
    left = width
    for span in line:
        size = cells(span.text)
        if size > left:
            kept.append(span._replace(text=fit(span.text, left, more=more)))
            left = 0
            break
        kept.append(span)
        left -= size
    if left:
        kept.append(Span(" " * left))
    return tuple(kept)


def wrap(text: str, width: int) -> list[str]:
    """A text on several lines of at most that many cells, broken at spaces where there are any."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and cells(line) + 1 + cells(word) <= width:
            line += " " + word
            continue
        if line:
            lines.append(line)
        while cells(word) > width:
            head = set_cell_size(word, width).rstrip() or word[:1]
            lines.append(head)
            word = word[len(head) :]
        line = word
    if line or not lines:
        lines.append(line)
    return lines
