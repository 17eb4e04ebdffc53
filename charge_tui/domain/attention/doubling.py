"""Booked twice: one vehicle with two reservations at a time, or one driver with two vehicles at a time."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from math import inf, isfinite
from operator import attrgetter
from typing import Any, Final

from charge_tui.domain.attention.case import Case, at, overlap, told
from charge_tui.domain.attention.finding import Facts, Finding, Kind, Severity
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.lifecycle import CONFIRMED

_BY_START: Final = attrgetter("start")
_BACK: Final = 64
_PARTNERS: Final = 8


def by_vehicle(vehicle: str, cases: Iterable[Case], now: float, limits: Thresholds) -> list[Finding]:
    """One finding for each pair of current reservations of a vehicle that overlap.

    Each is compared with the 64 that start before it, and no more than the nearest 8 of those that overlap are told:
    a vehicle with more is a matter for one look, not for thousands of findings.
    """
    current = _current(cases, now, limits.noise)
    found: list[Finding] = []
    for place, later in enumerate(current):
        partners = 0
        for earlier in reversed(current[max(0, place - _BACK) : place]):
            if overlap(earlier, later) > limits.noise:
                found.append(_pair(vehicle, earlier, later, now))
                partners += 1
                if partners == _PARTNERS:
                    break
    return found


def by_driver(driver: str, cases: Iterable[Case], now: float, limits: Thresholds) -> list[Finding]:
    """One finding for all current reservations of a driver that overlap another one of a different vehicle."""
    current = [case for case in _current(cases, now, limits.noise) if case.vehicle is not None]
    if len(current) < 2 or all(case.vehicle == current[0].vehicle for case in current):
        return []
    involved = _involved(current, limits.noise)
    subjects = [case for case in current if case.id in involved]
    if not subjects:
        return []
    facts = Facts(partial(_facts, "driver", driver, subjects))
    key = f"{Kind.BOOKED_TWICE} by driver:{driver}"
    return [
        Finding(
            Kind.BOOKED_TWICE,
            key,
            Severity.MEDIUM,
            tuple(case.id for case in subjects),
            _due(subjects, now),
            facts,
        )
    ]


def shared(cases: Iterable[Case], now: float, noise: float) -> tuple[set[str], set[str]]:
    """The vehicles, and the drivers, of which current reservations overlap: one sweep over all tells them."""
    current = [case for case in cases if case.is_open and now < case.end and case.start == case.start]
    current.sort(key=_BY_START)
    vehicles: set[str] = set()
    drivers: set[str] = set()
    taken_until: dict[str, float] = {}
    driving_until: dict[str, float] = {}
    for case in current:
        begins, ends = case.start + noise, case.end
        for name, until, found in ((case.vehicle, taken_until, vehicles), (case.driver, driving_until, drivers)):
            if name is not None:
                furthest = until.get(name, -inf)
                if begins < furthest:
                    found.add(name)
                if furthest < ends:
                    until[name] = ends
    return vehicles, drivers


def moments(found: Iterable[Finding], index: Mapping[str, Case]) -> Iterator[float]:
    """When what was found may change by time alone; where nothing overlaps, time brings nothing."""
    for finding in found:
        for identity in finding.subjects:
            case = index[identity]
            yield case.end
            yield case.free_at


def _current(cases: Iterable[Case], now: float, noise: float) -> list[Case]:
    """Those that are still going to matter and whose window is known, by start; none when no two of them overlap."""
    current = [case for case in cases if now < case.end and case.start == case.start]
    if len(current) < 2:
        return []
    current.sort(key=_BY_START)
    furthest = current[0].end
    for case in current[1:]:
        if case.start + noise < furthest:
            return sorted(current, key=lambda case: (case.start, case.created, case.id))
        furthest = max(furthest, case.end)
    return []


def _pair(vehicle: str, earlier: Case, later: Case, now: float) -> Finding:
    pair = (earlier, later)
    severity = Severity.HIGH if any(case.status == CONFIRMED for case in pair) else Severity.MEDIUM
    facts = Facts(partial(_facts, "vehicle", vehicle, pair))
    name = "+".join(sorted(case.id.replace("%", "%25").replace("+", "%2B") for case in pair))
    return Finding(
        Kind.BOOKED_TWICE,
        f"{Kind.BOOKED_TWICE}:{name}",
        severity,
        (earlier.id, later.id),
        _due(pair, now),
        facts,
    )


def _involved(current: list[Case], noise: float) -> set[str]:
    """The ids of those that overlap one of another vehicle, in two sweeps instead of all pairs."""
    if len(current) == 2:
        return {case.id for case in current} if overlap(*current) > noise else set()
    found: set[str] = set()
    far: list[tuple[float, str | None]] = []
    for case in current:
        long_enough = case.end - case.start > noise
        if long_enough and any(end > case.start + noise for end, vehicle in far if vehicle != case.vehicle):
            found.add(case.id)
        far = _two_vehicles([*far, (case.end, case.vehicle)])
    near: list[tuple[float, str | None]] = []
    for case in reversed(current):
        if any(case.end - noise > -start for start, vehicle in near if vehicle != case.vehicle):
            found.add(case.id)
        if case.end - case.start > noise:
            near = _two_vehicles([*near, (-case.start, case.vehicle)])
    return found


def _two_vehicles(ends: list[tuple[float, str | None]]) -> list[tuple[float, str | None]]:
    """The largest, and the largest of another vehicle."""
    ends.sort(key=lambda end: -end[0])
    return [*ends[:1], *[end for end in ends[1:] if end[1] != ends[0][1]][:1]]


def _due(subjects: Iterable[Case], now: float) -> datetime:
    held = list(subjects)
    free = [case.free_at for case in held if now < case.free_at]
    return at(min(free) if free else held[0].start)


def _facts(shared: str, identity: str, subjects: Iterable[Case]) -> dict[str, Any]:
    return {
        shared: identity,
        "windows": {case.id: [told(case.start), told(case.end)] for case in subjects},
        "free_until": {case.id: told(case.free_at) for case in subjects if isfinite(case.free_at)},
    }
