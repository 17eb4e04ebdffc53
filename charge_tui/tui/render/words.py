"""The few words in which the desk speaks about a reservation."""

from datetime import datetime, tzinfo
from typing import Final

from charge_tui.domain import lifecycle
from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.domain.text import safe
from charge_tui.domain.times import day, hhmm, seconds_between, span
from charge_tui.domain.windows import NOISE, Drift, drift
from charge_tui.tui.render.spans import Token

LEAD: Final = 1800.0
"""Seconds before the ideal start at which Charge confirms by itself [seed]."""
GRACE: Final = 300.0
"""Seconds of grace after that before a pending reservation counts as late."""

_REASONS: Final = {
    "no_available_connectors": "no connector",
    "payment_failed": "payment failed",
    "other": "failed",
}


def reason(failed_reason: str | None) -> str:
    """Why it failed, as a person says it; an unknown reason as the API gives it."""
    if not failed_reason:
        return "failed"
    return _REASONS.get(failed_reason) or safe(failed_reason.replace("_", " "), 60)


def overdue(reservation: Reservation, now: datetime) -> float:
    """Seconds since a pending reservation should have been confirmed, the grace included; 0 or less while it is not."""
    if reservation.status != lifecycle.PENDING:
        return 0.0
    return seconds_between(reservation.ideal_start, now) + LEAD - GRACE


def note(row: Row, now: datetime, leaving: bool = False) -> tuple[str, Token]:
    """What is abnormal about a row, in a few words, and how it weighs; nothing for most rows."""
    if isinstance(row, OddRow):
        return "unreadable row", "warn"
    if leaving:
        return "end unknown", "warn"
    if row.status == lifecycle.FAILED:
        return reason(row.failed_reason), "bad"
    if row.status not in lifecycle.STATUSES:
        return f"unknown status {safe(row.status, 20)}", "warn"
    if overdue(row, now) > 0:
        return "not confirmed", "warn"
    if limits := _past_limits(row):
        return limits, "warn"
    if row.odd:
        return f"odd data: {safe(', '.join(row.odd), 60)}", "warn"
    moved = drift(row) if row.status == lifecycle.CONFIRMED else None
    if moved and moved.notable:
        return _moved(moved), "quiet"
    return "", ""


def _past_limits(row: Reservation) -> str:
    early = seconds_between(row.reserved_start, row.earliest_start) if row.reserved_start and row.earliest_start else 0
    late = seconds_between(row.latest_end, row.reserved_end) if row.reserved_end and row.latest_end else 0
    if late >= NOISE and late >= early:
        return f"{span(late)} too late"
    return f"{span(early)} too early" if early >= NOISE else ""


def _moved(moved: Drift) -> str:
    side, seconds = ("starts", moved.start) if abs(moved.start) >= NOISE else ("ends", moved.end)
    return f"{side} {span(seconds)} {'late' if seconds > 0 else 'early'}"


def shape(row: Row, now: datetime, leaving: bool = False) -> tuple[str, Token]:
    """The mark of one character in front of a row that needs a look: ``!`` or ``-``, nothing for most rows."""
    words, weight = note(row, now, leaving)
    if not words or weight == "quiet":
        return "", ""
    return ("!", "bad") if weight == "bad" else ("-", "warn")


def day_word(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The day of an instant seen from now: nothing for today, else in at most six characters ("Thu 2", "2 Apr")."""
    local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return ""
    if abs((local - today).days) < 7:
        return f"{local:%a} {local.day}"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local:%b} {local.year % 100:02d}"


def instant(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment as a person says it, with the day unless it is today ("Thu 2 Apr 03:28")."""
    same = at.astimezone(zone).date() == now.astimezone(zone).date()
    year = "" if at.astimezone(zone).year == now.astimezone(zone).year else f" {at.astimezone(zone).year}"
    return hhmm(at, zone) if same else f"{day(at, zone)}{year} {hhmm(at, zone)}"
