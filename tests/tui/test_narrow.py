"""A terminal that is sent only the cells that changed shows what the desk means it to show."""

import random

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from textual import _compositor
from textual.strip import Strip

from charge_tui.sandbox import SandboxOptions
from charge_tui.tui.narrow import NarrowUpdate
from tests.support.counting import counted
from tests.support.stream import tokens
from tests.support.virtual import BACKEND, START

KEYS = (
    "down",
    "down",
    "j",
    "k",
    "pagedown",
    "pageup",
    "G",
    "g",
    "enter",
    "escape",
    "t",
    "t",
    "2",
    "1",
    "s",
    "space",
    "z",
)
WORLD = SandboxOptions(reservations=300, open=80, start=START)


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


class Grid:
    """The cells of a terminal, as a stream of moves and text leaves them."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[" "] * width for _ in range(height)]
        self._x = self._y = 0

    def feed(self, stream: bytes) -> None:
        """Take what a program wrote."""
        for token in tokens(stream):
            if token.kind == "csi" and token.body.endswith("H"):
                row, column = (int(part) for part in (token.body[:-1] or "1;1").split(";"))
                self._y, self._x = row - 1, column - 1
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
        self._x += width

    @property
    def lines(self) -> list[str]:
        """The text of each line."""
        return ["".join(line) for line in self.cells]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_whatever_is_pressed_the_terminal_shows_what_the_desk_means(size: tuple[int, int]) -> None:
    chance = random.Random(4)
    async with counted(WORLD, size=size) as it:
        grid = Grid(*size)
        for _ in range(60):
            await it.press(chance.choice(KEYS))
            await it.run(seconds=chance.choice((0.5, 0.5, 3, 70)))
            for _ in range(4):  # what a second has just changed is painted with the next frame
                await it.run(seconds=0.05)
                grid.feed(it.taken())
                meant = [strip.text for strip in it.screen.app.screen._compositor.render_strips()]
                if grid.lines == meant:
                    break
            assert grid.lines == meant


def written(old: str, spans: list[tuple[int, int, int]]) -> str:
    """What two panes side by side of that text write for these spans."""
    left, right = (Strip([Segment(part)]) for part in (old[:5], old[5:]))
    return NarrowUpdate([{0: left, 5: right}], spans, [[5, len(old)]]).render_segments(Console())


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 0, 10)], "\x1b[1;1Habcde\x1b[1;6Hfghij"),
        ([(0, 2, 4)], "\x1b[1;3Hcd"),
        ([(0, 3, 7)], "\x1b[1;4Hde\x1b[1;6Hfg"),
        ([(0, 5, 6)], "\x1b[1;6Hf"),
        ([(0, 0, 1), (0, 9, 10)], "\x1b[1;1Ha\x1b[1;10Hj"),
        ([(0, 4, 4)], ""),
    ],
)
def test_a_span_is_written_from_its_first_cell_to_its_last(spans: list[tuple[int, int, int]], expected: str) -> None:
    assert written("abcdefghij", spans) == expected


async def test_textual_makes_its_updates_of_this_kind() -> None:
    async with counted(WORLD) as it:
        assert _compositor.ChopsUpdate is NarrowUpdate
        await it.press("down")
        assert it.taken()
