"""A day on which connectors are scarce, and what could truly be saved of what fails on it.

Nothing here fails by chance: a confirmation fails because no matching connector within the radius is free all through
the window, or because the card is declined. Connectors are held by confirmed reservations and by strangers, whom the
API does not show. What drivers ask for does not depend on what the desk does, so each person faces the same day.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

from charge_tui.domain.drafting import more_types
from charge_tui.domain.lifecycle import CONFIRMED, FAILED, PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import SandboxOptions
from charge_tui.sandbox.documents import Document, ideal, limits
from charge_tui.sandbox.drafts import Draft, draft
from charge_tui.sandbox.instants import DAY, HOUR, MINUTE, read
from charge_tui.sandbox.places import CITIES, DEMAND
from charge_tui.sandbox.service import Sandbox
from charge_tui.sandbox.world import TRAFFIC, World

OPEN: Final = 160
"""Reservations that are open at a time, in twelve cities."""
FARTHEST: Final = 20_000.0
"""Metres that a driver goes at most for a connector."""
LATEST: Final = 60
"""Minutes of delay that are borne where the driver set no limit."""
SHORTEST: Final = 0.8
"""The share of the length asked for that a window must keep where a limit cuts it."""
MORNING: Final = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)
"""When the days begin: with the rush, for most of the cities."""
TRIP: Final = "trip_id"
"""Metadata by which a reservation and all its copies are known as one wish."""

_QUIET: Final = 0.1
_BUSIEST: Final = 0.65
_LEAD: Final = 30 * MINUTE
_APART: Final = 100 * MINUTE


def options(seed: int, size: int = OPEN) -> SandboxOptions:
    """A world that does nothing by itself but confirm, fail and end, with ``size`` reservations open at a time."""
    return SandboxOptions(seed=seed, reservations=size, open=size, traffic=False, trouble=False, start=MORNING)


@dataclass(frozen=True, slots=True)
class Failure:
    """A wish that failed, and the best that could be had for it at that moment."""

    trip: str
    at: int
    reason: str
    wish: Document
    """The reservation as its driver asked for it."""
    late: int | None
    """Milliseconds by which the soonest window that could be had begins after the one asked for; None for none."""


class ScarceDay:
    """A sandbox's world made scarce. ``step`` lets what is due happen, and looks at what failed."""

    def __init__(self, sandbox: Sandbox, hours: float) -> None:
        self.sandbox = sandbox
        self.world: World = sandbox.world
        self.failures: dict[str, Failure] = {}
        """What failed, by trip."""
        self.start = sandbox.sync()
        self.asked: dict[str, Document] = {}
        """Every wish, by trip."""
        self._failed: set[str] = set()
        self._counted = 0
        self._number = 0
        self._crowd(self.start - HOUR, self.start + round(hours * HOUR) + 8 * HOUR)
        for document in reversed([*sandbox.find(status=PENDING), *sandbox.find(status=CONFIRMED)]):
            self._name(document)
        self._demand = self._wishes(self.start + round(hours * HOUR))
        self._failed.update(document["id"] for document in sandbox.find(status=FAILED))
        self._counted = self.world.store.count(FAILED)

    def step(self) -> None:
        """Take what time brought: new wishes, new failures."""
        now = self.sandbox.sync()
        while self._demand and self._demand[0][0] <= now:
            self._ask(self._demand.pop(0)[1])
        if self.world.store.count(FAILED) != self._counted:
            self._counted = self.world.store.count(FAILED)
            for document in self.sandbox.find(status=FAILED):
                if document["id"] not in self._failed:
                    self._failed.add(document["id"])
                    self._note(document, now)

    def made_for(self, trip: str) -> list[Document]:
        """All reservations for one wish, the oldest first."""
        vehicle = self.asked[trip]["vehicle"]
        found = self.sandbox.find(vehicle=vehicle)
        return [one for one in reversed(found) if one["metadata"].get(TRIP) == trip]

    def served(self, trip: str) -> Document | None:
        """What was confirmed in the end for a wish within its limits, if anything was."""
        wish = self.asked[trip]
        first, last = limits(wish)
        for one in self.made_for(trip):
            begins, ends = ideal(one)
            fits = (first is None or begins >= first) and (last is None or ends <= last)
            if one["confirmed_at"] and one["status"] != "cancelled" and fits:
                return one
        return None

    def soonest(self, wish: Document, now: int) -> int | None:
        """The least lateness of a window that a connector is truly free for, within what driver and vehicle allow."""
        row = Reservation.model_validate(wish)
        vehicle = self.world.directory.get("vehicle", wish["vehicle"]) or {}
        kinds = {*wish["connector_type"], *more_types(row, vehicle.get("charging_standard"))}
        place = wish["location"]
        near = self.world.directory.near(place["latitude"], place["longitude"], FARTHEST)
        for begins, ends in _windows(wish, now):
            if not self._elsewhere(wish, begins, ends) and any(self._free(one, kinds, begins, ends) for one in near):
                return max(0, begins - ideal(wish)[0])
        return None

    def short(self, document: Document) -> bool:
        """Whether no connector is free for a reservation as it stands."""
        place, kinds = document["location"], set(document["connector_type"])
        near = self.world.directory.near(place["latitude"], place["longitude"], place["radius"])
        return not any(self._free(station, kinds, *ideal(document)) for station in near)

    def doubled(self) -> list[tuple[str, str]]:
        """Pairs of one vehicle or driver that overlap by more than a minute, one of them booked in another's place."""
        rows = [
            one for status in (PENDING, CONFIRMED, "completed", "expired") for one in self.sandbox.find(status=status)
        ]
        found = []
        for place, one in enumerate(rows):
            for other in rows[:place]:
                shared = one["vehicle"] == other["vehicle"] or one["driver"] == other["driver"]
                copies = {"replaces"} & (one["metadata"].keys() | other["metadata"].keys())
                (begins, ends), (first, last) = ideal(one), ideal(other)
                if shared and copies and min(ends, last) - max(begins, first) > MINUTE:
                    found.append((one["id"], other["id"]))
        return found

    # -- how it comes about -------------------------------------------------------------------------------------------

    def _crowd(self, start: int, end: int) -> None:
        """Let strangers hold connectors, by the hour of the city: nearly all of them in its busiest hour."""
        store, chance = self.world.store, Random(f"{self.world.seed}:strangers")
        hours = {city.name: city.hours for city in CITIES}
        with store.transaction():
            for station in self.world.directory.all("charging_station"):
                offset = hours[station["address"]["city"]]
                for connector in station["connectors"]:
                    at = start - round(chance.uniform(0, 90) * MINUTE)
                    while at < end:
                        demand = DEMAND[(at // HOUR + offset) % 24] / max(DEMAND)
                        stay = round(chance.uniform(25, 100) * MINUTE)
                        comes = chance.random() < _QUIET + (_BUSIEST - _QUIET) * demand
                        if comes and connector["id"] not in store.taken(station["id"], at, at + stay):
                            name = f"stranger_{station['id']}_{connector['id']}_{at}"
                            store.book([(name, station["id"], connector["id"], at, at + stay)])
                        at += stay + round(chance.uniform(0, 8) * MINUTE)

    def _wishes(self, end: int) -> list[tuple[int, Draft]]:
        """Everything that will be asked for, with the moment; nobody wishes to be in two places."""
        chance = Random(f"{self.world.seed}:wishes")
        held: dict[str, list[tuple[int, int]]] = {}
        for document in self.asked.values():
            for who in (document["vehicle"], document["driver"]):
                held.setdefault(who, []).append(ideal(document))

        def busy(vehicle: str, driver: str, starts: int, ends: int) -> bool:
            windows = (*held.get(vehicle, ()), *held.get(driver, ()))
            return any(starts < last + _APART and ends > first - _APART for first, last in windows)

        found: list[tuple[int, Draft]] = []
        at = self.start
        while (at := at + round(chance.expovariate(1.0) * 11.5 * HOUR / self.world.open_target)) < end:
            wish = draft(chance, self.world.directory, at + _LEAD, at + DAY, busy)
            if busy(wish.vehicle, wish.driver, *wish.ideal):
                continue
            for who in (wish.vehicle, wish.driver):
                held.setdefault(who, []).append(wish.ideal)
            found.append((at, wish))
        return found

    def _ask(self, wish: Draft) -> None:
        self._name(
            self.world.create(
                driver=wish.driver,
                vehicle=wish.vehicle,
                ideal=wish.ideal,
                limits=wish.limits,
                connector_type=wish.connector_type,
                location=wish.location,
                payment_method=wish.payment_method,
                metadata=wish.metadata,
                origin=TRAFFIC,
            )
        )

    def _name(self, document: Document) -> None:
        stored = self.world.store.get(document["id"])
        if stored is None or stored.origin != TRAFFIC:
            return
        self._number += 1
        trip = f"trip_{self._number}"
        metadata: dict[str, Any] = document["metadata"] | {TRIP: trip}
        self.asked[trip] = dict(self.world.change(document, {"metadata": metadata}, stored.origin))

    def _note(self, document: Document, now: int) -> None:
        trip = document["metadata"].get(TRIP)
        if trip is None or trip in self.failures:
            return
        wish = self.asked[trip]
        at = read(document["updated"])
        self.failures[trip] = Failure(trip, at, document["failed_reason"], wish, self.soonest(wish, now))

    def _elsewhere(self, wish: Document, begins: int, ends: int) -> bool:
        busy = self.world.store.busy
        return any(busy(what, wish[what], begins, ends, but=wish["id"]) for what in ("vehicle", "driver"))

    def _free(self, station: Document, kinds: set[str], begins: int, ends: int) -> bool:
        fit = {connector["id"] for connector in station["connectors"] if connector["type"] in kinds}
        return bool(fit and fit - self.world.store.taken(station["id"], begins, ends))


def _windows(wish: Document, now: int) -> list[tuple[int, int]]:
    """The windows that would do, minute by minute, the least late first; earlier ones where the driver allows that."""
    (begins, ends), (first, last) = ideal(wish), limits(wish)
    latest = (last - round(SHORTEST * (ends - begins)) - begins) // MINUTE if last is not None else LATEST
    earliest = -((begins - first) // MINUTE) if first is not None else 0
    found = []
    for minutes in sorted(range(earliest, latest + 1), key=lambda minutes: (max(0, minutes), abs(minutes))):
        window = begins + minutes * MINUTE, min(ends + minutes * MINUTE, last or ends + minutes * MINUTE)
        if window[0] >= now:
            found.append(window)
    return found
