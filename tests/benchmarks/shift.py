"""A shift of eight hours with 500 open reservations and forty things done: the bytes to the terminal and from the API.

It is played on an injected clock, with the whole desk in this process and a terminal that counts
(``tests.support.counting``): a sandbox at a high speed would not do, since a desk counts its refreshes in real seconds.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle, islice
from statistics import fmean
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
_KINDS: Final = {
    "looking at some": ("g", "down", "down", "down", "down", "enter", "down", "down", "escape"),
    "acknowledging": ("g", "a"),
    "sending a fix": ("g", "y", "y"),
    "confirming": ("3", "g", "down", "down", "c", "y"),
    "editing": ("3", "g", "down", "e", "f8", "ctrl+s"),
    "cancelling": ("3", "g", "down", "down", "down", "x", "y"),
    "asking why": ("4", "g", "i", "escape"),
    "leafing through pages": ("2", "right_square_bracket", "down", "down", "enter", "escape", "left_square_bracket"),
}
"""What a dispatcher does, by turns; those that begin with a number switch the view first, and back in the end."""


def rows(bench: Bench) -> Iterator[Row]:
    """The whole shift."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        yield from runner.run(_shift())


async def _shift() -> list[Row]:
    options = SandboxOptions(seed=8, reservations=2_000, open=500, start=START)
    passing: Panes = {}
    done: dict[str, list[int]] = defaultdict(list)
    async with counted(options) as it:
        for kind, keys in islice(cycle(_KINDS.items()), _ACTIONS):
            await it.run(seconds=_HOURS * 3600 / _ACTIONS - 10)
            _add(passing, it.panes())
            await it.press(*keys, every=_BETWEEN_KEYS)
            await it.run(seconds=5)
            await it.press("escape", "escape", "1", every=_BETWEEN_KEYS)
            done[kind].append(len(it.taken()))
        requests, writes, read, plain = it.wire.requests, it.wire.writes, it.wire.bytes, it.wire.unpacked
    acting = sum(map(sum, done.values()))
    note = f"{VIRTUAL}; {requests:,} requests, {writes} of them writes"
    packed = "bodies as the sandbox sends them, compressed with gzip; whether the Charge API does so is not documented"
    whole = "a shift of 8 h, 500 open, 40 actions"
    return [
        Row("shift", f"{whole}: to the terminal", (sum(passing.values()) + acting) / 1e6, "MB", aim=1.5, note=note),
        Row("shift", f"{whole}: from the API", read / 1e6, "MB", aim=60, note=packed),
        Row("shift", "  the same bodies where the server does not compress", plain / 1e6, "MB"),
        Row("shift", "  of that to the terminal: while time passes", sum(passing.values()) / 1e6, "MB",
            note=share(passing)),
        Row("shift", "  of that to the terminal: the actions", acting / 1e6, "MB"),
        *(Row("shift", f"  one action: {kind}", fmean(each) / 1e3, "kB") for kind, each in done.items()),
    ]  # fmt: skip


def _add(panes: Panes, more: Panes) -> None:
    for name, count in more.items():
        panes[name] = panes.get(name, 0) + count
