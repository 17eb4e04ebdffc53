"""The feed's state in one value: the word, the age, what comes next and what is wrong."""

from datetime import datetime
from typing import Final

from charge_tui.desk.budget import Budget
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.mirror import Mirror
from charge_tui.desk.plan import Plan
from charge_tui.desk.state import Feed, Freshness, Gravity, Problem
from charge_tui.desk.trouble import Trouble
from charge_tui.desk.worldclock import SKEW, WorldClock
from charge_tui.domain.times import span

_SLACK: Final = 5.0
_LONG_READ: Final = 3.0
_SLOW: Final = 120.0


def feed_of(
    now: float,
    world_now: datetime,
    gauge: Gauge,
    plan: Plan,
    trouble: Trouble,
    mirror: Mirror,
    busy_since: float | None,
    *,
    saved: bool,
    extra: tuple[Problem, ...],
) -> Feed:
    """The feed at a moment: ``now`` is monotonic seconds, ``world_now`` the server's time."""
    age = _age(now, plan, mirror)
    hold = trouble.hold(now)
    return Feed(
        freshness=_word(age, plan, trouble, saved=saved),
        age=None if age is None else age * gauge.world.rate,
        next_read=hold or plan.next_read(now) if busy_since is None else None,
        activity=_activity(hold, plan, trouble, mirror) or _waiting(now, busy_since),
        complete=plan.loaded,
        rate=gauge.world.rate,
        problems=(*trouble.problems(), *extra),
        requests_last_minute=gauge.budget.used(now),
        budget=gauge.budget.per_minute,
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


def slow_cycle(now: datetime, plan: Plan, budget: Budget, rows: int) -> tuple[Problem, ...]:
    """A word when the budget cannot hold the interval: then the picture is older than the setting promises."""
    cycle = plan.cycle()
    if not plan.loaded or plan.refresh <= 0 or cycle <= max(2 * plan.refresh, _SLOW):
        return ()
    return (
        Problem(
            "budget",
            Gravity.WARNING,
            f"full cycle {span(cycle)}",
            f"{rows:,} open reservations cannot all be read every {span(plan.refresh)} with {budget.per_minute} "
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


def _age(now: float, plan: Plan, mirror: Mirror) -> float | None:
    oldest = mirror.oldest()
    if oldest is None and plan.loaded:
        ends = [walk.whole for walk in (plan.pending, plan.confirmed) if walk.whole is not None]
        oldest = min(ends)
    return None if oldest is None else max(0.0, now - oldest)


def _word(age: float | None, plan: Plan, trouble: Trouble, *, saved: bool) -> Freshness:
    if trouble.offline:
        return Freshness.OFFLINE
    if not plan.loaded:
        return Freshness.SAVED if saved else Freshness.LOADING
    if plan.refresh <= 0:
        return Freshness.OFF
    return Freshness.FRESH if age is not None and age <= 2 * plan.cycle() + _SLACK else Freshness.STALE


def _waiting(now: float, busy_since: float | None) -> str:
    waited = 0.0 if busy_since is None else now - busy_since
    return f"reading {span(waited)}" if waited >= _LONG_READ else ""


def _activity(hold: float, plan: Plan, trouble: Trouble, mirror: Mirror) -> str:
    if hold > 0:
        return f"{'rate limited' if trouble.limited else 'retry in'} {span(max(hold, 1.0))}"
    if not plan.loaded:
        return f"loading {len(mirror.rows):,}" if mirror.rows else "loading"
    return ""
