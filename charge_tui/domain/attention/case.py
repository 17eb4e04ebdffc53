"""A reservation as the rules read it: instants as seconds since 1970, each field known, absent, or unreadable.

An unreadable instant is NaN: every comparison with it is false, so a condition that needs it does not hold.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import inf, nan, nextafter
from types import EllipsisType, MappingProxyType
from typing import Any, Final

from charge_tui.domain.lifecycle import OPEN, PENDING
from charge_tui.domain.reservation import Location, Reservation, ref
from charge_tui.domain.times import rfc3339

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FREE: Final = "free_cancellation"
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Case:
    """One reservation with what this desk knows beyond it; never changed once it is made."""

    __slots__ = (
        "_free_at",
        "_place",
        "_updated",
        "asked",
        "connectors",
        "created",
        "driver",
        "earliest",
        "elsewhere",
        "end",
        "hard_end",
        "id",
        "ideal_end",
        "ideal_start",
        "is_open",
        "latest",
        "odd",
        "odd_turn",
        "payment",
        "replaces",
        "reserved_end",
        "reserved_start",
        "row",
        "start",
        "status",
        "vehicle",
    )

    def __init__(
        self, row: Reservation, *, asked: float = -inf, odd_turn: str | None = None, elsewhere: bool = False
    ) -> None:
        given = row.__dict__  # reading a model's attributes one by one takes three times as long
        self.row = row
        self.id: str = given["id"]
        self.status: str = given["status"]
        self.is_open = self.status in OPEN
        """Whether something can still happen to it."""
        self.asked = asked
        """When the window was last seen to change; minus infinity when it never was."""
        self.odd_turn = odd_turn
        """A change of status that the lifecycle does not have, in words."""
        self.elsewhere = elsewhere
        """Whether it was cancelled by somebody else."""
        self.odd = _NOTHING if type(row) is Reservation else row.odd
        """Fields that could not be read, with what was sent."""
        self.created: float = given["created"].timestamp()
        self.ideal_start: float = given["ideal_start"].timestamp()
        self.ideal_end: float = given["ideal_end"].timestamp()
        earliest, latest = given["earliest_start"], given["latest_end"]
        begins, ends = given["reserved_start"], given["reserved_end"]
        self.earliest: float | None = earliest and earliest.timestamp()
        self.latest: float | None = latest and latest.timestamp()
        self.reserved_start: float | None = begins and begins.timestamp()
        self.reserved_end: float | None = ends and ends.timestamp()
        if self.odd:
            self._unread(self.odd)
        granted = self.status != PENDING
        self.start: float = self.reserved_start if granted and self.reserved_start is not None else self.ideal_start
        self.end: float = self.reserved_end if granted and self.reserved_end is not None else self.ideal_end
        self.hard_end: float = self.ideal_end if self.latest is None else self.latest
        vehicle, driver, payment = given["vehicle"], given["driver"], given["payment_method"]
        self.vehicle: str | None = vehicle if type(vehicle) is str else ref(vehicle)
        self.driver: str | None = driver if type(driver) is str else ref(driver)
        self.payment: str | None = payment if type(payment) is str else ref(payment)
        metadata = given["metadata"]
        self.replaces = _replaced(metadata, self.id) if metadata else None
        """The reservation that this one says it stands for."""
        self.connectors: Sequence[str] = given["connector_type"] or ()
        self._free_at: float | None = None
        self._updated: float | None = None
        self._place: tuple[float, float] | EllipsisType | None = ...

    @property
    def updated(self) -> float:
        """When the API says that it last changed."""
        if self._updated is None:
            self._updated = self.row.updated.timestamp()
        return self._updated

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude of the search area; None where they are absent or not on the globe."""
        if self._place is ...:
            self._place = _place(self.row.location)
        return self._place

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
        if self._free_at is None:
            self._free_at = self._free_until()
        return self._free_at

    def _free_until(self) -> float:
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

    def _unread(self, odd: Mapping[str, Any]) -> None:
        if "earliest_start" in odd:
            self.earliest = nan
        if "latest_end" in odd:
            self.latest = nan
        if "reserved_start" in odd:
            self.reserved_start = nan
        if "reserved_end" in odd:
            self.reserved_end = nan


def _replaced(metadata: Mapping[str, Any], own: str) -> str | None:
    named = metadata.get("replaces")
    return named if isinstance(named, str) and named != own else None


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


def _place(where: Location | None) -> tuple[float, float] | None:
    if where is None:
        return None
    latitude, longitude = where.latitude, where.longitude
    if not (-90 <= latitude <= 90 and -360 <= longitude <= 360):
        return None
    return float(latitude), float(longitude)
