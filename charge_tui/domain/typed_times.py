"""Times as a person types them, and how they are read back in full.

    14:30            the nearest to the present value; without one, the next
    tue 9:15         the nearest such day that is not over, by the same rule; the order of the two words does not matter
    tomorrow 9:15    also today and yesterday
    +45m -15m +1h30  from the present value of an edit, from now in a new one
    now, now+45m     from now, to the next full minute
    2026-04-01 09:15 also with a T, seconds, and a zone: Z, UTC or +02:00; without one it is in the zone of the desk

A wall-clock time may end in a zone or, where a DST night has it twice, in ``first`` or ``second``. Pure: now, the zone
and the present value are arguments; results are in UTC and whole milliseconds, as the API takes them [seed].
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from charge_tui.domain.text import safe
from charge_tui.domain.times import next_minute, rfc3339, seconds_between, utc, zone_word
from charge_tui.records import dataclass

UNDERSTOOD: Final = "14:30, tue 9:15, tomorrow 9:15, +45m, -15m, +1h30, now+45m, 2026-04-01 09:15, 2026-04-01T07:15:00Z"
"""What would be understood, for whoever typed something else."""

_LONGEST: Final = 60
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEAR: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2199

_SPAN: Final = re.compile(r"([+-])\s*(?:(\d{1,4})h(?:(\d{1,2})m?)?|(\d{1,5})m|(\d{1,6})s)", re.ASCII)
_CLOCK: Final = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_ZONE: Final = r"(?:\s*(?P<zone>z|utc|[+-]\d{2}:?\d{2})|\s+(?P<which>first|second))?"
_DATE: Final = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
_WORD: Final = r"(?P<word>[a-z]{3,9})"
_DATED: Final = re.compile(rf"{_DATE}(?:\s*t\s*|\s+){_CLOCK}{_ZONE}", re.ASCII)
_PLAIN: Final = re.compile(rf"{_CLOCK}{_ZONE}", re.ASCII)
_WORD_FIRST: Final = re.compile(rf"{_WORD}\s+{_CLOCK}{_ZONE}", re.ASCII)
_WORD_LAST: Final = re.compile(rf"{_CLOCK}\s+{_WORD}{_ZONE}", re.ASCII)


class TimeNotUnderstood(ValueError):
    """A text that names no time, or one that does not exist; ``sentence`` says what would be understood."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Twice:
    """A wall-clock time that a night of two equal hours has twice; both readings in UTC, the earlier one first."""

    first: datetime
    second: datetime

    def question(self, zone: tzinfo) -> str:
        """Both readings for a person, and how to type each of them."""
        return (
            f"This hour comes twice that night: {read_back(self.first, zone)} (type first after it) or "
            f"{read_back(self.second, zone)} (second)."
        )


def read_time(text: str, *, zone: tzinfo, now: datetime, present: datetime | None = None) -> datetime | Twice:
    """The instant that a typed text names, in UTC and whole milliseconds, or both where it names two.

    ``present`` is the value that the field has; None in a new reservation. Texts without a zone are in ``zone``.

    Raises:
        TimeNotUnderstood: the text names no time, or one that the zone skips.
    """
    words = " ".join(text.lower().split())
    if not words:
        raise TimeNotUnderstood(f"A time is missing. Understood: {UNDERSTOOD}.")
    try:
        found = _read(words, zone, utc(now), utc(present) if present else None) if len(words) <= _LONGEST else None
        if found is None:
            raise TimeNotUnderstood(f"“{safe(text.strip(), 40)}” is no time. Understood: {UNDERSTOOD}.")
        return Twice(_sound(found.first), _sound(found.second)) if isinstance(found, Twice) else _sound(found)
    except (OverflowError, ValueError) as fault:
        if isinstance(fault, TimeNotUnderstood):
            raise
        raise TimeNotUnderstood(
            f"“{safe(text.strip(), 40)}” is not in the calendar. Understood: {UNDERSTOOD}."
        ) from fault


def read_back(at: datetime, zone: tzinfo) -> str:
    """A time in full, in the zone and in UTC ("Wed 1 Apr 2026 09:15 CEST (07:15 UTC)"); seconds if it has some."""
    local, plain = at.astimezone(zone), utc(at)
    shape = "%H:%M:%S" if plain.second or plain.microsecond else "%H:%M"
    fraction = f".{plain.microsecond // 1000:03d}" if plain.microsecond >= 1000 else ""
    there = "" if local.date() == plain.date() else f"{plain:%a} {plain.day} {plain:%b} "
    full = f"{local:%a} {local.day} {local:%b %Y} {local.strftime(shape)}{fraction} {zone_word(at, zone)}"
    return full if full.endswith(" UTC") else f"{full} ({there}{plain.strftime(shape)}{fraction} UTC)"


