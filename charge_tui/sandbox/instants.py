"""Instants as the sandbox counts them: whole milliseconds since 1970 in UTC, written as the API writes them [seed]."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def millis(at: datetime) -> int:
    """Milliseconds since 1970 of an aware instant; finer digits are cut."""
    return (at - _EPOCH) // _MILLISECOND


def moment(ms: int) -> datetime:
    """The aware instant, in UTC."""
    return _EPOCH + timedelta(milliseconds=ms)


def stamp(ms: int) -> str:
    """The API's own form: RFC 3339, UTC, three fractional digits, Z [seed]."""
    minute, rest = divmod(ms, MINUTE)
    return f"{_to_the_minute(minute)}:{rest // SECOND:02d}.{rest % SECOND:03d}Z"


def read(text: str) -> int:
    """Milliseconds since 1970 of a stamp that the sandbox itself wrote."""
    return _minute_of(text[:16]) * MINUTE + int(text[17:19]) * SECOND + int(text[20:23])


def read_input(text: str, *, exact: bool = False) -> int:
    """Milliseconds since 1970 of a timestamp in a request.

    ``exact`` takes the documented form alone; otherwise other offsets and digits are taken too [unknown].

    Raises:
        ValueError: not a timestamp, no zone, or outside the years 2000 to 2199.
    """
    if exact and not _EXACT.fullmatch(text):
        raise ValueError("not in the form 2026-03-03T14:05:23.789Z")
    if "T" not in text.upper():
        raise ValueError("no time of day")
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no time zone")
    if not _EARLIEST <= at < _LATEST:
        raise ValueError("outside the years 2000 to 2199")
    return millis(at)


def http_date(ms: int) -> str:
    """The instant as a Date header has it (RFC 9110)."""
    return format_datetime(moment(ms), usegmt=True)


@lru_cache(maxsize=100_000)
def _to_the_minute(minute: int) -> str:
    return moment(minute * MINUTE).strftime("%Y-%m-%dT%H:%M")


@lru_cache(maxsize=100_000)
def _minute_of(text: str) -> int:
    return millis(datetime.fromisoformat(f"{text}+00:00")) // MINUTE
