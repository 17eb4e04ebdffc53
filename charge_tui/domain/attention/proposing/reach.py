"""Which connectors around a place are probably free in a window, as far as stations and reservations are known.

The API tells neither which connector a reservation holds nor what others have booked, so this is an estimate: each
confirmed reservation is put on the first connector of its station that fits it [inferred].
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from charge_tui.domain.attention.proposing.proposal import Picture
from charge_tui.domain.drafting import RADII
from charge_tui.domain.lifecycle import CONFIRMED
from charge_tui.domain.neighbours import Station
from charge_tui.domain.reservation import Location, Reservation
from charge_tui.domain.times import utc
from charge_tui.domain.windows import end, start
from charge_tui.records import dataclass

FARTHEST: Final = 20_000.0
"""Metres beyond which a station helps nobody."""
_ENOUGH: Final = 2
_METRES_PER_DEGREE: Final = 111_195.0
_SLACK: Final = timedelta(seconds=60)
_CLOSED: Final = frozenset({"inactive", "maintenance", "offline", "closed", "retired", "out_of_order", "unavailable"})
_BROKEN: Final = _CLOSED | {"faulted", "broken"}

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Spot:
    """A charging station with connectors that are free as far as is known."""

    metres: float
    free: int


class Reach:
    """The stations around a place.

    Args:
        place: the middle of the search.
        without: ids of reservations whose connectors count as free: they are to be given up.
    """

    def __init__(self, picture: Picture, place: Location | None, without: Iterable[str] = ()) -> None:
        self._near: list[tuple[float, Station]] = []
        if place is not None:
            found = ((metres_to(place, station), station) for station in picture.stations() if _works(station))
            self._near = sorted(
                ((metres, station) for metres, station in found if metres is not None and metres <= FARTHEST),
                key=lambda one: (one[0], one[1].id),
            )
        near, gone = {station.id for _, station in self._near}, set(without)
        self._booked: dict[str, list[Reservation]] = {}
        for row in picture.rows.values() if near else ():
            held = isinstance(row, Reservation) and row.status == CONFIRMED and row.id not in gone
            if held and isinstance(row, Reservation) and row.station_id in near:
                self._booked.setdefault(row.station_id or "", []).append(row)
        self._taken: dict[str, list[tuple[str, list[Window]]]] = {}

    @property
    def known(self) -> bool:
        """Whether any station is known here; without one nothing can be said about connectors."""
        return bool(self._near)

    def spots(
        self, kinds: Sequence[str], window: Window, least: float = FARTHEST, *, beyond: float = -1.0
    ) -> tuple[Spot, ...]:
        """The stations with a connector of one of these types that is free all through a window, nearest first.

        It goes no farther than the radius that reaches two of them, or than ``least`` metres where that is more. Those
        that are not ``beyond`` so many metres are passed over.
        """
        first, last = window[0] - _SLACK, window[1] + _SLACK
        found: list[Spot] = []
        known, farthest = 0, FARTHEST
        for metres, station in self._near:
            if metres > farthest:
                break
            if metres <= beyond:
                continue
            free = sum(
                1
                for kind, taken in self._connectors(station)
                if (not kinds or kind in kinds) and all(last <= begins or first >= ends for begins, ends in taken)
            )
            if free:
                found.append(Spot(metres, free))
                known += free
                if known >= _ENOUGH:
                    step = next((radius for radius in RADII if radius >= metres), FARTHEST)
                    farthest = min(farthest, max(least, step))
        return tuple(found)

    def _connectors(self, station: Station) -> list[tuple[str, list[Window]]]:
        known = self._taken.get(station.id)
        if known is not None:
            return known
        held: list[tuple[str, list[Window]]] = [(kind, []) for kind in _kinds(station)]
        for row in sorted(self._booked.get(station.id, ()), key=lambda row: (row.confirmed_at or row.created, row.id)):
            wanted = row.connector_type or [kind for kind, _ in held]
            fits = [taken for kind, taken in held if kind in wanted]
            window = utc(start(row)), utc(end(row))
            free = (taken for taken in fits if all(window[1] <= begins or window[0] >= ends for begins, ends in taken))
            chosen = next(free, fits[0] if fits else None)
            if chosen is not None:
                chosen.append(window)
        self._taken[station.id] = held
        return held


def metres_to(place: Location, station: Station) -> float | None:
    """Metres from a place to a station, on a flat earth; None where the station's place is not told."""
    at = station.location or {}
    try:
        latitude, longitude = float(at["latitude"]), float(at["longitude"])
        north = (latitude - place.latitude) * _METRES_PER_DEGREE
        east = (longitude - place.longitude) * _METRES_PER_DEGREE * math.cos(math.radians(place.latitude))
        metres = math.hypot(north, east)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return metres if math.isfinite(metres) else None


def _works(station: Station) -> bool:
    return (station.status or "").lower() not in _CLOSED


def _kinds(station: Station) -> list[str]:
    found = []
    for connector in station.connectors or ():
        kind, status = connector.get("type"), connector.get("status")
        if isinstance(kind, str) and not (isinstance(status, str) and status.lower() in _BROKEN):
            found.append(kind)
    return found
