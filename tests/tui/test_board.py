"""What stands on the board: lanes, bars to the cell, overlaps, limits, hours on a DST night. Without a screen."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from charge_tui.domain.reservation import Reservation
from charge_tui.domain.windows import NOISE
from charge_tui.tui.render import board_walk as walk
from charge_tui.tui.render.ascii import to_ascii
from charge_tui.tui.render.board import BYS, ZOOMS, By, Hours, bar_of, hours_around, hours_at
from charge_tui.tui.render.board_draw import Brush, label_width, lane_line, legend
from charge_tui.tui.render.spans import Token, cells, text_of, width_of
from tests.support.boards import axis_of, bars_of, cells_of, lines_of, look, names_of, plan_of, width_for
from tests.support.hostile import FORBIDDEN, HOSTILE
from tests.support.reservations import NOON, confirmed, document, reservation

HOUR = 3600.0
AT_NOON = hours_at(NOON.timestamp(), 8 * 3600, 80)
"""Eight hours from noon UTC on, ten cells an hour."""


def row_of(identity: str = "res_1", **fields: Any) -> str:
    """How one reservation of station Quai Sud looks, from noon UTC on."""
    return bars_of(plan_of([confirmed(identity, **fields)], "station", AT_NOON))[0]


# -- one bar ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"starts_in": HOUR, "lasts": 3 * HOUR}, "          █GH-204-KT 15:00–18:00████████"),
        ({"starts_in": HOUR + 180, "lasts": 3 * HOUR}, "          ▐GH-204-KT 15:03–18:03████████▌"),
        ({"starts_in": HOUR, "lasts": 2 * HOUR}, "          █GH-204-KT 15:00████"),
        ({"starts_in": HOUR, "lasts": HOUR}, "          ██████████ GH-204-KT 15:00"),
        ({"starts_in": HOUR, "lasts": 60}, "          ▌ GH-204-KT 15:00"),
        ({"starts_in": -HOUR, "lasts": 3 * HOUR}, "◂GH-204-KT 13:00████"),
        ({"starts_in": 7 * HOUR, "lasts": 3 * HOUR}, " " * 70 + "█GH-204-…▸"),
    ],
)
def test_a_given_window_is_filled_to_the_half_cell(fields: dict[str, Any], expected: str) -> None:
    assert row_of(**fields) == expected


@pytest.mark.parametrize(
    ("drift", "expected"),
    [
        ((0, 0), "█GH-204-KT 15:00████"),
        ((1800, 0), "━━━━━█GH-204-KT████"),
        ((0, -1800), "█GH-204-KT█████━━━━"),
        ((0, 1800), "█GH-204-KT 15:00–17:30███"),
        ((3 * HOUR, 3 * HOUR), "━━━━━━━━━━━━━━━━━━━━··········█GH-204-KT 18:00████"),
    ],
)
def test_what_was_asked_shows_beside_what_was_given(drift: tuple[float, float], expected: str) -> None:
    assert row_of(starts_in=HOUR, lasts=2 * HOUR, drift=drift).strip()[: len(expected)] == expected


def test_a_pending_one_is_an_outline_in_the_lane_without_a_station() -> None:
    plan = plan_of([reservation(starts_in=HOUR, lasts=3 * HOUR)], "station", AT_NOON)
    assert names_of(plan) == ["   no station yet    1"]
    assert bars_of(plan) == ["          ━ GH-204-KT 15:00–18:00 ━━━━━━"]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((-HOUR / 2, HOUR / 2), "├····██████████·····┤ GH-204-KT 15:00"),
        ((None, HOUR / 2), "██████████·····┤ GH-204-KT 15:00"),
        ((0, 0), "██████████┤ GH-204-KT 15:00"),
        ((None, None), "██████████ GH-204-KT 15:00"),
    ],
)
def test_limits_stand_on_either_side(limits: tuple[float | None, float | None], expected: str) -> None:
    low = None if limits[0] is None else NOON + timedelta(seconds=HOUR + limits[0])
    high = None if limits[1] is None else NOON + timedelta(seconds=2 * HOUR + limits[1])
    assert row_of(starts_in=HOUR, lasts=HOUR, earliest_start=low, latest_end=high).strip() == expected


def test_an_inverted_window_is_drawn_the_right_way_round() -> None:
    assert row_of(starts_in=2 * HOUR, lasts=-HOUR).strip().startswith("██████████")


def test_a_shape_stands_in_front_and_in_the_bar_where_there_is_no_room() -> None:
    rows = [
        confirmed("res_1", starts_in=HOUR, lasts=2 * HOUR),
        confirmed("res_2", starts_in=3 * HOUR, lasts=2 * HOUR),
    ]
    plan = plan_of(rows, "station", AT_NOON)
    brush = Brush(look(), lambda _: ("!!", "critical"), frozenset({"res_2"}))
    (line,) = lines_of(plan, brush)
    assert "!!█GH-204-KT 15:00███▌●!!GH-204-KT 17:00██" in text_of(line)
    assert any(span.token == "critical" and "!!" in span.text for span in line)


# -- bars beside each other -------------------------------------------------------------------------------------------


def test_overlapping_bars_stand_below_each_other_and_a_vehicle_in_two_places_is_told() -> None:
    rows = [
        confirmed("res_1", starts_in=HOUR, lasts=2 * HOUR),
        confirmed("res_2", starts_in=2 * HOUR, lasts=2 * HOUR, charging_station="chst_2"),
        confirmed("res_3", starts_in=4 * HOUR, lasts=HOUR),
    ]
    plan = plan_of(rows, "vehicle", AT_NOON)
    assert [[bar.id for bar in line.bars] for line in plan.lines] == [["res_1", "res_3"], ["res_2"]]
    assert plan.lines[1].overlap == HOUR
    assert names_of(plan)[1] == "  └ overlap 1h"


@pytest.mark.parametrize(
    ("by", "second", "told"),
    [
        ("vehicle", {}, True),
        ("driver", {}, True),
        ("station", {}, False),
        ("vehicle", {"status": "failed"}, False),
        ("vehicle", {"status": "cancelled"}, False),
        ("vehicle", {"starts_in": 3 * HOUR - 30}, False),
        ("vehicle", {"starts_in": 3 * HOUR - 90}, True),
    ],
)
def test_only_an_overlap_that_means_something_is_told(by: By, second: dict[str, Any], told: bool) -> None:
    rows = [
        confirmed("res_1", starts_in=HOUR, lasts=2 * HOUR),
        confirmed("res_2", **{"starts_in": 2 * HOUR, "lasts": 2 * HOUR} | second),
    ]
    plan = plan_of(rows, by, AT_NOON)
    assert any(line.overlap for line in plan.lines) is told
    assert any("overlap" in text for text in names_of(plan)) is told


def test_bars_that_touch_stay_apart() -> None:
    rows = [confirmed(f"res_{number}", starts_in=number * HOUR, lasts=HOUR) for number in (1, 2, 3)]
    (line,) = bars_of(plan_of(rows, "station", AT_NOON))
    assert line.strip() == "█GH-204-…▌█GH-204-…▌██████████ GH-204-KT 17:00"


def test_the_lanes_come_by_what_starts_first_and_the_one_without_a_name_last() -> None:
    rows = [
        reservation("res_1", starts_in=600),
        confirmed("res_2", starts_in=4 * HOUR),
        confirmed("res_3", starts_in=2 * HOUR, charging_station="chst_2"),
        confirmed("res_4", starts_in=-9 * HOUR, lasts=HOUR),
    ]
    plan = plan_of(rows, "station", AT_NOON)
    assert [line.lane.label for line in plan.lines] == ["Gare Nord", "Quai Sud", "no station yet"]
    assert len(plan.lines[1].lane.bars) == 2


def test_only_what_is_in_the_hours_is_laid_out() -> None:
    rows = [confirmed(f"res_{hour}", starts_in=hour * HOUR, vehicle=f"veh_{hour}") for hour in range(-20, 40)]
    plan = plan_of(rows, "vehicle", AT_NOON)
    assert set(plan.places) == {f"res_{hour}" for hour in range(-1, 8)}


# -- the axis ---------------------------------------------------------------------------------------------------------


def test_the_axis_names_hours_and_the_change_of_day() -> None:
    assert axis_of(hours_at(NOON.timestamp() - 900, 12 * 3600, 89)).split() == [
        "14:00", "15:00", "16:00", "17:00", "18:00", "19:00", "20:00", "21:00", "22:00", "23:00",
        "Thu", "2", "01:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("midnight", "expected"),
    [
        (datetime(2026, 3, 28, 23, tzinfo=UTC), "Sun 29 01:00 03:00 04:00 05:00"),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), "Sun 25 01:00 02:00 02:00 03:00"),
        (datetime(2026, 4, 1, 22, tzinfo=UTC), "Thu 2 01:00 02:00 03:00 04:00"),
    ],
)
def test_on_a_night_of_dst_an_hour_is_left_out_or_comes_twice(midnight: datetime, expected: str) -> None:
    shown = axis_of(hours_at(midnight.timestamp() - 450, 5 * 3600, 40), midnight)
    assert shown.split() == expected.split()


def test_now_is_marked_on_the_axis_and_in_the_lanes() -> None:
    plan = plan_of([confirmed(starts_in=4 * HOUR)], "station", hours_at(NOON.timestamp() - HOUR, 8 * 3600, 80))
    (line,) = bars_of(plan, Brush(look(), lambda _: ("", "")))
    assert line.index("┊") == 10


@pytest.mark.parametrize("zoom", ZOOMS)
def test_the_coming_hours_begin_shortly_before_now_and_stand_still(zoom: int) -> None:
    before = hours_around(NOON, zoom, 100)
    assert 0 < NOON.timestamp() - before.start <= zoom * 3600 / 6
    assert before.end - NOON.timestamp() > zoom * 3600 * 5 / 6
    assert hours_around(NOON + timedelta(minutes=9), zoom, 100) == before


# -- whatever the API sends -------------------------------------------------------------------------------------------

_seconds = st.integers(-30, 30).map(lambda quarters: quarters * 900) | st.floats(-90_000, 90_000)
_CALENDAR = datetime(2, 1, 1, tzinfo=UTC).timestamp(), datetime(9998, 12, 30, tzinfo=UTC).timestamp()
_far = st.floats(*_CALENDAR).map(lambda at: datetime.fromtimestamp(at, UTC))
_times = _seconds.map(lambda seconds: NOON + timedelta(seconds=seconds)) | _far
_ids = st.sampled_from([None, "veh_1", "veh_2", "x", *HOSTILE[:24]])


@st.composite
def _rows(draw: st.DrawFn) -> list[Reservation]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        times: dict[str, Any] = {name: draw(_times) for name in ("ideal_start", "ideal_end")}
        maybe = ("reserved_start", "reserved_end", "earliest_start", "latest_end")
        times |= {name: draw(_times) for name in maybe if draw(st.booleans())}
        found.append(
            Reservation.model_validate(
                document(
                    f"res_{number}",
                    status=draw(st.sampled_from(["pending", "confirmed", "completed", "failed", "expired", "paused"])),
                    vehicle=draw(_ids), driver=draw(_ids), charging_station=draw(_ids),
                    **times,
                )
            )
        )  # fmt: skip
    return found


_shapes = st.sampled_from([("", ""), ("!!", "critical"), ("-", "warn")])
_hours = st.builds(
    hours_at,
    st.floats(-90_000, 90_000).map(lambda seconds: NOON.timestamp() + seconds) | _far.map(lambda at: at.timestamp()),
    st.sampled_from([zoom * 3600 for zoom in ZOOMS]),
    st.sampled_from([8, 40, 61, 80, 130]),
)


@given(_rows(), st.sampled_from(BYS), _hours, _shapes, st.sets(st.sampled_from([f"res_{n}" for n in range(12)])))
def test_every_line_is_whole_and_every_bar_is_seen_in_its_own_cells(
    rows: list[Reservation], by: By, hours: Hours, shape: tuple[str, Token], marked: set[str]
) -> None:
    plan = plan_of(rows, by, hours)
    width = width_for(hours)
    brush = Brush(look(), lambda _: shape, marked)
    for number, line in enumerate(plan.lines):
        shown = lane_line(line, plan, brush, width)
        assert width_of(shown) == width
        assert not FORBIDDEN & set(text_of(shown))
        assert to_ascii(text_of(shown)).isascii()
        for bar in line.bars:
            own = cells_of(shown, bar.id)
            assert own, f"{bar.id} cannot be seen"
            assert min(own) >= label_width(width)
            assert plan.places[bar.id] == number
    keys = [line.lane.key for line in plan.lines]
    assert len(set(keys)) == sum(1 for one, other in zip(keys, [None, *keys], strict=False) if one != other)


@given(_rows(), st.sampled_from(BYS), _hours)
def test_no_bar_covers_another_and_none_is_lost(rows: list[Reservation], by: By, hours: Hours) -> None:
    plan = plan_of(rows, by, hours)
    for line in plan.lines:
        for one, next_one in zip(line.bars, line.bars[1:], strict=False):
            assert next_one.start - one.end >= -NOISE
    for bar in map(bar_of, rows):
        if bar.end > hours.start + 2 * hours.cell and bar.start < hours.end - 2 * hours.cell:
            assert bar.id in plan.places


@given(_rows(), st.sampled_from(BYS), _hours, st.lists(st.sampled_from(["j", "k", "l", "h", "n"]), max_size=12))
def test_the_cursor_walks_to_bars_that_are_there(
    rows: list[Reservation], by: By, hours: Hours, steps: list[str]
) -> None:
    plan = plan_of(rows, by, hours)
    assume(plan.lines)
    here = plan.lines[0].bars[0]
    for step in steps:
        number = plan.places[here.id]
        match step:
            case "j" | "k":
                found = walk.nearest(plan, number + (1 if step == "j" else -1), here.start)
            case "l" | "h":
                found = walk.along(plan, here.id, 1 if step == "l" else -1)
            case _:
                found = walk.following(plan, here.id)
        if found is not None and found.id in plan.places:
            here = found
            assert walk.bar_at(plan, here.id) is here


def test_walking_on_comes_by_every_bar_once() -> None:
    rows = [
        confirmed(f"res_{number}", starts_in=number * 1800, lasts=HOUR, vehicle=f"veh_{number % 4}")
        for number in range(12)
    ]
    plan = plan_of(rows, "vehicle", AT_NOON)
    seen = [plan.lines[0].bars[0].id]
    while (bar := walk.following(plan, seen[-1])) is not None:
        seen.append(bar.id)
    assert len(seen) == len(set(seen))
    assert set(seen) == set(plan.places)


@pytest.mark.parametrize("width", [20, 60, 101, 200])
def test_the_legend_says_as_much_as_there_is_room_for(width: int) -> None:
    line = legend(Brush(look(), lambda _: ("", "")), width)
    assert 0 < cells(text_of(line)) <= width
