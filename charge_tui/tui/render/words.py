"""The few words in which the desk speaks about a reservation."""

from datetime import datetime, tzinfo
from typing import Final

from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe
from charge_tui.domain.times import day, hhmm, span
from charge_tui.domain.windows import NOISE, drift

_REASONS: Final = {
    "no_available_connectors": "no connector",
    "payment_failed": "payment failed",
    "other": "failed",
}


def reason(failed_reason: str | None) -> str:
    """Why it failed, as a person says it; an unknown reason as the API gives it."""
    if not failed_reason:
        return "failed"
    return _REASONS.get(failed_reason) or safe(failed_reason, 60).replace("_", " ")


def moved(row: Reservation) -> str:
    """How the granted window departs from the one asked for, by its first side that does; empty where it does not."""
    told = drift(row)
    if told is None or not told.notable:
        return ""
    side, seconds = ("starts", told.start) if abs(told.start) >= NOISE else ("ends", told.end)
    return f"{side} {span(seconds)} {'late' if seconds > 0 else 'early'}"


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
