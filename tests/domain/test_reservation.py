"""The model of a reservation against whatever JSON an API may send."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from charge_tui.domain.lifecycle import STATUSES
from charge_tui.domain.reservation import ALWAYS, OddRow, PartlyOddReservation, Reservation, read_row, ref
from charge_tui.domain.times import rfc3339

SEED: dict[str, Any] = {
    "id": "res_c4PukAee4b57fNPiS72AQjlnUq7lOzpx",
    "object": "reservation",
    "cancellation_policy": {"free_until_before": 1800, "type": "free_cancellation"},
    "charging_station": "chst_9hx85w7aepO1o2Ztt38CPmlLoFxQNDIE",
    "confirmed_at": "2026-04-01T01:13:49.792Z",
    "connector_type": ["CCS"],
    "created": "2026-04-01T00:45:21.538Z",
    "currency": "eur",
    "driver": "drv_dQGu6UkRHzJjKB4vhFA4jtRSsbbbg0vJ",
    "earliest_start": None,
    "failed_reason": None,
    "ideal_end": "2026-04-01T03:15:19.626Z",
    "ideal_start": "2026-04-01T01:45:20.858Z",
    "latest_end": None,
    "location": {"latitude": 48.8698, "longitude": 2.3319, "radius": 1500},
    "metadata": {},
    "payment_method": "pm_m2NiRW0OqC9JUkocJUDcQGy27CAERWKi",
    "reservation_fee": 1200,
    "reserved_end": "2026-04-01T03:15:42.123Z",
    "reserved_start": "2026-04-01T01:45:20.166Z",
    "status": "pending",
    "updated": "2026-04-01T01:19:37.903Z",
    "vehicle": "veh_YzV09s3YRRpsV5anQzAlA6ZPwRi6KpiU",
}
"""The object of the list page, as documented."""

BARE = {name: SEED[name] for name in ALWAYS}

ids = st.text(st.sampled_from("abcXYZ019_"), min_size=1, max_size=36)
stamps = st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - bounds
    lambda at: rfc3339(at.replace(microsecond=at.microsecond // 1000 * 1000))
)
places = st.fixed_dictionaries(
    {"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180), "radius": st.integers(0, 50_000)}
)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
json_values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
expandable = ids | st.fixed_dictionaries({"id": ids, "object": st.text()})
documents = st.fixed_dictionaries(
    {
        "id": ids,
        "object": st.just("reservation"),
        "status": st.sampled_from(STATUSES) | st.text(),
        "ideal_start": stamps,
        "ideal_end": stamps,
        "created": stamps,
        "updated": stamps,
    },
    optional={
        "driver": expandable,
        "vehicle": expandable,
        "charging_station": st.none() | expandable,
        "connector_type": st.lists(st.sampled_from(["CCS", "CHAdeMO", "Type2"]) | st.text()),
        "location": places,
        "earliest_start": st.none() | stamps,
        "reserved_start": st.none() | stamps,
        "failed_reason": st.none() | st.text(),
        "cancellation_policy": st.fixed_dictionaries({"type": st.text(), "free_until_before": st.integers()}),
        "reservation_fee": st.integers(),
        "currency": st.text(),
        "metadata": st.dictionaries(st.text(), st.text()),
        "a_new_field": json_values,
        "unread": json_values,
        "_unread": json_values,
        "document": json_values,
    },
)


@given(document=documents)
def test_a_documented_reservation_comes_out_as_it_went_in(document: dict[str, Any]) -> None:
    row = read_row(document)
    assert type(row) is Reservation
    assert not row.odd
    assert row.document() == document
    assert list(row.document()) == ["id", "object", *sorted(set(document) - {"id", "object"})]
    assert Reservation.model_validate_json(json.dumps(document)) == row


def test_the_object_of_the_seed_keeps_its_order_and_every_value() -> None:
    row = read_row(SEED)
    assert isinstance(row, Reservation)
    assert json.dumps(row.document()) == json.dumps(SEED)
    assert row.ideal_start == datetime(2026, 4, 1, 1, 45, 20, 858_000, tzinfo=UTC)
    assert (row.driver_id, row.vehicle_id) == (SEED["driver"], SEED["vehicle"])
    assert (row.station_id, row.payment_method_id) == (SEED["charging_station"], SEED["payment_method"])


ANY_TEXT = st.text(st.characters(codec=None))
SPECIAL = st.sampled_from(
    ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00", "2026-04-01T24:00:00Z", "2026-04-01", "1775005200", "Z"]
)
odd_leaves = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | SPECIAL
names = st.sampled_from([*Reservation.model_fields, "unread", "_unread", "odd", "__class__", "model_fields"]) | ANY_TEXT
odd_json = st.recursive(
    odd_leaves, lambda inner: st.lists(inner) | st.dictionaries(names, inner, max_size=5), max_leaves=12
)


@example(raw={"\ud800": None})
@given(raw=odd_json | st.builds(lambda odd: SEED | odd, st.dictionaries(names, odd_json, max_size=5)))
def test_no_json_makes_the_reading_fail_and_nothing_sent_is_lost(raw: Any) -> None:
    row = read_row(raw, 6)
    if isinstance(row, OddRow):
        assert row.raw is raw
        assert row.problems
        assert row.id
        assert row.identified == (isinstance(raw, dict) and raw.get("id") == row.id)
        for name in Reservation.model_fields:
            at = row.time(name)
            assert at is None or at.tzinfo is UTC
            assert row.text(name) is None or isinstance(row.field(name), str)
        return
    document = row.document()
    assert set(document) == set(raw)
    for name in (row.odd.keys() | (row.model_extra or {}).keys()) & set(raw):
        assert document[name] is raw[name]
    for name in ("ideal_start", "ideal_end", "created", "updated"):
        assert getattr(row, name).tzinfo is UTC


FORM = "2026-04-01T01:45:20.858Z"
near_stamps = st.builds(
    lambda text, changes: "".join(changes.get(place, sign) for place, sign in enumerate(text)),
    stamps
    | st.sampled_from([FORM, "0001-04-01T01:45:20.858Z", "9999-04-01T01:45:20.858Z", "2026-W14-3T01:45:20.858Z"]),
    st.dictionaries(st.integers(0, 22), st.sampled_from("0123569-:.,+TtWZz \u0665\x00"), max_size=2),
)


@example(text="2026-W14-3T01:45:20.858Z")
@example(text="2026-04-01T01:45:20,858Z")
@example(text="2026-04-01 01:45:20.858Z")
@example(text="2026-04-01T014520.85800Z")
@example(text="2026-02-29T01:45:20.858Z")
@example(text="2026-04-01T24:00:00.000Z")
@example(text="2026-04-01T01:45:60.000Z")
@given(text=near_stamps)
def test_the_form_of_the_api_is_read_as_any_other_form_of_the_same_instant(text: str) -> None:
    assert len(text) == len(FORM)
    short, long = (read_row(SEED | {"updated": sent}) for sent in (text, text[:-1] + "+00:00"))
    assert type(short) is type(long)
    if isinstance(short, Reservation) and isinstance(long, Reservation):
        assert short.updated == long.updated
        assert short.updated.tzinfo is long.updated.tzinfo is UTC


@pytest.mark.parametrize("name", ALWAYS)
def test_without_a_required_field_the_row_is_odd_and_says_which(name: str) -> None:
    row = read_row({key: value for key, value in SEED.items() if key != name}, 6)
    assert isinstance(row, OddRow)
    assert row.problems == (f"{name} missing",)
    assert row.id == (SEED["id"] if name != "id" else "row 7")
    assert row.identified == (name != "id")


@pytest.mark.parametrize("raw", [None, 7, "text", [], [SEED], True])
def test_what_is_no_object_is_an_odd_row_with_a_made_up_id(raw: Any) -> None:
    row = read_row(raw, 6)
    assert isinstance(row, OddRow)
    assert (row.id, row.identified, row.problems) == ("row 7", False, ("not an object",))
    assert row.field("id") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reservation_fee", "1200"),
        ("reservation_fee", 12.5),
        ("reservation_fee", True),
        ("earliest_start", 1_775_005_200),
        ("earliest_start", "1775005200"),
        ("earliest_start", "2026-04-01T01:00:00"),
        ("earliest_start", "9999-12-31T23:59:59.999-23:00"),
        ("location", {"latitude": "48.8", "longitude": 2.3}),
        ("location", {"latitude": 48.8}),
        ("location", {"latitude": float("nan"), "longitude": 2.3}),
        ("connector_type", "CCS"),
        ("metadata", []),
        ("driver", 7),
        ("cancellation_policy", "free"),
        ("half a name \ud800", "text"),
    ],
)
def test_an_optional_field_in_another_form_is_set_aside_and_kept(name: str, value: Any) -> None:
    row = read_row(SEED | {name: value})
    assert isinstance(row, PartlyOddReservation)
    assert row.odd == {name: value}
    assert getattr(row, name, None) is None
    assert row.document()[name] is value
    assert row != read_row(BARE)


@pytest.mark.parametrize("value", ["", 7, None])
def test_an_id_that_names_nothing_makes_the_row_odd(value: Any) -> None:
    row = read_row(SEED | {"id": value})
    assert isinstance(row, OddRow)
    assert (row.id, row.identified) == ("row 1", False)


def test_a_time_of_another_zone_is_the_same_instant_in_utc() -> None:
    row = read_row(SEED | {"ideal_start": "2026-04-01T03:45:20.858+02:00"})
    assert isinstance(row, Reservation)
    assert row == read_row(SEED)
    local = datetime(2026, 4, 1, 3, 45, 20, 858_000, tzinfo=timezone(timedelta(hours=2)))
    assert row.ideal_start == local
    assert row.document()["ideal_start"] == SEED["ideal_start"]


@given(value=st.none() | st.text() | st.dictionaries(st.text(), json_values))
def test_a_reference_is_an_id_an_object_or_nothing(value: Any) -> None:
    got = ref(value)
    assert got == (value.get("id") if isinstance(value, dict) and isinstance(value.get("id"), str) else got)
    assert got is None or isinstance(got, str)
    if isinstance(value, str):
        assert got == value
