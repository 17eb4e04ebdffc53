"""The neighbours of a world in memory: looked up by id, listed by kind, and searched for a station near a place."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from charge_tui.sandbox.fixtures import FIXTURES
from charge_tui.sandbox.fleet import DECLINED_CARD
from charge_tui.sandbox.places import CITIES

KINDS: Final = ("driver", "vehicle", "charging_station", "payment_method", "fleet")

_CELL: Final = 0.05
_METRES_PER_DEGREE: Final = 111_195.0
_FARTHEST: Final = 100_000.0
_HOURS: Final = {city.name: city.hours for city in CITIES}


@dataclass
class Crew:
    """A vehicle, those who drive it, and the stations of their city that fit it: what traffic is made from.

    ``hours`` is the offset from UTC that shapes their day.
    """

    vehicle: dict[str, Any]
    drivers: list[dict[str, Any]]
    currency: str
    hours: int
    stations: list[dict[str, Any]] = field(default_factory=list)


class Directory:
    """All drivers, vehicles, stations, payment methods and fleets, oldest first within their kind."""

    def __init__(self, neighbours: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self._kinds: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        self._by_id: dict[str, dict[str, Any]] = {}
        self._cells: dict[tuple[int, int], list[dict[str, Any]]] = {}
        for kind, document in neighbours:
            self._kinds[kind].append(document)
            self._by_id[document["id"]] = document
            if kind == "charging_station":
                self._cells.setdefault(_cell(document["location"]), []).append(document)
        self.crews = self._crews()

    def get(self, kind: str, identity: str) -> dict[str, Any] | None:
        """A neighbour of a kind by its id."""
        document = self._by_id.get(identity)
        return document if document is not None and document["object"] == kind else None

    def all(self, kind: str) -> list[dict[str, Any]]:
        """All neighbours of a kind, oldest first."""
        return self._kinds[kind]

    def near(self, latitude: float, longitude: float, metres: float) -> list[dict[str, Any]]:
        """The stations within a distance of a place, nearest first."""
        metres = min(metres, _FARTHEST)
        rows = math.ceil(metres / _METRES_PER_DEGREE / _CELL)
        shrink = max(0.05, math.cos(math.radians(latitude)))
        columns = math.ceil(metres / _METRES_PER_DEGREE / shrink / _CELL)
        row, column = _cell({"latitude": latitude, "longitude": longitude})
        found: list[tuple[float, str, dict[str, Any]]] = []
        for y in range(row - rows, row + rows + 1):
            for x in range(column - columns, column + columns + 1):
                for station in self._cells.get((y, x), ()):
                    away = distance(latitude, longitude, station["location"])
                    if away <= metres:
                        found.append((away, station["id"], station))
        return [station for _, _, station in sorted(found, key=lambda entry: entry[:2])]

    def declined(self, payment_method: str | None) -> bool:
        """Whether a fee cannot be taken from this payment method."""
        method = self.get("payment_method", payment_method) if payment_method else None
        card = method["card"] if method else None
        return bool(card and card["last4"] == DECLINED_CARD)

    def currency(self, driver: str) -> str:
        """The currency that a driver pays in."""
        document = self.get("driver", driver)
        return str(document["preferences"]["currency"]) if document else "eur"

    def default_payment_method(self, driver: str) -> str | None:
        """The payment method that a driver prefers."""
        document = self.get("driver", driver)
        return document["preferences"]["default_payment_method"] if document else None

    def _crews(self) -> list[Crew]:
        stations: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for station in self._kinds["charging_station"]:
            for kind in {connector["type"] for connector in station["connectors"]}:
                stations.setdefault((station["address"]["city"], kind), []).append(station)
        crews: list[Crew] = []
        reserved = {fixture.vehicle for fixture in FIXTURES}
        for vehicle in self._kinds["vehicle"]:
            fleet = self._by_id.get(vehicle["fleet"] or "")
            if fleet is None or vehicle["id"] in reserved:
                continue
            fit = stations.get((fleet["address"]["city"], vehicle["charging_standard"]), [])
            drivers = [self._by_id[driver] for driver in vehicle["drivers"]]
            if fit and drivers:
                hours = _HOURS[fleet["address"]["city"]]
                crews.append(Crew(vehicle, drivers, fleet["preferences"]["default_currency"], hours, fit))
        return crews


def distance(latitude: float, longitude: float, location: Mapping[str, float]) -> float:
    """Metres between two places; the earth is flat enough within a city."""
    north = (location["latitude"] - latitude) * _METRES_PER_DEGREE
    east = (location["longitude"] - longitude) * _METRES_PER_DEGREE * math.cos(math.radians(latitude))
    return math.hypot(north, east)


def _cell(location: Mapping[str, float]) -> tuple[int, int]:
    return math.floor(location["latitude"] / _CELL), math.floor(location["longitude"] / _CELL)
