"""How late a desk shows what happened, by the kind of change, with 5,000 open and 60 requests a minute.

Run as ``python -m tests.benchmarks.lateness``; ``--json`` prints the figures as JSON, ``--open N`` takes another size.
Client, desk and sandbox live on one virtual clock. Figures are seconds from the change at the API to its sight here,
``median``, ``worst`` and ``count``; beside them the requests in each minute, and how the truth line calls the picture.
"""

import asyncio
import statistics
from collections import Counter
from datetime import datetime
from typing import Final

from charge_tui.desk.state import Change, Freshness
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import CANCELLED, COMPLETED, CONFIRMED, EXPIRED, FAILED
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import SandboxOptions
from tests.benchmarks.timing import Figures, tell
from tests.support.simulation import Simulation, simulated
from tests.support.virtual import VirtualLoop

_SETTLED: Final = 5.0
_WATCHED: Final = 60.0
NEW: Final = "new"
ENDS: Final = {
    CONFIRMED: "confirmed automatically",
    FAILED: "failed",
    CANCELLED: "cancelled by another desk or a driver",
    COMPLETED: "completed",
    EXPIRED: "expired",
}
EDITED: Final = "edited by another desk"


def measure(count: int = 5000, minutes: float = _WATCHED, seed: int = 6) -> Figures:
    """Seconds by kind of change, requests by minute, and the share of looks at which the picture was fresh."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_watched(count, minutes, seed))


async def _watched(count: int, minutes: float, seed: int) -> Figures:
    async with simulated(SandboxOptions(seed=seed, reservations=4 * count, open=count)) as day:
        await day.loaded()
        await day.run(minutes=_SETTLED)
        begun = day.desk.now()
        day.changes.clear()
        day.feeds.clear()
        used = await _requests(day, minutes)
        found = {f"seconds until seen: {kind}": _told(late) for kind, late in sorted(lateness(day, begun).items())}
        found["requests a minute"] = _told(used)
        found["the age that the truth line tells, seconds"] = _told([feed.age or 0.0 for feed in day.feeds])
        fresh = Counter(feed.freshness for feed in day.feeds)[Freshness.FRESH] / len(day.feeds)
        found["share of looks called FRESH"] = {"median": fresh, "worst": fresh, "count": len(day.feeds)}
        said = sum(any(problem.code == "budget" for problem in feed.problems) for feed in day.feeds) / len(day.feeds)
        found["share of looks that name the full cycle"] = {"median": said, "worst": said, "count": len(day.feeds)}
        return found


async def _requests(day: Simulation, minutes: float) -> list[float]:
    used: list[float] = []
    for _ in range(round(minutes)):
        await day.run(minutes=1)
        used.append(day.gauge.budget.used(day.clock.monotonic()))
    return used


def lateness(day: Simulation, begun: datetime) -> dict[str, list[float]]:
    """Seconds from each change since then to its sight, by kind."""
    late: dict[str, list[float]] = {}
    for change in day.changes:
        kind, after = _kind(change), change.after
        if kind and isinstance(after, Reservation) and (happened := _moment(kind, after)) >= begun:
            late.setdefault(kind, []).append((change.at - happened).total_seconds())
    return late


def _kind(change: Change) -> str | None:
    """What kind of change it is; None for one that is none of the API's (left, and read again)."""
    before, after = change.before, change.after
    if after is None:
        return None
    if before is None:
        return NEW
    if status_of(before) != status_of(after):
        return ENDS.get(status_of(after))
    return EDITED if change.fields else None


def _moment(kind: str, row: Reservation) -> datetime:
    return row.created if kind == NEW else row.updated


def _told(values: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 1), "worst": round(max(values), 1), "count": len(values)}


def main() -> None:
    """Print the figures."""
    tell("how late a desk shows what happened", measure, unit="seconds, or what is named")


if __name__ == "__main__":
    main()
