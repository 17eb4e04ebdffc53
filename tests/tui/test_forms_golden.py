"""Forms, questions and the three sides of a conflict as they look at the three designed sizes."""

import pytest

from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen
from tests.tui.golden import expect_golden
from tests.tui.test_golden import SIZES, still

FORMS: list[tuple[str, list[str]]] = [
    ("edit", ["3", "j", "j", "j", "e"]),
    ("edit-changed", ["f8", "down", "down", "=+2h"]),
    ("edit-faulty", ["down", "=half past nine", "down"]),
    ("new", ["ctrl+r", "escape", "n"]),
    ("new-typed", ["=nina", "tab", "down", "down", "=tomorrow 9:15", "down", "=+45m", "ctrl+s"]),
    ("question-confirm", ["ctrl+r", "escape", "c"]),
    ("question-cancel", ["escape", "x"]),
    ("move", ["escape", "4", "j", "j", "m", "f8"]),
    ("question-move", ["ctrl+s"]),
    ("again", ["escape", "ctrl+r", "escape", "7", "j", "b"]),
    ("many-cancel", ["escape", "3", "space", "space", "space", "x"]),
]
"""Each with the keys that lead to it from the one before; "=" begins a text to type."""


async def press(desk: Screen, keys: list[str]) -> None:
    """Press them, each after what came of the one before."""
    for key in keys:
        await (desk.type(key[1:]) if key.startswith("=") else desk.press(key))
        await desk.quiesce()


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_forms_and_questions(make_sandbox: SandboxMaker, size: tuple[int, int]) -> None:
    async with still(make_sandbox, size) as desk:
        for name, keys in FORMS:
            await press(desk, keys)
            await desk.settle()
            expect_golden(desk.text, f"{name}-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_conflict(make_sandbox: SandboxMaker, size: tuple[int, int]) -> None:
    sandbox = make_sandbox(reservations=300, open=60, traffic=False)
    async with still(lambda **_: sandbox, size, refresh=0) as desk:
        await press(desk, ["3", "j", "j", "j", "e", "f8", "down", "down", "down", "down", "ctrl+u", "=CCS, Type2"])
        sandbox.edit(desk.table.cursor or "", connector_type=["CHAdeMO"], metadata={"note": "gate 4"})
        await press(desk, ["ctrl+s"])
        await desk.until_shown("theirs", "mine", "choose")
        expect_golden(desk.text, f"conflict-{size[0]}x{size[1]}")


async def test_the_forms_in_ascii(make_sandbox: SandboxMaker) -> None:
    async with still(make_sandbox, (120, 36), ascii_only=True) as desk:
        await press(desk, ["3", "j", "j", "j", "e", "f8"])
        await desk.settle()
        assert desk.text.isascii(), [line for line in desk.text.splitlines() if not line.isascii()]
        await press(desk, ["escape", "x"])
        await desk.settle()
        assert desk.text.isascii(), [line for line in desk.text.splitlines() if not line.isascii()]
