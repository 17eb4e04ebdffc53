"""Reservations as they would be after a write."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.attention.as_if import (
    NEW,
    after_proposal,
    as_cancelled,
    as_confirmed,
    as_if,
    as_moved,
    as_new,
)
from charge_tui.domain.attention.proposals import Proposal
from charge_tui.domain.drafting import CREATABLE, REQUIRED, values_of
from charge_tui.domain.reservation import OddRow, Reservation
from charge_tui.domain.times import rfc3339
from tests.support.reservations import NOON, confirmed, reservation

LATER = rfc3339(NOON + timedelta(hours=3))


def test_an_edit_changes_what_it_names_and_nothing_else() -> None:
    row = reservation(note="kept")
    after = as_if(row, {"ideal_end": LATER, "latest_end": None, "status": "failed"}, NOON)
    assert isinstance(after, Reservation)
    assert after.ideal_end == NOON + timedelta(hours=3)
    assert (after.status, after.updated) == ("pending", NOON)
    kept = {name: value for name, value in values_of(row, CREATABLE).items() if name != "ideal_end"}
    assert {name: values_of(after, CREATABLE)[name] for name in kept} == kept
    assert (after.model_extra or {})["note"] == "kept"
    assert row.ideal_end != after.ideal_end


def test_values_that_no_reservation_can_have_make_an_odd_row() -> None:
    assert isinstance(as_if(reservation(), {"ideal_end": "soon"}, NOON), OddRow)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_new_one_is_nothing_while_something_is_missing(name: str) -> None:
    assert as_new(values_of(reservation(), CREATABLE) | {name: None}, NOON) is None


def test_a_new_one_is_pending_from_now_on_under_the_policy_of_the_one_that_is_copied() -> None:
    row = reservation(status="failed")
    made = as_new(values_of(row, CREATABLE), NOON, like=row)
    assert isinstance(made, Reservation)
    assert (made.id, made.status, made.created) == (NEW, "pending", NOON)
    assert made.cancellation_policy == row.cancellation_policy


def test_a_confirmed_one_has_the_window_that_it_asked_for() -> None:
    row = reservation()
    after = as_confirmed(row, NOON, payment_method="pm_2")
    assert isinstance(after, Reservation)
    assert (after.status, after.reserved_start, after.reserved_end) == ("confirmed", row.ideal_start, row.ideal_end)
    assert after.payment_method_id == "pm_2"


def test_a_move_leaves_one_cancelled_and_one_new() -> None:
    row = confirmed()
    after = as_moved(row, values_of(row, CREATABLE), NOON)
    assert {identity: getattr(one, "status", None) for identity, one in after.items()} == {
        row.id: "cancelled", NEW: "pending",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "values", "statuses"),
    [
        ("book again", values_of(reservation(), CREATABLE), {NEW: "pending"}),
        ("edit", {"ideal_end": LATER}, {"res_1": "pending"}),
        ("cancel", {}, {"res_1": "cancelled"}),
        ("confirm", {}, {"res_1": "confirmed"}),
        ("move", values_of(reservation(), CREATABLE), {NEW: "pending", "res_1": "cancelled"}),
        ("accept", {}, {}),
    ],
)
def test_each_proposal_has_an_outcome(verb: Any, values: dict[str, Any], statuses: dict[str, str]) -> None:
    after = after_proposal(Proposal("", verb, reservation(), values, ""), NOON)
    assert {identity: getattr(one, "status", None) for identity, one in after.items()} == statuses


anything = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text(max_size=3), max_size=2)


@given(st.dictionaries(st.sampled_from(CREATABLE), anything | st.dictionaries(st.text(max_size=3), anything)))
def test_no_value_of_a_form_raises(values: dict[str, Any]) -> None:
    row = reservation()
    as_if(row, values, NOON)
    as_new(values_of(row, CREATABLE) | values, NOON, like=row)
    as_cancelled(row, NOON)