def typed(at: datetime, zone: tzinfo) -> str:
    """The text that a form begins with: reads back to exactly this instant, in milliseconds, in this zone."""
    at = utc(at)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    local = at.astimezone(zone).replace(tzinfo=None)
    if len(_instants(local, zone)) != 1:
        return rfc3339(at)
    if at.microsecond:
        return local.isoformat(sep=" ", timespec="milliseconds")
    return local.isoformat(sep=" ", timespec="seconds" if at.second else "minutes")


def _read(words: str, zone: tzinfo, now: datetime, present: datetime | None) -> datetime | Twice | None:
    if words.startswith("now"):
        rest = words[3:].strip()
        length = timedelta(0) if not rest else _span(rest)
        return None if length is None else _full_minute(now) + length
    length = _span(words)
    if length is not None:
        return present + length if present else _full_minute(now) + length
    if match := _DATED.fullmatch(words):
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        return _exactly(day, match, zone)
    if match := _PLAIN.fullmatch(words):
        return _nearest(match, zone, now, present, None)
    if match := _WORD_FIRST.fullmatch(words) or _WORD_LAST.fullmatch(words):
        word = match["word"]
        if word in _NEAR:
            there = _zone_of(match, zone)
            return _exactly(now.astimezone(there).date() + timedelta(days=_NEAR[word]), match, zone)
        for names in (_DAYS, _LONG_DAYS):
            if word in names:
                return _nearest(match, zone, now, present, names.index(word))
    return None


def _span(words: str) -> timedelta | None:
    match = _SPAN.fullmatch(words)
    if match is None:
        return None
    sign, hours, rest, minutes, seconds = match.groups()
    length = timedelta(hours=int(hours or 0), minutes=int(rest or minutes or 0), seconds=int(seconds or 0))
    return -length if sign == "-" else length


def _clock_of(match: re.Match[str]) -> time:
    fraction = (match["fraction"] or "0")[:3].ljust(3, "0")
    return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), int(fraction) * 1000)


def _zone_of(match: re.Match[str], zone: tzinfo) -> tzinfo:
    word = match["zone"]
    if not word:
        return zone
    if word in ("z", "utc"):
        return UTC
    digits = word[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if word[0] == "-" else offset)


def _exactly(day: date, match: re.Match[str], zone: tzinfo) -> datetime | Twice:
    there = _zone_of(match, zone)
    local = datetime.combine(day, _clock_of(match))
    found = _instants(local, there)
    if not found:
        raise TimeNotUnderstood(_skipped(local, there))
    return found[0] if len(found) == 1 else _chosen(found, match)


def _chosen(found: list[datetime], match: re.Match[str]) -> datetime | Twice:
    if match["which"]:
        return found[0] if match["which"] == "first" else found[-1]
    return Twice(found[0], found[-1])


def _nearest(
    match: re.Match[str], zone: tzinfo, now: datetime, present: datetime | None, weekday: int | None
) -> datetime | Twice:
    there, clock = _zone_of(match, zone), _clock_of(match)
    around = (present or now).astimezone(there).date()
    reach = 1 if weekday is None else 7
    today = now.astimezone(there).date()
    days = [
        day
        for day in (around + timedelta(days=offset) for offset in range(-reach, reach + 1))
        if weekday is None or (day.weekday() == weekday and (present is None or day >= min(today, around)))
    ]
    nominal = {day: datetime.combine(day, clock, tzinfo=there) for day in days}
    if present is not None:
        best = min(days, key=lambda day: (abs(seconds_between(present, nominal[day])), -day.toordinal()))
        return _exactly(best, match, zone)
    for day in days:
        coming = [at for at in _instants(datetime.combine(day, clock), there) if at > now]
        if len(coming) == 1:
            return coming[0]
        if coming:
            return _chosen(coming, match)
        if utc(nominal[day]) > now:
            return _exactly(day, match, zone)
    return _exactly(days[-1], match, zone)


def _instants(local: datetime, zone: tzinfo) -> list[datetime]:
    """The instants at which the zone's clocks show that: none in a gap, two where an hour is doubled."""
    both = (utc(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    return sorted({at for at in both if at.astimezone(zone).replace(tzinfo=None, fold=0) == local})


def _skipped(local: datetime, zone: tzinfo) -> str:
    after = utc(local.replace(tzinfo=zone, fold=0)).astimezone(zone)
    return (
        f"{local:%H:%M} does not exist on {local:%a} {local.day} {local:%b %Y} in this zone: the clocks go forward "
        f"over it. Type a time before or after, {after:%H:%M} for one."
    )


def _full_minute(at: datetime) -> datetime:
    return at if at.second == at.microsecond == 0 else next_minute(at)


def _sound(at: datetime) -> datetime:
    at = utc(at)
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise TimeNotUnderstood(f"The year {at.year} is out of reach: {_FIRST_YEAR} to {_LAST_YEAR}.")
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
