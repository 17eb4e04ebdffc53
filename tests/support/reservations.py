"""Reservations made by hand, for tests of rules: everything about them that a test does not name is unremarkable."""

from datetime import UTC, datetime, timedelta
from typing import Any

from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import rfc3339

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
"""The moment around which these are made."""


def document(identity: str = "res_1", *, starts_in: float = 3600, lasts: float = 5400, **fields: Any) -> dict[str, Any]:
    """A reservation as JSON, starting that many seconds after noon; ``fields`` replace or add, None stays null."""
    start = NOON + timedelta(seconds=starts_in)
    return {
        "id": identity,
        "object": "reservation",
        "cancellation_policy": {"free_until_before": 1800, "type": "free_cancellation"},
        "charging_station": None,
        "confirmed_at": None,
        "connector_type": ["CCS"],
        "created": rfc3339(NOON - timedelta(hours=5)),
        "currency": "eur",
        "driver": "drv_1",
        "earliest_start": None,
        "failed_reason": None,
        "ideal_end": rfc3339(start + timedelta(seconds=lasts)),
        "ideal_start": rfc3339(start),
        "latest_end": None,
        "location": {"latitude": 48.8698, "longitude": 2.3319, "radius": 1500},
        "metadata": {},
        "payment_method": "pm_1",
        "reservation_fee": 1200,
        "reserved_end": None,
        "reserved_start": None,
        "status": "pending",
        "updated": rfc3339(NOON - timedelta(hours=4)),
        "vehicle": "veh_1",
    } | {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in fields.items()}


def reservation(identity: str = "res_1", **fields: Any) -> Reservation:
    """The same as the model reads it."""
    return Reservation.model_validate(document(identity, **fields))


def confirmed(identity: str = "res_1", *, drift: tuple[float, float] = (0, 0), **fields: Any) -> Reservation:
    """A confirmed one whose granted window departs from the ideal one by so many seconds at its start and end."""
    plain = reservation(identity, **fields)
    return reservation(
        identity,
        **{
            "status": "confirmed",
            "charging_station": "chst_1",
            "confirmed_at": plain.ideal_start - timedelta(seconds=1900),
            "reserved_start": plain.ideal_start + timedelta(seconds=drift[0]),
            "reserved_end": plain.ideal_end + timedelta(seconds=drift[1]),
            "updated": NOON - timedelta(hours=1),
        }
        | fields,
    )
