"""Whole screens at the three designed sizes, of a seeded world that stands still."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.support.handclock import HandClock
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen
from tests.tui.golden import expect_golden

SIZES = [(80, 24), (120, 36), (200, 60)]


@asynccontextmanager
async def still(make_sandbox: SandboxMaker, size: tuple[int, int], **options: Any) -> AsyncIterator[Screen]:
    """A desk on which nothing moves any more: everything is read, every name is known, no time passes."""
    sandbox = make_sandbox(reservations=300, open=60, traffic=False)
    clock = HandClock()
    async with Screen.open(sandbox, size=size, clock=clock, **options) as desk:
        await desk.settle()
        await desk.press("g")
        await clock.advance(0.2)
        await desk.pilot.pause()
        yield desk


SCREENS: list[tuple[str, list[str], list[str]]] = [
    ("attention", ["j", "j", "j"], ["g"]),
    ("detail", ["j", "enter"], ["enter", "g"]),
    ("help", ["question_mark"], ["escape"]),
    ("find", ["slash", "m", "a"], ["escape", "g"]),
    ("nothing-found", ["slash", "x", "q", "x", "q"], ["escape", "g"]),
    ("filter", ["f", "m", "a"], ["escape"]),
    ("columns", ["v", "j"], ["escape"]),
    ("all", ["2"], ["1"]),
]
"""Each with the keys that open it and those that lead back."""


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_screens(make_sandbox: SandboxMaker, size: tuple[int, int]) -> None:
    async with still(make_sandbox, size) as desk:
        for name, there, back in SCREENS:
            await desk.press(*there)
            await desk.settle()
            expect_golden(desk.text, f"{name}-{size[0]}x{size[1]}")
            await desk.press(*back)


async def test_the_screen_in_ascii(make_sandbox: SandboxMaker) -> None:
    async with still(make_sandbox, (120, 36), ascii_only=True) as desk:
        await desk.press("j", "j")
        await desk.settle()
        assert desk.text.isascii()
        expect_golden(desk.text, "ascii-120x36")


async def test_a_screen_that_is_too_small_says_so(make_sandbox: SandboxMaker) -> None:
    async with still(make_sandbox, (50, 12)) as desk:
        expect_golden(desk.text, "too-small-50x12")
