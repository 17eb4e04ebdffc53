"""What a request may say about a reservation, checked and read; every open question is asked of the readings."""

import json
from typing import Any, Final

from charge_tui.sandbox.errors import ApiError, invalid, missing
from charge_tui.sandbox.instants import read_input, stamp
from charge_tui.sandbox.readings import Readings

CONNECTORS: Final = ("CHAdeMO", "CCS", "Type2")
REQUIRED: Final = ("driver", "vehicle", "ideal_start", "ideal_end", "connector_type", "location")
CREATE: Final = frozenset({*REQUIRED, "payment_method", "earliest_start", "latest_end", "metadata"})
UPDATE: Final = frozenset(
    {"ideal_start", "ideal_end", "earliest_start", "latest_end", "connector_type", "location", "metadata"}
)
CONFIRM: Final = frozenset({"payment_method"})

_LOCATION: Final = ("latitude", "longitude", "radius")
_RANGES: Final = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "radius": (0.0, 100_000.0)}
_LARGEST: Final = 1e300
_MOST_KEYS: Final = 50
_LONGEST_KEY: Final = 40
_LONGEST_VALUE: Final = 500
_MOST_BYTES: Final = 20_000


class Inputs:
    """Reads the fields of a request body. Every fault is an ApiError that names its parameter."""

    def __init__(self, readings: Readings) -> None:
        self.readings = readings

    def refuse(self, param: str | None, message: str) -> ApiError:
        """The error for a field that is at fault."""
        return invalid(param, message, self.readings.status("validation-status"))

    def unknown(self, kind: str) -> ApiError:
        """The error for an id in a body that names nothing."""
        return missing(kind, self.readings.status("unknown-reference"))

    def fields(self, body: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
        """The fields of a body that a call knows."""
        for name in body:
            if name not in known and self.readings.is_("unknown-fields", "reject"):
                raise self.refuse(name, f"Unknown parameter {name[:80]!r}.")
        return {name: value for name, value in body.items() if name in known}

    def reference(self, name: str, value: Any) -> str:
        """An id."""
        if not isinstance(value, str) or not value:
            raise self.refuse(name, f"{name} must be an id.")
        return value

    def time(self, name: str, value: Any) -> str:
        """A timestamp, in the API's own form."""
        if not isinstance(value, str):
            raise self.refuse(name, f"{name} must be an RFC 3339 timestamp.")
        try:
            return stamp(read_input(value, exact=self.readings.is_("input-offsets", "reject")))
        except ValueError as fault:
            raise self.refuse(name, f"{name} must be an RFC 3339 UTC timestamp with milliseconds.") from fault

    def optional_time(self, name: str, value: Any) -> str | None:
        """A timestamp or null."""
        return None if value is None else self.time(name, value)

    def connectors(self, value: Any) -> list[str]:
        """Connector types."""
        name = "connector_type"
        if not isinstance(value, list) or not all(isinstance(kind, str) for kind in value):
            raise self.refuse(name, "connector_type must be an array of strings.")
        if not value and self.readings.is_("empty-connector-type", "reject"):
            raise self.refuse(name, "connector_type must hold at least one type.")
        strange = [kind for kind in value if kind not in CONNECTORS]
        if strange and self.readings.is_("unknown-connector-type", "reject"):
            raise self.refuse(name, f"connector_type must be of {', '.join(CONNECTORS)}.")
        return list(dict.fromkeys(value))

    def location(self, value: Any, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """A search area; ``before`` is what an update starts from."""
        if not isinstance(value, dict):
            raise self.refuse("location", "location must be an object.")
        if before is not None and self.readings.is_("location-update", "merge"):
            value = before | value
        area: dict[str, Any] = {}
        for member in _LOCATION:
            number = value.get(member)
            if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) <= _LARGEST:
                raise self.refuse(f"location.{member}", f"location.{member} must be a number.")
            low, high = _RANGES[member]
            if not low <= number <= high and self.readings.is_("coordinates", "reject"):
                raise self.refuse(f"location.{member}", f"location.{member} must be {low:g} to {high:g}.")
            area[member] = number
        return area

    def new_metadata(self, value: Any) -> dict[str, str]:
        """Metadata of a new reservation."""
        if value is None and self.readings.is_("null-metadata", "clear"):
            return {}
        return self._limited(self._merged({}, self._pairs(value)))

    def metadata(self, value: Any, before: dict[str, str]) -> dict[str, str]:
        """Metadata after an update."""
        if value is None and self.readings.is_("null-metadata", "clear"):
            return {}
        given = self._pairs(value)
        if not given:
            return {} if self.readings.is_("metadata-empty-object", "clear") else before
        kept = before if self.readings.is_("metadata-update", "merge") else {}
        return self._limited(self._merged(kept, given))

    def _pairs(self, value: Any) -> dict[str, str | None]:
        if not isinstance(value, dict):
            raise self.refuse("metadata", "metadata must be an object.")
        for key, text in value.items():
            if text is None and self.readings.is_("metadata-null", "remove"):
                continue
            if not isinstance(text, str):
                raise self.refuse(f"metadata.{key[:80]}", "metadata values must be strings.")
        return value

    def _merged(self, before: dict[str, str], given: dict[str, str | None]) -> dict[str, str]:
        gone = {None, ""} if self.readings.is_("metadata-empty-string", "remove") else {None}
        merged = before | given
        return {key: text for key, text in sorted(merged.items()) if text is not None and text not in gone}

    def _limited(self, pairs: dict[str, str]) -> dict[str, str]:
        if self.readings.is_("metadata-limits", "none"):
            return pairs
        if len(pairs) > _MOST_KEYS:
            raise self.refuse("metadata", f"metadata holds at most {_MOST_KEYS} keys.")
        for key, text in pairs.items():
            if len(key) > _LONGEST_KEY or len(text) > _LONGEST_VALUE:
                raise self.refuse(
                    f"metadata.{key[:80]}",
                    f"metadata keys have at most {_LONGEST_KEY} characters, values {_LONGEST_VALUE}.",
                )
        if len(json.dumps(pairs, ensure_ascii=False).encode("utf-8", "backslashreplace")) > _MOST_BYTES:
            raise self.refuse("metadata", "metadata holds at most 20 KB.")
        return pairs
