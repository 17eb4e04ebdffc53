"""How values are to be shown at one moment: the zone, the time, the names that are known."""

from datetime import datetime, tzinfo
from typing import Protocol

from charge_tui.domain.text import safe, short_id
from charge_tui.records import dataclass


class NameBook(Protocol):
    """Where short names of neighbouring objects come from; None while one is not known."""

    def vehicle(self, identity: str | None, /) -> str | None:
        """The registration plate."""

    def driver(self, identity: str | None, /) -> str | None:
        """The driver's name."""

    def station(self, identity: str | None, /) -> str | None:
        """The station's name."""

    def payment(self, identity: str | None, /) -> str | None:
        """A payment method in a few words."""

    def details(self, kind: str, identity: str | None, /) -> object | None:
        """The whole object of ``domain.neighbours``; ``kind`` is vehicle, driver, station or payment."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a renderer needs besides the value; ``now`` is world time, aware."""

    zone: tzinfo
    now: datetime
    names: NameBook

    def name(self, identity: str) -> str | None:
        """The name of whatever an id is of, by its prefix; None while it is not known."""
        book, prefix = self.names, identity.partition("_")[0]
        named = {"veh": book.vehicle, "drv": book.driver, "chst": book.station, "pm": book.payment}.get(prefix)
        return named(identity) if named else None

    def vehicle(self, identity: str | None) -> str:
        """A vehicle in a few characters, safe: its plate, else its short id, nothing for none."""
        return safe(self.names.vehicle(identity) or short_id(identity), 60) if identity else ""

    def driver(self, identity: str | None) -> str:
        """A driver in a few characters, safe: the name, else the short id, nothing for none."""
        return safe(self.names.driver(identity) or short_id(identity), 60) if identity else ""

    def station(self, identity: str | None) -> str:
        """A station in a few characters, safe: the name, else the short id, nothing for none."""
        return safe(self.names.station(identity) or short_id(identity), 60) if identity else ""

    def payment(self, identity: str | None) -> str:
        """A payment method in a few characters, safe: its label, else the short id, nothing for none."""
        return safe(self.names.payment(identity) or short_id(identity), 60) if identity else ""
