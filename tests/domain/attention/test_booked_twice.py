"""Booked twice: one vehicle, or one driver, in two places at a time."""

from collections.abc import Sequence
from typing import Any

import pytest

from charge_tui.domain.attention.finding import Finding
from charge_tui.domain.reservation import Reservation
from tests.support.judging import after_noon, found, partly_odd, told
from tests.support.reservations import confirmed, reservation

PAIR = "booked twice:res_1+res_2"


def _other(identity: str = "res_2", **fields: Any) -> Reservation:
    return reservation(identity, **{"driver": "drv_2"} | fields)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (reservation(), _other(), [f"M {PAIR} 1800"]),
        (reservation(), _other(starts_in=8940), []),
        (reservation(), _other(starts_in=8939.999), [f"M {PAIR} 1800"]),
        (reservation(), _other(starts_in=60_000), []),
        (confirmed(), _other(), [f"H {PAIR} 1800"]),
        (confirmed(drift=(0, 70)), _other(starts_in=9000), [f"H {PAIR} 1800"]),
        (confirmed(drift=(0, 60)), _other(starts_in=9000), []),
        (reservation(), _other(vehicle="veh_2"), []),
        (reservation(vehicle=None), _other(vehicle=None), []),
        (reservation(), _other(vehicle={"id": "veh_1", "plate": "A"}), [f"M {PAIR} 1800"]),
        (reservation(), partly_odd("res_2", driver="drv_2", vehicle=7), []),
        (reservation(), partly_odd("res_2", driver="drv_2", status="confirmed", reserved_end="x"), []),
        (reservation(), _other(status="completed"), []),
        (reservation(), _other(status="cancelled"), []),
        (reservation(), _other(lasts=30), []),
    ],
)
def test_a_pair_of_one_vehicle(one: Reservation, other: Reservation, expected: list[str]) -> None:
    assert told([one, other]) == expected
    assert told([other, one]) == expected


def test_it_is_led_by_the_earlier_start_and_named_by_both() -> None:
    early, late = reservation("res_b"), _other("res_a", starts_in=4000)
    [finding] = found([late, early])
    assert (finding.key, finding.subjects) == ("booked twice:res_a+res_b", ("res_b", "res_a"))


def test_t_is_the_soonest_end_of_free_cancellation_then_the_earlier_start() -> None:
    pair = [reservation(), _other(starts_in=4000)]
    assert told(pair, 1799) == [f"M {PAIR} 1800"]
    assert _doubled(found(pair, 1800)) == [2200]
    assert _doubled(found(pair, 2200)) == [3600]
    assert _doubled(found(pair, 8999)) == [3600]
    assert _doubled(found(pair, 9000)) == []


def test_three_at_a_time_are_three_pairs() -> None:
    rows = [reservation(), _other(), _other("res_3", driver="drv_3")]
    assert [it.key for it in found(rows)] == [PAIR, "booked twice:res_1+res_3", "booked twice:res_2+res_3"]


def test_ids_that_hold_a_plus_are_not_mixed_up() -> None:
    rows = [_other(name, driver=name, vehicle=name[:1]) for name in ("a+b", "a", "b+c", "b")]
    assert len({it.key for it in found(rows)}) == 2


def test_hundreds_at_a_time_are_told_by_their_neighbours() -> None:
    rows = [_other(f"res_{number:03}", driver=f"drv_{number}") for number in range(200)]
    assert len(found(rows)) == sum(min(8, number) for number in range(200))


def _driven(identity: str, vehicle: str | None, **fields: Any) -> Reservation:
    return reservation(identity, vehicle=vehicle, **fields)


@pytest.mark.parametrize(
    ("rows", "subjects"),
    [
        ([_driven("a", "v1"), _driven("b", "v2")], ["a", "b"]),
        ([_driven("a", "v1"), _driven("b", "v2", starts_in=8940)], []),
        ([_driven("a", "v1"), _driven("b", "v2", starts_in=8939.999)], ["a", "b"]),
        ([_driven("a", "v1"), _driven("b", None)], []),
        ([_driven("a", "v1", driver=None), _driven("b", "v2", driver=None)], []),
        ([_driven("a", "v1"), _driven("b", "v2"), _driven("c", "v3", starts_in=20_000)], ["a", "b"]),
        ([_driven("a", "v1"), _driven("b", "v2", starts_in=8000), _driven("c", "v1", starts_in=9500)], ["a", "b", "c"]),
        ([_driven("a", "v1"), _driven("b", "v2", status="failed", latest_end=after_noon(-1))], []),
        ([_driven("a", "v1", lasts=50_000), _driven("b", "v2", lasts=60)], []),
        ([_driven("a", "v1", lasts=50_000), _driven("b", "v2", lasts=61, starts_in=9000)], ["a", "b"]),
    ],
)
def test_a_driver_with_two_vehicles_is_one_finding(rows: Sequence[Reservation], subjects: list[str]) -> None:
    findings = found(rows)
    assert [list(it.subjects) for it in findings] == ([subjects] if subjects else [])
    assert [(it.key, it.severity.letter) for it in findings] == (
        [("booked twice by driver:drv_1", "M")] * len(findings)
    )


def _doubled(findings: list[Finding]) -> list[float]:
    return [(it.due - after_noon(0)).total_seconds() for it in findings if it.key == PAIR]
