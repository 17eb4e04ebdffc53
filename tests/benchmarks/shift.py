"""A shift of eight hours with 500 open reservations and forty things done: the bytes to the terminal and from the API.

It is played on an injected clock, with the whole desk in this process and a terminal that counts
(``tests.support.counting``): a sandbox at a high speed would not do, since a desk counts its refreshes in real seconds.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

from charge_tui.sandbox import SandboxOptions
from tests.benchmarks.bench import Bench
from tests.benchmarks.quiet import VIRTUAL, share
from tests.benchmarks.report import Row
from tests.support.counting import counted
from tests.support.panes import Panes
from tests.support.virtual import START, VirtualLoop

_HOURS: Final = 8
_ACTIONS: Final = 40
_BETWEEN_KEYS: Final = 0.5
"""Seconds."""
_KINDS: Final = (
    ("g", "down", "down", "down", "down", "enter", "down", "down", "escape"),
    ("g", "a"),
    ("g", "y", "y"),
    ("3", "g", "down", "down", "c", "y"),
    ("3", "g", "down", "e", "f8", "ctrl+s"),
    ("3", "g", "down", "down", "down", "x", "y"),
    ("4", "g", "i", "escape"),
    ("2", "right_square_bracket", "down", "down", "enter", "escape", "left_square_bracket"),
)
"""What a dispatcher does: look, acknowledge, send a fix, confirm, edit, cancel, ask why, leaf through pages."""


def rows(bench: Bench) -> Iterator[Row]:
    """The whole shift."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        yield from runner.run(_shift())


async def _shift() -> list[Row]:
    options = SandboxOptions(seed=8, reservations=2_000, open=500, start=START)
    panes: Panes = {}
    async with counted(options) as it:
        for number in range(_ACTIONS):
            await it.run(seconds=_HOURS * 3600 / _ACTIONS - 10)
            await it.press(*_KINDS[number % len(_KINDS)], every=_BETWEEN_KEYS)
            await it.run(seconds=5)
            await it.press("escape", "escape", "1", every=_BETWEEN_KEYS)
            for name, count in it.panes().items():
                panes[name] = panes.get(name, 0) + count
        requests, writes, read = it.wire.requests, it.wire.writes, it.wire.bytes
    note = f"{VIRTUAL}; {requests:,} requests, {writes} of them writes; the API's bodies not compressed; {share(panes)}"
    return [
        Row("shift", "a shift of 8 h, 500 open, 40 actions: to the terminal", sum(panes.values()) / 1e6, "MB", aim=1.5,
            note=note),
        Row("shift", "a shift of 8 h, 500 open, 40 actions: from the API", read / 1e6, "MB", aim=60, note=note),
    ]  # fmt: skip
