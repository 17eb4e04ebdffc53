"""Payments failing and area short: failures that put others at risk, and the names by which they last."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.attention.area import Shortage, in_reach, kilometres
from charge_tui.domain.attention.case import Case
from charge_tui.domain.attention.finding import Finding, Kind
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.reservation import Reservation
from tests.support.judging import after_noon, fallen, found, of_kind, partly_odd
from tests.support.reservations import reservation

CALM = Thresholds(off=frozenset(Kind) - {Kind.PAYMENTS_FAILING, Kind.AREA_SHORT})


def _unpaid(identity: str, ago: float = 60, **fields: Any) -> Reservation:
    return fallen(identity, "payment_failed", updated=after_noon(-ago), **fields)


def _at_risk(identity: str = "risk", **fields: Any) -> Reservation:
    return reservation(identity, **{"vehicle": None, "driver": None} | fields)


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ([_unpaid("a"), _unpaid("b"), _at_risk()], True),
        ([_unpaid("a"), _at_risk()], False),
        ([_unpaid("a"), _unpaid("b")], False),
        ([_unpaid("a", 3600), _unpaid("b", 3600), _at_risk()], True),
        ([_unpaid("a", 3600), _unpaid("b", 3600.001), _at_risk()], False),
        ([_unpaid("a", -5), _unpaid("b"), _at_risk()], True),
        ([_unpaid("a"), _unpaid("b", payment_method="pm_2"), _at_risk()], False),
        ([_unpaid("a"), _unpaid("b"), _at_risk(payment_method="pm_2")], False),
        ([_unpaid("a"), _unpaid("b"), _at_risk(status="confirmed")], False),
        ([_unpaid("a"), _unpaid("b"), _at_risk(starts_in=-5400)], False),
        ([_unpaid("a"), _unpaid("b"), _at_risk(starts_in=-5399.999)], True),
        ([_unpaid("a", payment_method=None), _unpaid("b", payment_method=None), _at_risk(payment_method=None)], False),
        ([_unpaid("a"), partly_odd("b", payment_method=[1], status="failed"), _at_risk()], False),
        ([_unpaid("a"), fallen("b", "other", updated=after_noon(0)), _at_risk()], False),
    ],
)
def test_payments_fail_together(rows: Sequence[Reservation], holds: bool) -> None:
    findings = found(rows, limits=CALM)
    assert [(it.key, it.severity.letter) for it in findings] == ([("payments failing:pm_1", "C")] if holds else [])


def test_those_at_risk_lead_it_and_t_is_the_earliest_start() -> None:
    rows = [_unpaid("a"), _unpaid("b"), _at_risk("late", starts_in=8000), _at_risk("soon", starts_in=4000)]
    [finding] = found(rows, limits=CALM)
    assert finding.subjects == ("soon", "late")
    assert finding.due == after_noon(4000)
    assert finding.facts["failed"] == ["a", "b"]


HERE = {"latitude": 48.8698, "longitude": 2.3319, "radius": 1500}


def _north(kilometres_away: float) -> dict[str, float]:
    return {"latitude": 48.8698 + kilometres_away / 111.19492664, "longitude": 2.3319}


def _short(identity: str, ago: float = 60, **fields: Any) -> Reservation:
    return fallen(identity, "no_available_connectors", updated=after_noon(-ago), **fields)


THREE = [_short("a", 50), _short("b"), _short("c", 70)]


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ([*THREE, _at_risk()], True),
        ([*THREE[:2], _at_risk()], False),
        (THREE, False),
        ([*THREE[:2], _short("c", 3600), _at_risk()], True),
        ([*THREE[:2], _short("c", 3600.001), _at_risk()], False),
        ([*THREE[:2], _short("c", location=_north(4.999)), _at_risk()], True),
        ([*THREE[:2], _short("c", location=_north(5.001)), _at_risk()], False),
        ([*THREE, _at_risk(location=_north(-4.999))], True),
        ([*THREE, _at_risk(location=_north(-5.001))], False),
        ([*THREE[:2], _short("c", connector_type=["Type2"]), _at_risk()], False),
        ([*THREE[:2], _short("c", connector_type=["Type2", "CCS"]), _at_risk()], True),
        ([*THREE, _at_risk(connector_type=["Type2"])], False),
        ([*THREE, _at_risk(connector_type=None)], False),
        ([*THREE, _at_risk(location=None)], False),
        ([*THREE[:2], partly_odd("c", location={"latitude": "x"}, status="failed"), _at_risk()], False),
        ([*THREE[:2], _short("c", location={"latitude": 10**400, "longitude": 0}), _at_risk()], False),
        ([*THREE, _at_risk(status="confirmed")], False),
        ([*THREE, _at_risk(starts_in=-5400)], False),
    ],
)
def test_connectors_run_out_in_an_area(rows: Sequence[Reservation], holds: bool) -> None:
    findings = found(rows, limits=CALM)
    assert [(it.kind, it.severity.letter) for it in findings] == ([(Kind.AREA_SHORT, "H")] if holds else [])


def test_the_newest_is_the_middle() -> None:
    rows = [_short("a", 10), _short("b", 20, location=_north(4)), _short("c", 30, location=_north(-4))]
    assert len(found([*rows, _at_risk()], limits=CALM)) == 1
    rows = [_short("a", 30), _short("b", 10, location=_north(4)), _short("c", 20, location=_north(-4))]
    assert found([*rows, _at_risk()], limits=CALM) == []


def test_another_failure_changes_no_name() -> None:
    before = _area([*THREE, _at_risk()])
    joined = _area([*THREE, _short("d", 1, location=_north(2)), _at_risk()])
    assert joined.key == before.key
    assert joined.facts["failed"] == ["d", "a", "b", "c"]
    assert not joined.same_case(before)


def test_a_failure_that_grows_too_old_does_not_make_it_another_case() -> None:
    four = _area([*THREE, _short("d", 100), _at_risk()])
    assert _area([*THREE, _at_risk()]).same_case(four)
    assert not four.same_case(_area([*THREE, _at_risk()]))


def test_who_is_at_risk_does_not_make_it_another_case() -> None:
    before = _area([*THREE, _at_risk()])
    after = _area([*THREE, _at_risk("other", starts_in=7000)])
    assert after.subjects != before.subjects
    assert after.same_case(before)


def test_two_areas_are_two_findings() -> None:
    there = {"latitude": 45.75, "longitude": 4.84}
    far = [_short(name, location=there) for name in ("d", "e", "f")]
    rows = [*THREE, *far, _at_risk(), _at_risk("far", location=there)]
    assert {it.subjects for it in found(rows, limits=CALM)} == {("risk",), ("far",)}


def test_areas_meet_over_the_date_line_and_the_poles() -> None:
    assert kilometres(0, 179.99, 0, -179.99) == pytest.approx(2.22, abs=0.01)
    line = [
        _short(name, location={"latitude": 0, "longitude": east})
        for name, east in (("a", 179.99), ("b", -179.99), ("c", 180))
    ]
    assert len(found([*line, _at_risk(location={"latitude": 0, "longitude": -179.995})], limits=CALM)) == 1


@given(st.floats(-90, 90), st.floats(-360, 360), st.floats(-2, 2), st.floats(-400, 400), st.floats(0, 500))
def test_who_is_in_reach_is_told_by_the_way_over_the_globe_alone(
    latitude: float, longitude: float, north: float, east: float, reach: float
) -> None:
    there = max(-90.0, min(90.0, latitude + north)), max(-360.0, min(360.0, longitude + east))
    centre = _case("a", latitude, longitude)
    shortage = Shortage(centre, "CCS", (centre,))
    within = kilometres(latitude, longitude, *there) <= reach
    assert in_reach(_case("b", *there), shortage, Thresholds(area_km=reach)) == within


def _case(identity: str, latitude: float, longitude: float) -> Case:
    return Case(reservation(identity, location={"latitude": latitude, "longitude": longitude}))


def _area(rows: Sequence[Reservation]) -> Finding:
    [finding] = of_kind(found(rows), Kind.AREA_SHORT)
    return finding
