"""The rules of forms: what a text means, what is certainly wrong, what leaves, and a change by somebody else."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.drafting import (
    CREATABLE,
    EDITABLE,
    Ask,
    FieldError,
    Fields,
    Side,
    Understood,
    applied,
    cancel_cost,
    copied,
    create_body,
    departures,
    differences,
    edit_body,
    flaws,
    merged,
    offers,
    overlapping,
    shifted,
    text_of,
    three_way,
    understand,
    values_of,
)
from tests.support.reservations import NOON, confirmed, reservation

PARIS = ZoneInfo("Europe/Paris")


def read(field: str, text: str, present: Any = None) -> Understood:
    found = understand(field, text, zone=PARIS, now=NOON, present=present)
    assert isinstance(found, Understood)
    return found


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("ideal_start", "2026-04-01 15:00", "2026-04-01T13:00:00.000Z"),
        ("latest_end", "none", None),
        ("earliest_start", "  ", None),
        ("connector_type", "ccs, type2", ["CCS", "Type2"]),
        ("connector_type", "CHAdeMO CCS CCS", ["CHAdeMO", "CCS"]),
        ("location", "48.8698, 2.3319, 1500", {"latitude": 48.8698, "longitude": 2.3319, "radius": 1500}),
        ("location", "-33.9 18.4 1.5km", {"latitude": -33.9, "longitude": 18.4, "radius": 1500}),
        ("location", "0,0,20 m", {"latitude": 0, "longitude": 0, "radius": 20}),
        ("metadata", "trip_id=9384; note=a\\;b\\=c\\n", {"trip_id": "9384", "note": "a;b=c\n"}),
        ("metadata", "", {}),
        ("driver", " drv_1 ", "drv_1"),
        ("payment_method", "none", None),
    ],
)
def test_a_text_means_this_value(field: str, text: str, value: object) -> None:
    assert read(field, text).value == value


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("ideal_end", "later", "tue 9:15"),
        ("ideal_start", "none", "no time"),
        ("connector_type", " , ", "CHAdeMO"),
        ("location", "48.8, 2.3", "three parts"),
        ("location", "91, 2, 5", "-90 to 90"),
        ("location", "nan, 2, 5", "no number"),
        ("location", "48, 2, -5", "no number of metres"),
        ("location", "48,8698, 2,3319, 1500", "three parts"),
        ("metadata", "trip", "no pair"),
        ("metadata", "=x", "no key"),
        ("metadata", "a=1; a=2", "twice"),
        ("metadata", "a=\\u0007", "control character"),
        ("driver", "", "needed"),
        ("vehicle", "veh 1", "no id"),
        ("driver", "drv_\ud800", "half a character"),
        ("metadata", "a=b\x1b[2J", "control character"),
        ("metadata", "a=ch_sk_live_abc", "API key"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(field: str, text: str, words: str) -> None:
    with pytest.raises(FieldError, match=words) as refused:
        read(field, text)
    assert refused.value.field == field
    refused.value.sentence.encode()


def test_what_may_be_wrong_only_warns() -> None:
    assert "Not documented: CCS2" in (read("connector_type", "CCS2").warning or "")
    assert "501 characters" in (read("metadata", "a=" + "x" * 501).warning or "")
    assert "51 keys" in (read("metadata", "; ".join(f"k{n}=v" for n in range(51))).warning or "")
    assert read("ideal_start", "2026-04-01 03:00").warning == "This has passed."
    assert read("ideal_start", "2026-04-01 23:00").warning is None


def test_a_doubled_hour_asks_with_both_values() -> None:
    asked = understand("ideal_start", "2026-10-25 02:30", zone=PARIS, now=NOON)
    assert isinstance(asked, Ask)
    assert [one.value for one in asked.choices] == ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]


METADATA = st.dictionaries(
    st.text(min_size=1, max_size=12), st.text(max_size=20) | st.integers() | st.none() | st.booleans(), max_size=4
)
PLACES = st.fixed_dictionaries(
    {
        "latitude": st.floats(-90, 90) | st.integers(-90, 90),
        "longitude": st.floats(-180, 180),
        "radius": st.none() | st.integers(0, 50_000) | st.floats(0, 1e6),
    }
)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


STAMPS = TIMES.map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
VALUES = st.one_of(
    st.tuples(st.sampled_from(["ideal_start", "latest_end"]), STAMPS),
    st.tuples(st.just("connector_type"), st.lists(st.text(min_size=1), min_size=1)),
    st.tuples(st.just("location"), PLACES),
    st.tuples(st.just("metadata"), METADATA),
)


@given(VALUES)
def test_a_field_left_as_it_was_keeps_its_value_to_the_last_digit(case: tuple[str, Any]) -> None:
    field, value = case
    text = text_of(field, value, PARIS)
    assert understand(field, text, zone=PARIS, now=NOON, present=value) == read(field, text, value)
    assert read(field, text, value).value == value


@given(METADATA, st.text(alphabet="ab", min_size=1, max_size=3), st.text(alphabet="xy =;\\", max_size=5))
def test_adding_a_pair_changes_no_other(present: dict[str, Any], key: str, value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace("=", "\\=")
    rest = {name: held for name, held in present.items() if name != key}
    text = "; ".join(filter(None, [text_of("metadata", rest, PARIS), f"{key}={escaped}"]))
    if any("ch_sk_" in str(part) for part in rest.items()):
        return
    assert read("metadata", text, present).value == rest | {key: value.strip()}


@given(st.sampled_from(CREATABLE), st.text(max_size=60), st.none() | st.just({"a": "b"}))
def test_any_text_is_understood_or_refused(field: str, text: str, present: Any) -> None:
    try:
        found = understand(field, text, zone=PARIS, now=NOON, present=present if field == "metadata" else None)
    except FieldError as refused:
        refused.sentence.encode()
        return
    for one in found.choices if isinstance(found, Ask) else (found,):
        json.dumps(one.value).encode()
        one.read_back.encode()


def test_what_is_certainly_wrong_is_told_at_its_field() -> None:
    values = values_of(reservation(), CREATABLE)
    assert flaws(values, new=True) == ()
    wrong = values | {
        "ideal_end": values["ideal_start"],
        "earliest_start": "2026-04-01T13:00:00.001Z",
        "latest_end": "2026-04-01T12:00:00.000Z",
        "vehicle": None,
    }
    assert [flaw.field for flaw in flaws(wrong, new=True)] == ["vehicle", "ideal_end", "earliest_start", "latest_end"]
    assert [flaw.field for flaw in flaws({"ideal_start": None}, new=False)] == []


def test_only_what_changed_leaves() -> None:
    row = reservation(latest_end=NOON + timedelta(hours=6), metadata={"trip_id": "1", "note": "x"})
    before = values_of(row)
    after = shifted(before, timedelta(minutes=30)) | {"latest_end": None, "metadata": {"trip_id": "2"}}
    assert edit_body(before, before) == {}
    assert edit_body(before, after) == {
        "ideal_start": "2026-04-01T13:30:00.000Z",
        "ideal_end": "2026-04-01T15:00:00.000Z",
        "latest_end": None,
        "metadata": {"trip_id": "2", "note": None},
    }
    place = before["location"] | {"radius": 3000}
    assert edit_body(before, {"location": place}) == {"location": place}, "all three members leave"
    assert applied(before, edit_body(before, after)) == after


def test_the_changes_are_listed_with_their_difference() -> None:
    row = reservation(latest_end=NOON + timedelta(hours=6), metadata={"old": "1"})
    before = values_of(row)
    after = shifted(before, timedelta(minutes=30)) | {
        "latest_end": None,
        "connector_type": ["CCS", "Type2"],
        "location": before["location"] | {"radius": 3000},
        "metadata": {"new": "2"},
    }
    told = {one.field: one.words for one in differences(before, after, PARIS)}
    assert told == {
        "ideal_start": "+30m",
        "ideal_end": "+30m",
        "latest_end": "cleared",
        "connector_type": "also Type2",
        "location": "radius +1500 m",
        "metadata.new": "added",
        "metadata.old": "removed",
    }
    first = differences(before, after, PARIS)[0]
    assert first.before == "Wed 1 Apr 2026 15:00 CEST (13:00 UTC)"
    assert first.after == "Wed 1 Apr 2026 15:30 CEST (13:30 UTC)"


def test_an_answer_that_is_not_what_was_sent_is_told() -> None:
    row = reservation(metadata={"gone": "still", "kept": "1"})
    sent: Fields = {"metadata": {"gone": None, "kept": "1"}, "connector_type": ["CCS"], "earliest_start": None}
    apart = departures(sent, values_of(row), PARIS)
    assert [(one.field, one.words) for one in apart] == [("metadata.gone", "still there")]
    assert departures({"ideal_start": "2026-04-01T15:00:00+02:00"}, values_of(row), PARIS) == ()


@given(st.sets(st.sampled_from(EDITABLE)), st.sets(st.sampled_from(EDITABLE)))
def test_what_nobody_else_touched_is_mine_and_what_i_left_is_theirs(mine: set[str], theirs: set[str]) -> None:
    was = values_of(reservation(earliest_start=NOON, latest_end=NOON + timedelta(hours=9), metadata={"a": "1"}))
    changed: Fields = dict.fromkeys(EDITABLE, "2026-04-02T00:00:00.000Z")
    changed |= {"connector_type": ["Type2"], "location": None, "metadata": {"a": "2"}}
    other: Fields = dict.fromkeys(EDITABLE, "2026-04-03T00:00:00.000Z")
    other |= {"connector_type": ["CHAdeMO"], "location": was["location"] | {"radius": 9}, "metadata": {"a": "3"}}
    my = was | {name: changed[name] for name in mine}
    their = was | {name: other[name] for name in theirs}
    sides = {one.field.partition(".")[0]: one.side for one in three_way(was, their, my, PARIS)}
    assert {name for name, side in sides.items() if side is Side.BOTH} == mine & theirs
    assert {name for name, side in sides.items() if side is Side.MINE} == mine - theirs
    assert {name for name, side in sides.items() if side is Side.THEIRS} == theirs - mine
    result = merged(was, their, my)
    for name in EDITABLE:
        assert result.get(name) == (my if name in mine else their)[name]
    clashing = {"metadata.a" if name == "metadata" else name for name in mine & theirs}
    result = merged(was, their, my, clashing)
    assert all(result.get(name) == their[name] for name in mine & theirs)


def test_a_copy_of_a_coming_window_is_the_same_and_names_what_it_replaces() -> None:
    row = reservation("res_old", status="failed", failed_reason="no_available_connectors", metadata={"trip_id": "1"})
    copy = copied(row, NOON)
    assert copy.notes == ()
    assert copy.values["metadata"] == {"trip_id": "1", "replaces": "res_old"}
    assert {n: v for n, v in copy.values.items() if n != "metadata"} == {
        n: v for n, v in values_of(row, CREATABLE).items() if n != "metadata"
    }
    assert copied(row, NOON, replaces=False).values["metadata"] == {"trip_id": "1"}


def test_a_window_that_has_begun_moves_to_the_next_five_minutes_and_widens_nothing() -> None:
    row = reservation(status="failed", starts_in=-600, lasts=3600)
    copy = copied(row, NOON + timedelta(seconds=1))
    assert (copy.values["ideal_start"], copy.values["ideal_end"]) == (
        "2026-04-01T12:05:00.000Z",
        "2026-04-01T13:05:00.000Z",
    )
    assert copy.values["location"] == values_of(row)["location"]
    assert copy.notes == ("The window had begun, so it was moved by 15m.",)
    cut = copied(row.model_copy(update={"latest_end": NOON + timedelta(minutes=50)}), NOON + timedelta(seconds=1))
    assert cut.values["ideal_end"] == cut.values["latest_end"] == "2026-04-01T12:50:00.000Z"
    over = reservation(status="expired", starts_in=-7200, lasts=3600, latest_end=NOON - timedelta(minutes=50))
    gone = copied(over, NOON + timedelta(seconds=1))
    assert gone.values["ideal_end"] == "2026-04-01T13:05:00.000Z"
    assert gone.values["latest_end"] == "2026-04-01T13:15:00.000Z"
    assert "moved with it" in gone.notes[1]
    assert flaws(gone.values, new=True) == ()


@given(
    st.integers(-100_000, 100_000), st.integers(60, 50_000), st.none() | st.integers(0, 90_000), st.integers(0, 9_000)
)
def test_every_copy_of_a_sound_reservation_is_sound(starts: int, lasts: int, spare: int | None, early: int) -> None:
    plain = reservation(status="expired", starts_in=starts, lasts=lasts)
    row = plain.model_copy(
        update={
            "earliest_start": plain.ideal_start - timedelta(seconds=early),
            "latest_end": None if spare is None else plain.ideal_end + timedelta(seconds=spare),
        }
    )
    values = copied(row, NOON).values
    assert flaws(values, new=True) == ()
    start = datetime.fromisoformat(values["ideal_start"])
    assert start >= NOON
    assert create_body(values).keys() >= {"driver", "vehicle", "ideal_start", "ideal_end", "connector_type", "location"}


def test_offers_follow_the_reason_of_the_failure() -> None:
    scarce = reservation(status="failed", failed_reason="no_available_connectors")
    assert [one.label for one in offers(scarce, standard="CCS")] == [
        "radius 1500 → 3000 m",
        "radius 1500 → 5000 m",
        "also Type2",
    ]
    broke = reservation(status="failed", failed_reason="payment_failed")
    methods = [("pm_1", "visa …1"), ("pm_2", "visa …2")]
    assert [one.fields for one in offers(broke, payment_methods=methods)] == [{"payment_method": "pm_2"}]
    assert offers(reservation(status="cancelled")) == ()


def test_a_window_is_taken_by_what_overlaps_it_by_more_than_a_minute() -> None:
    values = values_of(reservation(starts_in=3600, lasts=3600))
    near = reservation("res_near", starts_in=7150, lasts=3600)
    over = confirmed("res_over", starts_in=5000, lasts=3600)
    assert overlapping([near, over], values) == (over,)


def test_the_cost_of_cancelling_is_told_as_it_is_now() -> None:
    row = confirmed(starts_in=3600)
    free = cancel_cost(row, NOON, PARIS)
    assert (free.free, free.words) == (
        True,
        "Free until about 14:30 CEST, 30m from now; after that a fee of up to EUR 12.00.",
    )
    late = cancel_cost(row, NOON + timedelta(minutes=33), PARIS)
    assert (late.free, late.words) == (False, "A fee of up to EUR 12.00 may apply, since about 14:30 CEST (3m ago).")
    strange = reservation(cancellation_policy={"type": "percentage"})
    assert cancel_cost(strange, NOON, PARIS).free is None
    assert "nothing to cancel" in cancel_cost(reservation(status="failed"), NOON, PARIS).words
