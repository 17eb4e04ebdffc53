"""What changed between two sights of the same reservation."""

from datetime import datetime
from typing import Any, Final

from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.domain.times import utc
from charge_tui.records import dataclass

_UNTOLD: Final = frozenset({"updated"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one reservation with its two values, as the model holds them."""

    field: str
    before: Any
    after: Any


def changes(before: Row, after: Row) -> tuple[FieldChange, ...]:
    """The fields that differ, in alphabetical order; ``updated`` alone is no change worth telling."""
    if same(before, after):
        return ()
    if isinstance(before, OddRow) or isinstance(after, OddRow):
        return () if before == after else (FieldChange("row", before, after),)
    return tuple(
        FieldChange(name, getattr(before, name, None), getattr(after, name, None))
        for name in sorted((before.model_fields_set | after.model_fields_set) - _UNTOLD)
        if name in Reservation.model_fields and getattr(before, name) != getattr(after, name)
    )


def same(before: Row, after: Row) -> bool:
    """Whether two sights hold exactly the same values; the common case of every refresh, so it is the cheap one."""
    if before is after:
        return True
    if type(before) is not type(after):
        return False
    if isinstance(before, Reservation) and isinstance(after, Reservation):
        return before.__dict__ == after.__dict__ and before.model_extra == after.model_extra
    return before == after


def newer(held: Row, seen: Row) -> Row:
    """Of two sights of one reservation the one that counts: the larger ``updated``, at a tie the one seen last."""
    held_at, seen_at = updated(held), updated(seen)
    return held if held_at and seen_at and utc(held_at) > utc(seen_at) else seen


def updated(row: Row) -> datetime | None:
    """When the API says that the row last changed."""
    return row.updated if isinstance(row, Reservation) else row.time("updated")


def status_of(row: Row) -> str:
    """The status as the API gives it; "unknown" where the row has none."""
    return row.status if isinstance(row, Reservation) else row.text("status") or "unknown"
