"""A believable fleet in each city: drivers, vehicles, stations, payment methods [docs: charge-api 3]."""

from random import Random
from typing import Any, Final

from charge_tui.sandbox.fixtures import FIXTURES, LATITUDE, LONGITUDE
from charge_tui.sandbox.ids import identity
from charge_tui.sandbox.instants import DAY, stamp
from charge_tui.sandbox.places import CITIES, MODELS, NAMES, PLACES, City

DECLINED_CARD: Final = "0341"
"""A card whose number ends so is declined whenever a fee is taken from it."""

_LARGE: Final = 5
_LETTERS: Final = "ABCDEFGHJKLMNPRSTVWXYZ"

Neighbour = tuple[str, dict[str, Any]]
"""The kind of a neighbour, which is its ``object``, and its document."""


def build_fleet(seed: int, start: int, open_target: int) -> list[Neighbour]:
    """All neighbours of a world, oldest first: enough of them for ``open_target`` reservations at a time."""
    made: list[Neighbour] = []
    weights = sum(city.weight for city in CITIES)
    for city in CITIES:
        share = city.weight / weights
        rng = Random(f"{seed}:fleet:{city.name}")
        made += _Builder(rng, city, start).build(
            vehicles=max(3, round(open_target * 0.6 * share)), stations=max(4, round(open_target * 0.25 * share))
        )
    made += _fixture_neighbours(Random(f"{seed}:fleet:fixtures"), start)
    return sorted(made, key=lambda pair: str(pair[1]["created"]))


def city_of(station_or_fleet: dict[str, Any]) -> str:
    """The city that a station or fleet stands in."""
    return str(station_or_fleet["address"]["city"])


