"""What a desk asks of the API when all is well, and how late it sees each kind of change: on virtual time."""

import asyncio
import statistics
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from charge_tui.desk.state import Change, Freshness
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import SandboxOptions
from tests.benchmarks.bench import Bench
from tests.benchmarks.report import Row
from tests.support.simulation import Simulation, simulated
from tests.support.virtual import VirtualLoop

_MINUTES: Final = 40
_AUTOMATIC: Final = ("pending to confirmed", "pending to failed")
_SIZES: Final = (100, 1_000, 5_000)


def rows(bench: Bench) -> Iterator[Row]:
    """Requests a minute and lateness, for more and more open reservations."""
    for size in _SIZES:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            yield from runner.run(_watched(size))


async def _watched(size: int) -> list[Row]:
    async with simulated(SandboxOptions(seed=6, reservations=max(1_000, 4 * size), open=size)) as day:
        await day.loaded()
        await day.run(minutes=3)
        begun, before = day.desk.now(), day.sandbox.served
        day.feeds.clear()
        used = [await _minute(day) for _ in range(_MINUTES)]
        fresh = sum(feed.freshness is Freshness.FRESH for feed in day.feeds) / len(day.feeds)
        late = _lateness(day.changes, begun)
        asked = (day.sandbox.served - before) / _MINUTES
    return list(_told(size, max(used), asked, fresh, late))


async def _minute(day: Simulation) -> int:
    await day.run(minutes=1)
    return day.gauge.budget.used(day.clock.monotonic())


def _lateness(changes: list[Change], begun: datetime) -> dict[str, list[float]]:
    """Seconds from the moment at which something happened to that at which the desk saw it, by kind."""
    late: dict[str, list[float]] = defaultdict(list)
    for change in changes:
        after, before = change.after, change.before
        if change.at < begun or not isinstance(after, Reservation):
            continue
        if before is None:
            kind, happened = "new", after.created
        elif not change.fields or not isinstance(before, Reservation):
            continue
        else:
            kind = f"{before.status} to {after.status}" if after.status != before.status else "edited"
            happened = after.updated
        if happened >= begun:
            late[kind].append((change.at - happened).total_seconds())
    return late


def _told(size: int, most: int, asked: float, fresh: float, late: dict[str, list[float]]) -> Iterator[Row]:
    judged = size == _SIZES[-1]
    where = f"{size:,} open"
    note = f"{_MINUTES} virtual minutes in steady state; client, desk and sandbox in one process"
    yield Row("steady", f"{where}: requests in the busiest minute", most, "", aim=60, note=note)
    yield Row("steady", f"{where}: requests a minute, mean", asked, "")
    yield Row("steady", f"{where}: share of the time not FRESH", 100 * (1 - fresh), "%")
    for what, aim, chosen, among in (
        ("automatic confirmations and failures, longest", 30, max, [k for k in late if k in _AUTOMATIC]),
        ("any other change, median", 60, statistics.median, [k for k in late if k not in _AUTOMATIC]),
    ):
        if seconds := [one for kind in among for one in late[kind]]:
            told = f"{where}: {what} ({len(seconds)}), seen after"
            yield Row("steady", told, chosen(seconds), "s", aim=aim if judged else None, note=note)
    for kind, seconds in sorted(late.items()):
        yield Row("steady", f"  {where}: {kind} ({len(seconds)}), median", statistics.median(seconds), "s")
        yield Row("steady", f"  {where}: {kind} ({len(seconds)}), longest", max(seconds), "s")
