"""Who may send a request now, and which reservation should be looked at again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.budget import WINDOW, Budget, Share
from charge_tui.desk.due import CLOSELY, OPENS, PERIOD, DueWatch
from charge_tui.desk.worldclock import WorldClock
from tests.support.clocks import StoppedClock
from tests.support.reservations import NOON, confirmed, reservation


@given(
    st.lists(st.tuples(st.floats(0, 20), st.sampled_from([s for s in Share if s is not Share.PERSON])), max_size=200)
)
def test_whoever_waits_as_told_never_exceeds_the_budget_in_any_minute(asks: list[tuple[float, Share]]) -> None:
    budget, now, sent = Budget(20), 0.0, list[float]()
    for pause, share in asks:
        now += pause
        now += budget.wait(now, share)
        while budget.wait(now, share) > 0:
            now += budget.wait(now, share) + 1e-6
        budget.spend(now, share)
        sent.append(now)
    for start in sent:
        assert sum(1 for at in sent if start <= at < start + WINDOW - 1e-3) <= 20


def test_the_urgent_may_use_what_the_quiet_may_not() -> None:
    budget = Budget(60)
    for _ in range(45):
        budget.spend(0.0, Share.WALK)
    for _ in range(3):
        assert budget.wait(0.0, Share.QUIET) == 0.0
        budget.spend(0.0, Share.QUIET)
    assert budget.wait(0.0, Share.QUIET) == WINDOW
    assert budget.wait(0.0, Share.URGENT) == 0.0
    assert budget.wait(WINDOW, Share.QUIET) == 0.0


def test_a_person_never_waits_but_is_counted() -> None:
    budget = Budget(5)
    for _ in range(50):
        assert budget.wait(0.0, Share.PERSON) == 0.0
        budget.spend(0.0, Share.PERSON)
    assert budget.used(0.0, Share.PERSON) == 50


@pytest.mark.parametrize(
    ("starts_in", "expected"),
    [
        (OPENS + 3600, 3600.0),
        (OPENS - 1, PERIOD),
        (OPENS - CLOSELY - 1, 60.0),
        (-60, 120.0),
        (-7200, None),
    ],
)
def test_a_pending_one_is_read_most_often_around_the_attempt_to_confirm_it(
    starts_in: float, expected: float | None
) -> None:
    clock = StoppedClock()
    watch = DueWatch(WorldClock(clock))
    assert watch.next_check(reservation(starts_in=starts_in), 0.0, 0.0, NOON) == expected


def test_a_confirmed_one_is_seen_often_enough_by_the_walk() -> None:
    clock = StoppedClock()
    watch = DueWatch(WorldClock(clock))
    watch.note(reservation("res_1", starts_in=OPENS - 10), 0.0, 0.0, clock.now())
    assert watch.first() == (PERIOD, "res_1")
    watch.note(confirmed("res_1", starts_in=OPENS - 10), 5.0, 5.0, clock.now())
    assert watch.first() is None


def test_a_long_watch_does_not_grow() -> None:
    clock = StoppedClock()
    watch = DueWatch(WorldClock(clock))
    for n in range(5_000):
        clock.at = float(n)
        watch.note(reservation("res_1", starts_in=OPENS - 10), clock.at, clock.at, clock.now())
    assert len(watch._heap) < 100
