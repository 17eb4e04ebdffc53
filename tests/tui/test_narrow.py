"""A terminal that is sent only the cells that changed shows what the desk means it to show."""

import random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from charge_tui.sandbox import SandboxOptions
from charge_tui.tui.narrow import NarrowLayout, NarrowUpdate, partial_update
from charge_tui.tui.shown import Shown, cells_of
from tests.support.at_rest import at_rest
from tests.support.counting import Counted, counted
from tests.support.grid import Grid
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
    "i",
    "x",
    "question_mark",
    "escape",
    "escape",
)
WORLD = SandboxOptions(reservations=300, open=80, start=START)


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


def meant(it: Counted, size: tuple[int, int]) -> Grid:
    """What a terminal would show on which all was painted anew, as Textual does it."""
    app, grid = it.screen.app, Grid(*size)
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, NarrowLayout)
    grid.feed(super(NarrowLayout, update).render_segments(app.console).encode())
    return grid


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
                whole = meant(it, size)
                if (grid.lines, grid.styles) == (whole.lines, whole.styles):
                    break
            assert grid.lines == whole.lines
            assert grid.styles == whole.styles


async def test_what_the_terminal_shows_already_is_not_written_again() -> None:
    async with counted(WORLD) as it:
        await at_rest(it)
        it.screen.app.screen.refresh()
        await it.run(seconds=1)
        assert not [token for token in tokens(it.taken()) if token.kind == "text"]


async def test_what_another_program_wrote_over_the_screen_goes_with_the_refresh_key() -> None:
    async with counted(WORLD) as it:
        await at_rest(it)
        await it.press("r")
        await it.run(seconds=1)
        grid = Grid(120, 36)
        grid.feed(it.taken())
        assert grid.lines == meant(it, (120, 36)).lines


async def test_another_size_is_written_whole() -> None:
    async with counted(WORLD) as it:
        await at_rest(it)
        size = Size(120, 36)
        it.screen.app.post_message(events.Resize(size, size))
        it.screen.app.screen.refresh()
        await it.run(seconds=1)
        grid = Grid(120, 36)
        grid.feed(it.taken())
        assert grid.lines == meant(it, (120, 36)).lines


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("abcdef", "abcdef", []),
        ("abcdef", "abXdef", [(2, "X")]),
        ("abcdefghijklmnop", "Xbcdefghijklmnop"[:-1] + "Y", [(0, "X"), (15, "Y")]),
        ("abcdefgh", "XbcdefgY", [(0, "XbcdefgY")]),
        ("ab充def", "abXXdef", [(2, "XX")]),
        ("abXXdef", "ab充def", [(2, "充")]),
        ("a充充d", "ab充cd", [(1, "b充c")]),
        ("cafe", "café", [(3, "é")]),
        ("cafe", "cafe\u0301", [(3, "e\u0301")]),
    ],
)
def test_only_the_cells_that_differ_are_written_and_no_wide_one_is_cut(
    old: str, new: str, expected: list[tuple[int, str]]
) -> None:
    shown = Shown()
    assert [(x, part.text) for x, part in shown.differing(0, 0, Strip([Segment(old)]))] == [(0, old)]
    assert [(x, part.text) for x, part in shown.differing(0, 0, Strip([Segment(new)]))] == expected
    assert list(shown.differing(0, 0, Strip([Segment(new)]))) == []


PIECES = ("a", "b ", "漢", "字", "e\u0301", "👩\u200d🔧", "‼\ufe0f", "🇫🇷", "🏽", "👨\u200d👩\u200d👧", "می\u200cخواهم")
TEXTS = st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8", exclude_categories=["C"])).map("".join)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_whatever_stands_on_a_line_nothing_is_written_beyond_it_and_all_that_differs_is(texts: list[str]) -> None:
    """A character of which nobody knows how wide it is has its line written whole."""
    shown, width, line = Shown(), 24, [""] * 24
    for text in texts:
        strip = Strip([Segment(text)]).adjust_cell_length(width)
        for x, part in shown.differing(3, 0, strip):
            assert x >= 0
            assert part.cell_length
            assert x + part.cell_length <= width
            line[x : x + part.cell_length] = slots(part)
        assert line == slots(strip)


def slots(strip: Strip) -> list[str]:
    """What stands in each cell, as far as that can be told; a line that cannot be cut into cells as a whole."""
    found = cells_of(strip)
    return [strip.text] * len(found) if None in found else [cell[0] for cell in found if cell]


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
