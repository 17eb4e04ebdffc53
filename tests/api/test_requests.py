"""What leaves the client: paths, queries, headers, bodies."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui import __version__
from charge_tui.api import NO_RETRY, ChargeError, NotFound, Unusable, WriteBlocked, bodies
from charge_tui.domain.reservation import Location
from tests.api.support import KEY, NEW, client, page, reservation
from tests.support.rawserver import answer, raw_server


async def test_a_list_sends_filters_expand_and_limit_in_the_documented_way() -> None:
    async with raw_server([answer(page())]) as server, client(server.base_url, version="2026-03-01") as charge:
        await charge.reservations.page(status="pending", driver="drv_1", expand=("vehicle", "driver"), limit=50)
        await charge.drivers.page(fleet="flt_1", limit=5)
    first, second = server.seen
    assert first.target == "/v1/reservations?status=pending&driver=drv_1&expand=vehicle&expand=driver&limit=50"
    assert second.target == "/v1/drivers?fleet=flt_1&limit=5"
    assert first.headers["authorization"] == f"Bearer {KEY}"
    assert first.headers["charge-version"] == "2026-03-01"
    assert first.headers["user-agent"] == f"charge-tui/{__version__}"
    assert first.headers["accept"] == "application/json"
    assert "idempotency-key" not in first.headers


async def test_without_a_version_the_header_is_absent() -> None:
    async with raw_server([answer(page())]) as server, client(server.base_url) as charge:
        await charge.reservations.page()
    assert "charge-version" not in server.seen[0].headers


async def test_a_create_sends_only_what_is_given_in_the_documented_form() -> None:
    async with raw_server([answer(reservation())]) as server, client(server.base_url) as charge:
        await charge.reservations.create(**NEW, metadata={"note": "café"}, idempotency_key="mine")
    request = server.seen[0]
    assert (request.method, request.target) == ("POST", "/v1/reservations")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == "mine"
    assert json.loads(request.body) == {
        "driver": "drv_1",
        "vehicle": "veh_1",
        "ideal_start": "2026-04-01T12:00:00.000Z",
        "ideal_end": "2026-04-01T13:30:00.250Z",
        "connector_type": ["CCS"],
        "location": {"latitude": 48.85, "longitude": 2.35, "radius": 1500},
        "metadata": {"note": "café"},
    }


async def test_actions_have_their_paths_and_bodies_and_a_new_key_each() -> None:
    async with raw_server([answer(reservation())]) as server, client(server.base_url) as charge:
        await charge.reservations.update("res_1", {"earliest_start": None, "ideal_start": "2026-04-01T14:00:00+02:00"})
        await charge.reservations.confirm("res_1")
        await charge.reservations.confirm("res_1", payment_method="pm_1")
        await charge.reservations.cancel("res_1")
    assert [(seen.target, json.loads(seen.body)) for seen in server.seen] == [
        ("/v1/reservations/res_1", {"earliest_start": None, "ideal_start": "2026-04-01T12:00:00.000Z"}),
        ("/v1/reservations/res_1/confirm", {}),
        ("/v1/reservations/res_1/confirm", {"payment_method": "pm_1"}),
        ("/v1/reservations/res_1/cancel", {}),
    ]
    keys = [UUID(seen.headers["idempotency-key"]) for seen in server.seen]
    assert all(key.version == 4 for key in keys)
    assert len(set(keys)) == 4


@given(identity=st.text(min_size=1))
def test_an_id_never_changes_the_path(identity: str) -> None:
    try:
        segment = bodies.segment(identity)
    except Unusable:
        return
    assert segment
    assert not set(segment) & set("/\\?#\r\n ")
    assert segment not in (".", "..")


@pytest.mark.parametrize("identity", ["a/../b", "res_1\n", "../drivers/drv_1", "res?x=1", "res#1", "%2e%2e", "é"])
async def test_a_strange_id_arrives_as_one_segment(identity: str) -> None:
    async with raw_server([answer({}, 404)]) as server, client(server.base_url) as charge:
        with pytest.raises(NotFound):
            await charge.reservations.retrieve(identity)
    path = server.seen[0].target
    assert path.startswith("/v1/reservations/")
    assert path.count("/") == 3
    assert "?" not in path


PLACE: dict[str, float] = {"latitude": 1.5, "longitude": 2, "radius": 3}

UPDATES: list[dict[str, Any]] = [
    {},
    {"driver": "drv_2"},
    {"colour": "red"},
    {"ideal_start": None},
    {"ideal_start": "soon"},
    {"ideal_start": datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5)))},
    {"location": Location(latitude=1.0, longitude=2.0)},
    {"ideal_start": datetime(2026, 4, 1, 12, 0)},  # noqa: DTZ001 - a time without a zone is what is refused
    {"connector_type": []},
    {"connector_type": "CCS"},
    {"metadata": {}},
    {"metadata": {"n": 1}},
    {"metadata": {"note": "\ud800"}},
    {"location": {"latitude": 1.0, "longitude": 2.0}},
    {"location": {"latitude": 91.0, "longitude": 2.0, "radius": 1}},
    {"location": {"latitude": float("nan"), "longitude": 2.0, "radius": 1}},
    {"location": {"latitude": "1", "longitude": 2.0, "radius": 1}},
    {"ideal_start": datetime(2026, 4, 1, 12, tzinfo=UTC), "ideal_end": datetime(2026, 4, 1, 12, tzinfo=UTC)},
]


@pytest.mark.parametrize("changes", UPDATES, ids=str)
async def test_changes_that_cannot_be_meant_are_refused_before_anything_is_sent(changes: dict[str, Any]) -> None:
    async with raw_server([answer(reservation())]) as server, client(server.base_url) as charge:
        with pytest.raises(Unusable):
            await charge.reservations.update("res_1", changes)
    assert server.seen == []


async def test_arguments_that_cannot_be_meant_are_refused_before_anything_is_sent() -> None:
    async with raw_server([answer(page())]) as server, client(server.base_url) as charge:
        for limit in (0, 101, -1):
            with pytest.raises(Unusable, match="limit"):
                await charge.reservations.page(limit=limit)
        with pytest.raises(Unusable, match="status"):
            await charge.reservations.page(status="locked")
        with pytest.raises(Unusable, match="driver"):
            await charge.reservations.page(driver="")
        with pytest.raises(Unusable):
            await charge.reservations.page(driver="\udc00")
        for identity in ("", " ", ".", "..", "\ud800", "x" * 70_000):
            with pytest.raises(Unusable):
                await charge.reservations.retrieve(identity)
        for key in ("", "a\nb", " a", "é", "x" * 256):
            with pytest.raises(Unusable, match="idempotency"):
                await charge.reservations.cancel("res_1", idempotency_key=key)
        with pytest.raises(Unusable, match="vehicle"):
            await charge.reservations.create(**NEW | {"vehicle": None})
    assert server.seen == []


async def test_a_location_from_the_api_can_be_sent_back() -> None:
    async with raw_server([answer(reservation())]) as server, client(server.base_url) as charge:
        await charge.reservations.update("res_1", {"location": Location(latitude=1.5, longitude=2, radius=3)})
        await charge.reservations.update("res_1", {"location": Location.model_validate(PLACE | {"geohash": "u09"})})
    assert [json.loads(seen.body) for seen in server.seen] == [{"location": PLACE}] * 2


async def test_a_read_only_client_sends_nothing_but_get() -> None:
    async with raw_server([answer(reservation())]) as server, client(server.base_url, read_only=True) as charge:
        for write in (
            charge.reservations.create(**NEW),
            charge.reservations.update("res_1", {"metadata": {"a": "b"}}),
            charge.reservations.confirm("res_1"),
            charge.reservations.cancel("res_1"),
        ):
            with pytest.raises(WriteBlocked):
                await write
        await charge.reservations.retrieve("res_1")
    assert [seen.method for seen in server.seen] == ["GET"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
fields = st.sampled_from(sorted(bodies._CREATE)) | st.text()


@given(changes=st.dictionaries(fields, json_values))
def test_a_body_is_json_or_refused(changes: dict[str, Any]) -> None:
    for build in (bodies.create_body, bodies.update_body):
        try:
            sent = build(changes)
        except Unusable:
            continue
        assert set(json.loads(sent)) <= set(changes)


async def test_a_closed_client_sends_nothing() -> None:
    async with raw_server([answer(page())]) as server:
        charge = client(server.base_url, retry=NO_RETRY)
        await charge.aclose()
        with pytest.raises(ChargeError, match="closed"):
            await charge.reservations.page()
    assert server.seen == []
