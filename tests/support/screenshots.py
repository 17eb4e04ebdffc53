"""The pictures of the README, made from a seeded world that stands still: ``python -m tests.support.screenshots``.

A test compares the pictures that are kept with what this draws, so that they never show a screen that is no more.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from charge_tui.sandbox import RunningSandbox, SandboxOptions
from tests.support.handclock import HandClock
from tests.support.sandbox import KEY, START
from tests.support.screen import Screen

FOLDER = Path(__file__).parents[2] / "screenshots"

_FONT_FACES = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)


@dataclass(frozen=True)
class Shot:
    """One picture: the terminal's size, the keys that lead to it from the desk as it opens, the theme."""

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    theme: str = "charge-dark"

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}.svg"


SHOTS = (
    Shot("desk-120x36", (120, 36), ("j", "j", "j", "j", "j")),
    Shot("desk-80x24", (80, 24), ("j", "j", "j", "j", "j")),
    Shot("desk-200x60", (200, 60), ("j", "j", "j", "j", "j")),
    Shot("detail-80x24", (80, 24), ("j", "enter")),
    Shot("all-120x36", (120, 36), ("2", "]")),
    Shot("find-120x36", (120, 36), ("slash", "m", "a", "r")),
    Shot("contrast-120x36", (120, 36), ("4", "j"), theme="charge-contrast"),
)


async def drawn(shots: tuple[Shot, ...] = SHOTS) -> AsyncIterator[tuple[Shot, str]]:
    """Each picture with its SVG."""
    for shot in shots:
        options = SandboxOptions(seed=7, start=START, speed=0.0, reservations=600, key=KEY, traffic=False)
        with RunningSandbox(options) as sandbox:
            async with Screen.open(sandbox, size=shot.size, clock=HandClock(), theme=shot.theme) as desk:
                await desk.settle()
                for key in shot.keys:
                    await desk.press(key)
                    await desk.quiesce()
                await desk.settle()
                yield shot, picture(desk)


def picture(desk: Screen) -> str:
    """The screen as SVG that needs nothing from elsewhere."""
    return _FONT_FACES.sub("", desk.app.export_screenshot(title="charge-tui"))


async def _write() -> None:
    FOLDER.mkdir(exist_ok=True)
    async for shot, svg in drawn():
        shot.path.write_text(svg)


if __name__ == "__main__":
    asyncio.run(_write())
