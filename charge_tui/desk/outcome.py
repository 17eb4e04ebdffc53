"""What came of a write, for whoever shows it. Every sentence is safe to show."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from charge_tui.api.errors import ChargeError
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.records import dataclass

if TYPE_CHECKING:
    from charge_tui.domain.drafting import Difference, Fields, ThreeWay


class Kind(StrEnum):
    """How a write ended."""

    DONE = "done"
    """It took effect; ``departures`` tells where the answer is not what was asked for."""
    FAILED = "failed"
    """It took effect and came to nothing: a confirm that ended as ``failed``."""
    REFUSED = "refused"
    """The API said no; ``param`` names the field at fault, if it says so. Nothing was done."""
    NOT_SENT = "not sent"
    """Nothing was done: writing is off, the journal cannot be written, no connection."""
    UNCHANGED = "unchanged"
    """Nothing was sent, since there is nothing to change."""
    VOID = "no effect"
    """It had been sent, and it was found out later that nothing came of it."""
    CONFLICT = "conflict"
    """Nothing was sent: the reservation is not as it was shown. ``row`` is how it is, ``fields`` the differences."""
    TAKEN = "taken"
    """Nothing was sent: the vehicle has open reservations in this window; ``others`` are they."""
    TOO_LATE = "too late"
    """Nothing was sent: its status does not allow this any more. ``row`` is how it is."""
    UNKNOWN = "unknown"
    """It was sent, and what became of it is not known; the journal has it, ``entry`` is its number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one write."""

    kind: Kind
    cause: str
    """What was asked for: edit, create, book again, confirm, cancel, move, undo."""
    id: str | None
    """The reservation it was about; of a create, the new one once it is known."""
    sentence: str
    row: Row | None = None
    """The reservation as it is now, as far as this write saw it."""
    departures: tuple[Difference, ...] = ()
    fields: tuple[ThreeWay, ...] = ()
    """Of a conflict, every field that somebody changed; those to choose from first."""
    was: Fields | None = None
    theirs: Fields | None = None
    mine: Fields | None = None
    """Of a conflict, the three sets of values, for ``drafting.merged``."""
    others: tuple[Reservation, ...] = ()
    param: str | None = None
    """The API's name of the parameter at fault ("ideal_end", "location.radius")."""
    request_id: str | None = None
    entry: int | None = None
    """The journal's number of it; None where nothing was to be sent."""
    error: ChargeError | None = None
    """What the client raised, where that ended it."""
    pauses: bool = False
    """Whether the next write would end the same way (no connection, key refused, journal full)."""

    @property
    def well(self) -> bool:
        """Whether it is done, and nothing else."""
        return self.kind is Kind.DONE

    @property
    def field(self) -> str | None:
        """The form's field that ``param`` names, None where it names none."""
        return self.param.partition(".")[0].partition("[")[0] if self.param else None
