"""Instants, zones and lengths of time as they are shown."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain import times

PARIS = ZoneInfo("Europe/Paris")
CHATHAM = ZoneInfo("Pacific/Chatham")
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"]).map(ZoneInfo)
INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds are naive
SECONDS = st.floats(-1e9, 1e9)


def at(text: str) -> datetime:
    """An instant from RFC 3339."""
    return times.parse_rfc3339(text)


@given(instant=INSTANTS)
def test_the_apis_form_reads_back_as_the_same_instant(instant: datetime) -> None:
    text = times.rfc3339(instant)
    assert text.endswith("Z")
    assert times.parse_rfc3339(text) == times.utc(instant)
    assert times.parse_rfc3339(text).tzinfo is UTC
    if instant.microsecond % 1000 == 0:
        assert len(text) == len("2026-03-03T14:05:23.789Z")


@pytest.mark.parametrize("text", ["", "soon", "2026-04-01", "2026-04-01T00:00:00", "2026-13-01T00:00:00Z"])
def test_a_text_without_a_zone_or_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        times.parse_rfc3339(text)


@given(text=st.text(st.sampled_from("0123456789-:.TZ+ W")))
def test_reading_a_timestamp_fails_in_one_way_only(text: str) -> None:
    try:
        read = times.parse_rfc3339(text)
    except ValueError:
        return
    assert read.tzinfo is UTC


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"])
def test_a_time_that_utc_cannot_hold_is_no_timestamp(text: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        times.parse_rfc3339(text)


def test_a_difference_over_the_change_of_clocks_is_the_time_that_passed() -> None:
    before = datetime(2026, 3, 29, 1, 30, tzinfo=PARIS)
    after = datetime(2026, 3, 29, 3, 30, tzinfo=PARIS)
    assert times.seconds_between(before, after) == 3600
    assert times.seconds_between(after, before) == -3600


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2026-04-01T01:28:00Z", "2026-04-01T02:58:00Z", "03:28–04:58"),
        ("2026-04-01T21:30:00Z", "2026-04-01T22:45:00Z", "23:30–00:45+1"),
        ("2026-04-01T21:30:00Z", "2026-04-03T22:45:00Z", "23:30–00:45+3"),
        ("2026-04-01T02:58:00Z", "2026-03-31T01:28:00Z", "04:58–03:28-1"),
        ("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "01:30–03:30"),
        ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "02:30–02:30"),
        ("2026-04-01T01:28:59.999Z", "2026-04-01T02:58:59.999Z", "03:28–04:58"),
    ],
)
def test_a_window_over_midnight_and_over_the_change_of_clocks(start: str, end: str, shown: str) -> None:
    assert times.window(at(start), at(end), PARIS) == shown


@given(start=INSTANTS, minutes=st.integers(-3000, 3000), zone=ZONES)
def test_the_days_of_a_window_are_those_of_its_zone(start: datetime, minutes: int, zone: ZoneInfo) -> None:
    end = times.utc(start) + timedelta(minutes=minutes)
    text = times.window(start, end, zone)
    assert text.startswith(f"{times.hhmm(start, zone)}–{times.hhmm(end, zone)}")
    days = (end.astimezone(zone).date() - start.astimezone(zone).date()).days
    assert text[11:] == (f"{days:+d}" if days else "")


@pytest.mark.parametrize(
    ("instant", "zone", "word"),
    [
        ("2026-04-01T00:00:00Z", PARIS, "CEST"),
        ("2026-01-01T00:00:00Z", PARIS, "CET"),
        ("2026-04-01T00:00:00Z", UTC, "UTC"),
        ("2026-01-01T00:00:00Z", CHATHAM, "+13:45"),
        ("2026-01-01T00:00:00Z", timezone(timedelta(hours=3, minutes=30)), "+03:30"),
        ("2026-01-01T00:00:00Z", timezone(timedelta(hours=-9)), "-09:00"),
        ("2026-01-01T00:00:00Z", timezone(timedelta(hours=2), "Here"), "Here"),
    ],
)
def test_a_zone_has_a_word_at_an_instant(instant: str, zone: timezone, word: str) -> None:
    assert times.zone_word(at(instant), zone) == word


def test_a_day_is_told_in_words_of_its_zone() -> None:
    assert times.day(at("2026-03-31T22:30:00Z"), PARIS) == "Wed 1 Apr"
    assert times.day(at("2026-03-31T22:30:00Z"), UTC) == "Tue 31 Mar"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0s"),
        (45, "45s"),
        (59.999, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (4200, "1h10"),
        (3660, "1h01"),
        (86_399, "23h59"),
        (86_400, "1d"),
        (2 * 86_400 + 4 * 3600, "2d4h"),
        (12 * 86_400 + 5 * 3600, "12d"),
        (-90, "1m"),
    ],
)
def test_a_length_of_time_is_short_and_never_rounded_up(seconds: float, shown: str) -> None:
    assert times.span(seconds) == shown


@given(seconds=st.floats(0, 999 * 86_400))
def test_a_length_of_time_fits_six_characters(seconds: float) -> None:
    assert 2 <= len(times.span(seconds)) <= 6


@pytest.mark.parametrize(
    ("seconds", "countdown", "signed", "minutes"),
    [
        (105, "1m45s", "+1m", "1m"),
        (38, "38s", "+38s", "now"),
        (0.4, "0s", "0m", "now"),
        (0, "passed", "0m", "now"),
        (-5, "passed", "-5s", "now"),
        (840, "14m", "+14m", "14m"),
        (-1800, "passed", "-30m", "-30m"),
        (3900, "1h05", "+1h05", "1h05"),
    ],
)
def test_the_three_ways_to_tell_a_difference(seconds: float, countdown: str, signed: str, minutes: str) -> None:
    assert times.countdown(seconds) == countdown
    assert times.signed(seconds) == signed
    assert times.minutes_span(seconds) == minutes


@given(instant=INSTANTS)
def test_minutes_begin_before_and_after_every_instant(instant: datetime) -> None:
    begun, coming = times.floor_minute(instant), times.next_minute(instant)
    assert begun <= instant < coming
    assert coming - begun == timedelta(minutes=1)
    assert (begun.second, begun.microsecond, begun.tzinfo) == (0, 0, UTC)
