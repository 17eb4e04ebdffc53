"""The rescue rate: of the reservations that fail and could be saved, how many are, how soon, and how late they begin?

    python -m tests.benchmarks.rescue [--json] [--seeds N] [--hours H]

By default seven days with a seed each, and of each the shift of eight hours with the morning's rush: 56 hours in all.
What fails in the last two hours of a shift is not counted, since its end is not seen. On each day the same drivers ask
for the same things while connectors are scarce. One person works at the desk and sends its first proposal only; one
works at a plain list, by hand; a clairvoyant knows at the moment of each failure what is truly free. What drivers and
vehicles bear at most is the same for everybody.
"""

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Final

from charge_tui.sandbox.documents import ideal
from charge_tui.sandbox.instants import HOUR, MINUTE, read
from tests.benchmarks.people import AtTheDesk, AtTheList, Person, writer_for
from tests.benchmarks.scarce import OPEN, ScarceDay, options
from tests.support.simulation import simulated
from tests.support.virtual import VirtualLoop

SEEDS: Final = 7
HOURS: Final = 8.0
REFRESH: Final = 30.0
_SETTLES: Final = 2.0
PEOPLE: Final = {"desk": AtTheDesk, "list": AtTheList}


@dataclass
class Rescue:
    """What came of the failures of one or more days."""

    wishes: int = 0
    failed: int = 0
    could: int = 0
    """Failures for which something was truly free at the moment of the failure."""
    saved: int = 0
    """Of those, the ones that were confirmed in the end, within their limits."""
    beyond: int = 0
    """Saved though nothing was free when they failed: somebody gave something up later."""
    minutes: list[float] = field(default_factory=list)
    """From each failure to the confirmation of what replaces it."""
    late: list[float] = field(default_factory=list)
    """Minutes by which each saved one begins after what was asked for."""
    least: list[float] = field(default_factory=list)
    """The same for a clairvoyant, in the same order."""
    findings: int = 0
    false: int = 0
    keys: int = 0
    sent: int = 0
    journalled: int = 0
    doubled: int = 0
    missed: list[str] = field(default_factory=list)
    """What could have been saved and was not, as one line each."""

    def __add__(self, other: "Rescue") -> "Rescue":
        mine, theirs = vars(self), vars(other)
        return Rescue(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def share(self) -> float:
        """Saved of what could be saved."""
        return self.saved / self.could if self.could else 1.0

    @property
    def ratio(self) -> float:
        """Lateness over the clairvoyant's, for what was saved."""
        return sum(self.late) / sum(self.least) if sum(self.least) else float("inf")


async def rescue(who: str, seed: int, hours: float, size: int = OPEN) -> Rescue:
    """One day of one person."""
    async with simulated(options(seed, size), refresh=REFRESH) as day:
        await day.loaded()
        scarce = ScarceDay(day.sandbox, hours)
        person = PEOPLE[who](day, scarce, writer_for(day))
        if isinstance(person, AtTheDesk):
            await person.open()
        working = asyncio.ensure_future(_work(person))
        for _ in range(round(hours * 3600)):
            await day.clock.sleep(1)
            scarce.step()
            await person.tick()
        working.cancel()
        await asyncio.wait([working])
        await person.writer.drain()
        return await _account(person, scarce, until=scarce.start + round((hours - _SETTLES) * HOUR))


async def _work(person: Person) -> None:
    for row in list(person.day.desk.rows.values()):
        person.day.desk.names.want(one for one in (getattr(row, name, None) for name in _NAMED) if isinstance(one, str))
    while True:
        await person.work()


_NAMED: Final = ("vehicle_id", "driver_id", "station_id", "payment_method_id")


async def _account(person: Person, scarce: ScarceDay, until: int) -> Rescue:
    entries = await person.writer.journal.recent(10_000)
    posted = {one.idempotency_key for one in scarce.sandbox.requests if one.method == "POST"}
    found = Rescue(
        wishes=len(scarce.asked),
        findings=person.findings,
        false=person.false,
        keys=person.keys,
        sent=len(posted),
        journalled=len(posted & {entry.plan.key for entry in entries}),
        doubled=len(scarce.doubled()),
    )
    for failure in scarce.failures.values():
        if failure.at > until:
            continue
        found.failed += 1
        served = scarce.served(failure.trip)
        found.could += failure.late is not None
        if served is None:
            if failure.late is not None:
                found.missed.append(_line(scarce, failure.trip))
            continue
        if failure.late is None:
            found.beyond += 1
            continue
        found.saved += 1
        found.minutes.append((read(served["confirmed_at"]) - failure.at) / MINUTE)
        found.late.append(max(0, ideal(served)[0] - ideal(failure.wish)[0]) / MINUTE)
        found.least.append(failure.late / MINUTE)
    return found


def _line(scarce: ScarceDay, trip: str) -> str:
    failure = scarce.failures[trip]
    tries = []
    for one in scarce.made_for(trip):
        late = (ideal(one)[0] - ideal(failure.wish)[0]) / MINUTE
        after = (read(one["created"]) - failure.at) / MINUTE
        kinds = "+".join(one["connector_type"])
        tries.append(
            f"{one['status']} {one['location']['radius']} m {kinds} {late:+.0f} min, made {after:.1f} min after"
        )
    return f"{trip} {failure.reason} least {(failure.late or 0) / MINUTE:.0f}m: " + "; ".join(tries)


def one_day(who: str, seed: int, hours: float, size: int = OPEN) -> Rescue:
    """One day of one person, in a loop of its own."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(rescue(who, seed, hours, size))
    finally:
        loop.close()


def measure(seeds: Sequence[int], hours: float) -> dict[str, Rescue]:
    """All days of both people, as many at a time as there are processors."""
    days = [(who, seed) for seed in seeds for who in PEOPLE]
    with ProcessPoolExecutor() as pool:
        done = list(pool.map(one_day, *zip(*days, strict=True), [hours] * len(days)))
    total = {who: Rescue() for who in PEOPLE}
    for (who, _), found in zip(days, done, strict=True):
        total[who] += found
    return total


def figures(found: Rescue) -> dict[str, float | None]:
    """The figures of one person, rounded; times are minutes."""
    return {
        "wishes": found.wishes,
        "failed": found.failed,
        "could be saved": found.could,
        "saved": found.saved,
        "share saved": round(found.share, 4),
        "saved though nothing was free": found.beyond,
        "minutes to a confirmed one, median": _rounded(found.minutes, 0.5),
        "minutes to a confirmed one, p90": _rounded(found.minutes, 0.9),
        "minutes late, mean": round(statistics.fmean(found.late), 2) if found.late else None,
        "minutes late, total": round(sum(found.late), 1),
        "clairvoyant's minutes late, total": round(sum(found.least), 1),
        "lateness over the clairvoyant's": round(found.ratio, 3),
        "findings read": found.findings,
        "false findings": found.false,
        "keys": found.keys,
        "writes": found.sent,
        "writes in the journal": found.journalled,
        "booked twice": found.doubled,
    }


def _rounded(values: Iterable[float], share: float) -> float | None:
    held = sorted(values)
    return round(held[min(len(held) - 1, int(share * len(held)))], 2) if held else None


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="how many of the failed reservations are saved, and how well")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many days")
    parser.add_argument("--hours", type=float, default=HOURS, help="the hours of each day")
    parser.add_argument("--missed", action="store_true", help="list what was not saved")
    parsed = parser.parse_args()
    found = measure(range(1, parsed.seeds + 1), parsed.hours)
    if parsed.json:
        sys.stdout.write(json.dumps({who: asdict(one) for who, one in found.items()}, indent=2) + "\n")
        return
    rows = {who: figures(one) for who, one in found.items()}
    names = list(next(iter(rows.values())))
    lines = [f"{parsed.seeds} days of {parsed.hours:g} hours", f"{'':<36}" + "".join(f"{who:>10}" for who in rows)]
    lines += [f"{name:<36}" + "".join(f"{rows[who][name]!s:>10}" for who in rows) for name in names]
    sys.stdout.write("\n".join(lines) + "\n")
    if parsed.missed:
        for who, one in found.items():
            sys.stdout.write("\n".join([f"\n{who}:", *one.missed]) + "\n")


if __name__ == "__main__":
    main()
