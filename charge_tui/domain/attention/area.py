"""Area short: one place after another found no connector there, and others still wait for one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from math import asin, cos, floor, radians, sin, sqrt
from typing import Final

from charge_tui.domain.attention.case import Case, after
from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.domain.attention.paying import AT_RISK, newest_first
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.records import dataclass

NO_CONNECTOR: Final = "no_available_connectors"
_EARTH_KM: Final = 6371.0
_DEGREE_KM: Final = 111.0
_CELL: Final = 0.1
_ROUND: Final = 180.0
_NEAR_POLE: Final = 0.01
_MARGIN: Final = 1.01
_ROUNDING: Final = 1e-6
_NEWEST: Final = 300


@dataclass(frozen=True, slots=True)
class Shortage:
    """Recent failures near the newest of them that wanted the same type of connector."""

    centre: Case
    connector: str
    failed: tuple[Case, ...]


def shortages(failed: Iterable[Case], now: float, limits: Thresholds) -> list[Shortage]:
    """The shortages among failures for want of a connector, whether or not anything is at risk; none shares a failure.

    Only the newest 300 failures count.
    """
    recent = [case for case in failed if now - case.updated <= limits.area_window]
    if len(recent) < limits.area_least:
        return []
    recent.sort(key=lambda case: (-case.updated, case.id))
    left = recent[:_NEWEST]
    found: list[Shortage] = []
    while len(left) >= limits.area_least:
        shortage = _around(left[0], left, limits)
        if shortage is None:
            left = left[1:]
        else:
            found.append(shortage)
            taken = {case.id for case in shortage.failed}
            left = [case for case in left if case.id not in taken]
    return found


def area_short(
    found: Sequence[Shortage], pending: Callable[[], Iterable[Case]], now: float, limits: Thresholds
) -> list[Finding]:
    """One finding for each shortage with somebody at risk; ``pending`` gives those that wait, by start."""
    findings: dict[str, Finding] = {}
    for shortage in found:
        waiting = (case for case in pending() if now < case.end)
        risk = list(islice(_near(shortage.centre, waiting, limits.area_km, shortage.connector), AT_RISK))
        if not risk:
            continue
        key = _key(shortage)
        while key in findings:
            key += "'"
        facts = {
            "connector_type": shortage.connector,
            "centre": list(shortage.centre.place or ()),
            "failed": newest_first(shortage.failed),
        }
        subjects = tuple(case.id for case in risk)
        findings[key] = Finding(Kind.AREA_SHORT, key, Severity.HIGH, subjects, risk[0].row.ideal_start, facts)
    return list(findings.values())


def moments(failed: Iterable[Case], limits: Thresholds) -> Iterator[float]:
    """When a failure grows too old to count."""
    return (after(case.updated + limits.area_window) for case in failed)


def placed(case: Case) -> bool:
    """Whether it says where and with which connectors it wants to charge."""
    return case.place is not None and bool(case.connectors)


def in_reach(case: Case, shortage: Shortage, limits: Thresholds) -> bool:
    """Whether it wants the same type of connector in the same area."""
    return any(_near(shortage.centre, (case,), limits.area_km, shortage.connector))


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The way between two places over the globe."""
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    across = cos(radians(latitude)) * cos(radians(other_latitude))
    half = sin(north / 2) ** 2 + across * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, max(0.0, half))))


def _around(centre: Case, cases: Sequence[Case], limits: Thresholds) -> Shortage | None:
    near = list(_near(centre, cases, limits.area_km))
    best: Shortage | None = None
    if len(near) < limits.area_least:
        return best
    for connector in sorted(set(centre.connectors)):
        members = tuple(case for case in near if connector in case.connectors)
        if len(members) >= limits.area_least and (best is None or len(members) > len(best.failed)):
            best = Shortage(centre, connector, members)
    return best


def _near(centre: Case, cases: Iterable[Case], reach: float, connector: str | None = None) -> Iterator[Case]:
    """Those within reach of one, and wanting that connector where one is named."""
    if centre.place is None:
        return
    latitude, longitude = centre.place
    north = reach / _DEGREE_KM + _ROUNDING
    east = _widest(latitude, reach)
    for case in cases:
        place = case.place
        if (
            place is not None
            and -north <= place[0] - latitude <= north
            and (-east <= place[1] - longitude <= east or abs(place[1] - longitude) >= _ROUND)
            and (connector is None or connector in case.connectors)
            and kilometres(latitude, longitude, *place) <= reach
        ):
            yield case


def _widest(latitude: float, reach: float) -> float:
    """How many degrees of longitude may lie within reach, with a margin; near a pole, all."""
    across = cos(radians(min(90.0, abs(latitude) + 2 * reach / _DEGREE_KM)))
    degrees = reach / _DEGREE_KM / across if across > _NEAR_POLE else _ROUND
    return min(_ROUND, degrees * _MARGIN + _ROUNDING)


def _key(shortage: Shortage) -> str:
    """Named after the oldest failure's part of the map, so that it outlives failures that join."""
    place = shortage.failed[-1].place
    cell = f"{floor(place[0] / _CELL)},{floor(place[1] / _CELL)}" if place else ""
    return f"{Kind.AREA_SHORT}:{shortage.connector}@{cell}"
