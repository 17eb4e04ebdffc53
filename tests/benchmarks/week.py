"""A week of a healthy fleet under documented timing, on the virtual clock: how quiet is the queue?

    python -m tests.benchmarks.week [HOURS] [--alone]

Completions and expiries come 0, 10, 30 and 60 minutes late. Somebody takes each finding five minutes after it came, and
books what is lost again in a wider circle; with ``--alone`` nobody does anything.
"""

# ruff: noqa: T201

import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from charge_tui.desk.attention.figures import Figures
from charge_tui.domain.attention.finding import Kind
from charge_tui.domain.times import parse_rfc3339
from charge_tui.sandbox import SandboxOptions
from charge_tui.sandbox.instants import read
from tests.support.simulation import simulated
from tests.support.virtual import VirtualLoop
from tests.support.watching import Watched

LAGS = ("none", "10m", "30m", "60m")
REFRESH = 30.0
OPEN = 120
TAKES = timedelta(minutes=5)
_STEP = 10.0 / 60.0


@dataclass(frozen=True)
class Week:
    """What came of it."""

    per_ten_minutes: float
    """New findings in 10 minutes for each 100 open reservations."""
    clear: float
    """The share of the seconds in which nothing was in the queue."""
    figures: Figures
    failures: int
    late: dict[str, float]
    """Failures that were not in the queue an interval after they could be seen, with the seconds it took."""


@dataclass
class Dispatcher:
    """Takes one finding after the other, five minutes after each came."""

    watched: Watched
    since: dict[str, datetime] = field(default_factory=dict)

    async def look(self) -> None:
        """Take what has waited for five minutes."""
        watch, now = self.watched.watch, self.watched.day.desk.now()
        here = {entry.finding.key: entry for entry in watch.queue().entries if entry.fresh}
        self.since = {key: self.since.get(key, now) for key in here}
        for key in [key for key, since in self.since.items() if now - since >= TAKES]:
            await watch.acknowledge((key,))
            if here[key].finding.kind is Kind.LOST:
                self.book_again(here[key].id)

    def book_again(self, identity: str) -> None:
        """Have a copy booked in a wider circle, with a card that is not declined."""
        world = self.watched.day.sandbox.world
        old = self.watched.day.sandbox.reservation(identity)
        methods = [method["id"] for method in world.directory.all("payment_method")]
        world.create(
            driver=old["driver"],
            vehicle=old["vehicle"],
            ideal=(read(old["ideal_start"]), read(old["ideal_end"])),
            connector_type=old["connector_type"],
            location=old["location"] | {"radius": 50_000},
            payment_method=next(method for method in methods if not world.directory.declined(method)),
            metadata={"replaces": identity},
        )


async def week(
    lag: str, hours: float, *, seed: int = 11, trouble: bool = False, refresh: float = REFRESH, alone: bool = False
) -> Week:
    """A fleet of about 120 open reservations over so many hours."""
    options = SandboxOptions(seed=seed, reservations=400, open=OPEN, trouble=trouble, readings={"end-lag": lag})
    async with simulated(options, refresh=refresh) as day:
        watched = await Watched.of(day)
        dispatcher = Dispatcher(watched)
        start = day.desk.now()
        for _ in range(round(hours * 360)):
            await watched.run(minutes=_STEP)
            if not alone:
                await dispatcher.look()
        seen = day.desk.now() - timedelta(seconds=2 * refresh)
        failed = {
            row["id"]: at
            for row in day.sandbox.find(status="failed")
            if start < (at := parse_rfc3339(row["updated"])) < seen
            and parse_rfc3339(row["latest_end"] or row["ideal_end"]) > at
        }
        took = {
            identity: (shown - at).total_seconds()
            if (shown := watched.named_at.get(f"{Kind.LOST}:{identity}"))
            else float("inf")
            for identity, at in failed.items()
        }
        late = {identity: seconds for identity, seconds in took.items() if seconds > refresh + 2}
        clear = watched.clear / watched.looks
        return Week(watched.per_ten_minutes, clear, watched.watch.figures(), len(failed), late)


def main(hours: float, *, alone: bool) -> None:
    """Print the figures for each delay."""
    print(
        f"{hours:g} hours, about {OPEN} open, read every {REFRESH:g} s, {'nobody' if alone else 'somebody'} at the desk"
    )
    for lag in LAGS:
        began = time.perf_counter()
        loop = VirtualLoop()
        found = loop.run_until_complete(week(lag, hours, alone=alone))
        loop.close()
        print(
            f"end lag {lag:>4}: {found.per_ten_minutes:.3f} findings per 10 min per 100 open, "
            f"all clear {found.clear:.1%}, {found.failures} failures, {len(found.late)} late in the queue "
            f"({time.perf_counter() - began:.0f} s)",
            flush=True,
        )
        for kind, course in sorted(found.figures.kinds.items()):
            share = "-" if course.share is None else f"{course.share:.0%}"
            print(
                f"    {kind:<17} began {course.begun:>4}, ended {course.ended:>4}, cleared by itself {share:>4}, "
                f"ran out {course.ran_out:>4}"
            )


if __name__ == "__main__":
    numbers = [text for text in sys.argv[1:] if text != "--alone"]
    main(float(numbers[0]) if numbers else 168.0, alone="--alone" in sys.argv)
