"""Windows of time: what was asked for, what was given, and how far they lie apart."""

from datetime import datetime
from typing import Final

from charge_tui.domain.lifecycle import PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import seconds_between, span
from charge_tui.records import dataclass

NOISE: Final = 60.0
"""Seconds below which a difference is the documented noise of a granted window (it stays under 30 s) [seed]."""


def start(reservation: Reservation) -> datetime:
    """When it starts as far as is known: the reserved start once it is not pending, else the ideal one."""
    given = reservation.reserved_start
    return given if given and reservation.status != PENDING else reservation.ideal_start


def end(reservation: Reservation) -> datetime:
    """When it ends as far as is known: the reserved end once it is not pending, else the ideal one."""
    given = reservation.reserved_end
    return given if given and reservation.status != PENDING else reservation.ideal_end


def hard_end(reservation: Reservation) -> datetime:
    """The moment after which it is of no more use: ``latest_end``, else the ideal end."""
    return reservation.latest_end or reservation.ideal_end


@dataclass(frozen=True, slots=True)
class Drift:
    """How the granted window departs from the ideal one, in seconds; positive is later, or longer."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """How much longer the granted window is than the ideal one."""
        return self.end - self.start

    @property
    def notable(self) -> bool:
        """Whether either end differs by a minute or more."""
        return abs(self.start) >= NOISE or abs(self.end) >= NOISE

    def words(self) -> str:
        """The difference as one short sentence ("starts 22m late, ends 22m late, same length")."""
        if not self.notable:
            return "as asked, to the minute"
        length = "same length" if abs(self.length) < NOISE else f"{span(self.length)} {_word(self.length)}"
        return f"{_side('starts', self.start)}, {_side('ends', self.end)}, {length}"


def drift(reservation: Reservation) -> Drift | None:
    """The granted window against the ideal one; None while there is no granted window."""
    if reservation.reserved_start is None or reservation.reserved_end is None:
        return None
    return Drift(
        seconds_between(reservation.ideal_start, reservation.reserved_start),
        seconds_between(reservation.ideal_end, reservation.reserved_end),
    )


def outside_limits(reservation: Reservation) -> tuple[str, ...]:
    """How the granted window breaks the driver's own limits by a minute or more, in words; empty where it does not."""
    found: list[str] = []
    if reservation.reserved_start and reservation.earliest_start:
        early = seconds_between(reservation.reserved_start, reservation.earliest_start)
        if early >= NOISE:
            found.append(f"starts {span(early)} before its limit")
    if reservation.reserved_end and reservation.latest_end:
        late = seconds_between(reservation.latest_end, reservation.reserved_end)
        if late >= NOISE:
            found.append(f"ends {span(late)} after its limit")
    return tuple(found)


def _side(verb: str, seconds: float) -> str:
    if abs(seconds) < NOISE:
        return f"{verb} as asked"
    return f"{verb} {span(seconds)} {'late' if seconds > 0 else 'early'}"


def _word(seconds: float) -> str:
    return "longer" if seconds > 0 else "shorter"
