"""The pictures of the README, made from a seeded world that stands still: ``python -m tests.support.screenshots``.

A test compares the pictures that are kept with what this draws, so that they never show a screen that is no more.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from charge_tui.sandbox import RunningSandbox, SandboxOptions
from tests.support.handclock import HandClock
from tests.support.sandbox import KEY, START
from tests.support.screen import Screen

FOLDER = Path(__file__).parents[2] / "screenshots"

SIZES = ((80, 24), (120, 36), (200, 60))
"""The sizes that the desk is designed for."""

_FONT_FACES = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)


@dataclass(frozen=True)
class Shot:
    """One picture: the terminal's size, the keys that lead to it from the desk as it opens, the theme.

    A key that begins with "=" is a text to type. ``theirs`` is what another desk makes of the reservation under the
    cursor after ``keys``; ``then`` follows that.
    """

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    theme: str = "charge-dark"
    theirs: Mapping[str, Any] = field(default_factory=dict)
    then: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}.svg"


def _at_each_size(name: str, keys: tuple[str, ...], **more: Any) -> Iterable[Shot]:
    return (Shot(f"{name}-{width}x{height}", (width, height), keys, **more) for width, height in SIZES)


SHOTS = (
    Shot("desk-120x36", (120, 36), ("j", "j", "j", "j", "j")),
    Shot("desk-80x24", (80, 24), ("j", "j", "j", "j", "j")),
    Shot("desk-200x60", (200, 60), ("j", "j", "j", "j", "j")),
    Shot("detail-80x24", (80, 24), ("j", "enter")),
    Shot("all-120x36", (120, 36), ("2", "]")),
    Shot("find-120x36", (120, 36), ("slash", "m", "a", "r")),
    Shot("contrast-120x36", (120, 36), ("4", "j"), theme="charge-contrast"),
    *_at_each_size("fix", ("j", "enter")),
    *_at_each_size("board-by-station", ("t", "j", "j", "j")),
    *_at_each_size("board-by-vehicle", ("t", "L", "plus", "g", "j", "j", "j")),
    *_at_each_size("log", ("d", "1", "a"), theirs={"metadata": {"note": "gate 4"}}, then=("l",)),
    *_at_each_size("handover", ("d", "1", "a", "w", "2", "1", "H", "tab", "=Ana calls WA 89456 back at four.")),
    Shot("why-120x36", (120, 36), ("i",)),
    Shot("verdicts-120x36", (120, 36), ("d", "1", "a", "w", "2", "1", "W")),
    Shot("edit-120x36", (120, 36), ("3", "j", "j", "j", "e", "f8", "down", "down", "down", "=+2h")),
    Shot("edit-80x24", (80, 24), ("3", "j", "j", "j", "e", "f8", "f8")),
    Shot("new-120x36", (120, 36), ("n", "=nina", "tab", "down", "down", "=tomorrow 9:15", "down", "=+45m")),
    Shot("again-120x36", (120, 36), ("7", "j", "b", "f2")),
    Shot("move-120x36", (120, 36), ("4", "j", "j", "j", "m", "f8", "f8", "ctrl+s")),
    Shot("cancel-80x24", (80, 24), ("4", "j", "j", "j", "x")),
    Shot("confirm-80x24", (80, 24), ("3", "j", "j", "j", "c")),
    Shot(
        "conflict-120x36",
        (120, 36),
        ("3", "j", "j", "j", "e", "f8", "down", "down", "down", "down", "ctrl+u", "=CCS, Type2"),
        theirs={"connector_type": ["CHAdeMO"], "metadata": {"note": "gate 4"}},
        then=("ctrl+s", "t"),
    ),
)


async def drawn(shots: tuple[Shot, ...] = SHOTS) -> AsyncIterator[tuple[Shot, str]]:
    """Each picture with its SVG."""
    for shot in shots:
        options = SandboxOptions(seed=7, start=START, speed=0.0, reservations=600, key=KEY, traffic=False)
        with RunningSandbox(options) as sandbox:
            async with Screen.open(sandbox, size=shot.size, clock=HandClock(), theme=shot.theme) as desk:
                await desk.settle()
                await _press(desk, shot.keys)
                if shot.theirs:
                    sandbox.edit(desk.table.cursor or "", **shot.theirs)
                    await _press(desk, shot.then)
                await desk.settle()
                yield shot, picture(desk)


async def _press(desk: Screen, keys: Iterable[str]) -> None:
    for key in keys:
        await (desk.type(key[1:]) if key.startswith("=") else desk.press(key))
        await desk.quiesce()


def picture(desk: Screen) -> str:
    """The screen as SVG that needs nothing from elsewhere."""
    return _FONT_FACES.sub("", desk.app.export_screenshot(title="charge-tui"))


async def _write() -> None:
    FOLDER.mkdir(exist_ok=True)
    async for shot, svg in drawn():
        shot.path.write_text(svg)


if __name__ == "__main__":
    asyncio.run(_write())
