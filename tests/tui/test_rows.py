"""What a line of the table and the detail say about a reservation."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.reservation import Reservation, Row, read_row
from charge_tui.tui.render.columns import ATTENTION, CLOSED, COLUMNS, OPEN, place
from charge_tui.tui.render.detail import Seen, detail
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.row import cell, heading, row_line
from charge_tui.tui.render.spans import text_of, width_of
from tests.support.reservations import NOON, confirmed, reservation
from tests.support.screen import PARIS
from tests.tui.test_model import Names

NAMES = Names(veh_1="GH-204-KT", drv_1="Maya Okafor", chst_1="Quai Sud")


def look(minutes: float = 0) -> Look:
    """How things look that many minutes after noon UTC, in Paris."""
    return Look(PARIS, NOON + timedelta(minutes=minutes), NAMES)


def said(row: Row, key: str, minutes: float = 0, *, leaving: bool = False) -> str:
    """What one column says."""
    return cell(row, key, look(minutes), leaving)[0]


@pytest.mark.parametrize(
    ("row", "minutes", "expected"),
    [
        (reservation(starts_in=14 * 60), 0, "14m"),
        (reservation(starts_in=59), 0, "now"),
        (reservation(starts_in=0), 24, "-24m"),
        (reservation(starts_in=70 * 60), 0, "1h10"),
        (confirmed(starts_in=0, lasts=5400), 30, "▸1h"),
        (confirmed(starts_in=0, lasts=5400), 100, "ended"),
        (reservation(starts_in=600, status="failed"), 0, "10m"),
        (reservation(starts_in=600, status="completed"), 0, ""),
    ],
)
def test_the_time_to_what_comes_next(row: Row, minutes: float, expected: str) -> None:
    assert said(row, "in", minutes) == expected


@pytest.mark.parametrize(
    ("row", "minutes", "expected"),
    [
        (reservation(starts_in=3600), 0, ""),
        (reservation(starts_in=1800), 5, ""),
        (reservation(starts_in=1800), 5.1, "not confirmed"),
        (reservation(status="failed", failed_reason="no_available_connectors"), 0, "no connector"),
        (reservation(status="failed", failed_reason="payment_failed"), 0, "payment failed"),
        (reservation(status="failed", failed_reason="grid_down"), 0, "grid down"),
        (reservation(status="failed", failed_reason=None), 0, "failed"),
        (reservation(status="paused"), 0, "unknown status paused"),
        (confirmed(drift=(20, -20)), 0, ""),
        (confirmed(drift=(1320, 1320)), 0, "starts 22m late"),
        (confirmed(drift=(0, -600)), 0, "ends 10m early"),
        (confirmed(drift=(0, 1320), latest_end=NOON + timedelta(seconds=3600 + 5400)), 0, "22m too late"),
        (confirmed(drift=(-1320, 0), earliest_start=NOON + timedelta(seconds=3600)), 0, "22m too early"),
        (read_row({"id": "res_1", "status": "pending"}), 0, "unreadable row"),
        (read_row({**reservation().document(), "metadata": 3}), 0, "odd data: metadata"),
    ],
)
def test_what_is_abnormal_is_said_and_marked_and_nothing_else(row: Row, minutes: float, expected: str) -> None:
    assert said(row, "why", minutes) == expected
    _, weight = cell(row, "note", look(minutes))
    assert bool(said(row, "mark", minutes)) == (weight in ("warn", "bad"))


def test_one_that_left_the_lists_is_told_as_such() -> None:
    assert said(reservation(), "note", leaving=True) == "end unknown"


def test_names_stand_where_they_are_known_and_short_ids_elsewhere() -> None:
    assert said(reservation(), "vehicle") == "GH-204-KT"
    assert said(reservation(vehicle="veh_TeKdNnFRIBXuDL7DxtpYlSXpfKtHF4vU"), "vehicle") == "veh_TeK…F4vU"
    assert said(confirmed(), "station") == "Quai Sud"
    assert said(reservation(driver=None), "driver") == ""


@pytest.mark.parametrize(("days", "expected"), [(0, ""), (1, "Thu 2"), (-1, "Tue 31"), (10, "11 Apr"), (400, "May 27")])
def test_the_day_is_told_unless_it_is_today(days: int, expected: str) -> None:
    assert said(reservation(starts_in=days * 86_400), "day") == expected


@given(st.integers(0, 250), st.sampled_from([ATTENTION, OPEN, CLOSED, tuple(COLUMNS)]))
def test_columns_fit_any_width_and_titles_stand_over_their_cells(width: int, keys: tuple[str, ...]) -> None:
    columns = place(keys, width)
    line = row_line(confirmed(), columns, look())
    assert width_of(line) == width_of(heading(columns))
    assert width_of(line) <= max(width, COLUMNS[columns[0].column.key].least)
    for placed in columns:
        assert placed.column.least <= placed.width <= placed.column.most


def test_a_narrow_screen_keeps_why_when_and_which() -> None:
    kept = {placed.column.key for placed in place(ATTENTION, 55)}
    assert {"mark", "why", "in", "window", "vehicle", "status"} <= kept


def shown(row: Row, minutes: float = 0, width: int = 60, **seen: Any) -> str:
    return "\n".join(text_of(line) for line in detail(row, look(minutes), width, Seen(**seen)))


def test_the_detail_tells_differences_deadline_and_fee_in_words() -> None:
    text = shown(confirmed(starts_in=7200, drift=(1320, 1320)), age=3.0)
    assert "starts 22m late, ends 22m late, same length" in text
    assert "free until 15:30, 1h30 left" in text
    assert "then may cost up to EUR 12.00" in text
    assert "seen 3s ago" in text
    assert "Maya Okafor" in text
    assert "(1.5 km)" in text


def test_after_the_deadline_the_fee_is_up_to_and_the_time_is_told() -> None:
    text = shown(reservation(starts_in=600))
    assert "may cost up to EUR 12.00" in text
    assert "free until 13:40, 20m ago" in text


def test_an_unknown_policy_is_never_called_free() -> None:
    text = shown(reservation(cancellation_policy={"type": "flat", "free_until_before": 60}))
    assert "see policy, may cost up to EUR 12.00" in text
    assert "free until" not in text


def test_a_closed_one_has_no_deadline() -> None:
    assert "cancel " not in shown(reservation(status="completed"))


def test_the_last_two_minutes_of_a_deadline_count_seconds() -> None:
    row = reservation(starts_in=1800 + 95)
    assert "1m35s left" in shown(row)
    assert "1m35s left" in shown(row, seconds=False)
    assert "under 1m left" in shown(reservation(starts_in=1800 + 35), seconds=False)


def test_a_row_that_cannot_be_read_says_why_and_what_was_sent() -> None:
    text = shown(read_row({"id": "res_9", "status": "pending", "colour": "blue"}))
    assert "cannot be read" in text
    assert "ideal_start missing" in text
    assert "blue" in text


def test_unknown_fields_are_shown_apart() -> None:
    row = read_row({**reservation().document(), "priority": "high"})
    assert isinstance(row, Reservation)
    text = shown(row)
    assert "not as documented" in text
    assert "priority" in text
    assert "high" in text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize("field", ["ideal_start", "created", "earliest_start", "latest_end", "confirmed_at"])
def test_a_moment_at_the_edge_of_the_calendar_is_odd_data_and_no_crash(field: str, moment: str) -> None:
    row = read_row({**reservation().document(), field: moment})
    text = shown(row)
    assert field in text
    assert [cell(row, key, look()) for key in COLUMNS]
