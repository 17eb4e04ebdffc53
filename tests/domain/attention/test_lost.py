"""Lost: failed or expired with time left and nothing in its place."""

from typing import Any

import pytest

from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.reservation import Reservation
from tests.support.judging import MICROSECOND, after_noon, fallen, partly_odd, told
from tests.support.reservations import NOON, confirmed, reservation

LOST = ["C lost:res_1 3600"]


@pytest.mark.parametrize(
    ("fields", "seconds", "expected"),
    [
        ({}, 0, ["H lost:res_1 3600"]),
        ({}, MICROSECOND, LOST),
        ({}, 3600 - MICROSECOND, LOST),
        ({}, 3600, ["C lost:res_1 9000"]),
        ({}, 9000 - MICROSECOND, ["C lost:res_1 9000"]),
        ({}, 9000, []),
        ({"latest_end": after_noon(12_600)}, 3600, ["H lost:res_1 12600"]),
        ({"latest_end": after_noon(12_600)}, 3600 + MICROSECOND, ["C lost:res_1 12600"]),
        ({"latest_end": after_noon(12_600)}, 12_600, []),
        ({"latest_end": "soon"}, 3600, []),
        ({"starts_in": 86_400}, 0, ["H lost:res_1 86400"]),
        ({"failed_reason": None}, 100, LOST),
        ({"status": "completed"}, 100, []),
        ({"status": "cancelled"}, 100, []),
        ({"status": "gone"}, 100, []),
    ],
)
def test_a_failed_one_until_its_time_is_over(fields: dict[str, Any], seconds: float, expected: list[str]) -> None:
    row = partly_odd(**{"status": "failed", "failed_reason": "other"} | fields)
    assert told(row, seconds) == expected


@pytest.mark.parametrize(
    ("fields", "seconds", "expected"),
    [
        ({"updated": after_noon(5000)}, 5000, ["H lost:res_1 9000"]),
        ({"updated": after_noon(2000)}, 3000, ["H lost:res_1 3600"]),
        ({"updated": after_noon(9000)}, 8000, []),
        ({"updated": after_noon(9000 - 0.001)}, 8000, ["H lost:res_1 9000"]),
        ({"updated": after_noon(9000), "latest_end": after_noon(10_000)}, 9500, []),
        ({"updated": after_noon(9050), "reserved_end": after_noon(9100)}, 8000, ["H lost:res_1 9000"]),
    ],
)
def test_one_that_expired_before_its_end(fields: dict[str, Any], seconds: float, expected: list[str]) -> None:
    assert told(reservation(status="expired", **fields), seconds) == expected


def _later(identity: str = "res_2", **fields: Any) -> Reservation:
    return reservation(identity, **{"created": NOON, "driver": "drv_2"} | fields)


@pytest.mark.parametrize(
    ("other", "stands"),
    [
        (_later(), True),
        (_later(status="completed"), True),
        (confirmed("res_2", created=NOON), True),
        (_later(starts_in=3600 + 2700), True),
        (_later(starts_in=3600 + 2700.001), False),
        (_later(starts_in=3600 - 2700), True),
        (_later(lasts=2700), True),
        (_later(lasts=2699.999), False),
        (confirmed("res_2", created=NOON, drift=(2701, 0)), False),
        (_later(vehicle="veh_2"), False),
        (_later(created=fallen().created), False),
        (_later(status="cancelled"), False),
        (_later(status="expired", updated=after_noon(20_000)), False),
        (_later(vehicle="veh_2", starts_in=90_000, metadata={"replaces": "res_1"}), True),
        (_later(vehicle="veh_2", status="cancelled", metadata={"replaces": "res_1"}), True),
        (_later(vehicle="veh_2", metadata={"replaces": "res_9"}), False),
        (_later(vehicle="veh_2", metadata={"replaces": ["res_1"]}), False),
    ],
)
def test_what_stands_in_its_place(other: Reservation, stands: bool) -> None:
    lost = [it for it in told([fallen(), other], 1) if "lost:res_1" in it]
    assert lost == ([] if stands else LOST)


def test_without_a_vehicle_nothing_covers_it() -> None:
    assert told([fallen(vehicle=None), _later(vehicle=None)], 1) == LOST


def test_it_does_not_replace_itself() -> None:
    assert told(fallen(metadata={"replaces": "res_1"}), 1) == LOST


def test_the_journal_says_what_was_booked_for_it_and_a_cancelled_cover_gives_it_back() -> None:
    engine = Engine()
    engine.put(fallen(), NOON)
    engine.put(_later(), NOON)
    assert not engine.settle(after_noon(1))
    engine.put(_later(status="cancelled"), after_noon(2))
    assert [it.key for it in engine.settle(after_noon(2)).begun] == ["lost:res_1"]
    engine.replaced("res_1", "res_3")
    assert [it.key for it in engine.settle(after_noon(3)).ended] == ["lost:res_1"]
