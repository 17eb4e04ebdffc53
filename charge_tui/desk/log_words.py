"""What a line of the log says, in words that are safe to show."""

from datetime import datetime, tzinfo
from typing import Any, Final

from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.domain.attention.words import reason
from charge_tui.domain.text import safe
from charge_tui.domain.times import day, hhmm, parse_rfc3339, span, window

_WINDOWS: Final = (("reserved_start", "reserved_end"), ("ideal_start", "ideal_end"))
_IMPLIED: Final = frozenset({"status", "confirmed_at", "reserved_start", "reserved_end", "failed_reason"})
_USUAL: Final = frozenset({("confirmed", "completed")})
_LONGEST: Final = 400


def what_words(entry: LogEntry) -> str:
    """The line in a word or two ("failed", "book again", "no answer")."""
    return safe(entry.what, 40)


def detail_words(entry: LogEntry, zone: tzinfo) -> str:
    """The rest of it in a sentence or less ("no connector", "latest end 06:00 → 07:00")."""
    match entry.kind:
        case LogKind.CHANGE:
            return _change(entry, zone)
        case LogKind.GAP:
            return _gap(entry, zone)
        case _:
            back = f", until {_day_and_time(entry.until, entry.at, zone)}" if entry.until else ""
            return safe(entry.detail, _LONGEST) + back


def who_words(entry: LogEntry) -> str:
    """How it is known, and by whom it was done ("ana (here)", "seen by poll")."""
    if entry.who:
        return f"{safe(entry.who, 30)} (here)"
    return {
        "poll": "seen by poll",
        "read": "seen on reading",
        "page": "seen on a page",
        "start": "before the start",
        "feed": "feed",
    }.get(entry.source, safe(entry.source, 20))


def _change(entry: LogEntry, zone: tzinfo) -> str:
    after = {name: new for name, _, new in entry.fields}
    parts: list[str] = []
    if entry.after == "failed" or "failed_reason" in after:
        parts.append(reason(after.get("failed_reason")))
    if (
        entry.before
        and entry.what == entry.after
        and (entry.before, entry.after) not in _USUAL
        and entry.before != "pending"
    ):
        parts.append(f"was {safe(entry.before, 20)}")
    if not entry.what.startswith("new"):
        left = [one for one in entry.fields if one[0] not in _IMPLIED or entry.what == "changed"]
        parts += [
            f"{safe(name, 30).replace('_', ' ')} {_value(old, entry.at, zone)} → {_value(new, entry.at, zone)}"
            for name, old, new in left
        ]
    if entry.what != "changed" and (told := _window(after, entry.at, zone)):
        parts.insert(0, told)
    if entry.what == "gone":
        parts.append("the API has no such reservation any more")
    return safe(", ".join(parts), _LONGEST)


def _window(after: dict[str, Any], seen: datetime, zone: tzinfo) -> str:
    for first, last in _WINDOWS:
        begin, end = _instant(after.get(first)), _instant(after.get(last))
        if begin and end:
            return f"{_other_day(begin, seen, zone)}{window(begin, end, zone)}"
    return ""


def _gap(entry: LogEntry, zone: tzinfo) -> str:
    words = f"; {safe(entry.detail, 200)}" if entry.detail else ""
    if entry.until is None:
        return f"since {hhmm(entry.at, zone)}{words}"
    length = span((entry.until - entry.at).total_seconds())
    return f"{window(entry.at, entry.until, zone)}, {length}{words}"


def _other_day(at: datetime, seen: datetime, zone: tzinfo) -> str:
    return "" if at.astimezone(zone).date() == seen.astimezone(zone).date() else f"{day(at, zone)} "


def _day_and_time(at: datetime, seen: datetime, zone: tzinfo) -> str:
    return f"{_other_day(at, seen, zone)}{hhmm(at, zone)}"


def _value(value: Any, seen: datetime, zone: tzinfo) -> str:
    if value is None or value in ("", {}, []):
        return "none"
    at = _instant(value)
    if at is not None:
        return _day_and_time(at, seen, zone)
    if isinstance(value, str):
        return safe(value, 60)
    if isinstance(value, list):
        return safe("+".join(str(one) for one in value), 60)
    if isinstance(value, dict):
        return safe(" ".join(f"{key}={one}" for key, one in value.items()), 120)
    return safe(str(value), 60)


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str) or value[4:5] != "-" or "T" not in value:
        return None
    try:
        return parse_rfc3339(value)
    except ValueError:
        return None
