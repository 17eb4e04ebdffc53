"""What is known around one reservation: where its vehicle and driver are besides, and which payments fail."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from charge_tui.domain.attention.proposing.proposal import MARGIN, Picture
from charge_tui.domain.attention.proposing.reach import Reach, Window
from charge_tui.domain.attention.proposing.ways import Way, Wish, ways
from charge_tui.domain.drafting import REPLACES, Fields
from charge_tui.domain.lifecycle import OPEN
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import seconds_between, utc
from charge_tui.domain.windows import end, start

FAILING: Final = timedelta(hours=1)
"""How long a payment method counts as failing after it failed."""
_MOST_BEFORE: Final = 50


def busy(row: Reservation, picture: Picture, without: Iterable[str] = ()) -> tuple[Window, ...]:
    """The windows of other open reservations of the same vehicle or the same driver."""
    gone = {row.id, *without}
    of_vehicle, of_driver = row.vehicle_id, row.driver_id
    found = []
    for other in picture.rows.values():
        if not isinstance(other, Reservation) or other.status not in OPEN or other.id in gone:
            continue
        vehicle = of_vehicle is not None and other.vehicle_id == of_vehicle
        if vehicle or (of_driver is not None and other.driver_id == of_driver):
            found.append((utc(start(other)), utc(end(other))))
    return tuple(found)


def ways_for(
    row: Reservation,
    values: Fields,
    picture: Picture,
    now: datetime,
    *,
    wider: bool = False,
    without: Iterable[str] = (),
) -> tuple[Way, ...]:
    """Ways to find a connector for these values. ``without`` are reservations that are given up for it."""
    gone = tuple(without)
    vehicle = picture.vehicle(row.vehicle_id)
    standard = vehicle.charging_standard if vehicle else None
    before = replaced(row, picture) if row.status not in OPEN else ()
    wish = Wish(row, values, utc(now) + MARGIN, standard, busy(row, picture, gone), wider, before)
    return ways(wish, Reach(picture, row.location, gone))


def replaced(row: Reservation, picture: Picture) -> tuple[Reservation, ...]:
    """The reservations in the place of which one was booked, one after the other, the first wish last."""
    found: list[Reservation] = []
    known = {row.id}
    while len(found) < _MOST_BEFORE:
        before = picture.rows.get(str((row.metadata or {}).get(REPLACES)))
        if not isinstance(before, Reservation) or before.id in known:
            break
        found.append(before)
        known.add(before.id)
        row = before
    return tuple(found)


def failing_payments(picture: Picture, now: datetime) -> frozenset[str]:
    """The payment methods of which a payment failed within the last hour."""
    rows = (row for row in picture.rows.values() if isinstance(row, Reservation))
    return frozenset(
        row.payment_method_id
        for row in rows
        if row.payment_method_id
        and row.failed_reason == "payment_failed"
        and seconds_between(row.updated, now) < FAILING.total_seconds()
    )


def other_payments(row: Reservation, picture: Picture, now: datetime) -> tuple[tuple[str, str], ...]:
    """What else may pay, as ids with names: those that do not fail, the one that paid most often first."""
    bad = failing_payments(picture, now)
    used: Counter[str] = Counter()
    for other in picture.rows.values():
        if isinstance(other, Reservation) and other.payment_method_id and other.confirmed_at:
            used[other.payment_method_id] += 1
    methods = picture.payment_methods(row.driver_id, row.vehicle_id)
    fit = [one for one in methods if one[0] != row.payment_method_id and one[0] not in bad]
    return tuple(sorted(fit, key=lambda one: (-used[one[0]], one[0])))
