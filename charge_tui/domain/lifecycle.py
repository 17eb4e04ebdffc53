"""The six statuses of a reservation and the ways between them [docs: charge-api 2.2]."""

from typing import Final

PENDING: Final = "pending"
CONFIRMED: Final = "confirmed"
COMPLETED: Final = "completed"
CANCELLED: Final = "cancelled"
FAILED: Final = "failed"
EXPIRED: Final = "expired"

STATUSES: Final = (PENDING, CONFIRMED, COMPLETED, CANCELLED, FAILED, EXPIRED)
"""All documented values of ``status``, in the order in which the desk lists them [seed]."""

OPEN: Final = frozenset({PENDING, CONFIRMED})
"""Statuses in which something can still happen to the reservation."""

AGAIN: Final = frozenset({FAILED, EXPIRED, CANCELLED})
"""The statuses of which a copy can be booked: it ended without a session."""

SHORT: Final = {
    PENDING: "pend",
    CONFIRMED: "conf",
    COMPLETED: "done",
    CANCELLED: "canc",
    FAILED: "fail",
    EXPIRED: "expd",
}
"""The word of four letters that stands for a status in a column."""

TRANSITIONS: Final = {
    PENDING: frozenset({CONFIRMED, FAILED, CANCELLED, EXPIRED}),
    CONFIRMED: frozenset({COMPLETED, CANCELLED, EXPIRED}),
    COMPLETED: frozenset[str](),
    CANCELLED: frozenset[str](),
    FAILED: frozenset[str](),
    EXPIRED: frozenset[str](),
}
"""From each status, those that may follow [seed][docs]; whether ``pending`` may expire is not documented, so it may."""


def is_open(status: str) -> bool:
    """Whether a reservation in this status still waits for an outcome; an unknown status counts as closed."""
    return status in OPEN


def short(status: str) -> str:
    """The column's word for a status; the first four letters of one that is not documented."""
    return SHORT.get(status, status[:4])


def may_follow(before: str, after: str) -> bool:
    """Whether the documented lifecycle has a way of one or more steps from one status to the other."""
    if before == after:
        return True
    if before not in TRANSITIONS or after not in TRANSITIONS:
        return False
    return after in TRANSITIONS[before] or any(may_follow(step, after) for step in TRANSITIONS[before])
