"""A form's values as the API writes them: JSON, so that they can be compared, kept in a journal and sent as they are.

Times are RFC 3339 text in UTC with milliseconds [seed], ``location`` has its three members, ids are text.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from charge_tui.domain.reservation import Reservation, ref
from charge_tui.domain.times import parse_rfc3339, rfc3339

Fields = dict[str, Any]
"""Values by field name."""

TIMES: Final = ("ideal_start", "ideal_end", "earliest_start", "latest_end")
LIMITS: Final = ("earliest_start", "latest_end")
EDITABLE: Final = (*TIMES, "connector_type", "location", "metadata")
"""What an update may change, in the order of a form [seed: S-update]."""
CREATABLE: Final = ("driver", "vehicle", *TIMES, "connector_type", "location", "payment_method", "metadata")
"""What a create takes, in the order of a form [seed: S-create]."""
REQUIRED: Final = ("driver", "vehicle", "ideal_start", "ideal_end", "connector_type", "location")
"""What a create must have [seed: S-create]."""
SEEN: Final = (*CREATABLE, "status", "reserved_start", "reserved_end", "charging_station", "reservation_fee")
"""What a change by somebody else is told of."""
CLEARABLE: Final = frozenset({"earliest_start", "latest_end", "payment_method"})
"""What may be null [seed]."""
CONNECTORS: Final = ("CCS", "CHAdeMO", "Type2")
"""The documented connector types [seed]."""
REPLACES: Final = "replaces"
"""The metadata key under which a copy names the reservation that it takes the place of."""

INSTANTS: Final = frozenset({*TIMES, "reserved_start", "reserved_end"})
"""The values that are times."""

_MEMBERS: Final = ("latitude", "longitude", "radius")


def values_of(reservation: Reservation, names: tuple[str, ...] = EDITABLE) -> Fields:
    """The present values of a reservation; every name is there, None where the reservation has nothing."""
    return {name: _value(reservation, name) for name in names}


def time_of(value: object) -> datetime | None:
    """The instant of a time among the values, in UTC; None for none, and for what is no time."""
    if not isinstance(value, str):
        return None
    try:
        return parse_rfc3339(value)
    except ValueError:
        return None


def stamp(at: datetime) -> str:
    """An instant as a value: exactly three fractional digits and Z [seed]."""
    return rfc3339(at.replace(microsecond=at.microsecond // 1000 * 1000))


def flat(values: Mapping[str, Any]) -> Fields:
    """The same with each metadata key as a field of its own (``metadata.trip_id``)."""
    found = {name: value for name, value in values.items() if name != "metadata"}
    return found | {f"metadata.{key}": value for key, value in (values.get("metadata") or {}).items()}


def _value(reservation: Reservation, name: str) -> Any:
    value = getattr(reservation, name)
    if name in ("driver", "vehicle", "payment_method", "charging_station"):
        return ref(value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if name == "location":
        return None if value is None else {member: getattr(value, member) for member in _MEMBERS}
    if name == "metadata":
        return dict(value or {})
    return list(value) if isinstance(value, list) else value
