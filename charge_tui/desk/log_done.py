"""Which changes were done from this machine: a change laid beside what the journal says was sent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from charge_tui.desk.entries import Entry, State
from charge_tui.desk.state import Change
from charge_tui.domain.diff import status_of, updated
from charge_tui.domain.lifecycle import CANCELLED, CONFIRMED, FAILED, PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import seconds_between

SLACK: Final = 120.0
"""World seconds by which the server's time of a change may lie outside the time that its request took."""
UNANSWERED: Final = timedelta(minutes=10)
"""How long after it was written a request without an answer may have taken effect."""

_DID_NOTHING: Final = frozenset({State.REFUSED, State.NOT_SENT, State.VOID})


def doer(change: Change, entries: Iterable[Entry]) -> Entry | None:
    """The journal's entry that brought a change about; None where nobody on this machine did it."""
    at = updated(change.after) if change.after is not None else None
    if at is None:
        return None
    return next((one for one in entries if _fits(one, change) and _in_time(one, at)), None)


def _fits(entry: Entry, change: Change) -> bool:
    plan, after = entry.plan, change.after
    if entry.state in _DID_NOTHING or not isinstance(after, Reservation):
        return False
    if plan.reservation != change.id:
        return False
    status = status_of(after)
    if plan.verb == "create":
        return change.before is None
    if change.before is None:
        return False
    turned = status != status_of(change.before)
    if plan.verb == "cancel":
        return turned and status == CANCELLED
    if plan.verb == "confirm":
        return turned and status_of(change.before) == PENDING and status in (CONFIRMED, FAILED)
    return not turned and any(one.field in plan.body for one in change.fields)


def _in_time(entry: Entry, at: datetime) -> bool:
    last = entry.ended or entry.at + UNANSWERED
    return seconds_between(entry.at, at) >= -SLACK and seconds_between(at, last) >= -SLACK
