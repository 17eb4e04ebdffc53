"""The reservations by what makes them neighbours, so that no rule has to look at all of them."""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator
from typing import Final

from charge_tui.domain.attention import area, losing
from charge_tui.domain.attention.case import Case
from charge_tui.domain.attention.paying import PAYMENT_FAILED
from charge_tui.domain.lifecycle import FAILED, PENDING

_Groups = dict[str, list[Case]]

_NONE: Final[tuple[Case, ...]] = ()


class Index:
    """Cases by id, vehicle, driver, payment method and place."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.short: dict[str, Case] = {}
        """Those that failed for want of a connector, with a place."""
        self.short_version = 0
        """Counts the changes of ``short``."""
        self._open_by_driver: _Groups = {}
        self._standing: _Groups = {}
        self._fallen: _Groups = {}
        self._waiting: _Groups = {}
        self._unpaid: _Groups = {}
        self._named: _Groups = {}
        self._by_start: list[tuple[float, str]] | None = None

    def put(self, case: Case) -> None:
        """Take a case in the place of the one with its id."""
        identity = case.id
        if identity in self.cases:
            self.drop(identity)
        self.cases[identity] = case
        for groups, name in self._places(case):
            if name in groups:
                groups[name].append(case)
            else:
                groups[name] = [case]
        if case.status == PENDING:
            if self._by_start is not None:
                insort(self._by_start, (case.start, identity))
        elif is_short(case):
            self.short[identity] = case
            self.short_version += 1

    def drop(self, identity: str) -> Case | None:
        """Forget a case; gives what was held."""
        case = self.cases.pop(identity, None)
        if case is None:
            return None
        for groups, name in self._places(case):
            group = groups[name]
            group.remove(case)
            if not group:
                del groups[name]
        if case.status == PENDING:
            if self._by_start is not None:
                del self._by_start[bisect_left(self._by_start, (case.start, identity))]
        elif is_short(case):
            del self.short[identity]
            self.short_version += 1
        return case

    def of_vehicle(self, vehicle: str) -> Collection[Case]:
        """Open reservations of a vehicle."""
        return [case for case in self.standing(vehicle) if case.is_open]

    def of_driver(self, driver: str) -> Collection[Case]:
        """Open reservations of a driver."""
        return self._open_by_driver.get(driver, _NONE)

    def standing(self, vehicle: str) -> Collection[Case]:
        """Reservations of a vehicle that may stand in the place of a lost one."""
        return self._standing.get(vehicle, _NONE)

    def fallen(self, vehicle: str) -> Collection[Case]:
        """Reservations of a vehicle that may be lost."""
        return self._fallen.get(vehicle, _NONE)

    def waiting(self, payment: str) -> Collection[Case]:
        """Pending reservations on a payment method."""
        return self._waiting.get(payment, _NONE)

    def unpaid(self, payment: str) -> Collection[Case]:
        """Reservations that failed over the payment, by method."""
        return self._unpaid.get(payment, _NONE)

    def unpaid_methods(self) -> Iterator[str]:
        """Payment methods over which something failed."""
        return iter(self._unpaid)

    def naming(self, identity: str) -> Collection[Case]:
        """Those that say they replace a reservation."""
        return self._named.get(identity, _NONE)

    def by_start(self) -> Iterator[Case]:
        """Pending reservations, the earliest first; from the first time on that this is asked, the order is kept."""
        if self._by_start is None:
            self._by_start = sorted((case.start, case.id) for case in self.cases.values() if case.status == PENDING)
        return (self.cases[identity] for _, identity in self._by_start)

    def _places(self, case: Case) -> list[tuple[_Groups, str]]:
        status, vehicle, payment = case.status, case.vehicle, case.payment
        found: list[tuple[_Groups, str]] = []
        if case.is_open and case.driver is not None:
            found.append((self._open_by_driver, case.driver))
        if vehicle is not None:
            if status in losing.STANDING:
                found.append((self._standing, vehicle))
            elif status in losing.FALLEN:
                found.append((self._fallen, vehicle))
        if payment is not None:
            if status == PENDING:
                found.append((self._waiting, payment))
            elif is_unpaid(case):
                found.append((self._unpaid, payment))
        if case.replaces is not None:
            found.append((self._named, case.replaces))
        return found


def is_unpaid(case: Case) -> bool:
    """Whether it failed over its payment."""
    return case.status == FAILED and case.reason == PAYMENT_FAILED


def is_short(case: Case) -> bool:
    """Whether it failed for want of a connector in a place that is known."""
    return case.status == FAILED and case.reason == area.NO_CONNECTOR and area.placed(case)
