"""Drivers, vehicles, charging stations, payment methods and fleets as the API shows them [docs: charge-api 3]."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from charge_tui.sandbox import expansion
from charge_tui.sandbox.directory import distance
from charge_tui.sandbox.documents import encode
from charge_tui.sandbox.errors import ApiError, missing
from charge_tui.sandbox.lists import Entry
from charge_tui.sandbox.world import World

COLLECTIONS: Final = {
    "driver": "drivers",
    "vehicle": "vehicles",
    "charging_station": "charging_stations",
    "payment_method": "payment_methods",
    "fleet": "fleets",
}
"""Kind of object to the name of its collection in a path."""

_FILTERS: Final[dict[str, tuple[str, ...]]] = {
    "driver": ("fleet", "vehicle"),
    "vehicle": ("driver", "fleet"),
    "charging_station": ("available", "driver", "latitude", "longitude", "radius"),
    "payment_method": ("driver", "fleet", "type"),
    "fleet": ("driver", "status", "vehicle"),
}

Place = tuple[int, dict[str, Any]]


class Neighbours:
    """One kind of neighbour: looked up, filtered, and with what the world knows of the moment."""

    def __init__(self, world: World, kind: str) -> None:
        self.world = world
        self.kind = kind
        self.filters = _FILTERS[kind]

    def retrieve(self, identity: str, paths: Sequence[str]) -> str:
        """The JSON text of one neighbour; 404 ``<kind>_not_found``."""
        document = self.world.directory.get(self.kind, identity)
        if document is None:
            raise missing(self.kind)
        return self._text(document, paths)

    def matching(self, filters: Mapping[str, str]) -> list[Place]:
        """The neighbours that match, each with its place in the order of creation, oldest first."""
        places = list(enumerate(self.world.directory.all(self.kind), 1))
        test = {
            "driver": self._driver,
            "vehicle": self._vehicle,
            "charging_station": self._station,
            "payment_method": self._payment_method,
            "fleet": self._fleet,
        }[self.kind]
        return [(place, document) for place, document in places if test(document, filters)]

    def beyond(
        self, places: Sequence[Place], position: int | None, newer: bool, count: int, paths: Sequence[str]
    ) -> list[Entry]:
        """At most ``count`` of the places beyond a position, nearest first, as text."""
        if newer:
            found = [entry for entry in places if position is None or entry[0] > position]
        else:
            found = [entry for entry in reversed(places) if position is None or entry[0] < position]
        return [(place, self._text(document, paths)) for place, document in found[:count]]

    def _text(self, document: dict[str, Any], paths: Sequence[str]) -> str:
        if self.kind == "charging_station":
            document = self._live(document)
        return encode(expansion.expand(document, paths, self.world.directory) if paths else document)

    def _live(self, station: dict[str, Any]) -> dict[str, Any]:
        """The station with its connectors as they are at this moment."""
        now = self.world.now
        taken = self.world.store.taken(station["id"], now, now + 1)
        connectors = [one | {"status": "occupied"} if one["id"] in taken else one for one in station["connectors"]]
        free = sum(one["status"] == "available" for one in connectors)
        availability = station["availability"] | {"connectors_available": free}
        return station | {"availability": availability, "connectors": connectors}

    # Filters

    def _driver(self, driver: dict[str, Any], filters: Mapping[str, str]) -> bool:
        fleet, vehicle = filters.get("fleet"), filters.get("vehicle")
        return (fleet is None or fleet in driver["fleets"]) and (vehicle is None or vehicle in driver["vehicles"])

    def _vehicle(self, vehicle: dict[str, Any], filters: Mapping[str, str]) -> bool:
        driver, fleet = filters.get("driver"), filters.get("fleet")
        return (driver is None or driver in vehicle["drivers"]) and (fleet is None or fleet == vehicle["fleet"])

    def _fleet(self, fleet: dict[str, Any], filters: Mapping[str, str]) -> bool:
        directory = self.world.directory
        driver = directory.get("driver", filters["driver"]) if "driver" in filters else None
        vehicle = directory.get("vehicle", filters["vehicle"]) if "vehicle" in filters else None
        return (
            filters.get("status", fleet["status"]) == fleet["status"]
            and ("driver" not in filters or bool(driver and fleet["id"] in driver["fleets"]))
            and ("vehicle" not in filters or bool(vehicle and fleet["id"] == vehicle["fleet"]))
        )

    def _payment_method(self, method: dict[str, Any], filters: Mapping[str, str]) -> bool:
        if "driver" in filters and "fleet" in filters:
            raise ApiError(400, "Give driver or fleet, not both.", "payment_method_scope_invalid", "fleet")
        return all(method[name] == value for name, value in filters.items())

    def _station(self, station: dict[str, Any], filters: Mapping[str, str]) -> bool:
        place = [name for name in ("latitude", "longitude", "radius") if name in filters]
        if place and len(place) < 3:
            raise ApiError(400, "latitude, longitude and radius belong together.", None, place[0])
        if place:
            latitude, longitude, radius = (_number(name, filters[name]) for name in place)
            if distance(latitude, longitude, station["location"]) > radius:
                return False
        if "driver" in filters:
            driver = self.world.directory.get("driver", filters["driver"])
            if driver is None or station["id"] not in driver["preferences"]["preferred_charging_stations"]:
                return False
        if "available" not in filters:
            return True
        if filters["available"] not in ("true", "false"):
            raise ApiError(400, "available must be true or false.", None, "available")
        free = self._live(station)["availability"]["connectors_available"] > 0
        return bool(free) == (filters["available"] == "true")


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ApiError(400, f"{name} must be a number.", None, name)
    return value
