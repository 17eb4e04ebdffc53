"""What a line of the table and the detail say about a reservation."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.attention.state import Entry, Said, Verdict
from charge_tui.domain.attention import Finding, Kind, Mark, Marked, Severity
from charge_tui.domain.reservation import Reservation, Row, read_row
from charge_tui.tui.render.columns import ATTENTION, CLOSED, COLUMNS, OPEN, place
from charge_tui.tui.render.detail import Seen, detail
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.row import cell, heading, row_line
from charge_tui.tui.render.spans import text_of, width_of
from charge_tui.tui.render.standing import Standing, until
from tests.support.reservations import NOON, confirmed, reservation
from tests.support.screen import PARIS
from tests.tui.test_model import Names

NAMES = Names(veh_1="GH-204-KT", drv_1="Maya Okafor", chst_1="Quai Sud")


def look(minutes: float = 0) -> Look:
    """How things look that many minutes after noon UTC, in Paris."""
    return Look(PARIS, NOON + timedelta(minutes=minutes), NAMES)


def said(row: Row, key: str, minutes: float = 0, **standing: Any) -> str:
    """What one column says."""
    return cell(row, key, look(minutes), Standing(**standing))[0]


LOST = Finding(
    Kind.LOST, "lost:res_1", Severity.CRITICAL, ("res_1",), NOON + timedelta(minutes=14),
    {"status": "failed", "failed_reason": "no_available_connectors"},
)  # fmt: skip
TWICE = Finding(Kind.BOOKED_TWICE, "booked twice:res_1+res_2", Severity.MEDIUM, ("res_1", "res_2"), NOON)


def taken(said: Said = Said.ACKNOWLEDGED, reason: str = "") -> Entry:
    """The loss as somebody has judged it."""
    return Entry(LOST, verdict=Verdict(said, LOST.key, LOST.severity, "Maya", NOON, None, reason))


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
    ("row", "expected"),
    [
        (reservation(starts_in=3600), ""),
        (reservation(status="failed", failed_reason="no_available_connectors"), "no connector"),
        (reservation(status="failed", failed_reason="payment_failed"), "payment failed"),
        (reservation(status="failed", failed_reason="grid_down"), "grid down"),
        (reservation(status="failed", failed_reason=None), "failed"),
        (confirmed(drift=(20, -20)), ""),
        (confirmed(drift=(1320, 1320)), "starts 22m late"),
        (confirmed(drift=(0, -600)), "ends 10m early"),
    ],
)
def test_what_is_worth_a_word_is_said_quietly_and_marks_nothing(row: Row, expected: str) -> None:
    assert said(row, "note") == said(row, "why") == expected
    assert not said(row, "mark")
    assert not said(row, "severity")


def test_a_finding_is_said_with_its_shape_its_letter_and_its_time() -> None:
    row = reservation(starts_in=14 * 60, status="failed", failed_reason="no_available_connectors")
    standing = Standing((LOST, TWICE), entry=Entry(LOST, (TWICE,)), listed=True)
    assert cell(row, "severity", look(), standing) == ("!!C", "critical")
    assert cell(row, "mark", look(), standing) == ("!!", "critical")
    assert cell(row, "why", look(), standing) == ("lost: no connector · booked twice", "")
    assert cell(row, "in", look(), standing) == ("14m", "")
    assert cell(row, "in", look(26), standing) == ("12m ago", "")
    coloured = [span for span in row_line(row, place(ATTENTION, 80), look(), standing) if span.token]
    assert [span.text for span in coloured] == ["!!C"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-3 * 86_400, "3d ago"), (-7200, "2h ago"), (-3599, "59m ago"), (-60, "1m ago"), (-59, "now"), (59, "now"),
     (60, "1m"), (4200, "1h10")],
)  # fmt: skip
def test_a_time_of_consequence_fits_its_column(seconds: float, expected: str) -> None:
    assert until(NOON + timedelta(seconds=seconds), NOON) == expected
    assert len(expected) <= COLUMNS["in"].least


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (taken(), "Maya: lost: no connector"),
        (taken(Said.HANDLED, "phoned"), "Maya phoned: lost: no connector"),
        (taken(Said.SNOOZED), "snoozed: lost: no connector"),
    ],
)
def test_what_somebody_took_is_dim_and_bears_his_name(entry: Entry, expected: str) -> None:
    standing = Standing((LOST,), entry=entry, listed=True)
    row = reservation(status="failed")
    assert said(row, "why", findings=(LOST,), entry=entry) == expected
    assert {span.token for span in row_line(row, place(ATTENTION, 80), look(), standing) if span.text.strip()} == {
        "quiet"
    }


def test_the_other_one_of_a_pair_is_told_quietly() -> None:
    standing = Standing((TWICE,))
    assert cell(reservation("res_2"), "severity", look(), standing) == ("- M", "quiet")
    assert cell(reservation("res_2"), "why", look(), standing) == ("booked twice", "quiet")


def test_a_row_that_is_over_says_what_it_became_and_nothing_else() -> None:
    standing = Standing((LOST,), entry=Entry(LOST), listed=True, became="now completed")
    assert cell(reservation(), "severity", look(), standing) == ("", "")
    assert cell(reservation(), "why", look(), standing) == ("now completed", "quiet")


def test_marks_have_a_small_sign_and_their_name() -> None:
    marks = (Marked(Mark.NO_OUTCOME, "the API tells no more"),)
    assert said(reservation(), "mark", marks=marks) == said(reservation(), "severity", marks=marks) == "~"
    assert said(reservation(), "note", marks=marks) == "started, no outcome"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (read_row({"id": "res_1", "status": "pending"}), "unreadable row"),
        (reservation(status="paused"), "unknown status paused"),
        (read_row({**reservation().document(), "metadata": 3}), "odd data: metadata"),
    ],
)
def test_an_odd_row_is_marked_even_where_nobody_judged_it(row: Row, expected: str) -> None:
    assert said(row, "note") == said(row, "why") == expected
    assert said(row, "mark") == said(row, "severity") == "~"


def test_one_that_left_the_lists_is_told_as_such() -> None:
    assert said(reservation(), "note", leaving=True) == "end unknown"
    assert said(reservation(), "mark", leaving=True) == "~"


def test_what_changed_bears_an_accent_in_its_column_alone() -> None:
    line = row_line(reservation(), place(ATTENTION, 80), look(), Standing(changed=frozenset({"vehicle"})))
    assert [span.text.strip() for span in line if span.token == "accent"] == ["GH-204-KT"]


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


def test_the_screen_of_120_cells_says_why_in_full() -> None:
    widths = {placed.column.key: placed.width for placed in place(ATTENTION, 62)}
    assert widths["why"] >= len("not confirmed, late")
    assert "status" in widths


def test_a_narrow_screen_keeps_why_when_and_which() -> None:
    kept = {placed.column.key for placed in place(ATTENTION, 58)}
    assert {"severity", "why", "in", "window", "vehicle", "status"} <= kept


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


def test_the_detail_tells_each_finding_who_took_it_and_the_marks() -> None:
    standing = Standing((LOST, TWICE), (Marked(Mark.ODD_DATA, "limits inside out"),), taken(Said.HANDLED, "phoned"))
    text = shown(reservation(status="failed"), standing=standing)
    assert "!!C Failed: no connector" in text
    assert "- M" in text
    assert "handled by Maya at 14:00, until it clears" in text
    assert "phoned" in text
    assert "~ limits inside out" in text


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
