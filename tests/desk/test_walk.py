"""Walks through pages: where they end, what a page covers, and when a walk back in time has come far enough."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.walk import LoopError, Stretch, Walk, beyond, stretch
from charge_tui.domain.reservation import OddRow, Reservation
from tests.support.reservations import NOON, reservation


def created(*minutes: int) -> list[Reservation]:
    return [reservation(f"res_{m}", created=NOON + timedelta(minutes=m)) for m in minutes]


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def test_a_walk_is_whole_at_the_page_without_a_next_one() -> None:
    walk = Walk("pending")
    assert not walk.begin(1.0, "https://host/page/2")
    assert walk.under_way
    assert not walk.step(2.0, "https://host/page/3")
    assert walk.step(3.0, None)
    assert (walk.whole, walk.ended, walk.length) == (1.0, 3.0, 3)
    assert walk.begin(9.0, None)
    assert walk.length == 1


def test_a_look_at_the_newest_that_does_not_reach_what_was_known_leaves_a_gap() -> None:
    walk, gaps = Walk("failed"), []
    for rows in (created(9, 7, 5), created(12, 10, 9), created(15, 14, 13)):
        walk.head_read(1.0, rows, more=True)
        gaps.append(walk.gap)
    assert gaps == [False, False, True]
    walk.head_read(4.0, created(15, 14, 13, 12, 10), more=False)
    assert (walk.gap, walk.head, walk.newest) == (False, 4.0, at(15))
    walk.head_read(5.0, [], more=False)
    walk.head_read(6.0, created(11, 10), more=True)
    assert (walk.gap, walk.newest) == (False, at(15)), "the newest ones went, nothing came"


def test_after_a_sleep_a_walk_begins_at_the_first_page() -> None:
    walk = Walk("pending")
    walk.begin(1.0, "https://host/page/2")
    walk.suspended(60.0)
    assert not walk.under_way


def test_pages_that_lead_in_a_circle_end_the_walk_without_an_end() -> None:
    walk = Walk("pending")
    walk.begin(1.0, "https://host/page/2")
    with pytest.raises(LoopError):
        walk.step(2.0, "https://host/page/2")
    assert not walk.under_way
    assert walk.whole is None


def test_a_page_covers_what_was_created_between_its_last_row_and_the_page_before() -> None:
    assert stretch(created(9, 7, 5), "pending", None, last=False) == Stretch("pending", at(5), None)
    assert stretch(created(4, 2), "pending", at(5), last=False) == Stretch("pending", at(2), at(5))
    assert stretch(created(1), "pending", at(2), last=True) == Stretch("pending", None, at(2))
    assert stretch([], "pending", None, last=True) == Stretch("pending", None, None)


def test_a_page_that_does_not_show_how_far_it_goes_covers_nothing() -> None:
    assert stretch(created(5, 7), "pending", None, last=False) is None
    assert stretch([], "pending", None, last=False) is None
    assert stretch([*created(5), OddRow("row 2", {}, ("id missing",))], "pending", None, last=True) is None


@given(st.lists(st.integers(-3000, 0), min_size=1, max_size=20))
def test_the_walk_back_ends_at_the_horizon(minutes: list[int]) -> None:
    rows = created(*minutes)
    horizon = NOON - timedelta(hours=24)
    assert beyond(rows, "completed", horizon, NOON) == any(row.created < horizon for row in rows)


def test_among_the_failed_it_goes_on_while_there_is_one_that_can_still_be_saved() -> None:
    old = NOON - timedelta(days=3)
    horizon = NOON - timedelta(hours=24)
    lost = reservation("res_1", status="failed", created=old, starts_in=600)
    over = reservation("res_2", status="failed", created=old, starts_in=-90_000)
    assert not beyond([over, lost], "failed", horizon, NOON)
    assert beyond([over], "failed", horizon, NOON)
    assert beyond([over, lost], "expired", horizon, NOON)
