"""Days of a desk in bad weather, as many as are wanted: ``python -m tests.soak.days --days 1000 --seed 1``.

Each day has a world, a desk on real files and a person of its own, all drawn from the seed and the number of the day,
so that ``--seed 1 --day 17`` plays the seventeenth again, exactly; ``--diary`` prints what happened on it.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context

from tests.support.simulation_day import DAY, Report, play


def played(one: tuple[int, int, float]) -> Report:
    """A day, for a worker."""
    seed, day, hours = one
    return play(seed, day, hours=hours)


def days(seed: int, numbers: Sequence[int], hours: float, jobs: int) -> Iterator[Report]:
    """Play these days, several at once, as they end."""
    wanted = [(seed, number, hours) for number in numbers]
    if jobs <= 1:
        yield from map(played, wanted)
        return
    with get_context("spawn").Pool(jobs, maxtasksperchild=20) as pool:
        yield from pool.imap_unordered(played, wanted)


def main(argv: Sequence[str] | None = None) -> int:
    """The command; 1 when a day was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.days", description=__doc__)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first day")
    parser.add_argument("--day", type=int, help="play this day alone")
    parser.add_argument("--hours", type=float, default=24.0, help="how long a day is")
    parser.add_argument("--jobs", type=int, default=1, help="days that are played at once")
    parser.add_argument("--diary", action="store_true", help="print what happened")
    chosen = parser.parse_args(argv)
    numbers = [chosen.day] if chosen.day is not None else range(chosen.first, chosen.first + chosen.days)
    began, broken, total, count = time.monotonic(), list[Report](), 0.0, 0
    sums = {"requests": 0, "effects": 0, "starts": 0, "spells": 0, "checks": 0}
    for report in days(chosen.seed, numbers, chosen.hours, chosen.jobs):
        count, total = count + 1, total + report.seconds
        for name in sums:
            sums[name] += getattr(report, name)
        if chosen.diary:
            print("\n".join(report.diary))
        if report.fault:
            broken.append(report)
            print(f"BROKEN --seed {report.seed} --day {report.day}: {report.fault}", flush=True)
        if count % 10 == 0 or chosen.day is not None:
            spent = time.monotonic() - began
            print(f"{count} played, {total / DAY:.1f} desk-days, {total / DAY / spent * 60:.1f} a minute", flush=True)
    told = ", ".join(f"{value:,} {name}" for name, value in sums.items())
    print(f"{total / DAY:.1f} desk-days in {time.monotonic() - began:.0f} s: {told}; {len(broken)} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
