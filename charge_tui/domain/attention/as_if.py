"""Reservations as they would be after a write, so that the rules can be run on them before it is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from charge_tui.domain.attention.proposing.proposal import Proposal
from charge_tui.domain.drafting import CREATABLE, REQUIRED, Fields
from charge_tui.domain.lifecycle import CANCELLED, CONFIRMED, PENDING
from charge_tui.domain.reservation import Reservation, Row, read_row
from charge_tui.domain.times import rfc3339

NEW: Final = "res_new"
"""The id under which a reservation stands that is not made yet."""

After = Mapping[str, Row | None]
"""Reservations as they would be, by id; None where there would be none."""


def as_if(row: Reservation, values: Mapping[str, Any], now: datetime) -> Row:
    """A reservation with these values of an edit; one that they make unreadable is an ``OddRow``."""
    return _changed(row, {name: value for name, value in values.items() if name in CREATABLE}, now)


def as_new(values: Mapping[str, Any], now: datetime, *, like: Reservation | None = None, id: str = NEW) -> Row | None:
    """The pending reservation that these values make; None while something is missing that a create must have.

    ``like`` gives what the server decides, its policy and fee; it is the reservation that is copied.
    """
    if any(not values.get(name) for name in REQUIRED):
        return None
    made: Fields = {name: values.get(name) for name in CREATABLE}
    made |= {
        "id": id, "object": "reservation", "status": PENDING, "created": rfc3339(now), "updated": rfc3339(now),
    }  # fmt: skip
    if like is not None and like.cancellation_policy is not None:
        made["cancellation_policy"] = like.cancellation_policy.model_dump()
        made |= {"reservation_fee": like.reservation_fee, "currency": like.currency}
    return read_row(made)


def as_cancelled(row: Reservation, now: datetime) -> Row:
    """A reservation that was cancelled."""
    return _changed(row, {"status": CANCELLED}, now)


def as_confirmed(row: Reservation, now: datetime, *, payment_method: str | None = None) -> Row:
    """A reservation that was confirmed as it was asked for; where there is no connector it fails instead."""
    given: Fields = {
        "status": CONFIRMED, "confirmed_at": rfc3339(now),
        "reserved_start": rfc3339(row.ideal_start), "reserved_end": rfc3339(row.ideal_end),
    }  # fmt: skip
    return _changed(row, given | ({"payment_method": payment_method} if payment_method else {}), now)


def as_moved(row: Reservation, values: Mapping[str, Any], now: datetime) -> After:
    """What there would be after a move: another reservation of these values, and this one cancelled."""
    return {row.id: as_cancelled(row, now), NEW: as_new(values, now, like=row)}


def after_proposal(one: Proposal, now: datetime) -> After:
    """What the reservations would be after a proposal."""
    row = one.row
    match one.verb:
        case "edit":
            return {row.id: as_if(row, one.values, now)}
        case "cancel":
            return {row.id: as_cancelled(row, now)}
        case "confirm":
            return {row.id: as_confirmed(row, now, payment_method=one.values.get("payment_method"))}
        case "book again":
            return {NEW: as_new(one.values, now, like=row)}
        case "move":
            return as_moved(row, one.values, now)
    return {}


def _changed(row: Reservation, fields: Mapping[str, Any], now: datetime) -> Row:
    return read_row(row.document() | dict(fields) | {"updated": rfc3339(now)})
