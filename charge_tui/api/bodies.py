"""What is sent: ids in paths, filters in queries, JSON bodies. Only what is certain is checked here."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from charge_tui.api.errors import Unusable
from charge_tui.api.words import quoted
from charge_tui.domain.lifecycle import STATUSES
from charge_tui.domain.reservation import Location
from charge_tui.domain.times import parse_rfc3339, rfc3339

Query = list[tuple[str, str]]

_TIMES: Final = frozenset({"ideal_start", "ideal_end", "earliest_start", "latest_end"})
_NULLABLE: Final = frozenset({"earliest_start", "latest_end", "payment_method"})
_CREATE_NEEDS: Final = ("driver", "vehicle", "ideal_start", "ideal_end", "connector_type", "location")
_CREATE: Final = frozenset({*_CREATE_NEEDS, "payment_method", "earliest_start", "latest_end", "metadata"})
_UPDATE: Final = _TIMES | {"connector_type", "location", "metadata"}
_PLACE: Final = {"latitude": 90.0, "longitude": 180.0, "radius": math.inf}
_LONGEST_KEY: Final = 255


def segment(identity: str) -> str:
    """An id as one segment of a path; nothing in it can change the path.

    Raises:
        Unusable: it is empty, a dot segment, or not text.
    """
    if not identity.strip() or identity in (".", ".."):
        raise Unusable("an id must not be empty." if not identity else f"“{quoted(identity, 60)}” is no id.")
    try:
        return quote(identity, safe="")
    except UnicodeEncodeError:
        raise Unusable("the id holds half a character.") from None


def list_query(filters: Mapping[str, Any], limit: int, expand: Iterable[str]) -> Query:
    """The query of a list: filters that are given, then expand, then limit [seed].

    Raises:
        Unusable: limit outside 1–100 [docs], an empty filter, a status that is none.
    """
    if not 1 <= limit <= 100:
        raise Unusable(f"limit must be a whole number from 1 to 100, not {limit}.")
    query: Query = []
    for name, value in filters.items():
        if value is None:
            continue
        if value == "":
            raise Unusable(f"the filter {name} is empty.")
        query.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    status = filters.get("status")
    if status is not None and status not in STATUSES:
        raise Unusable(f"“{quoted(str(status), 40)}” is no status; there are {', '.join(STATUSES)}.")
    return _encodable([*query, *expand_query(expand), ("limit", str(limit))])


def expand_query(expand: Iterable[str]) -> Query:
    """The relations to expand, one ``expand`` for each [docs: charge-api 1.9]."""
    return _encodable([("expand", path) for path in ([expand] if isinstance(expand, str) else expand)])


def create_body(fields: Mapping[str, Any]) -> bytes:
    """The body of a create [seed: S-create]; what is None is left out.

    Raises:
        Unusable: a required field is missing, one has the wrong form, or the window ends before it starts.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    missing = [name for name in _CREATE_NEEDS if name not in given]
    if missing:
        raise Unusable(f"{', '.join(missing)} must be given.")
    return _body(given, _CREATE)


def update_body(changes: Mapping[str, Any]) -> bytes:
    """The body of an update [seed: S-update]: just the changes. None clears ``earliest_start`` and ``latest_end``.

    Raises:
        Unusable: nothing to change, a field that cannot be changed, one of the wrong form.
    """
    if not changes:
        raise Unusable("there is nothing to change.")
    return _body(changes, _UPDATE)


def confirm_body(payment_method: str | None) -> bytes:
    """The body of a confirm [docs]: empty, or with the payment method to attach."""
    return encoded({} if payment_method is None else {"payment_method": payment_method})


def idempotency_key(key: str) -> str:
    """The key, if it can stand in a header [docs: up to 255 characters].

    Raises:
        Unusable: it is empty, too long, or has characters outside printable ASCII.
    """
    if not 0 < len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable() or key != key.strip():
        raise Unusable("an idempotency key is 1 to 255 printable ASCII characters, with no space at its ends.")
    return key


def encoded(body: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8.

    Raises:
        Unusable: a text holds half a character (a lone surrogate), or a number has no value.
    """
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise Unusable("a text holds half a character (a lone surrogate), which cannot be sent.") from None
    except (TypeError, ValueError, RecursionError):
        raise Unusable("a value cannot be written as JSON.") from None


def _body(fields: Mapping[str, Any], known: frozenset[str]) -> bytes:
    body = {name: _value(name, value, known) for name, value in fields.items()}
    start, end = body.get("ideal_start"), body.get("ideal_end")
    if start and end and parse_rfc3339(end) <= parse_rfc3339(start):
        raise Unusable("ideal_end must be after ideal_start.")
    return encoded(body)


def _value(name: str, value: Any, known: frozenset[str]) -> Any:
    if name not in known:
        raise Unusable(f"{quoted(str(name), 60)} cannot be set here; these can: {', '.join(sorted(known))}.")
    if value is None:
        if name not in _NULLABLE:
            raise Unusable(f"{name} cannot be cleared.")
        return None
    if name in _TIMES:
        return _time(name, value)
    if name == "location":
        return _location(value)
    if name == "metadata":
        return _metadata(value)
    if name == "connector_type":
        return _connectors(value)
    if not isinstance(value, str) or not value.strip():
        raise Unusable(f"{name} must be an id.")
    return value


def _time(name: str, value: Any) -> str:
    try:
        at = parse_rfc3339(value) if isinstance(value, str) else value
        if isinstance(at, datetime) and at.tzinfo is not None:
            return rfc3339(at.replace(microsecond=at.microsecond // 1000 * 1000))
    except (ValueError, OverflowError):
        pass
    raise Unusable(f"{name} must be a time with a zone.")


def _location(value: Any) -> dict[str, float]:
    given = {member: getattr(value, member) for member in _PLACE} if isinstance(value, Location) else value
    if not isinstance(given, Mapping) or set(given) != set(_PLACE):
        raise Unusable("location must have latitude, longitude and radius, all three.")
    for member, bound in _PLACE.items():
        number = given[member]
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise Unusable(f"the {member} of location must be a number.")
        if abs(number) > bound:
            raise Unusable(f"the {member} of location must be between -{bound:g} and {bound:g}.")
    return {member: given[member] for member in _PLACE}


def _metadata(value: Any) -> dict[str, str | None]:
    if not isinstance(value, Mapping) or not value:
        raise Unusable("metadata must have at least one key; leave it out to keep it as it is.")
    if not all(isinstance(key, str) and (entry is None or isinstance(entry, str)) for key, entry in value.items()):
        raise Unusable("keys and values of metadata must be text.")
    return dict(value)


def _connectors(value: Any) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise Unusable("connector_type must be a list with at least one type.")
    if not all(isinstance(entry, str) and entry for entry in value):
        raise Unusable("each connector_type must be text.")
    return list(value)


def _encodable(query: Query) -> Query:
    try:
        for name, value in query:
            (name + value).encode()
    except UnicodeEncodeError:
        raise Unusable("a filter holds half a character.") from None
    return query
