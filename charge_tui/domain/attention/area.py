"""Area short: one place after another found no connector there, and others still wait for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, floor, radians, sin, sqrt
from typing import Final

from charge_tui.domain.attention.case import Case, after
from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.domain.attention.paying import AT_RISK, newest_first
from charge_tui.domain.attention.thresholds import Thresholds

NO_CONNECTOR: Final = "no_available_connectors"
_EARTH_KM: Final = 6371.0
_DEGREE_KM: Final = 111.0
_CELL: Final = 0.1
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


def area_short(found: Sequence[Shortage], pending: Iterable[Case], now: float, limits: Thresholds) -> list[Finding]:
    """One finding for each shortage with somebody at risk; ``pending`` come by start."""
    risk: dict[int, list[Case]] = {}
    waiting = [case for case in pending if now < case.end] if found else []
    for place, shortage in enumerate(found):
        for case in waiting:
            if in_reach(case, shortage, limits):
                risk.setdefault(place, []).append(case)
                if len(risk[place]) == AT_RISK:
                    break
    taken: set[str] = set()
    findings: list[Finding] = []
    for place, cases in risk.items():
        shortage = found[place]
        key = _key(shortage)
        while key in taken:
            key += "'"
        taken.add(key)
        facts = {
            "connector_type": shortage.connector,
            "centre": list(shortage.centre.place or ()),
            "failed": newest_first(shortage.failed),
        }
        subjects = tuple(case.id for case in cases)
        findings.append(Finding(Kind.AREA_SHORT, key, Severity.HIGH, subjects, cases[0].row.ideal_start, facts))
    return findings


def moments(
    failed: Iterable[Case], found: Sequence[Shortage], pending: Iterable[Case], limits: Thresholds
) -> list[float]:
    """When the answer may change by time alone."""
    gone = [after(case.updated + limits.area_window) for case in failed]
    return [*gone, *(case.end for case in pending)] if found else gone


def placed(case: Case) -> bool:
    """Whether it says where and with which connectors it wants to charge."""
    return case.place is not None and bool(case.row.connector_type)


def in_reach(case: Case, shortage: Shortage, limits: Thresholds) -> bool:
    """Whether it wants the same type of connector in the same area."""
    return shortage.connector in (case.row.connector_type or ()) and apart(case, shortage.centre, limits.area_km)


def apart(one: Case, other: Case, reach: float) -> bool:
    """Whether two search areas have their centres within that many kilometres of each other."""
    here, there = one.place, other.place
    if here is None or there is None or abs(here[0] - there[0]) * _DEGREE_KM > reach:
        return False
    return kilometres(*here, *there) <= reach


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The way between two places over the globe."""
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    across = cos(radians(latitude)) * cos(radians(other_latitude))
    half = sin(north / 2) ** 2 + across * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, max(0.0, half))))


def _around(centre: Case, cases: Sequence[Case], limits: Thresholds) -> Shortage | None:
    near = [case for case in cases if apart(case, centre, limits.area_km)]
    best: Shortage | None = None
    for connector in sorted(set(centre.row.connector_type or ())):
        members = tuple(case for case in near if connector in (case.row.connector_type or ()))
        if len(members) >= limits.area_least and (best is None or len(members) > len(best.failed)):
            best = Shortage(centre, connector, members)
    return best


def _key(shortage: Shortage) -> str:
    """Named after the oldest failure's part of the map, so that it outlives failures that join."""
    place = shortage.failed[-1].place
    cell = f"{floor(place[0] / _CELL)},{floor(place[1] / _CELL)}" if place else ""
    return f"{Kind.AREA_SHORT}:{shortage.connector}@{cell}"
