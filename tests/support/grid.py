"""The cells of a terminal, as a stream of moves, styles and text leaves them."""

from rich.cells import cell_len

from tests.support.stream import tokens


class Grid:
    """A screen that starts empty; it knows no scrolling and no erasing."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[" "] * width for _ in range(height)]
        self.styles = [[""] * width for _ in range(height)]
        self._x = self._y = 0
        self._style = ""

    def feed(self, stream: bytes) -> None:
        """Take what a program wrote."""
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
        width, line = cell_len(char), self.cells[self._y]
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
