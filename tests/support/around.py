"""A picture made by hand: reservations, stations, vehicles and payment methods around a finding."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.domain.neighbours import Station, Vehicle
from charge_tui.domain.reservation import Row
from tests.support.reservations import NOON

METRES = 1 / 111_195
"""One metre to the north, in degrees."""


class Around:
    """What is known: everything that a test does not name is unknown."""

    def __init__(
        self,
        *rows: Row,
        stations: Iterable[Station] = (),
        standard: str | None = None,
        methods: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._rows = {row.id: row for row in rows}
        self._stations = list(stations)
        self._standard = standard
        self._methods = methods

    @property
    def rows(self) -> Mapping[str, Row]:
        return self._rows

    def vehicle(self, identity: str | None) -> Vehicle | None:
        return Vehicle(id=identity, charging_standard=self._standard) if identity and self._standard else None

    def stations(self) -> Iterable[Station]:
        return self._stations

    def payment_methods(self, driver: str | None, vehicle: str | None) -> Sequence[tuple[str, str]]:
        return self._methods


def station(identity: str, metres: float, *kinds: str, **fields: Any) -> Station:
    """A station that many metres north of where hand-made reservations are sought."""
    connectors = [{"id": f"c{number}", "type": kind, "status": "available"} for number, kind in enumerate(kinds)]
    place = {"latitude": 48.8698 + metres * METRES, "longitude": 2.3319}
    return Station.model_validate({"id": identity, "location": place, "connectors": connectors} | fields)


def finding(kind: Kind, *subjects: str, severity: Severity = Severity.HIGH, due: datetime = NOON) -> Finding:
    """A finding about these."""
    return Finding(kind, f"{kind}:{'+'.join(subjects)}", severity, subjects, due)
