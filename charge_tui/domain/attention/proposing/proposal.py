"""What a proposal is, and what has to be known to make one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal, Protocol

from charge_tui.domain.drafting import Fields
from charge_tui.domain.neighbours import Station, Vehicle
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.records import dataclass

Verb = Literal["book again", "edit", "cancel", "accept", "confirm", "move"]

MARGIN: Final = timedelta(seconds=90)
"""How far ahead of now a proposed window starts at least: a person reads it before it is sent."""
MOST: Final = 3
"""How many proposals a finding has at the most."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One fix, ready to be sent. It never runs by itself."""

    label: str
    """What it does, in a few words, safe to show ("Book again, radius 1.5 → 5 km")."""
    verb: Verb
    row: Reservation
    """The reservation that it is done to, as it was when the proposal was made."""
    values: Fields
    """What is sent: of "book again" and "move" the whole new reservation, of "edit" the fields that change, of
    "confirm" perhaps another ``payment_method``; nothing for the others."""
    why: str
    """Why it should help and what it costs, in one sentence, safe to show."""


class Picture(Protocol):
    """What is known around a finding; whatever is not known yet is None or absent."""

    @property
    def rows(self) -> Mapping[str, Row]:
        """Every reservation that is known, by id."""

    def vehicle(self, identity: str | None, /) -> Vehicle | None:
        """A vehicle by its id."""

    def stations(self) -> Iterable[Station]:
        """The charging stations that are known, in no order."""

    def payment_methods(self, driver: str | None, vehicle: str | None, /) -> Sequence[tuple[str, str]]:
        """What may pay for this driver in this vehicle, as ids with names that are safe to show."""
