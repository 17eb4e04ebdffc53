"""A terminal that is sent only the cells that changed shows what the desk means it to show."""

import random

import pytest
from rich.console import Console
from rich.segment import Segment
from textual import _compositor, events
from textual.geometry import Size
from textual.strip import Strip

from charge_tui.sandbox import SandboxOptions
from charge_tui.tui.narrow import NarrowLayout, NarrowUpdate
from charge_tui.tui.shown import Shown
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
