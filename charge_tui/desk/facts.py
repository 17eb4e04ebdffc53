"""What a desk that reads tells the desks that follow, besides the reservations: how its reading stands.

Moments are monotonic seconds, which all processes of one machine count alike; ``drift`` shows whether they do.
"""

from dataclasses import field
from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from charge_tui.clock import Clock
from charge_tui.desk.health import Pulse
from charge_tui.desk.plan import Plan
from charge_tui.desk.trouble import Trouble
from charge_tui.desk.worldclock import WorldTime
from charge_tui.records import dataclass

SAME_CLOCK: Final = 10.0
"""Seconds by which two drifts may differ before the clock was set, or the machine slept, between them."""


@dataclass(frozen=True, slots=True)
class Walked:
    """The last walk of an open status that reached the end, as ``Walk`` has it."""

    whole: float
    ended: float
    length: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The reading at one moment."""

    machine: str
    """The running machine, as ``seat.this_machine`` names it: monotonic seconds of another mean nothing here."""
    beat: float
    """The moment."""
    drift: float
    """Unix time less monotonic time of the desk that wrote it."""
    pulse: Pulse
    hold_until: float | None
    next_read: float | None
    """The moment of the next planned read; None while one is under way or none is planned."""
    busy_since: float | None
    walks: dict[str, Walked] = field(default_factory=dict)
    looked_back: bool = False
    """Whether the closed reservations of the last day were walked."""
    world: WorldTime | None = None


@cache
def _facts() -> TypeAdapter[Facts]:
    return TypeAdapter(Facts)


def drift_of(clock: Clock) -> float:
    """Unix time less monotonic time: it changes when the clock is set and when the machine sleeps."""
    return clock.now().timestamp() - clock.monotonic()


def written(facts: Facts) -> str:
    """The text that is kept."""
    return _facts().dump_json(facts).decode()


def read(text: str) -> Facts | None:
    """The facts in a text; None for one that has none."""
    try:
        return _facts().validate_json(text)
    except ValidationError:
        return None


def walks_of(plan: Plan) -> dict[str, Walked]:
    """Where the walks through the open statuses stand."""
    walks = (plan.pending, plan.confirmed)
    return {walk.status: Walked(walk.whole, walk.ended, walk.length) for walk in walks if walk.whole is not None}


def go_on(facts: Facts, now: float, plan: Plan, trouble: Trouble) -> None:
    """Continue the reading of another desk: what it walked need not be walked again, what the API asked for holds."""
    for walk in (plan.pending, plan.confirmed):
        walk.abandon()
        done = facts.walks.get(walk.status)
        if done and (walk.whole is None or walk.whole < done.whole):
            walk.whole, walk.ended, walk.length = done.whole, done.ended, done.length
            walk.head = done.whole
    if facts.looked_back and not trouble.was_long(now - facts.beat):
        plan.need_not_look_back()
    else:
        plan.look_back()
    if facts.pulse.limited and facts.hold_until is not None:
        trouble.wait_as_told(facts.hold_until)
