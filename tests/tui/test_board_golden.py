"""The whole board at the three designed sizes, by station and by vehicle, of a seeded world that stands still."""

import pytest

from tests.support.boards import Boarder
from tests.support.sandbox import SandboxMaker
from tests.tui.golden import expect_golden
from tests.tui.test_golden import SIZES, still


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_board(make_sandbox: SandboxMaker, size: tuple[int, int]) -> None:
    async with still(make_sandbox, size) as desk:
        person = await Boarder(desk).open()
        await desk.press("g", "j", "j")
        await desk.settle()
        expect_golden("\n".join(person.lines), f"board-by-station-{size[0]}x{size[1]}")
        await desk.press("L", "minus")
        await desk.settle()
        expect_golden("\n".join(person.lines), f"board-by-vehicle-{size[0]}x{size[1]}")


async def test_the_board_in_ascii(make_sandbox: SandboxMaker) -> None:
    async with still(make_sandbox, (120, 36), ascii_only=True) as desk:
        person = await Boarder(desk).open()
        await desk.settle()
        assert desk.text.isascii()
        expect_golden("\n".join(person.lines), "board-ascii-120x36")
