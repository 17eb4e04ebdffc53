"""The truth line: never without mode, freshness and what needs a person, whatever the width."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.state import Feed, Freshness, Gravity, Problem
from charge_tui.tui.render.spans import text_of, width_of
from charge_tui.tui.render.truth import Truth, title, truth_line
from tests.support.reservations import NOON
from tests.support.screen import PARIS

FEED = Feed(Freshness.FRESH, 4.0, 11.0, "", True, 1.0, (), 12, 60)
TRUTH = Truth("TEST", "api.chargeapi.co", FEED, NOON, PARIS, 4, 0)
REFUSED = Problem("refused", Gravity.ERROR, "key refused", "The API refuses the key.", NOON)
SKEW = Problem("skew", Gravity.WARNING, "clock off by 2m", "The clocks differ.", NOON)


def line(truth: Truth, width: int) -> str:
    return text_of(truth_line(truth, width))


def test_with_room_it_tells_everything() -> None:
    shown = line(TRUTH, 120)
    for words in (
        "charge",
        "TEST",
        "api.chargeapi.co",
        "FRESH 4s",
        "next 11s",
        "4 need you",
        "Wed 1 Apr",
        "14:00",
        "CEST",
    ):
        assert words in shown


def test_it_drops_next_refresh_host_date_zone_in_that_order() -> None:
    order = ["next 11s", "api.chargeapi.co", "Wed 1 Apr", "CEST"]
    gone: list[str] = []
    for width in range(120, 40, -1):
        missing = [words for words in order if words not in line(TRUTH, width)]
        assert missing == order[: len(missing)]
        gone = missing
    assert gone == order


@given(
    st.integers(60, 300),
    st.sampled_from(Freshness),
    st.none() | st.floats(0, 1e7),
    st.sampled_from(["TEST", "PRODUCTION", "DEMO"]),
    st.none() | st.integers(0, 5000),
    st.lists(st.sampled_from([REFUSED, SKEW]), max_size=2).map(tuple),
    st.booleans(),
    st.text(max_size=80),
)
def test_mode_freshness_and_what_needs_a_person_are_never_dropped(
    width: int,
    word: Freshness,
    age: float | None,
    mode: str,
    needs: int | None,
    problems: tuple[Problem, ...],
    frozen: bool,
    host: str,
) -> None:
    feed = replace(FEED, freshness=word, age=age, problems=problems, activity="loading 1,200")
    truth = replace(TRUTH, feed=feed, mode=mode, needs=needs, host=host, frozen=frozen, paused="1200 changed")
    shown = truth_line(truth, width)
    assert width_of(shown) >= width
    text = text_of(shown)
    assert mode in text
    assert word.value in text
    if needs:
        assert f"{needs} need" in text
    if problems:
        assert problems[0].words in text or problems[-1].words in text


@pytest.mark.parametrize(
    ("needs", "words"), [(None, ""), (0, "all clear"), (1, "1 needs you"), (2, "2 need you"), (1200, "1200 need you")]
)
def test_what_needs_a_person_is_said_in_words(needs: int | None, words: str) -> None:
    assert words in line(replace(TRUTH, needs=needs), 120)


def test_critical_ones_are_told_beside_the_count_and_go_before_it_does() -> None:
    truth = replace(TRUTH, critical=1)
    assert "4 need you, 1 critical" in line(truth, 120)
    assert title(truth) == "charge FRESH · 4 need you, 1 critical"
    assert "4 need you" in line(truth, 40)
    assert [span.token for span in truth_line(truth, 120) if "need you" in span.text] == ["bad"]


def test_an_error_goes_before_a_warning_and_the_rest_is_counted() -> None:
    shown = line(replace(TRUTH, feed=replace(FEED, problems=(SKEW, REFUSED))), 140)
    assert "! key refused +1" in shown


def test_production_stands_out_by_more_than_its_word() -> None:
    spans = truth_line(replace(TRUTH, mode="PRODUCTION"), 120)
    assert next(span for span in spans if "PRODUCTION" in span.text).token == "critical"


def test_without_anybody_there_ages_below_a_minute_do_not_tick() -> None:
    still = replace(TRUTH, seconds=False)
    assert line(still, 120) == line(replace(still, feed=replace(FEED, age=9.0, next_read=3.0)), 120)


@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        (TRUTH, "charge FRESH · 4 need you"),
        (replace(TRUTH, needs=1), "charge FRESH · 1 needs you"),
        (replace(TRUTH, needs=0), "charge FRESH"),
        (replace(TRUTH, needs=None, feed=replace(FEED, freshness=Freshness.OFFLINE)), "charge OFFLINE"),
        (replace(TRUTH, frozen=True), "charge PAUSED · 4 need you"),
    ],
)
def test_the_terminals_title(truth: Truth, expected: str) -> None:
    assert title(truth) == expected
