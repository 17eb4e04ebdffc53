"""What is proposed for each finding and reason: at most three, the best first, each of them well formed."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.attention.finding import Kind
from charge_tui.domain.attention.proposals import MARGIN, Proposal, propose
from charge_tui.domain.attention.proposing.reach import FARTHEST
from charge_tui.domain.drafting import CREATABLE, EDITABLE, copied, create_body, flaws, time_of, values_of
from charge_tui.domain.reservation import Reservation, Row, read_row
from charge_tui.domain.times import rfc3339
from tests.support.around import Around, finding, station
from tests.support.reservations import NOON, confirmed, document, reservation


def lost(reason: str | None = "no_available_connectors", **fields: Any) -> Reservation:
    """A failed one that was to start in 30 minutes."""
    return reservation(**{"status": "failed", "failed_reason": reason, "starts_in": 1800} | fields)


def of(kind: Kind, around: Around, *subjects: str) -> tuple[Proposal, ...]:
    """What is proposed at noon."""
    return propose(finding(kind, *(subjects or tuple(around.rows))), around, NOON)


def first(kind: Kind, around: Around, *subjects: str) -> Proposal:
    """The best of them."""
    return of(kind, around, *subjects)[0]


def later(one: Proposal) -> timedelta:
    """How much later than it was asked for a proposed window begins."""
    begins = time_of(one.values["ideal_start"])
    assert begins is not None
    return begins - one.row.ideal_start


# -- lost: no connector ------------------------------------------------------------------------------------------------


def test_with_stations_the_smallest_radius_that_reaches_one_beyond_what_was_refused_comes_first() -> None:
    around = Around(lost(), stations=[station("s1", 900, "CCS"), station("s2", 2600, "CCS", "CCS")])
    best = first(Kind.LOST, around)
    assert best.verb == "book again"
    assert best.values["location"]["radius"] == 3000
    assert best.label == "Book again, radius 1.5 → 3 km"
    assert best.why == "2 free CCS within 3 km, as far as is known here."
    assert later(best) == timedelta(0)


def test_a_connector_that_is_taken_in_that_window_is_not_counted() -> None:
    taken = confirmed("res_2", starts_in=2400, vehicle="veh_2", driver="drv_2", charging_station="s1")
    around = Around(lost(), taken, stations=[station("s1", 1800, "CCS"), station("s2", 4200, "CCS")])
    best = first(Kind.LOST, around, "res_1")
    assert best.values["location"]["radius"] == 5000
    assert best.why.startswith("1 free CCS within 5 km")


def test_a_short_wait_is_better_than_a_long_way_and_stays_within_the_limits() -> None:
    taken = confirmed("res_2", starts_in=-4500, vehicle="veh_2", driver="drv_2", charging_station="s1")
    limited = lost(starts_in=600, latest_end=NOON + timedelta(hours=2, minutes=30))
    around = Around(limited, taken, stations=[station("s1", 1800, "CCS"), station("s2", 18_000, "CCS")])
    best = first(Kind.LOST, around, "res_1")
    assert best.label == "Book again, 10m later, radius 1.5 → 2 km"
    tight = lost(starts_in=600, latest_end=NOON + timedelta(seconds=600 + 5400))
    shorter = first(Kind.LOST, Around(tight, taken, stations=[station("s1", 1800, "CCS")]), "res_1")
    assert shorter.label == "Book again, 10m later, 10m shorter, radius 1.5 → 2 km"
    assert time_of(shorter.values["ideal_end"]) == tight.latest_end


def test_another_plug_that_the_vehicle_has_is_asked_for_where_it_is_the_nearest_help() -> None:
    around = Around(lost(), stations=[station("s1", 1800, "Type2")], standard="CCS")
    best = first(Kind.LOST, around)
    assert best.values["connector_type"] == ["CCS", "Type2"]
    assert "also Type2" in best.label


def test_without_stations_the_first_is_much_wider_and_none_is_the_same_again() -> None:
    found = of(Kind.LOST, Around(lost(), standard="CCS"))
    assert [one.values["location"]["radius"] for one in found] == [5000, 5000, 5000]
    assert found[0].label == "Book again, radius 1.5 → 5 km"
    assert found[1].values["connector_type"] == ["CCS", "Type2"]
    assert later(found[2]) == timedelta(minutes=30)


def test_a_replacement_that_failed_too_asks_for_everything_at_once() -> None:
    again = lost(metadata={"replaces": "res_0"}, location={"latitude": 48.8698, "longitude": 2.3319, "radius": 5000})
    best = first(Kind.LOST, Around(again, standard="CCS"))
    assert best.values["location"]["radius"] == 20_000
    assert best.values["connector_type"] == ["CCS", "Type2"]


def test_the_vehicle_is_not_booked_where_it_is_elsewhere() -> None:
    other = reservation("res_2", starts_in=6600)
    best = first(Kind.LOST, Around(lost(starts_in=1800, lasts=3600), other), "res_1")
    assert time_of(best.values["ideal_end"]) == NOON + timedelta(seconds=5400)
    whole = reservation("res_2", starts_in=0, lasts=20_000)
    assert of(Kind.LOST, Around(lost(), whole), "res_1") == ()


def test_a_window_that_has_begun_moves_to_the_next_five_minutes_with_time_to_read_the_proposal() -> None:
    best = first(Kind.LOST, Around(lost(starts_in=-600)))
    assert later(best) == timedelta(minutes=15)
    assert "15m later" in best.label


# -- lost: other reasons -----------------------------------------------------------------------------------------------


def test_a_failed_payment_is_paid_by_one_that_does_not_fail() -> None:
    broke = reservation(
        "res_9", status="failed", failed_reason="payment_failed", payment_method="pm_2", updated=NOON, vehicle="veh_9"
    )
    paid = confirmed("res_8", payment_method="pm_4", vehicle="veh_8", driver="drv_8")
    methods = [("pm_1", "visa …1"), ("pm_2", "visa …2"), ("pm_3", "visa …3"), ("pm_4", "visa …4")]
    found = of(Kind.LOST, Around(lost("payment_failed"), broke, paid, methods=methods), "res_1")
    assert [one.values["payment_method"] for one in found] == ["pm_4", "pm_3"]
    assert found[0].label == "Book again, pay with visa …4"


def test_a_failed_payment_with_nothing_else_to_pay_with_has_no_proposal() -> None:
    assert of(Kind.LOST, Around(lost("payment_failed"), methods=[("pm_1", "visa …1")])) == ()


@pytest.mark.parametrize(("status", "reason"), [("failed", "other"), ("expired", None)])
def test_what_failed_for_no_lasting_reason_is_tried_once_more_as_it_was(status: str, reason: str | None) -> None:
    row = lost(reason, status=status)
    best = first(Kind.LOST, Around(row))
    assert best.values == copied(row, NOON).values
    assert best.label == "Book again"


# -- not confirmed -----------------------------------------------------------------------------------------------------


def test_one_that_charge_forgot_is_confirmed_now_where_a_connector_is_in_reach() -> None:
    around = Around(reservation(starts_in=600), stations=[station("s1", 500, "CCS", "CCS")])
    assert first(Kind.NOT_CONFIRMED, around).verb == "confirm"


def test_where_no_connector_is_in_reach_it_is_widened_first() -> None:
    around = Around(reservation(starts_in=600), stations=[station("s1", 2500, "CCS", "CCS")])
    found = of(Kind.NOT_CONFIRMED, around)
    assert [one.verb for one in found][:2] == ["edit", "confirm"]
    assert list(found[0].values) == ["location"]
    assert found[0].values["location"]["radius"] == 3000


def test_one_whose_time_is_over_is_cancelled_or_left() -> None:
    found = of(Kind.NOT_CONFIRMED, Around(reservation(starts_in=-7200)))
    assert [one.verb for one in found] == ["cancel", "accept"]
    assert "may cost" in found[0].why


def test_one_that_has_begun_is_moved_only_where_little_of_it_is_left() -> None:
    assert first(Kind.NOT_CONFIRMED, Around(reservation(starts_in=-600))).verb == "confirm"
    moved = first(Kind.NOT_CONFIRMED, Around(reservation(starts_in=-4800, latest_end=NOON + timedelta(hours=4))))
    assert moved.verb == "edit"
    assert {"ideal_start", "ideal_end"} <= set(moved.values)


# -- wrong window ------------------------------------------------------------------------------------------------------


def test_a_window_outside_the_limits_is_moved_to_what_was_asked_for() -> None:
    row = confirmed(drift=(0, 1500), latest_end=NOON + timedelta(seconds=3600 + 5400))
    found = of(Kind.WRONG_WINDOW, Around(row))
    assert found[0].verb == "move"
    assert found[0].label == "Move, as asked"
    assert found[-1].verb == "accept"
    assert time_of(found[0].values["ideal_start"]) == row.ideal_start


def test_a_window_is_accepted_where_nothing_nearer_to_the_wish_can_be_had() -> None:
    row = confirmed(starts_in=60, drift=(960, 960))
    around = Around(row, stations=[station("s1", 15_000, "CCS")])
    assert [one.verb for one in of(Kind.WRONG_WINDOW, around)] == ["accept"]


# -- booked twice ------------------------------------------------------------------------------------------------------


def test_of_two_the_pending_one_is_cancelled_and_the_reasons_are_said() -> None:
    keep, drop = confirmed("res_1", starts_in=1200), reservation("res_2", created=NOON - timedelta(hours=1))
    best = first(Kind.BOOKED_TWICE, Around(keep, drop))
    assert (best.verb, best.row.id) == ("cancel", "res_2")
    assert best.why.startswith("It has no connector yet, it was made later. Cancelling is free now.")


def test_one_that_was_replaced_is_cancelled_whatever_else_speaks_for_it() -> None:
    old, new = confirmed("res_1"), reservation("res_2", metadata={"replaces": "res_1"}, starts_in=5400)
    best = first(Kind.BOOKED_TWICE, Around(old, new))
    assert best.row.id == "res_1"
    assert "booked in its place" in best.why


def test_two_that_meet_a_little_are_set_one_after_the_other() -> None:
    one, other = reservation("res_1"), reservation("res_2", starts_in=3600 + 4500)
    found = of(Kind.BOOKED_TWICE, Around(one, other))
    assert [proposal.verb for proposal in found] == ["edit", "cancel", "cancel"]
    assert time_of(found[0].values["ideal_start"]) == one.ideal_end
    limited = reservation("res_2", starts_in=3600 + 4500, latest_end=NOON + timedelta(seconds=3600 + 4500 + 5400))
    assert first(Kind.BOOKED_TWICE, Around(one, limited)).verb == "cancel"


# -- payments failing, area short --------------------------------------------------------------------------------------


def test_the_next_payment_at_risk_is_confirmed_by_another_payment_method() -> None:
    failed = lost("payment_failed", updated=NOON)
    soon, far = reservation("res_2", starts_in=3600), reservation("res_3", starts_in=7200)
    around = Around(failed, far, soon, methods=[("pm_1", "visa …1"), ("pm_2", "visa …2")])
    found = of(Kind.PAYMENTS_FAILING, around)
    assert [(one.verb, one.row.id, one.values) for one in found] == [
        ("confirm", "res_2", {"payment_method": "pm_2"}),
        ("confirm", "res_3", {"payment_method": "pm_2"}),
    ]


def test_where_an_area_is_short_those_at_risk_are_sought_more_widely() -> None:
    soon = reservation("res_2", starts_in=3600, vehicle="veh_2", driver="drv_2")
    far = reservation("res_3", starts_in=7200, vehicle="veh_3", driver="drv_3")
    found = of(Kind.AREA_SHORT, Around(lost(), far, soon), "res_1", "res_3", "res_2")
    assert [(one.verb, one.row.id) for one in found] == [("edit", "res_2"), ("edit", "res_3")]
    assert found[0].values == {"location": {"latitude": 48.8698, "longitude": 2.3319, "radius": 5000}}


# -- whatever comes ----------------------------------------------------------------------------------------------------

minutes = st.integers(-300, 600)
limits = st.none() | minutes.map(lambda count: rfc3339(NOON + timedelta(minutes=count)))
radii = st.none() | st.sampled_from([0, -1, 1, 800, 1500, 5000, 30_000, 60_000, 10**30]) | st.floats(0, 1e6)
numbers = st.sampled_from([48.8698, 0, -90, 10**400, 1e308])
documents = st.builds(
    lambda number, starts, lasts, **fields: document(
        f"res_{number}", starts_in=starts * 60, lasts=lasts * 60, **fields
    ),
    st.integers(1, 3),
    minutes,
    st.integers(-10, 200),
    status=st.sampled_from(["pending", "confirmed", "failed", "expired", "cancelled", "completed", "odd"]),
    failed_reason=st.sampled_from([None, "no_available_connectors", "payment_failed", "other", "new"]),
    earliest_start=limits,
    latest_end=limits,
    reserved_start=limits,
    reserved_end=limits,
    location=st.none() | st.fixed_dictionaries({"latitude": numbers, "longitude": numbers, "radius": radii}),
    connector_type=st.none() | st.lists(st.sampled_from(["CCS", "Type2", "x\x1b"]), max_size=3),
    payment_method=st.sampled_from([None, "pm_1", "pm_2"]),
    vehicle=st.sampled_from([None, "veh_1", "veh_2"]),
    metadata=st.none() | st.dictionaries(st.sampled_from(["replaces", "note"]), st.sampled_from(["res_1", 7])),
    charging_station=st.sampled_from([None, "s0"]),
)
places = st.lists(
    st.builds(
        station, st.sampled_from(["s0", "s1"]), st.floats(0, 30_000), st.sampled_from(["CCS", "Type2"]),
        location=st.sampled_from([None, {}, {"latitude": "x", "longitude": None}, {"latitude": 48.9, "longitude": 2}]),
    ),
    max_size=3,
)  # fmt: skip


def unchanged(one: Proposal, now_row: Reservation) -> bool:
    """Whether a booking asks for no more than the one that came to nothing, at the time that it would have anyway.

    Where nothing wider can be asked for, a window that was not tried is more.
    """
    plain = copied(now_row, NOON + MARGIN).values
    widest = now_row.location is not None and (now_row.location.radius or 0) >= FARTHEST
    if widest and time_of(one.values["ideal_start"]) != now_row.ideal_start:
        return False
    return create_body(one.values) == create_body(plain)


def test_the_widest_search_of_a_window_that_has_begun_is_tried_a_little_later() -> None:
    row = reservation(
        starts_in=0, lasts=60, status="failed", failed_reason="no_available_connectors",
        connector_type=["CCS"], location={"latitude": 48.0, "longitude": 2.0, "radius": FARTHEST},
    )  # fmt: skip
    found = propose(finding(Kind.LOST, row.id), Around(row, standard="CCS"), NOON)
    assert [one.verb for one in found][:1] == ["book again"]
    assert not unchanged(found[0], row)


@given(st.lists(documents, min_size=1, max_size=4), places, st.sampled_from([None, "CCS", "CHAdeMO"]), st.booleans())
def test_whatever_the_picture_every_proposal_can_be_sent(
    sent: list[dict[str, Any]], stations: list[Any], standard: str | None, pays: bool
) -> None:
    rows: list[Row] = [read_row(one) for one in sent]
    methods = [("pm_2", "visa …2"), ("pm_3", "visa …3")] if pays else []
    around = Around(*rows, stations=stations, standard=standard, methods=methods)
    for kind in Kind:
        found = propose(finding(kind, *dict.fromkeys(row.id for row in rows)), around, NOON)
        assert len(found) <= 3
        for one in found:
            assert one.label.isprintable()
            assert one.why.isprintable()
            if one.verb in ("book again", "move"):
                assert not flaws(one.values, new=True)
                assert set(one.values) <= set(CREATABLE)
                begins = time_of(one.values["ideal_start"])
                assert begins is not None
                assert begins >= NOON + MARGIN
            if one.verb == "edit":
                assert set(one.values) <= set(EDITABLE)
                assert any(values_of(one.row)[name] != value for name, value in one.values.items())
                assert not flaws(values_of(one.row) | one.values, new=False)
        lasting = ("no_available_connectors", "payment_failed")
        if found and found[0].verb == "book again" and found[0].row.failed_reason in lasting:
            assert not unchanged(found[0], found[0].row)
