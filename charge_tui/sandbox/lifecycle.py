"""What becomes of a reservation and when: pure decisions, each drawn from (seed, reservation, purpose) alone.

So the same seed and the same requests give the same run, however often anybody looks. Times are milliseconds.
"""

from random import Random
from typing import Final

from charge_tui.records import dataclass
from charge_tui.sandbox.instants import HOUR, MINUTE, SECOND

LEAD: Final = (1890.0, 1950.0)
"""Seconds before ``ideal_start`` between which Charge confirms by itself, as measured in the examples [seed]."""

START_DRIFT: Final = (-20.0, 12.0)
END_DRIFT: Final = (-27.0, 22.0)
"""Seconds by which the granted window departs from the wanted one, as measured in the examples [seed]."""

FAIL_OTHER: Final = 0.006
LATE: Final = 0.02
NEVER: Final = 0.006
WRONG_WINDOW: Final = 0.015
NO_SHOW: Final = 0.06
EDITED: Final = 0.15
CANCELLED: Final = 0.09

_LAGS: Final = {"none": 0, "10m": 10 * MINUTE, "30m": 30 * MINUTE, "60m": 60 * MINUTE}


@dataclass(frozen=True, slots=True)
class Change:
    """What another desk does to a reservation: ``kind`` is ``shift``, ``note`` or ``cancel``."""

    at: int
    kind: str


def draw(seed: int, *parts: object) -> Random:
    """The source of randomness for one decision."""
    return Random(":".join(map(str, (seed, *parts))))


def confirm_at(seed: int, identity: str, since: int, ideal_start: int, *, troubled: bool) -> int | None:
    """When Charge tries to confirm; None when it never does.

    ``since`` is the creation or the last change of the window: a late one is tried seconds after it. ``troubled`` ones,
    those that the world itself made, are sometimes late and rarely forgotten, so that a desk has something to see.
    """
    rng = draw(seed, identity, "confirmation")
    lead = round(rng.uniform(*LEAD) * SECOND)
    soon = since + rng.randrange(3 * SECOND, 20 * SECOND)
    trouble = rng.random()
    late = rng.randrange(6 * MINUTE, 25 * MINUTE)
    at = max(ideal_start - lead, soon)
    if not troubled:
        return at
    if trouble < NEVER:
        return None
    return at + late if trouble < NEVER + LATE else at


def granted(
    seed: int, identity: str, ideal: tuple[int, int], limits: tuple[int | None, int | None], *, troubled: bool
) -> tuple[int, int]:
    """The reserved window: the ideal one with drift of the documented size, rarely a wrong one."""
    rng = draw(seed, identity, "window")
    start = ideal[0] + round(rng.uniform(*START_DRIFT) * SECOND)
    end = ideal[1] + round(rng.uniform(*END_DRIFT) * SECOND)
    wrong = rng.random()
    by = rng.randrange(17 * MINUTE, 40 * MINUTE)
    if not troubled or wrong >= WRONG_WINDOW:
        return start, end
    if limits[0] is not None and wrong < WRONG_WINDOW / 3:
        return limits[0] - by, end
    if limits[1] is not None and wrong < 2 * WRONG_WINDOW / 3:
        return start, limits[1] + by
    length = end - start
    return (start + by, end + by) if wrong < WRONG_WINDOW / 2 else (start, start + max(length // 3, 5 * MINUTE))


def fails_otherwise(seed: int, identity: str, *, troubled: bool) -> bool:
    """Whether an attempt fails for a reason that is neither a connector nor a payment."""
    return troubled and draw(seed, identity, "failure").random() < FAIL_OTHER


def outcome(seed: int, identity: str, reserved_end: int, lag: str = "none") -> tuple[int, str]:
    """When a confirmed reservation ends, and as what: ``completed``, or ``expired`` when nobody came.

    ``lag`` is the reading of how late that is [unknown].
    """
    rng = draw(seed, identity, "outcome")
    end = reserved_end + _LAGS[lag]
    if rng.random() < NO_SHOW:
        return end + rng.randrange(60 * SECOND, 300 * SECOND), "expired"
    return end + rng.randrange(5 * SECOND, 150 * SECOND), "completed"


def pending_end(seed: int, identity: str, hard_end: int) -> int:
    """When a pending reservation that was never confirmed expires, where pending ones do [unknown]."""
    return hard_end + draw(seed, identity, "expiry").randrange(60 * SECOND, 300 * SECOND)


def other_desk(seed: int, identity: str, created: int, ideal_start: int, confirm: int | None) -> list[Change]:
    """What other desks do to a reservation: rarely anything."""
    rng = draw(seed, identity, "desk")
    fate, kind, where = rng.random(), rng.random(), rng.uniform(0.05, 0.95)
    if confirm is None:
        return [Change(ideal_start + rng.randrange(2 * HOUR, 5 * HOUR), "cancel")]
    if fate < CANCELLED:
        until = confirm if kind < 0.75 else ideal_start
        return [Change(round(created + (until - created) * where), "cancel")]
    if fate < CANCELLED + EDITED and confirm - created > 5 * MINUTE:
        return [Change(round(created + (confirm - created) * where), "shift" if kind < 0.55 else "note")]
    return []


def shifted(seed: int, identity: str, ideal: tuple[int, int]) -> tuple[int, int]:
    """The window that another desk moves a reservation to: some quarters of an hour earlier or later."""
    rng = draw(seed, identity, "shift")
    by = rng.choice((-30, -15, 15, 15, 30, 45)) * MINUTE
    return ideal[0] + by, ideal[1] + by


def next_arrival(seed: int, at: int, open_now: int, target: int) -> int:
    """When the next new reservation arrives: at a rate that holds the open ones near the target."""
    typical = 11.5 * HOUR / max(target, 1)
    correction = 0.4 if open_now < target else 2.5
    return at + max(1, round(draw(seed, at, "arrival").expovariate(1.0) * typical * correction))
