"""A terminal that is sent only the cells that changed shows what the desk means it to show."""

import random
from unittest.mock import patch

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from charge_tui.sandbox import SandboxOptions
from charge_tui.tui.narrow import NarrowUpdate, partial_update
from tests.support.at_rest import at_rest
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


def cells(strip: Strip) -> list[tuple[str, object]]:
    """Each character with its style."""
    return [(char, segment.style) for segment in strip for char in segment.text]


@pytest.mark.parametrize("form", ["", "question_mark", "n"])
async def test_any_regions_are_made_of_exactly_the_cells_of_the_whole_picture(form: str) -> None:
    chance = random.Random(9)
    async with counted(WORLD) as it:
        await it.press(*([form] if form else []))
        await it.run(seconds=1)
        compositor = it.screen.app.screen._compositor
        whole, (width, height) = compositor.render_strips(), compositor.size
        for _ in range(200):
            dirty = {
                Region(chance.randrange(width), chance.randrange(height), chance.randrange(1, 90), chance.randrange(9))
                for _ in range(chance.randrange(1, 6))
            }
            compositor._dirty_regions = set(dirty)
            update = partial_update(compositor) or NarrowUpdate([])
            assert not compositor._dirty_regions
            painted: list[tuple[int, int]] = []
            for x, y, strip in update.pieces:
                assert cells(strip) == cells(whole[y].crop(x, x + strip.cell_length))
                painted += [(column, y) for column in range(x, x + strip.cell_length)]
            assert len(painted) == len(set(painted)), "no cell twice"
            inside = [region.intersection(compositor.size.region) for region in dirty]
            assert set(painted) == {(x, y) for one in inside for y in one.line_range for x in one.column_range}


async def test_nothing_is_made_of_nothing() -> None:
    async with counted(WORLD) as it:
        compositor = it.screen.app.screen._compositor
        for dirty in (set(), {Region(500, 2, 3, 3)}, {Region(2, 2, 0, 3)}):
            compositor._dirty_regions = dirty
            assert partial_update(compositor) is None


async def test_a_key_that_moves_the_cursor_has_nothing_rendered_but_what_it_changes() -> None:
    async with counted(WORLD) as it:
        await at_rest(it)
        await it.press("down")
        await it.run(seconds=1)
        rendered: list[Widget] = []
        render_lines = Widget.render_lines

        def noted(widget: Widget, crop: Region) -> list[Strip]:
            rendered.append(widget)
            return render_lines(widget, crop)

        with patch.object(Widget, "render_lines", noted):
            await it.press("down")
        desk = it.screen.desk_screen
        assert set(rendered) == {desk.table, desk.status}
        assert it.taken()


def test_a_piece_is_written_where_it_stands() -> None:
    update = NarrowUpdate(
        [(5, 1, Strip([Segment("fg")])), (0, 1, Strip([Segment("a")])), (2, 0, Strip([Segment("x")]))]
    )
    assert update.render_segments(Console()) == "\x1b[1;3Hx\x1b[2;1Ha\x1b[2;6Hfg"
