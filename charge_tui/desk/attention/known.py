"""What a desk knows around a finding, as proposals ask for it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from charge_tui.desk.names import Names
from charge_tui.domain.neighbours import Driver, PaymentMethod, Station, Vehicle
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.text import short_id


class _Desk(Protocol):
    names: Names

    @property
    def rows(self) -> Mapping[str, Row]: ...


class Known:
    """A desk's rows and names as the ``Picture`` of proposals; what is not known is looked up for the next time."""

    def __init__(self, desk: _Desk) -> None:
        self._desk = desk

    @property
    def rows(self) -> Mapping[str, Row]:
        """Every reservation that is known, by id."""
        return self._desk.rows

    @property
    def extent(self) -> int:
        """How much is known besides the rows: it grows when names become known."""
        return sum(len(self._desk.names.known(kind)) for kind in ("station", "payment", "vehicle", "driver"))

    def vehicle(self, identity: str | None) -> Vehicle | None:
        """A vehicle by its id."""
        found = self._desk.names.details("vehicle", identity)
        return found if isinstance(found, Vehicle) else None

    def stations(self) -> Iterable[Station]:
        """The charging stations that are known."""
        names = self._desk.names
        found = [one for one in names.known("station") if isinstance(one, Station)]
        if not found:
            names.want(one for one in (self._any("station_id"),) if one)
        return found

    def payment_methods(self, driver: str | None, vehicle: str | None) -> Sequence[tuple[str, str]]:
        """The driver's own payment methods, those of the fleets of driver and vehicle, and those of nobody else."""
        names = self._desk.names
        names.want(one for one in (self._any("payment_method_id"),) if one)
        fleets = self._fleets(driver, vehicle)
        found = [one for one in names.known("payment") if isinstance(one, PaymentMethod)]
        fit = [
            one for one in found if (one.driver == driver if one.driver else one.fleet is None or one.fleet in fleets)
        ]
        return [(one.id, names.payment(one.id) or short_id(one.id)) for one in fit]

    def _fleets(self, driver: str | None, vehicle: str | None) -> set[str]:
        who, what = self._desk.names.details("driver", driver), self.vehicle(vehicle)
        told: list[object] = []
        if isinstance(who, Driver):
            told += (who.model_extra or {}).get("fleets") or []
        if what is not None:
            told.append((what.model_extra or {}).get("fleet"))
        return {one for one in told if isinstance(one, str)}

    def _any(self, name: str) -> str | None:
        rows = (row for row in self.rows.values() if isinstance(row, Reservation))
        return next((found for row in rows if (found := getattr(row, name))), None)
