"""The cells of a terminal, as a stream of moves, styles and text leaves them."""

import re
from typing import Final

from rich.cells import cell_len

from tests.support.stream import tokens

_UNFINISHED: Final = re.compile(rb"(?:\x1b(?:\[[0-?]*[ -/]*|[]PX^_][^\x07\x1b]*\x1b?)?|[\xc2-\xf4][\x80-\xbf]{0,2})\Z")
"""A sequence or a character of which the rest is still to come."""


class Grid:
    """A screen that starts empty; it knows no scrolling and no erasing, and grows with what is written."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[" "] * width for _ in range(height)]
        self.styles = [[""] * width for _ in range(height)]
        self._x = self._y = 0
        self._style = ""
        self._rest = b""

    def feed(self, stream: bytes) -> None:
        """Take what a program wrote, in pieces of any length."""
        stream = self._rest + stream
        begun = _UNFINISHED.search(stream)
        whole = begun.start() if begun and not _is_whole(stream[begun.start() :]) else len(stream)
        stream, self._rest = stream[:whole], stream[whole:]
        for token in tokens(stream):
            if token.kind == "csi" and token.body.endswith("H"):
                row, column = (int(part) for part in (token.body[:-1] or "1;1").split(";"))
                self._y, self._x = row - 1, column - 1
            elif token.kind == "csi" and token.body.endswith("m"):
                self._style = "" if token.body in ("m", "0m") else token.body
            elif token.kind == "control":
                self._x, self._y = (0 if token.body == "\r" else self._x), self._y + (token.body == "\n")
            elif token.kind == "text":
                for char in token.body:
                    self._put(char)

    def _put(self, char: str) -> None:
        while self._y >= len(self.cells):
            self.cells.append([])
            self.styles.append([])
        width, line = cell_len(char), self.cells[self._y]
        if (missing := self._x + width - len(line)) > 0:
            line += [" "] * missing
            self.styles[self._y] += [""] * missing
        if not width:
            line[self._x - 1] += char
            return
        line[self._x : self._x + width] = [char] + [""] * (width - 1)
        self.styles[self._y][self._x : self._x + width] = [self._style] * width
        self._x += width

    @property
    def lines(self) -> list[str]:
        """The text of each line."""
        return ["".join(line) for line in self.cells]

    def shows(self, words: str) -> bool:
        """Whether some words stand on a line."""
        return any(words in line for line in self.lines)

    def shows_bold(self, words: str) -> bool:
        """Whether some words of one cell a character stand on a line in bold."""
        for line, styles in zip(self.cells, self.styles, strict=True):
            at = "".join(char or " " for char in line).find(words)
            if at >= 0 and all(style.startswith(("1m", "1;")) for style in styles[at : at + len(words)]):
                return True
        return False


def _is_whole(text: bytes) -> bool:
    """Whether a character that looked cut off is whole: its first byte says how many follow."""
    first = text[0]
    return first >= 0xC2 and len(text) == (2 if first < 0xE0 else 3 if first < 0xF0 else 4)
