"""Times as they are typed: what each form means, what a DST night makes of it, and that no text is too odd."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.typed_times import TimeNotUnderstood, Twice, read_back, read_time, typed

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 4, 1, 1, 14, 20, 500_000, tzinfo=UTC)
"""Wednesday, 03:14:20.5 in Paris."""
PRESENT = datetime(2026, 4, 1, 10, 0, 0, 318_000, tzinfo=UTC)
"""12:00:00.318 in Paris."""

NAMES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")
ZONES = st.sampled_from([UTC, *map(ZoneInfo, NAMES)])
INSTANTS = st.datetimes(
    min_value=datetime(1975, 1, 1), max_value=datetime(2198, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "new", "edit"),
    [
        ("14:30", "2026-04-01T12:30", "2026-04-01T12:30"),
        ("3:00", "2026-04-02T01:00", "2026-04-01T01:00"),
        ("23:30", "2026-04-01T21:30", "2026-04-01T21:30"),
        ("tue 9:15", "2026-04-07T07:15", "2026-04-07T07:15"),
        ("9:15 Thursday", "2026-04-02T07:15", "2026-04-02T07:15"),
        ("wed 3:00", "2026-04-08T01:00", "2026-04-01T01:00"),
        ("tomorrow 9:15", "2026-04-02T07:15", "2026-04-02T07:15"),
        ("yesterday 9:15", "2026-03-31T07:15", "2026-03-31T07:15"),
        ("+45m", "2026-04-01T02:00", "2026-04-01T10:45:00.318"),
        ("-15m", "2026-04-01T01:00", "2026-04-01T09:45:00.318"),
        ("+1h30", "2026-04-01T02:45", "2026-04-01T11:30:00.318"),
        ("+ 2h", "2026-04-01T03:15", "2026-04-01T12:00:00.318"),
        ("now+45m", "2026-04-01T02:00", "2026-04-01T02:00"),
        ("now", "2026-04-01T01:15", "2026-04-01T01:15"),
        ("2026-04-01 09:15", "2026-04-01T07:15", "2026-04-01T07:15"),
        ("2026-04-01T01:15:19.251Z", "2026-04-01T01:15:19.251", "2026-04-01T01:15:19.251"),
        ("2026-04-01T01:15:19.2517+02:00", "2026-03-31T23:15:19.251", "2026-03-31T23:15:19.251"),
        ("14:30Z", "2026-04-01T14:30", "2026-04-01T14:30"),
        ("14:30 utc", "2026-04-01T14:30", "2026-04-01T14:30"),
    ],
)
def test_what_a_person_types_means_this(text: str, new: str, edit: str) -> None:
    assert read_time(text, zone=PARIS, now=NOW) == datetime.fromisoformat(new).replace(tzinfo=UTC)
    changed = read_time(text, zone=PARIS, now=NOW, present=PRESENT)
    assert changed == datetime.fromisoformat(edit).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "  ", "soon", "+45", "25:00", "12:60", "2026-02-30 10:00", "mon", "14.30", "٣:٠٠"]
)
def test_what_is_no_time_says_what_would_be(text: str) -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        read_time(text, zone=PARIS, now=NOW)
    assert "tue 9:15" in refused.value.sentence
    assert "+45m" in refused.value.sentence


def test_an_hour_that_the_night_skips_is_refused_with_the_reason() -> None:
    night = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    for text in ("2:30", "2026-03-29 02:30", "sun 2:30", "tomorrow 2:30"):
        with pytest.raises(TimeNotUnderstood, match="does not exist on Sun 29 Mar 2026"):
            read_time(text, zone=PARIS, now=night)
    with pytest.raises(TimeNotUnderstood, match="does not exist"):
        read_time("2:30", zone=PARIS, now=night, present=datetime(2026, 3, 29, 1, 10, tzinfo=UTC))


def test_an_hour_that_comes_twice_asks_and_can_be_told_apart() -> None:
    night = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    for text in ("2:30", "2026-10-25 02:30"):
        asked = read_time(text, zone=PARIS, now=night)
        assert asked == Twice(first, second)
        assert isinstance(asked, Twice)
        assert "02:30 CEST" in asked.question(PARIS)
        assert "02:30 CET" in asked.question(PARIS)
        assert read_time(f"{text} first", zone=PARIS, now=night) == first
        assert read_time(f"{text} second", zone=PARIS, now=night) == second
    between = first + timedelta(minutes=10)
    assert read_time("2:30", zone=PARIS, now=between) == second, "only one of the two is still to come"


def test_a_time_is_read_back_in_full() -> None:
    assert read_back(datetime(2026, 4, 1, 7, 15, tzinfo=UTC), PARIS) == "Wed 1 Apr 2026 09:15 CEST (07:15 UTC)"
    late = datetime(2026, 4, 1, 22, 15, 3, 7000, tzinfo=UTC)
    assert read_back(late, PARIS) == "Thu 2 Apr 2026 00:15:03.007 CEST (Wed 1 Apr 22:15:03.007 UTC)"
    assert read_back(late, UTC) == "Wed 1 Apr 2026 22:15:03.007 UTC", "once is enough where the zone is UTC"


@given(INSTANTS, ZONES, INSTANTS)
def test_the_text_of_a_form_means_exactly_its_instant(at: datetime, zone: ZoneInfo, now: datetime) -> None:
    exact = at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert read_time(typed(at, zone), zone=zone, now=now) == exact
    assert read_time(typed(at, zone), zone=zone, now=now, present=now) == exact


@given(st.integers(0, 23), st.integers(0, 59), ZONES, INSTANTS, st.none() | INSTANTS)
def test_a_time_of_day_shows_on_the_clock_as_it_was_typed(
    hour: int, minute: int, zone: ZoneInfo, now: datetime, present: datetime | None
) -> None:
    try:
        found = read_time(f"{hour}:{minute:02d}", zone=zone, now=now, present=present)
    except TimeNotUnderstood:
        with pytest.raises(TimeNotUnderstood, match="does not exist"):
            read_time(f"{hour}:{minute:02d}", zone=zone, now=now, present=present)
        return
    readings = (found.first, found.second) if isinstance(found, Twice) else (found,)
    for at in readings:
        assert (at.astimezone(zone).hour, at.astimezone(zone).minute) == (hour, minute)
        reach = timedelta(hours=49 if present is None else 25)
        assert abs(at - (present or now)) < reach
    if present is None:
        assert readings[-1] > now


@given(st.text(max_size=80) | st.from_regex(r"[-+]?[0-9a-z:. +-]{0,40}"), ZONES, INSTANTS, st.none() | INSTANTS)
def test_any_text_is_a_time_or_is_refused(text: str, zone: ZoneInfo, now: datetime, present: datetime | None) -> None:
    try:
        found = read_time(text, zone=zone, now=now, present=present)
    except TimeNotUnderstood as refused:
        refused.sentence.encode()
        return
    for at in (found.first, found.second) if isinstance(found, Twice) else (found,):
        assert at.tzinfo is UTC
        assert at.microsecond % 1000 == 0


@given(st.integers(-999, 999), INSTANTS)
def test_a_difference_counts_from_the_present_value_in_real_minutes(minutes: int, present: datetime) -> None:
    text = f"{'-' if minutes < 0 else '+'}{abs(minutes)}m"
    exact = present.replace(microsecond=present.microsecond // 1000 * 1000)
    found = read_time(text, zone=PARIS, now=NOW, present=present)
    assert found == exact + timedelta(minutes=minutes)
