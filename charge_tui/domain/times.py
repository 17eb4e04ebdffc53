"""Instants, zones and durations in the few words that a column has room for. Differences are always taken in UTC."""

from datetime import UTC, datetime, timedelta, tzinfo

MINUTE = 60
HOUR = 3600
DAY = 86_400


def utc(at: datetime) -> datetime:
    """The same instant in UTC; Python's subtraction within one zone ignores DST, so everything is compared here."""
    return at.astimezone(UTC)


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Elapsed seconds from one instant to another, negative when they stand the other way round."""
    return (utc(later) - utc(earlier)).total_seconds()


def rfc3339(at: datetime) -> str:
    """The API's own form: UTC, three fractional digits, Z [seed]. Finer digits are kept only where there are any."""
    at = at.astimezone(UTC)
    text = at.isoformat(timespec="microseconds" if at.microsecond % 1000 else "milliseconds")
    return text[: -len("+00:00")] + "Z"


def parse_rfc3339(text: str) -> datetime:
    """The instant that an RFC 3339 text with a zone names, in UTC.

    Raises:
        ValueError: the text is not a timestamp, names no zone, or lies outside the calendar once it is in UTC.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    try:
        return utc(at)
    except OverflowError:
        raise ValueError(f"outside the calendar in UTC: {text!r}") from None


def hhmm(at: datetime, zone: tzinfo) -> str:
    """Wall-clock hours and minutes in a zone ("03:28"); the minute that has begun, never rounded up."""
    return f"{at.astimezone(zone):%H:%M}"


def day(at: datetime, zone: tzinfo) -> str:
    """The day in a zone ("Wed 1 Apr")."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}"


def zone_word(at: datetime, zone: tzinfo) -> str:
    """The zone's abbreviation at that instant ("CEST"); an offset where it has no name ("+03:30")."""
    word = at.astimezone(zone).tzname() or ""
    if word and not word.startswith(("+", "-", "UTC+", "UTC-")):
        return word
    return f"{at.astimezone(zone):%z}"[:3] + ":" + f"{at.astimezone(zone):%z}"[3:5]


def window(start: datetime, end: datetime, zone: tzinfo) -> str:
    """A window of time in a zone ("03:28–04:58"); "+1" for each midnight between the two ends ("23:30–00:45+1")."""
    days = (end.astimezone(zone).date() - start.astimezone(zone).date()).days
    return f"{hhmm(start, zone)}–{hhmm(end, zone)}" + (f"{days:+d}" if days else "")


def span(seconds: float) -> str:
    """A length of time in at most six characters ("45s", "14m", "1h10", "3h", "2d4h", "12d"); never rounded up."""
    whole = int(abs(seconds))
    if whole < MINUTE:
        return f"{whole}s"
    if whole < HOUR:
        return f"{whole // MINUTE}m"
    if whole < DAY:
        hours, minutes = divmod(whole // MINUTE, 60)
        return f"{hours}h{minutes:02d}" if minutes else f"{hours}h"
    days, hours = divmod(whole // HOUR, 24)
    return f"{days}d{hours}h" if hours and days < 10 else f"{days}d"


def minutes_span(seconds: float) -> str:
    """As ``span``, but with no seconds: "now" under a minute, and a minus sign in front of what has passed."""
    if abs(seconds) < MINUTE:
        return "now"
    return ("-" if seconds < 0 else "") + span(seconds)


def countdown(seconds: float) -> str:
    """Time left with seconds under two minutes ("1m45s", "38s", "14m"); "passed" once there is none."""
    if seconds <= 0:
        return "passed"
    whole = int(seconds)
    if MINUTE <= whole < 2 * MINUTE:
        return f"{whole // MINUTE}m{whole % MINUTE:02d}s"
    return span(seconds)


def signed(seconds: float) -> str:
    """A difference as a person edits it ("+30m", "-1h05", "0m")."""
    if abs(seconds) < MINUTE:
        return f"{'-' if seconds < 0 else '+'}{int(abs(seconds))}s" if abs(seconds) >= 1 else "0m"
    return ("-" if seconds < 0 else "+") + span(seconds)


def floor_minute(at: datetime) -> datetime:
    """The instant without its seconds, in UTC."""
    return utc(at).replace(second=0, microsecond=0)


def next_minute(at: datetime) -> datetime:
    """The first full minute after an instant, in UTC."""
    return floor_minute(at) + timedelta(minutes=1)
