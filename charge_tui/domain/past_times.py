"""Moments that have passed, as a person types them: "22:00" is the last one, "tue 9:15" the last Tuesday's."""

from datetime import datetime, timedelta, tzinfo

from charge_tui.domain.typed_times import TimeNotUnderstood, Twice, read_back, read_time

EXAMPLES = "22:00, yesterday 18:00, tue 9:15, -2h, 2026-04-01 09:15"
"""What would be understood, for whoever does not know."""


def read_past(text: str, *, zone: tzinfo, now: datetime) -> datetime:
    """The instant, at or before now, that a typed text names; the earlier one where a DST night has it twice.

    Raises:
        TimeNotUnderstood: the text names no time, or one that lies ahead.
    """
    at = now
    for days in (0, 1, 7):
        found = read_time(text, zone=zone, now=now - timedelta(days=days))
        at = found.first if isinstance(found, Twice) else found
        if at <= now or _fixed(text):
            break
    if at > now:
        raise TimeNotUnderstood(f"{read_back(at, zone)} lies ahead. Type a time that has passed: {EXAMPLES}.")
    return at


def _fixed(text: str) -> bool:
    words = text.lower()
    return words.strip().startswith(("now", "+", "-")) or any(word in words for word in ("today", "tomorrow"))
