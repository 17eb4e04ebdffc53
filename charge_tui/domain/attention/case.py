"""A reservation as the rules read it: instants as seconds since 1970, each field known, absent, or unreadable.

An unreadable instant is NaN: every comparison with it is false, so a condition that needs it does not hold.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import inf, nan, nextafter
from typing import Any, Final

from charge_tui.domain.lifecycle import CONFIRMED, PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import rfc3339

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FREE: Final = "free_cancellation"


class Case:
    """One reservation with what this desk knows beyond it; never changed once it is made."""

    __slots__ = (
        "asked",
        "created",
        "driver",
        "earliest",
        "elsewhere",
        "end",
        "hard_end",
        "id",
        "ideal_end",
        "ideal_start",
        "latest",
        "odd_turn",
        "payment",
        "place",
        "replaces",
        "reserved_end",
        "reserved_start",
        "row",
        "start",
        "status",
        "updated",
        "vehicle",
    )

    def __init__(
        self, row: Reservation, *, asked: float = -inf, odd_turn: str | None = None, elsewhere: bool = False
    ) -> None:
        self.row = row
        self.id = row.id
        self.status = row.status
        self.asked = asked
        """When the window was last seen to change; minus infinity when it never was."""
        self.odd_turn = odd_turn
        """A change of status that the lifecycle does not have, in words."""
        self.elsewhere = elsewhere
        """Whether it was cancelled by somebody else."""
        odd = row.odd
        self.created = row.created.timestamp()
        self.updated = row.updated.timestamp()
        self.ideal_start = row.ideal_start.timestamp()
        self.ideal_end = row.ideal_end.timestamp()
        earliest, latest = row.earliest_start, row.latest_end
        begins, ends = row.reserved_start, row.reserved_end
        self.earliest = earliest.timestamp() if earliest else _absent("earliest_start", odd)
        self.latest = latest.timestamp() if latest else _absent("latest_end", odd)
        self.reserved_start = begins.timestamp() if begins else _absent("reserved_start", odd)
        self.reserved_end = ends.timestamp() if ends else _absent("reserved_end", odd)
        given = self.status != PENDING
        self.start = self.reserved_start if given and self.reserved_start is not None else self.ideal_start
        self.end = self.reserved_end if given and self.reserved_end is not None else self.ideal_end
        self.hard_end = self.ideal_end if self.latest is None else self.latest
        self.vehicle = row.vehicle if isinstance(row.vehicle, str) else row.vehicle_id
        self.driver = row.driver if isinstance(row.driver, str) else row.driver_id
        self.payment = row.payment_method if isinstance(row.payment_method, str) else row.payment_method_id
        named = row.metadata.get("replaces") if row.metadata else None
        self.replaces = named if isinstance(named, str) and named != row.id else None
        """The reservation that this one says it stands for."""
        self.place = _place(row)
        """Latitude and longitude of the search area; None where they are absent or not on the globe."""

    @property
    def is_open(self) -> bool:
        """Whether something can still happen to it."""
        return self.status == PENDING or self.status == CONFIRMED

    @property
    def reason(self) -> str | None:
        """Why it failed, as the API says it."""
        return self.row.failed_reason

    def due(self, lead: float) -> float:
        """From when on it should be confirmed."""
        return max(self.created, self.asked, self.ideal_start - lead)

    @property
    def free_at(self) -> float:
        """Until when cancelling is free; minus infinity where that is not known or nothing is left to cancel."""
        policy = self.row.cancellation_policy
        if policy is None or policy.type != _FREE or policy.free_until_before is None or not self.is_open:
            return -inf
        begins = self.ideal_start
        if self.reserved_start is not None:
            if self.reserved_start != self.reserved_start:
                return -inf
            begins = min(begins, self.reserved_start)
        try:
            return begins - policy.free_until_before
        except OverflowError:
            return -inf


def overlap(one: Case, other: Case) -> float:
    """Seconds that the windows of two share; negative for the gap between them."""
    return min(one.end, other.end) - max(one.start, other.start)


def at(moment: float) -> datetime:
    """The instant in UTC, never earlier than the moment; the calendar's last one where it lies beyond."""
    try:
        found = _EPOCH + timedelta(seconds=moment)
        return found if found.timestamp() >= moment else found + timedelta(microseconds=1)
    except (OverflowError, ValueError):
        return datetime.max.replace(tzinfo=UTC) if moment > 0 else datetime.min.replace(tzinfo=UTC)


def told(moment: float) -> str:
    """The instant as the API writes it."""
    return rfc3339(at(moment))


def after(moment: float) -> float:
    """The first moment that is later: where a rule says "more than", something changes only then."""
    return nextafter(moment, inf)


def _place(row: Reservation) -> tuple[float, float] | None:
    where = row.location
    if where is None or not (-90 <= where.latitude <= 90 and -360 <= where.longitude <= 360):
        return None
    return float(where.latitude), float(where.longitude)


def _absent(name: str, odd: Mapping[str, Any]) -> float | None:
    return nan if odd and name in odd else None
