"""The six statuses and the ways between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.lifecycle import OPEN, SHORT, STATUSES, TRANSITIONS, is_open, may_follow, short

ANY = st.sampled_from(STATUSES) | st.text()


def test_every_status_has_a_word_of_four_letters_and_its_ways() -> None:
    assert set(SHORT) == set(TRANSITIONS) == set(STATUSES)
    assert len(STATUSES) == 6
    assert {len(word) for word in SHORT.values()} == {4}
    assert len(set(SHORT.values())) == 6


@pytest.mark.parametrize("status", STATUSES)
def test_only_an_open_status_can_be_left(status: str) -> None:
    assert is_open(status) == bool(TRANSITIONS[status]) == (status in OPEN)


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("pending", "confirmed", True),
        ("pending", "failed", True),
        ("pending", "completed", True),
        ("confirmed", "completed", True),
        ("confirmed", "pending", False),
        ("confirmed", "failed", False),
        ("cancelled", "pending", False),
        ("failed", "failed", True),
        ("pending", "locked", False),
        ("locked", "pending", False),
        ("locked", "locked", True),
    ],
)
def test_the_documented_ways(before: str, after: str, may: bool) -> None:
    assert may_follow(before, after) is may


@given(first=ANY, second=ANY, third=ANY)
def test_ways_join_to_ways_and_none_leads_back(first: str, second: str, third: str) -> None:
    if may_follow(first, second) and may_follow(second, third):
        assert may_follow(first, third)
    if first != second and may_follow(first, second):
        assert not may_follow(second, first)


@given(status=st.text())
def test_a_status_that_is_not_documented_is_closed_and_keeps_its_name(status: str) -> None:
    if status not in STATUSES:
        assert not is_open(status)
        assert short(status) == status[:4]
