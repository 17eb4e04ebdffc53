"""One line of text that is drawn cell by cell."""

from collections.abc import Iterator, Sequence

from charge_tui.tui.render.spans import Span, Token, cells


class Canvas:
    """The cells of a line while it is drawn; a text takes its cells as one, so that wide characters stay whole."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.chars = [" "] * width
        self.tokens: list[Token] = [""] * width
        self.actions = [""] * width

    def put(self, at: int, char: str, token: Token, action: str = "") -> None:
        """One cell; outside of the row nothing happens."""
        if 0 <= at < self.width:
            self.chars[at], self.tokens[at], self.actions[at] = char, token, action

    def text(self, at: int, text: str, token: Token, action: str = "") -> None:
        """A text in the cells from ``at`` on, which must all be there."""
        for offset in range(cells(text)):
            self.put(at + offset, "" if offset else text, token, action)

    def fill(self, places: Sequence[int], char: str, token: Token) -> None:
        """The same in many cells."""
        for at in places:
            self.put(at, char, token)

    def blank(self, at: int) -> bool:
        """Whether a cell is there and empty."""
        return 0 <= at < self.width and self.chars[at] == " " and not self.actions[at]

    def spans(self) -> Iterator[Span]:
        """The cells as spans, one for each stretch of the same meaning and the same bar."""
        begin = 0
        for at in range(1, self.width + 1):
            here = at < self.width and (self.tokens[at], self.actions[at]) == (self.tokens[begin], self.actions[begin])
            if not here:
                yield Span("".join(self.chars[begin:at]), self.tokens[begin], self.actions[begin])
                begin = at
