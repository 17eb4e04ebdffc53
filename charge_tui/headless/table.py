"""Reservations as lines of text for standard output. Pure; everything from the API passes ``safe``."""

import json
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, Final

from charge_tui.domain.money import money
from charge_tui.domain.reservation import OddRow, Reservation, Row, ref
from charge_tui.domain.text import plain_json, safe, short_id
from charge_tui.domain.times import window, zone_word

_WIDTHS: Final = {"ID": 36, "STATUS": 9, "WINDOW": 31, "VEHICLE": 12, "DRIVER": 12, "STATION": 12, "FEE": 12}
_TYPED: Final = frozenset(
    """
    ideal_start ideal_end earliest_start latest_end reserved_start reserved_end confirmed_at created updated
    reservation_fee
    """.split()
)
_NONE: Final = "-"


def header() -> str:
    """The heading of the table."""
    return _join(list(_WIDTHS))


def line(row: Row, zone: tzinfo) -> str:
    """A reservation as one line: the granted window where there is one, else the window asked for, with its zone."""
    if isinstance(row, OddRow):
        status = safe(row.text("status") or "?", 9)
        return _join([safe(row.id, 80), status, f"unreadable: {safe('; '.join(row.problems))}"])
    start = row.reserved_start or row.ideal_start
    end = row.reserved_end or row.ideal_end
    when = window(start, end, zone).replace("–", "-")
    return _join(
        [
            safe(row.id, 80),
            safe(row.status, 20),
            f"{start.astimezone(zone):%Y-%m-%d} {when} {zone_word(start, zone)}",
            _short(row.vehicle_id),
            _short(row.driver_id),
            _short(row.station_id),
            _NONE if row.reservation_fee is None else money(row.reservation_fee, row.currency),
        ]
    )


def document(row: Row) -> Any:
    """The row as the API documents it, or as it came where it does not read as that."""
    return row.document() if isinstance(row, Reservation) else row.raw


def json_line(row: Row) -> str:
    """The document on one line of ASCII: whatever is in it, no terminal acts on it."""
    return plain_json(document(row))


def fields(row: Row, zone: tzinfo) -> Iterator[str]:
    """A reservation field by field, in the documented order; times in the zone and in UTC, the fee as money."""
    whole = document(row)
    if not isinstance(whole, dict):
        yield f"unreadable: {safe(json.dumps(whole))}"
        return
    width = max((len(safe(name, 40)) for name in whole), default=0)
    for name, value in whole.items():
        lines = list(_value(row, name, value, zone)) or [_NONE]
        yield f"{safe(name, 40):<{width}}  {lines[0]}"
        yield from (f"{'':<{width}}  {more}" for more in lines[1:])
    if isinstance(row, OddRow):
        yield f"{'problems':<{width}}  {safe('; '.join(row.problems))}"


def _value(row: Row, name: str, value: Any, zone: tzinfo) -> Iterator[str]:
    known = getattr(row, name, None) if isinstance(row, Reservation) and name in _TYPED else None
    if value is None:
        yield _NONE
    elif isinstance(known, datetime):
        yield f"{known.astimezone(zone):%a %Y-%m-%d %H:%M:%S} {zone_word(known, zone)}  ({safe(str(value), 40)})"
    elif isinstance(row, Reservation) and isinstance(known, int):
        yield money(known, row.currency)
    elif name == "metadata" and isinstance(value, dict):
        yield from (f"{safe(key, 60)} = {_plain(inner)}" for key, inner in value.items())
    elif isinstance(value, dict) and (identity := ref(value)) is not None:
        yield safe(identity)
    else:
        yield _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(safe(part, 80) for part in value) or _NONE
    return safe(json.dumps(value, ensure_ascii=False))


def _short(identity: str | None) -> str:
    return short_id(identity) if identity else _NONE


def _join(cells: list[str]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS.values(), strict=False)).rstrip()
