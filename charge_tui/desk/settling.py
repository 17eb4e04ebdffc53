"""What a look at the API says about a request whose answer was lost. Pure."""

from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from charge_tui.desk.entries import Entry, Plan, State
from charge_tui.domain.drafting import departures, time_of, touched, values_of
from charge_tui.domain.drafting.values import CREATABLE
from charge_tui.domain.lifecycle import CANCELLED, CONFIRMED, FAILED, PENDING, is_open
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe
from charge_tui.domain.times import seconds_between, utc
from charge_tui.records import dataclass

OLDEST_KEY: Final = timedelta(hours=23)
"""A key is never sent again after that: it lapses after 24 hours [docs-old], and then it would do the same twice."""
IN_FLIGHT: Final = 600.0
"""Seconds of this machine's time after which a request that has had no effect is taken to have none any more."""

_SLACK: Final = timedelta(seconds=60)
_BACKWARDS: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be noted: a settled state, or still unknown with what is known."""

    state: State
    words: str


def verdict(entry: Entry, row: Reservation, wall: datetime) -> Verdict:
    """What the reservation, as it is now, says about an update, a confirm or a cancel that was sent to it."""
    late = seconds_between(entry.wall, wall) > IN_FLIGHT
    return _JUDGES[entry.plan.verb](entry, row, late)


def verdict_on_create(entry: Entry, found: Iterable[Reservation], wall: datetime) -> Verdict:
    """What the reservations that may be the new one say about a create."""
    candidates = list(found)
    if len(candidates) == 1:
        return Verdict(
            State.DONE, f"It was booked: {safe(candidates[0].id, 60)} has what was sent, and was created then."
        )
    if candidates:
        return Verdict(State.UNKNOWN, f"{len(candidates)} reservations are what was sent; which of them is not known.")
    if seconds_between(entry.wall, wall) > IN_FLIGHT:
        return Verdict(State.VOID, "No such reservation of that vehicle was created: nothing came of it.")
    return Verdict(State.UNKNOWN, "No such reservation of that vehicle is there so far.")


def candidates(entry: Entry, rows: Iterable[Reservation], claimed: Container[str | None]) -> list[Reservation]:
    """Of a vehicle's reservations those that this create may have made, and that no other entry claims."""
    since = entry.at - _SLACK
    return [
        row
        for row in rows
        if utc(row.created) >= since
        and row.id not in entry.plan.known
        and row.id not in claimed
        and is_what_was_sent(entry.plan.body, row)
    ]


def searched_enough(entry: Entry, rows: Iterable[Reservation]) -> bool:
    """Whether a list, newest created first, has gone back to before the create."""
    return any(utc(row.created) < entry.at - _SLACK for row in rows)


def is_what_was_sent(body: Mapping[str, Any], row: Reservation) -> bool:
    """Whether a reservation has everything that a create sent."""
    return not departures(body, values_of(row, CREATABLE), UTC)


def key_lapses(entry: Entry, now: datetime, wall: datetime) -> bool:
    """Whether the key is too old to be sent again, by either clock; a clock that went back makes it so too."""
    ages = (utc(now) - entry.at, utc(wall) - entry.wall)
    return max(ages) > OLDEST_KEY or min(ages) < -_BACKWARDS


def changed_since(plan: Plan, row: Reservation) -> bool:
    """Whether one of the fields that an update would change is no more as it was before it."""
    now = touched(values_of(row), plan.body)
    return any(not _same(name, value, now.get(name)) for name, value in (plan.before or {}).items())


def _of_update(entry: Entry, row: Reservation, late: bool) -> Verdict:
    if not departures(entry.plan.body, values_of(row), UTC):
        return Verdict(State.DONE, "It took effect: the reservation has what was sent.")
    if changed_since(entry.plan, row):
        return Verdict(State.UNKNOWN, "The reservation is neither as it was nor as it was to be: somebody changed it.")
    if row.status != PENDING:
        return Verdict(State.VOID, f"It is {safe(row.status, 40)} with the old values: nothing came of the change.")
    if late:
        return Verdict(State.VOID, "The reservation is as it was before: nothing came of the change.")
    return Verdict(State.UNKNOWN, "The reservation is as it was before, so far.")


def _of_confirm(entry: Entry, row: Reservation, late: bool) -> Verdict:
    if row.status == CONFIRMED:
        return Verdict(State.DONE, "It is confirmed.")
    if row.status == FAILED:
        return Verdict(State.FAILED, f"It failed ({safe(row.failed_reason or 'no reason given', 60)}).")
    if row.status != PENDING and row.confirmed_at and utc(row.confirmed_at) >= entry.at - _SLACK:
        return Verdict(State.DONE, f"It was confirmed, and is {safe(row.status, 40)} by now.")
    if row.status != PENDING:
        return Verdict(State.VOID, f"It is {safe(row.status, 40)} by now; nothing shows that it was confirmed before.")
    if late:
        return Verdict(State.VOID, "It is still pending: nothing came of it.")
    return Verdict(State.UNKNOWN, "It is still pending, so far.")


def _of_cancel(entry: Entry, row: Reservation, late: bool) -> Verdict:
    if row.status == CANCELLED:
        return Verdict(State.DONE, "It is cancelled.")
    if not is_open(row.status):
        return Verdict(State.VOID, f"It is {safe(row.status, 40)} by now, and was not cancelled.")
    if late and entry.plan.group is None:
        return Verdict(State.VOID, f"It is still {safe(row.status, 40)}: nothing came of it.")
    return Verdict(State.UNKNOWN, f"It is still {safe(row.status, 40)}, so far.")


_JUDGES: Final = {"update": _of_update, "confirm": _of_confirm, "cancel": _of_cancel}


def _same(name: str, before: Any, now: Any) -> bool:
    one, other = time_of(before), time_of(now)
    return one == other if one and other else before == now
