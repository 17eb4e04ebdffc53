"""A reservation as a JSON document: built, written in the documented key order, and cut into columns for the store."""

import json
from typing import Any, Final

from charge_tui.sandbox.instants import read, stamp

Document = dict[str, Any]

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ESCAPING: Final = json.JSONEncoder(separators=(",", ":"))


def encode(document: object) -> str:
    """JSON text, compact, with the keys in the order in which they stand; lone surrogates are escaped."""
    text = _ENCODER.encode(document)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return _ESCAPING.encode(document)
    return text


def new_document(
    identity: str,
    created: int,
    *,
    driver: str,
    vehicle: str,
    ideal: tuple[int, int],
    limits: tuple[int | None, int | None],
    connector_type: list[str],
    location: dict[str, Any],
    payment_method: str | None,
    metadata: dict[str, Any],
    currency: str,
    fee: int,
) -> Document:
    """A new reservation: pending, with fee, currency and policy set, nothing assigned [seed: S-create]."""
    return {
        "id": identity,
        "object": "reservation",
        "cancellation_policy": {"free_until_before": 1800, "type": "free_cancellation"},
        "charging_station": None,
        "confirmed_at": None,
        "connector_type": connector_type,
        "created": stamp(created),
        "currency": currency,
        "driver": driver,
        "earliest_start": None if limits[0] is None else stamp(limits[0]),
        "failed_reason": None,
        "ideal_end": stamp(ideal[1]),
        "ideal_start": stamp(ideal[0]),
        "latest_end": None if limits[1] is None else stamp(limits[1]),
        "location": location,
        "metadata": metadata,
        "payment_method": payment_method,
        "reservation_fee": fee,
        "reserved_end": None,
        "reserved_start": None,
        "status": "pending",
        "updated": stamp(created),
        "vehicle": vehicle,
    }


def ideal(document: Document) -> tuple[int, int]:
    """The window that was asked for."""
    return read(document["ideal_start"]), read(document["ideal_end"])


def limits(document: Document) -> tuple[int | None, int | None]:
    """``earliest_start`` and ``latest_end``, None where there is no limit."""
    first, last = document["earliest_start"], document["latest_end"]
    return None if first is None else read(first), None if last is None else read(last)


def hard_end(document: Document) -> int:
    """When nothing can come of the reservation any more: ``latest_end``, else ``ideal_end``."""
    return read(document["latest_end"] or document["ideal_end"])


def columns(document: Document, origin: str) -> tuple[Any, ...]:
    """The row that the store keeps. A pending one stands in its ideal window, any other in its reserved one."""
    starts, ends = document["ideal_start"], document["ideal_end"]
    if document["status"] != "pending" and document["reserved_start"] and document["reserved_end"]:
        starts, ends = document["reserved_start"], document["reserved_end"]
    return (
        document["id"],
        document["status"],
        document["driver"],
        document["vehicle"],
        document["charging_station"],
        read(starts),
        read(ends),
        origin,
        encode(document),
    )
