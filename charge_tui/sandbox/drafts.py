"""New reservations as drivers ask for them: who, where, when, shaped by the hour of the day."""

from collections.abc import Callable
from random import Random
from typing import Any, Final

from charge_tui.records import dataclass
from charge_tui.sandbox.chance import between, many, pick
from charge_tui.sandbox.directory import Crew, Directory
from charge_tui.sandbox.instants import HOUR, MINUTE, SECOND
from charge_tui.sandbox.places import CITIES, DEMAND

FEES: Final = {city.currency: city.fee for city in reversed(CITIES)}
"""The reservation fee in minor units by currency."""

_TRIES: Final = 12
_MINUTES: Final = many((35, 5), (50, 8), (60, 14), (75, 18), (90, 35), (105, 10), (120, 8), (180, 2))
_RADII: Final = many((1500, 75), (800, 8), (2500, 12), (5000, 5))

Busy = Callable[[str, str, int, int], bool]
"""Whether this vehicle or this driver is taken in a window (vehicle, driver, starts, ends)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a driver asks for. ``station`` is one that fits, near the place; the world need not choose it."""

    driver: str
    vehicle: str
    ideal: tuple[int, int]
    limits: tuple[int | None, int | None]
    connector_type: list[str]
    location: dict[str, float]
    payment_method: str | None
    currency: str
    metadata: dict[str, str]
    station: dict[str, Any]


def draft(rng: Random, directory: Directory, earliest: int, latest: int, busy: Busy) -> Draft:
    """A believable request whose window starts between two times and, where that is possible, collides with nothing."""
    for attempt in range(_TRIES):
        crew = pick(rng, directory.crews)
        driver = pick(rng, crew.drivers)
        start = _start(rng, crew, earliest, latest)
        end = start + _length(rng)
        if attempt == _TRIES - 1 or not busy(crew.vehicle["id"], driver["id"], start, end):
            break
    return compose(rng, crew, driver, start, end)


def compose(rng: Random, crew: Crew, driver: dict[str, Any], start: int, end: int) -> Draft:
    """The request of a given crew for a given window."""
    station = pick(rng, crew.stations)
    standard = crew.vehicle["charging_standard"]
    types = ["CCS", "Type2"] if standard == "CCS" and rng.random() < 0.15 else [standard]
    return Draft(
        driver["id"],
        crew.vehicle["id"],
        (start, end),
        _limits(rng, start, end),
        types,
        _place(rng, station),
        driver["preferences"]["default_payment_method"],
        crew.currency,
        metadata(rng),
        station,
    )


def metadata(rng: Random) -> dict[str, str]:
    """What a fleet's own systems attach: mostly nothing or a trip, sometimes words of people."""
    kind = rng.random()
    trip = {"trip_id": f"trip_{between(rng, 1000, 99999)}"}
    if kind < 0.4:
        return {}
    if kind < 0.75:
        return trip
    if kind < 0.85:
        return {"dispatch_id": f"dispatch_{between(rng, 1000, 9999)}"} | trip
    if kind < 0.93:
        return {
            "customer": rng.choice(("Café Zoë", "Müller & Söhne", "Łódź Logistics", "東京堂", "Smith, Ltd."))
        } | trip
    note = rng.choice(("gate code at desk", "driver calls ahead", "cold chain, do not delay", "bay 4 only"))
    return {"note": note, "shift": rng.choice(("early", "late", "night"))}


def _start(rng: Random, crew: Crew, earliest: int, latest: int) -> int:
    start = earliest
    for _ in range(8):
        start = between(rng, earliest, latest)
        if rng.random() * 100 < DEMAND[(start // HOUR + crew.hours) % 24]:
            break
    return start


def _length(rng: Random) -> int:
    return pick(rng, _MINUTES) * MINUTE + between(rng, -90 * SECOND, 90 * SECOND)


def _limits(rng: Random, start: int, end: int) -> tuple[int | None, int | None]:
    kind = rng.random()
    before = start - pick(rng, (10, 15, 30, 60)) * MINUTE if kind < 0.3 else None
    after = end + pick(rng, (15, 30, 45, 90)) * MINUTE if 0.12 < kind < 0.42 else None
    return before, after


def _place(rng: Random, station: dict[str, Any]) -> dict[str, float]:
    radius = pick(rng, _RADII)
    off = 0.35 * radius / 111_195 * (9 if rng.random() < 0.012 else 1)
    return {
        "latitude": round(station["location"]["latitude"] + off * (2 * rng.random() - 1), 4),
        "longitude": round(station["location"]["longitude"] + off * (2 * rng.random() - 1), 4),
        "radius": radius,
    }
