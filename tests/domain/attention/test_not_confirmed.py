"""Not confirmed: who is told, from when, and how much it matters."""

from datetime import UTC, datetime, timedelta

import pytest

from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.attention.finding import Severity
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.reservation import Reservation
from tests.support.judging import MICROSECOND, after_noon, fallen, found, partly_odd, told
from tests.support.reservations import NOON, confirmed, reservation

LATE = 3600 - 1800 + 300
"""When one that starts at one o'clock is late."""


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, []),
        (LATE - MICROSECOND, []),
        (LATE, ["M not confirmed:res_1 3600"]),
        (2700 - MICROSECOND, ["M not confirmed:res_1 3600"]),
        (2700, ["H not confirmed:res_1 3600"]),
        (3600 - MICROSECOND, ["H not confirmed:res_1 3600"]),
        (3600, ["C not confirmed:res_1 9000"]),
        (9000 - MICROSECOND, ["C not confirmed:res_1 9000"]),
        (9000, ["M not confirmed:res_1 9000"]),
        (90_000, ["M not confirmed:res_1 9000"]),
    ],
)
def test_it_rises_with_the_start_and_falls_when_it_is_over(seconds: float, expected: list[str]) -> None:
    assert told(reservation(), seconds) == expected


def test_its_limit_is_the_end_of_all_use() -> None:
    row = reservation(latest_end=after_noon(10_000))
    assert told(row, 9999) == ["C not confirmed:res_1 10000"]
    assert told(row, 10_000) == ["M not confirmed:res_1 10000"]


@pytest.mark.parametrize("row", [confirmed(), fallen(), reservation(status="cancelled"), reservation(status="odd")])
def test_only_a_pending_one_waits(row: Reservation) -> None:
    assert [it for it in told(row, 3000) if "not confirmed" in it] == []


def test_one_booked_late_has_its_own_grace() -> None:
    row = reservation(created=after_noon(3000))
    assert told(row, 3299) == []
    assert told(row, 3300) == ["H not confirmed:res_1 3600"]


def test_one_whose_window_was_changed_late_has_its_own_grace() -> None:
    engine = Engine()
    engine.put(reservation(), NOON, window_changed=after_noon(3400))
    assert not engine.settle(after_noon(3600)).begun
    [finding] = engine.settle(after_noon(3700)).begun
    assert finding.severity is Severity.CRITICAL


def test_a_change_of_the_window_between_two_sights_is_noticed() -> None:
    engine = Engine()
    engine.put(reservation(starts_in=7200), NOON)
    assert not engine.settle(after_noon(2500))
    engine.put(reservation(starts_in=3600, updated=after_noon(2490)), after_noon(2500))
    assert not engine.settle(after_noon(2789))
    assert len(engine.settle(after_noon(2790)).begun) == 1


def test_numbers_can_be_set_and_the_finding_switched_off() -> None:
    assert told(reservation(), 1800, Thresholds(grace=0)) == ["M not confirmed:res_1 3600"]
    assert told(reservation(), 1200, Thresholds(lead=3600)) == ["M not confirmed:res_1 3600"]
    assert told(reservation(), 3000, Thresholds(off=frozenset({found(reservation(), 3000)[0].kind}))) == []


def test_an_unreadable_limit_leaves_open_what_comes_after_the_start() -> None:
    row = partly_odd(latest_end="soon")
    assert told(row, 3000) == ["H not confirmed:res_1 3600"]
    assert told(row, 4000) == []
    assert told(row, 100_000) == []


def test_in_the_night_of_the_clock_change_seconds_count() -> None:
    """In Paris two o'clock is followed by three that night: 01:45 lies 25 minutes before 03:10."""
    start = datetime(2026, 3, 29, 1, 10, tzinfo=UTC)
    row = reservation(ideal_start=start, ideal_end=start + timedelta(hours=1), created=start - timedelta(days=1))
    late = start - timedelta(minutes=25)
    assert Engine.evaluate([row], late - timedelta(microseconds=1)) == {}
    assert list(Engine.evaluate([row], late)) == ["not confirmed:res_1"]


def test_its_facts_stand_still_while_time_passes() -> None:
    first, last = found(reservation(), LATE)[0], found(reservation(), 100_000)[0]
    assert first.facts == last.facts
