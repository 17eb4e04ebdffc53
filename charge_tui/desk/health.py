"""The feed's state in one value: the word, the age, what comes next and what is wrong."""

from datetime import datetime
from typing import Final

from charge_tui.desk.budget import Budget
from charge_tui.desk.mirror import Mirror
from charge_tui.desk.plan import LIST_PERIOD, Plan
from charge_tui.desk.state import Feed, Freshness, Gravity, Problem
from charge_tui.desk.trouble import Trouble
from charge_tui.desk.worldclock import SKEW, WorldClock
from charge_tui.domain.times import span
from charge_tui.records import dataclass

_SLACK: Final = 5.0
_LONG_READ: Final = 3.0
_SLOW: Final = 120.0


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the reading stands, whichever desk does it. Times are real seconds."""

    complete: bool
    """Whether the open set was walked whole."""
    refresh: float
    cycle: float
    offline: bool
    limited: bool
    hold: float
    """Seconds until the next read may leave."""
    next_read: float | None
    waited: float | None
    """Seconds for which a request is under way; None while there is none."""
    walked: float | None
    """Seconds since the first pages of both open lists were read: what came later is not in the picture."""
    problems: tuple[Problem, ...]
    requests: int
    budget: int


def pulse_of(now: float, budget: Budget, plan: Plan, trouble: Trouble, busy_since: float | None) -> Pulse:
    """The pulse of a desk that reads; ``now`` and ``busy_since`` are monotonic seconds."""
    heads = [walk.head or walk.whole or 0.0 for walk in (plan.pending, plan.confirmed)]
    return Pulse(
        complete=plan.loaded,
        refresh=plan.refresh,
        cycle=plan.cycle(),
        offline=trouble.offline,
        limited=trouble.limited,
        hold=trouble.hold(now),
        next_read=plan.next_read(now),
        waited=None if busy_since is None else now - busy_since,
        walked=now - min(heads) if plan.loaded else None,
        problems=trouble.problems(),
        requests=budget.used(now),
        budget=budget.per_minute,
    )


def feed_of(now: float, pulse: Pulse, mirror: Mirror, rate: float, *, saved: bool, extra: tuple[Problem, ...]) -> Feed:
    """The feed at a moment (monotonic seconds): the age is that of the oldest row, or of an older list."""
    oldest = mirror.oldest()
    age = pulse.walked if oldest is None else max(0.0, now - oldest, pulse.walked or 0.0)
    return Feed(
        freshness=_word(age, pulse, saved=saved),
        age=None if age is None else age * rate,
        next_read=pulse.hold or pulse.next_read if pulse.waited is None else None,
        activity=_activity(pulse, len(mirror.rows)) or _waiting(pulse.waited),
        complete=pulse.complete,
        rate=rate,
        problems=(*pulse.problems, *extra),
        requests_last_minute=pulse.requests,
        budget=pulse.budget,
    )


def standing_problems(now: datetime, world: WorldClock, store_problem: str | None, odd: int) -> tuple[Problem, ...]:
    """What is wrong and has no moment at which it began: the clock, the disk, the data."""
    found: list[Problem] = []
    skew = world.skew()
    if skew is not None and abs(skew) > SKEW:
        found.append(_skew(now, skew))
    if store_problem:
        found.append(
            Problem(
                "store",
                Gravity.WARNING,
                "picture not kept",
                f"{store_problem} The desk works; only at its next start there may be nothing to show before the API "
                "answers.",
                now,
            )
        )
    if odd:
        found.append(
            Problem(
                "odd",
                Gravity.WARNING,
                f"{odd} odd row{'s' if odd > 1 else ''}",
                f"{odd} open reservation{'s have' if odd > 1 else ' has'} fields that are missing or not as documented."
                " Each is shown as far as it can be read, the fields at fault in its detail; the others are sound.",
                now,
            )
        )
    return tuple(found)


def slow_cycle(now: datetime, pulse: Pulse, rows: int) -> tuple[Problem, ...]:
    """A word when the budget cannot hold the interval: then the picture is older than the setting promises."""
    cycle = pulse.cycle
    if not pulse.complete or pulse.refresh <= 0 or cycle <= max(2 * pulse.refresh, _SLOW):
        return ()
    return (
        Problem(
            "budget",
            Gravity.WARNING,
            f"full cycle {span(cycle)}",
            f"{rows:,} open reservations cannot all be read every {span(pulse.refresh)} with {pulse.budget} "
            f"requests a minute: each is seen about every {span(cycle)}. Those that are about to be confirmed, and new "
            "and failed ones, are read more often. The setting budget raises the limit.",
            now,
        ),
    )


def _skew(now: datetime, skew: float) -> Problem:
    direction = "ahead of" if skew > 0 else "behind"
    return Problem(
        "skew",
        Gravity.WARNING,
        f"clock off by {span(skew)}",
        f"The server's clock is {span(skew)} {direction} this machine's. Countdowns follow the server; check the time "
        "of this machine (timedatectl).",
        now,
    )


def _word(age: float | None, pulse: Pulse, *, saved: bool) -> Freshness:
    if pulse.offline:
        return Freshness.OFFLINE
    if not pulse.complete:
        return Freshness.SAVED if saved else Freshness.LOADING
    if pulse.refresh <= 0:
        return Freshness.OFF
    looks = min(pulse.cycle, max(pulse.refresh, LIST_PERIOD))
    if age is None or age > 2 * pulse.cycle + _SLACK or (pulse.walked or 0.0) > 2 * looks + _SLACK:
        return Freshness.STALE
    return Freshness.FRESH


def _waiting(waited: float | None) -> str:
    return f"reading {span(waited)}" if waited is not None and waited >= _LONG_READ else ""


def _activity(pulse: Pulse, rows: int) -> str:
    if pulse.hold > 0:
        return f"{'rate limited' if pulse.limited else 'retry in'} {span(max(pulse.hold, 1.0))}"
    if not pulse.complete:
        return f"loading {rows:,}" if rows else "loading"
    return ""
