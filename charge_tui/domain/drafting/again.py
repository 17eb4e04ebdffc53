"""Book again: a copy of a reservation that came to nothing, with its window where it can still be of use.

The copy widens nothing by itself; what could be wider is an offer, by the reason of the failure.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from charge_tui.domain.drafting.checks import shifted
from charge_tui.domain.drafting.values import CREATABLE, REPLACES, Fields, stamp, time_of, values_of
from charge_tui.domain.lifecycle import EXPIRED
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe
from charge_tui.domain.times import seconds_between, span, utc
from charge_tui.domain.windows import end, start
from charge_tui.records import dataclass

RADII: Final = (1000, 1500, 2000, 3000, 5000, 8000, 12_000, 20_000, 30_000, 50_000)
"""The radii that are offered, in metres."""

_STEP: Final = 300
_SHORTEST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Copy:
    """The values of a copy, and what was done to them besides copying, as sentences."""

    values: Fields
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to make the copy likelier to come about; ``fields`` go over its values."""

    label: str
    """What it does, in a few words, safe to show ("radius 1500 → 3000 m")."""
    fields: Fields


def copied(row: Reservation, now: datetime, *, replaces: bool = True) -> Copy:
    """A copy of a reservation; one whose window has begun is moved to the next full five minutes.

    A limit that has passed, or that leaves less than half of the window, moves with it; one that still leaves more cuts
    the window's end. ``replaces`` names the old one in the copy's metadata.
    """
    values = values_of(row, CREATABLE)
    values["metadata"] = {key: text for key, text in values["metadata"].items() if isinstance(text, str)}
    if replaces:
        values["metadata"] |= {REPLACES: row.id}
    if utc(row.ideal_start) >= utc(now):
        return Copy(values, ())
    by = _next_step(now) - utc(row.ideal_start)
    try:
        moved = shifted(values, by)
        return Copy(*_within_limits(values, moved, now, by))
    except OverflowError:
        return Copy(values, ("The window could not be moved.",))


def offers(
    row: Reservation,
    *,
    standard: str | None = None,
    payment_methods: Iterable[tuple[str, str]] = (),
) -> tuple[Offer, ...]:
    """What may help, by ``failed_reason`` [seed]: the vehicle's own ``standard``, payment methods as (id, name)."""
    if row.failed_reason == "payment_failed":
        return tuple(
            Offer(f"pay with {safe(name, 60)}", {"payment_method": identity})
            for identity, name in payment_methods
            if identity != row.payment_method_id
        )
    if row.failed_reason == "no_available_connectors" or row.status == EXPIRED:
        return (*_wider(row), *_more_types(row, standard))
    return ()


def more_types(row: Reservation, standard: str | None) -> tuple[str, ...]:
    """The connector types that a vehicle of this ``standard`` can use and the reservation does not name.

    An inlet for CCS takes a Type2 plug as well, at a lower power [inferred: IEC 62196-3].
    """
    fits = [standard, "Type2"] if standard == "CCS" else [standard]
    return tuple(kind for kind in fits if kind and kind not in (row.connector_type or []))


def overlapping(rows: Iterable[Reservation], values: Mapping[str, Any]) -> tuple[Reservation, ...]:
    """Of a vehicle's open reservations those whose window overlaps the one of these values by more than a minute."""
    first, last = time_of(values.get("ideal_start")), time_of(values.get("ideal_end"))
    if first is None or last is None:
        return ()
    return tuple(row for row in rows if seconds_between(max(utc(start(row)), first), min(utc(end(row)), last)) > 60)


def _within_limits(before: Fields, moved: Fields, now: datetime, by: timedelta) -> tuple[Fields, tuple[str, ...]]:
    begins, ends = time_of(moved["ideal_start"]), time_of(moved["ideal_end"])
    latest = time_of(before.get("latest_end"))
    notes = [f"The window had begun, so it was moved by {span(by.total_seconds())}."]
    if begins and ends and latest and latest < ends:
        left, length = seconds_between(begins, latest), seconds_between(begins, ends)
        if left >= length * _SHORTEST:
            notes.append(f"It ends {span(length - left)} earlier, at its limit.")
            return moved | {"ideal_end": stamp(latest)}, tuple(notes)
        notes.append("Its limits left too little of it, so they were moved with it.")
        return shifted(before, by, limits=True), tuple(notes)
    return moved, tuple(notes)


def _next_step(now: datetime) -> datetime:
    seconds = utc(now).timestamp()
    return utc(now) + timedelta(seconds=_STEP - seconds % _STEP)


def _wider(row: Reservation) -> Iterable[Offer]:
    if row.location is None or row.location.radius is None:
        return
    radius = row.location.radius
    place = values_of(row, ("location",))["location"]
    for wider in [step for step in RADII if step >= radius * 1.5][:2]:
        yield Offer(f"radius {radius:g} → {wider} m", {"location": place | {"radius": wider}})


def _more_types(row: Reservation, standard: str | None) -> Iterable[Offer]:
    for kind in more_types(row, standard):
        yield Offer(f"also {safe(kind, 40)}", {"connector_type": [*(row.connector_type or []), kind]})
