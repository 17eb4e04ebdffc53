"""What is judged at a time: one reservation, or all that share a vehicle, a driver, a payment method, or an area."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Final

from charge_tui.domain.attention import area, confirming, doubling, granting, losing, marking, paying
from charge_tui.domain.attention.case import Case
from charge_tui.domain.attention.finding import Finding, Kind, Marked
from charge_tui.domain.attention.index import Index, is_short, is_unpaid
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.lifecycle import PENDING

VEHICLE, DRIVER, PAYMENT, AREA = range(4)

Group = tuple[int, str]
"""What its reservations share (VEHICLE, DRIVER, PAYMENT or AREA), and the id of that."""

Unit = str | Group
"""One reservation by its id, or a group of them."""

AREAS: Final[Group] = (AREA, "")
"""All areas together: failures for want of a connector are few."""

Verdict = tuple[Sequence[Finding], float]
"""What holds in a unit, and when that may change by time alone: a moment to come, infinity for never."""

_NOTHING: Final[Verdict] = ((), inf)


class Judge:
    """The rules over an index."""

    def __init__(self, index: Index, limits: Thresholds) -> None:
        self._index = index
        self._limits = limits
        self._replaced: set[str] = set()
        self._replacements: set[str] = set()
        self._families = (self._vehicle, self._driver, self._payment, self._area)
        self._surveyed = (-1, inf, inf)
        self.shortages: Sequence[area.Shortage] = ()
        """Where connectors were short when ``survey`` last looked."""

    def replaced_by(self, old_id: str, new_id: str) -> None:
        """Know that one was booked in the place of another."""
        self._replaced.add(old_id)
        self._replacements.add(new_id)

    def survey(self, now: float) -> None:
        """See where connectors are short; what is pending there makes the areas stale when it changes."""
        self.shortages = area.shortages(self._index.short.values(), now, self._limits)
        until = _soonest(area.moments(self._index.short.values(), self._limits), now)
        self._surveyed = (self._index.short_version, now, until)

    def units(self, case: Case) -> Iterator[Unit]:
        """The units whose findings may depend on a case that the index holds; one alone in its group is no matter."""
        index, status, vehicle = self._index, case.status, case.vehicle
        yield case.id
        if case.replaces is not None:
            yield case.replaces
        if vehicle is not None:
            if case.is_open and len(index.standing(vehicle)) > 1:
                yield VEHICLE, vehicle
            if status in losing.STANDING:
                for gone in index.fallen(vehicle):
                    yield gone.id
        if case.driver is not None and case.is_open and len(index.of_driver(case.driver)) > 1:
            yield DRIVER, case.driver
        if case.payment is not None and (index.unpaid(case.payment) if status == PENDING else is_unpaid(case)):
            yield PAYMENT, case.payment
        if is_short(case) or (
            status == PENDING and any(area.in_reach(case, it, self._limits) for it in self.shortages)
        ):
            yield AREAS

    def all_units(self, now: float) -> Iterator[Unit]:
        """Every unit in which something can hold from a moment on."""
        index = self._index
        vehicles, drivers = doubling.shared(index.cases.values(), now, self._limits.noise)
        yield from index.cases
        yield from ((VEHICLE, vehicle) for vehicle in vehicles)
        yield from ((DRIVER, driver) for driver in drivers)
        yield from ((PAYMENT, payment) for payment in index.unpaid_methods())
        yield AREAS

    def judge(self, unit: Unit, now: float) -> Verdict:
        """What holds in a unit at a moment."""
        return self.row(unit, now) if isinstance(unit, str) else self.group(unit, now)

    def group(self, group: Group, now: float) -> Verdict:
        """What holds of those that share something."""
        kind, name = group
        return self._families[kind](name, now)

    def marks(self, identity: str, now: float) -> tuple[Marked, ...]:
        """The marks of one reservation."""
        case = self._index.cases.get(identity)
        if case is None or marking.plain(case):
            return ()
        stands_in = case.replaces is not None or identity in self._replacements
        return marking.marks(case, now, self._limits, replacement=stands_in)

    def is_replaced(self, case: Case) -> bool:
        """Whether something stands in the place of a case."""
        if case.id in self._replaced or self._index.naming(case.id):
            return True
        if case.vehicle is None:
            return False
        return any(losing.stands_for(other, case, self._limits) for other in self._index.standing(case.vehicle))

    def row(self, identity: str, now: float) -> Verdict:
        """What holds of one reservation by itself."""
        case = self._index.cases.get(identity)
        if case is None:
            return _NOTHING
        limits, off, status = self._limits, self._limits.off, case.status
        found: Finding | None = None
        if status == PENDING:
            if Kind.NOT_CONFIRMED in off:
                return _NOTHING
            calm = confirming.calm_until(case, limits)
            if now < calm:
                return (), calm
            moments = confirming.moments(case, limits)
            found = confirming.not_confirmed(case, now, limits)
        elif case.is_open:
            moments = (*granting.moments(case), *marking.moments(case, limits))
            if Kind.WRONG_WINDOW not in off:
                found = granting.wrong_window(case, now, limits)
        elif status in losing.FALLEN:
            if Kind.LOST in off:
                return _NOTHING
            moments = losing.moments(case, limits)
            found = losing.lost(case, now, limits)
            if found is not None and self.is_replaced(case):
                found = None
        else:
            return _NOTHING
        return () if found is None else (found,), _soonest(moments, now)

    def _vehicle(self, vehicle: str, now: float) -> Verdict:
        cases = self._index.of_vehicle(vehicle)
        if len(cases) < 2 or Kind.BOOKED_TWICE in self._limits.off:
            return _NOTHING
        found = doubling.by_vehicle(vehicle, cases, now, self._limits)
        if not found:
            return _NOTHING
        return found, _soonest(doubling.moments(found, self._index.cases), now)

    def _driver(self, driver: str, now: float) -> Verdict:
        cases = self._index.of_driver(driver)
        if len(cases) < 2 or Kind.BOOKED_TWICE in self._limits.off:
            return _NOTHING
        found = doubling.by_driver(driver, cases, now, self._limits)
        if not found:
            return _NOTHING
        return found, _soonest(doubling.moments(found, self._index.cases), now)

    def _payment(self, payment: str, now: float) -> Verdict:
        failed = self._index.unpaid(payment)
        if not failed or Kind.PAYMENTS_FAILING in self._limits.off:
            return _NOTHING
        found = paying.payments_failing(payment, failed, self._index.waiting(payment), now, self._limits)
        return found, self._group_moment(found, paying.moments(failed, self._limits), now)

    def _area(self, _: str, now: float) -> Verdict:
        failed = self._index.short.values()
        if not failed or Kind.AREA_SHORT in self._limits.off:
            return _NOTHING
        version, begun, until = self._surveyed
        same = version == self._index.short_version and begun <= now < until
        short = self.shortages if same else area.shortages(failed, now, self._limits)
        found = area.area_short(short, self._index.by_start, now, self._limits) if short else ()
        return found, self._group_moment(found, area.moments(failed, self._limits), now)

    def _group_moment(self, found: Iterable[Finding], aging: Iterable[float], now: float) -> float:
        """The first failure to grow too old, or the first end of one at risk that is told."""
        cases = self._index.cases
        ends = [cases[identity].end for finding in found for identity in finding.subjects]
        return min(_soonest(aging, now), _soonest(ends, now))


def _soonest(moments: Iterable[float], now: float) -> float:
    soonest = inf
    for moment in moments:
        if now < moment < soonest:
            soonest = moment
    return soonest
