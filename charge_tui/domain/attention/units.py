"""What is judged at a time: one reservation, or all that share a vehicle, a driver, a payment method, or an area."""

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from math import inf

from charge_tui.domain.attention import area, confirming, doubling, granting, losing, marking, paying
from charge_tui.domain.attention.case import Case
from charge_tui.domain.attention.finding import Finding, Kind, Marked
from charge_tui.domain.attention.index import Index, is_short, is_unpaid
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.lifecycle import PENDING


class Family(IntEnum):
    """What the reservations of a unit share."""

    ROW = 0
    VEHICLE = 1
    DRIVER = 2
    PAYMENT = 3
    AREA = 4


Unit = tuple[Family, str]
"""A family and the id in it."""

AREAS: Unit = (Family.AREA, "")
"""All areas together: failures for want of a connector are few."""


class Judge:
    """The rules over an index: what holds in a unit at a moment, and when that may change by time alone."""

    def __init__(self, index: Index, limits: Thresholds) -> None:
        self._index = index
        self._limits = limits
        self._replaced: set[str] = set()
        self._replacements: set[str] = set()
        self.shortages: Sequence[area.Shortage] = ()
        """Where connectors were short when that was last judged."""

    def replaced_by(self, old_id: str, new_id: str) -> None:
        """Know that one was booked in the place of another."""
        self._replaced.add(old_id)
        self._replacements.add(new_id)

    def units(self, case: Case) -> Iterator[Unit]:
        """The units whose findings may depend on a case."""
        index = self._index
        yield Family.ROW, case.id
        if case.replaces is not None:
            yield Family.ROW, case.replaces
        if case.vehicle is not None:
            if case.is_open:
                yield Family.VEHICLE, case.vehicle
            if case.status in losing.STANDING:
                for gone in index.fallen(case.vehicle):
                    yield Family.ROW, gone.id
        if case.driver is not None and case.is_open:
            yield Family.DRIVER, case.driver
        if case.payment is not None and (case.status == PENDING or is_unpaid(case)):
            yield Family.PAYMENT, case.payment
        if is_short(case) or self._at_risk(case):
            yield AREAS

    def findings(self, unit: Unit, now: float) -> list[Finding]:
        """What holds in a unit."""
        family, name = unit
        index, limits, off = self._index, self._limits, self._limits.off
        match family:
            case Family.ROW:
                case = index.cases.get(name)
                return [] if case is None else self._of_row(case, now)
            case Family.VEHICLE if Kind.BOOKED_TWICE not in off:
                held = index.of_vehicle(name)
                return doubling.by_vehicle(name, held, now, limits) if len(held) > 1 else []
            case Family.DRIVER if Kind.BOOKED_TWICE not in off:
                held = index.of_driver(name)
                return doubling.by_driver(name, held, now, limits) if len(held) > 1 else []
            case Family.PAYMENT if Kind.PAYMENTS_FAILING not in off:
                failed = index.unpaid(name)
                return paying.payments_failing(name, failed, index.waiting(name), now, limits) if failed else []
            case Family.AREA if Kind.AREA_SHORT not in off:
                found = area.shortages(index.short.values(), now, limits)
                return area.area_short(found, index.by_start(), now, limits) if found else []
        return []

    def next_moment(self, unit: Unit, now: float) -> float | None:
        """When the unit is to be judged again though nothing came; None for never."""
        soonest = min((moment for moment in self._moments(unit, now) if moment > now), default=inf)
        return soonest if soonest < inf else None

    def marks(self, identity: str, now: float) -> tuple[Marked, ...]:
        """The marks of one reservation."""
        case = self._index.cases.get(identity)
        return () if case is None else marking.marks(case, now, self._limits, replacement=self._stands_in(case))

    def is_replaced(self, case: Case) -> bool:
        """Whether something stands in the place of a case."""
        if case.id in self._replaced or self._index.naming(case.id):
            return True
        if case.vehicle is None:
            return False
        return any(losing.stands_for(other, case, self._limits) for other in self._index.standing(case.vehicle))

    def _of_row(self, case: Case, now: float) -> list[Finding]:
        limits, off = self._limits, self._limits.off
        found: Finding | None = None
        if case.status in losing.FALLEN:
            if Kind.LOST not in off:
                found = losing.lost(case, now, limits)
                if found is not None and self.is_replaced(case):
                    found = None
        elif case.status == PENDING:
            if Kind.NOT_CONFIRMED not in off:
                found = confirming.not_confirmed(case, now, limits)
        elif Kind.WRONG_WINDOW not in off:
            found = granting.wrong_window(case, now, limits)
        return [] if found is None else [found]

    def _moments(self, unit: Unit, now: float) -> Iterable[float]:
        family, name = unit
        index, limits = self._index, self._limits
        match family:
            case Family.ROW:
                case = index.cases.get(name)
                return () if case is None else _row_moments(case, limits)
            case Family.VEHICLE:
                return doubling.moments(index.of_vehicle(name))
            case Family.DRIVER:
                return doubling.moments(index.of_driver(name))
            case Family.PAYMENT:
                return paying.moments(index.unpaid(name), index.waiting(name), limits)
            case Family.AREA:
                self.shortages = area.shortages(index.short.values(), now, limits)
                return area.moments(index.short.values(), self.shortages, index.by_start(), limits)

    def _at_risk(self, case: Case) -> bool:
        return case.status == PENDING and any(area.in_reach(case, it, self._limits) for it in self.shortages)

    def _stands_in(self, case: Case) -> bool:
        return case.replaces is not None or case.id in self._replacements


def _row_moments(case: Case, limits: Thresholds) -> tuple[float, ...]:
    if case.status == PENDING:
        return confirming.moments(case, limits)
    if case.is_open:
        return (*granting.moments(case), *marking.moments(case, limits))
    return losing.moments(case, limits)
