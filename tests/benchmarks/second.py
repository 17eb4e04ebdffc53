"""What a second costs in which nothing happens, with more and more open reservations in the mirror."""

import asyncio
import gc
import statistics
import time
from collections.abc import Iterator
from typing import Final

from charge_tui.sandbox import SandboxOptions
from tests.benchmarks import tick
from tests.benchmarks.bench import Bench
from tests.benchmarks.report import Row
from tests.support.at_rest import at_rest
from tests.support.counting import counted
from tests.support.virtual import START, VirtualLoop

_SIZES: Final = (100, 1_000, 10_000)
_SECONDS: Final = 55
_JUDGED: Final = "a second, 10,000 open"
_NOTE: Final = "with painting, the watch for pauses and the event loop's own work"


def rows(bench: Bench) -> Iterator[Row]:
    """Milliseconds of the processor in one second: the tick, what it paints, and the event loop's own work."""
    for name, found in tick.measure(_SIZES[-1], rounds=40 * bench.rounds).items():
        yield Row("second", f"without painting: {name}", found["median"], aim=2 if name == _JUDGED else None)
    for size in _SIZES:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            taken = runner.run(_ticks(size))
        yield Row("second", f"{size:,} open: a second without news, median", statistics.median(taken), note=_NOTE)
        yield Row("second", f"{size:,} open: a second without news, worst", max(taken))


async def _ticks(size: int) -> list[float]:
    options = SandboxOptions(reservations=size, open=size, start=START, traffic=False, trouble=False)
    async with counted(options, refresh=0.0, budget=6_000) as it:
        await at_rest(it)
        gc.collect()
        gc.freeze()
        taken = []
        for _ in range(_SECONDS):
            began = time.process_time()
            await it.run(seconds=1)
            taken.append((time.process_time() - began) * 1000)
        gc.unfreeze()
        return taken
