"""The reservations by what makes them neighbours, so that no rule has to look at all of them."""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator
from typing import Final

from charge_tui.domain.attention import area, losing
from charge_tui.domain.attention.case import Case
from charge_tui.domain.attention.paying import PAYMENT_FAILED
from charge_tui.domain.lifecycle import FAILED, PENDING

_NONE: Final[dict[str, Case]] = {}


class Index:
    """Cases by id, vehicle, driver, payment method and place."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.short: dict[str, Case] = {}
        """Those that failed for want of a connector, with a place."""
        self.short_version = 0
        """Counts the changes of ``short``."""
        self._open_by_driver: dict[str, dict[str, Case]] = {}
        self._open_by_vehicle: dict[str, dict[str, Case]] = {}
        self._standing: dict[str, dict[str, Case]] = {}
        self._fallen: dict[str, dict[str, Case]] = {}
        self._waiting: dict[str, dict[str, Case]] = {}
        self._unpaid: dict[str, dict[str, Case]] = {}
        self._named: dict[str, dict[str, Case]] = {}
        self._by_start: list[tuple[float, str]] = []

    def put(self, case: Case) -> None:
        """Take a case in the place of the one with its id."""
        if case.id in self.cases:
            self.drop(case.id)
        self.cases[case.id] = case
        for groups, name in self._places(case):
            groups.setdefault(name, {})[case.id] = case
        if is_short(case):
            self.short[case.id] = case
            self.short_version += 1
        elif case.status == PENDING and area.placed(case):
            insort(self._by_start, (case.start, case.id))

    def drop(self, identity: str) -> Case | None:
        """Forget a case; gives what was held."""
        case = self.cases.pop(identity, None)
        if case is None:
            return None
        for groups, name in self._places(case):
            group = groups[name]
            del group[identity]
            if not group:
                del groups[name]
        if is_short(case):
            del self.short[identity]
            self.short_version += 1
        elif case.status == PENDING and area.placed(case):
            del self._by_start[bisect_left(self._by_start, (case.start, case.id))]
        return case

    def of_vehicle(self, vehicle: str) -> Collection[Case]:
        """Open reservations of a vehicle."""
        return self._open_by_vehicle.get(vehicle, _NONE).values()

    def of_driver(self, driver: str) -> Collection[Case]:
        """Open reservations of a driver."""
        return self._open_by_driver.get(driver, _NONE).values()

    def standing(self, vehicle: str) -> Collection[Case]:
        """Reservations of a vehicle that may stand in the place of a lost one."""
        return self._standing.get(vehicle, _NONE).values()

    def fallen(self, vehicle: str) -> Collection[Case]:
        """Reservations of a vehicle that may be lost."""
        return self._fallen.get(vehicle, _NONE).values()

    def waiting(self, payment: str) -> Collection[Case]:
        """Pending reservations on a payment method."""
        return self._waiting.get(payment, _NONE).values()

    def unpaid(self, payment: str) -> Collection[Case]:
        """Reservations that failed over the payment, by method."""
        return self._unpaid.get(payment, _NONE).values()

    def shared_vehicles(self) -> Iterator[str]:
        """Vehicles with more than one open reservation."""
        return (vehicle for vehicle, held in self._open_by_vehicle.items() if len(held) > 1)

    def shared_drivers(self) -> Iterator[str]:
        """Drivers with more than one open reservation."""
        return (driver for driver, held in self._open_by_driver.items() if len(held) > 1)

    def unpaid_methods(self) -> Iterator[str]:
        """Payment methods over which something failed."""
        return iter(self._unpaid)

    def naming(self, identity: str) -> Collection[Case]:
        """Those that say they replace a reservation."""
        return self._named.get(identity, _NONE).values()

    def by_start(self) -> Iterator[Case]:
        """Pending reservations with a place, the earliest first."""
        return (self.cases[identity] for _, identity in self._by_start)

    def _places(self, case: Case) -> list[tuple[dict[str, dict[str, Case]], str]]:
        vehicle, payment = case.vehicle, case.payment
        found: list[tuple[dict[str, dict[str, Case]], str]] = []
        if case.is_open:
            if vehicle is not None:
                found.append((self._open_by_vehicle, vehicle))
            if case.driver is not None:
                found.append((self._open_by_driver, case.driver))
        if vehicle is not None:
            if case.status in losing.STANDING:
                found.append((self._standing, vehicle))
            elif case.status in losing.FALLEN:
                found.append((self._fallen, vehicle))
        if payment is not None:
            if case.status == PENDING:
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
