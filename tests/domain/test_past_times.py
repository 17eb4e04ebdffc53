"""Moments that have passed, as they are typed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.past_times import read_past
from charge_tui.domain.typed_times import TimeNotUnderstood

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 4, 1, 1, 14, tzinfo=UTC)
"""Wed 1 Apr 03:14 in Paris."""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("22:00", datetime(2026, 3, 31, 20, tzinfo=UTC)),
        ("03:10", datetime(2026, 4, 1, 1, 10, tzinfo=UTC)),
        ("3:14", NOW),
        ("yesterday 18:00", datetime(2026, 3, 31, 16, tzinfo=UTC)),
        ("today 1:00", datetime(2026, 3, 31, 23, tzinfo=UTC)),
        ("tue 9:15", datetime(2026, 3, 31, 7, 15, tzinfo=UTC)),
        ("wed 9:15", datetime(2026, 3, 25, 8, 15, tzinfo=UTC)),
        ("-2h", NOW - timedelta(hours=2)),
        ("now-45m", NOW - timedelta(minutes=45)),
        ("2026-03-01 09:15", datetime(2026, 3, 1, 8, 15, tzinfo=UTC)),
    ],
)
def test_the_last_one_is_meant(text: str, at: datetime) -> None:
    assert read_past(text, zone=PARIS, now=NOW) == at


@pytest.mark.parametrize("text", ["+45m", "now+1h", "tomorrow 9:15", "today 9:15", "2026-05-01 09:15", "", "then"])
def test_what_lies_ahead_or_is_no_time_is_said(text: str) -> None:
    with pytest.raises(TimeNotUnderstood):
        read_past(text, zone=PARIS, now=NOW)


@given(st.integers(0, 1_500_000), st.times())
def test_a_bare_time_was_within_a_day_and_a_doubled_hour(minutes: int, clock: time) -> None:
    now = NOW - timedelta(days=700) + timedelta(minutes=minutes)
    try:
        at = read_past(f"{clock:%H:%M}", zone=PARIS, now=now)
    except TimeNotUnderstood as skipped:
        told = skipped.sentence
    else:
        told = "go forward" if timedelta(0) <= now - at <= timedelta(hours=26) else f"{at} for {clock} at {now}"
    assert "go forward" in told