class _Builder:
    def __init__(self, rng: Random, city: City, start: int) -> None:
        self.rng = rng
        self.city = city
        self.start = start

    def build(self, vehicles: int, stations: int) -> list[Neighbour]:
        fleet = self.fleet()
        made: list[Neighbour] = [("fleet", fleet)]
        shared = self.payment_method(None, fleet["id"], declined=False)
        fleet["preferences"]["default_payment_method"] = shared["id"]
        made.append(("payment_method", shared))
        made += [("charging_station", self.station(index)) for index in range(stations)]
        for index in range(vehicles):
            vehicle = self.vehicle(fleet["id"])
            made.append(("vehicle", vehicle))
            for _ in range(2 if self.rng.random() < 0.25 else 1):
                driver = self.driver(fleet["id"], vehicle["id"])
                broke = index == 0 and self.city.weight >= _LARGE
                own = broke or self.rng.random() < 0.4
                if own:
                    method = self.payment_method(driver, None, declined=broke or self.rng.random() < 0.02)
                    made.append(("payment_method", method))
                driver["preferences"]["default_payment_method"] = method["id"] if own else shared["id"]
                vehicle["drivers"].append(driver["id"])
                made.append(("driver", driver))
        fleet["total_drivers"] = sum(kind == "driver" for kind, _ in made)
        fleet["total_vehicles"] = vehicles
        return made

    def since(self, days: int = 400) -> tuple[str, str]:
        made = self.start - self.rng.randrange(20 * DAY, days * DAY)
        return stamp(made), stamp(self.start - self.rng.randrange(DAY, 20 * DAY))

    def address(self) -> dict[str, Any]:
        street = f"{self.rng.randrange(1, 140)} {self.rng.choice(self.city.streets)}"
        return {
            "city": self.city.name,
            "country": self.city.country,
            "line1": street,
            "line2": None,
            "postal_code": f"{self.city.postcode}{self.rng.randrange(10, 99)}",
            "state": self.city.state,
        }

    def phone(self) -> str:
        return f"{self.city.phone} {self.rng.randrange(10, 99)} {self.rng.randrange(10, 99)}"

    def fleet(self) -> dict[str, Any]:
        created, updated = self.since()
        mail = self.city.fleet.encode("ascii", "ignore").decode().lower().replace(" ", "")
        return {
            "id": identity("flt", self.rng),
            "object": "fleet",
            "address": self.address(),
            "created": created,
            "description": None,
            "email": f"desk@{mail}.example",
            "metadata": {},
            "metric_system": "international_system",
            "name": self.city.fleet,
            "phone": self.phone(),
            "policy_ids": [],
            "preferences": {
                "billing_cycle": "monthly",
                "default_currency": self.city.currency,
                "default_payment_method": None,
                "notifications": True,
                "report_frequency": "weekly",
            },
            "status": "active",
            "timezone": self.city.zone,
            "total_drivers": 0,
            "total_energy_consumed_kwh": round(self.rng.uniform(400, 9000), 1),
            "total_sessions": self.rng.randrange(40, 900),
            "total_vehicles": 0,
            "updated": updated,
            "wallet_balance": 0,
        }

    def driver(self, fleet: str | None, vehicle: str) -> dict[str, Any]:
        created, updated = self.since()
        name = self.rng.choice(NAMES[self.city.names].split("|"))
        return {
            "id": identity("drv", self.rng),
            "object": "driver",
            "created": created,
            "email": f"driver{self.rng.randrange(1000, 9999)}@example.org",
            "fleets": [fleet] if fleet else [],
            "license_number": None,
            "metadata": {"badge": str(self.rng.randrange(1000, 9999))},
            "name": name,
            "phone": self.phone(),
            "policy_ids": [],
            "preferences": {
                "charging_speed": "fast",
                "currency": self.city.currency,
                "default_payment_method": None,
                "max_price_per_kwh": None,
                "notifications": True,
                "preferred_charging_stations": [],
                "preferred_cpos": [],
            },
            "status": "active" if self.rng.random() < 0.97 else "suspended",
            "updated": updated,
            "vehicles": [vehicle],
            "wallet_balance": 0,
        }

    def plate(self) -> str:
        kinds = {"#": _LETTERS, "9": "0123456789"}
        return "".join(self.rng.choice(kinds[char]) if char in kinds else char for char in self.city.plate)

    def vehicle(self, fleet: str | None) -> dict[str, Any]:
        created, updated = self.since()
        make, model, battery, standard, _ = self.rng.choices(MODELS, [model[4] for model in MODELS])[0]
        return {
            "id": identity("veh", self.rng),
            "object": "vehicle",
            "battery_capacity": battery,
            "charging_standard": standard,
            "created": created,
            "drivers": [],
            "fleet": fleet,
            "information": {"make": make, "model": model, "year": str(self.rng.randrange(2019, 2026))},
            "metadata": {},
            "policy_ids": [],
            "registration_plate": self.plate(),
            "status": "active",
            "telemetry": identity("vtel", self.rng),
            "updated": updated,
            "vin": "VF1" + "".join(self.rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=14)),
        }

    def station(self, index: int) -> dict[str, Any]:
        rng, city = self.rng, self.city
        created, updated = self.since(900)
        spread = 0.028 if rng.random() < 0.8 else 0.06
        address = self.address()
        types = rng.choices(
            (["CCS", "CCS", "Type2"], ["CCS", "CCS", "CCS", "CCS"], ["CCS", "CHAdeMO"], ["Type2", "Type2"],
             ["CCS", "CCS", "CHAdeMO", "Type2", "Type2"], ["CCS"] * 8),
            (30, 20, 15, 12, 18, 5),
        )[0]  # fmt: skip
        if index == 0:
            types = ["CCS", "CCS", "CHAdeMO", "Type2", "Type2"]
        always = rng.random() < 0.8
        days = () if always else ("mon", "tue", "wed", "thu", "fri", "sat")
        return {
            "id": identity("chst", rng),
            "object": "charging_station",
            "address": address,
            "availability": {
                "connectors_available": len(types),
                "connectors_total": len(types),
                "opening_hours": [{"day": day, "from": "06:00", "until": "22:00"} for day in days],
                "range": [],
            },
            "capabilities": {
                "24_7_access": always,
                "amenities": sorted(rng.sample(["coffee", "parking", "shelter", "toilets", "wifi"], rng.randrange(4))),
                "payment_methods": ["app", "rfid"],
                "requires_membership": False,
                "reservable": True,
            },
            "connectors": [
                {
                    "id": f"connector_{chr(97 + index % 26)}{number}",
                    "power": rng.choice((50, 120, 150, 300)) if kind != "Type2" else 22,
                    "status": "available",
                    "type": kind,
                }
                for number, kind in enumerate(types, 1)
            ],
            "created": created,
            "location": {
                "latitude": round(rng.gauss(city.latitude, spread * 0.7), 4),
                "longitude": round(rng.gauss(city.longitude, spread), 4),
            },
            "name": f"{address['line1'].split(' ', 1)[1]} {rng.choice(PLACES)}",
            "operator": city.operator,
            "operator_contact": "help@example.org",
            "pricing": [
                {"currency": city.currency, "price": city.price, "step_size": 1, "tax": "vat", "type": "ENERGY"}
            ],
            "status": "active",
            "updated": updated,
        }

    def payment_method(self, driver: dict[str, Any] | None, fleet: str | None, *, declined: bool) -> dict[str, Any]:
        rng = self.rng
        card = rng.random() < 0.85 or declined
        last4 = DECLINED_CARD if declined else f"{rng.randrange(1000, 9999)}"
        fingerprint = f"fp_{rng.randrange(16**8):08x}"
        return {
            "id": identity("pm", rng),
            "object": "payment_method",
            "bank_account": None if card else {
                "bank_name": "Banque du Port", "country": self.city.country, "currency": self.city.currency,
                "fingerprint": fingerprint, "last4": last4, "status": "active",
            },
            "billing_details": {
                "address": self.address(),
                "email": str(driver["email"]) if driver else "accounts@example.org",
                "name": str(driver["name"]) if driver else self.city.fleet,
                "phone": None,
            },
            "card": {
                "brand": rng.choice(("visa", "mastercard", "amex")), "exp_month": rng.randrange(1, 13),
                "exp_year": rng.randrange(2028, 2032), "fingerprint": fingerprint, "last4": last4,
            } if card else None,
            "created": self.since(300)[0],
            "driver": driver["id"] if driver else None,
            "fleet": fleet,
            "type": "card" if card else "bank_account",
            "wallet": None,
        }  # fmt: skip


def _fixture_neighbours(rng: Random, start: int) -> list[Neighbour]:
    """What the seed pages name, all in Paris, with the ids of the pages."""
    builder = _Builder(rng, CITIES[0], start)
    made: list[Neighbour] = []
    for index, fixture in enumerate(FIXTURES):
        vehicle = builder.vehicle(None) | {"drivers": [fixture.driver]}
        vehicle |= {"id": fixture.vehicle, "charging_standard": "CCS", "battery_capacity": 79000}
        vehicle["information"] = {"make": "Volkswagen", "model": "ID. Buzz Cargo", "year": "2025"}
        driver = builder.driver(None, fixture.vehicle) | {"status": "active"}
        driver["id"] = fixture.driver
        driver["preferences"]["default_payment_method"] = fixture.payment_method
        method = builder.payment_method(driver, None, declined=False)
        method["id"] = fixture.payment_method
        made += [("vehicle", vehicle), ("driver", driver), ("payment_method", method)]
        if fixture.station is not None:
            station = builder.station(0)
            station["id"] = fixture.station
            east = LONGITUDE + 0.002 * index
            station["location"] = {"latitude": LATITUDE, "longitude": round(east, 4)}
            made.append(("charging_station", station))
    return made
