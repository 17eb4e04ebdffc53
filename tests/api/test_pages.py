"""Pages: followed to their end, never in a circle, and never broken by one row."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.api import AnswerUnreadable, ChargeClient, ChargeError, ForeignUrl, Meta, PageLoop
from charge_tui.api.meta import Answer
from charge_tui.api.pages import read_page
from charge_tui.domain.reservation import OddRow, PartlyOddReservation, Reservation
from tests.api.support import client, page, reservation
from tests.support.rawserver import RawServer, Reply, Seen, answer, raw_server


def _paged(*pages: list[Any], end: str | None = None) -> Any:
    """A script that serves pages p0, p1, …; the last one's next URL is ``end``."""

    def script(seen: Seen) -> Reply:
        number = int(seen.target.partition("page=p")[2] or 0)
        base = f"http://{seen.headers['host']}/v1/reservations?page=p"
        last = number == len(pages) - 1
        return answer(page(*pages[number], after=(end and base + end) if last else f"{base}{number + 1}"))

    return script


async def _collect(charge: ChargeClient, seen: list[str]) -> None:
    async for row in charge.reservations.list().rows():
        seen.append(row.id)


async def test_short_and_empty_pages_are_followed_until_there_is_no_next_one() -> None:
    script = _paged([reservation("res_1")], [], [reservation("res_2"), reservation("res_3")], [])
    async with raw_server(script) as server, client(server.base_url) as charge:
        assert [r.id async for r in charge.reservations.list(limit=100)] == ["res_1", "res_2", "res_3"]
        sizes = [len(p.rows) async for p in charge.reservations.list(limit=100).pages()]
    assert sizes == [1, 0, 2, 0]
    assert [seen.target for seen in server.seen[:3]] == [
        "/v1/reservations?limit=100",
        "/v1/reservations?page=p1",
        "/v1/reservations?page=p2",
    ]


async def test_a_circle_of_pages_is_left_after_each_was_given_once() -> None:
    script = _paged([reservation("res_1")], [reservation("res_2")], [reservation("res_3")], end="1")
    async with raw_server(script) as server, client(server.base_url) as charge:
        seen: list[str] = []
        with pytest.raises(PageLoop):
            await _collect(charge, seen)
    assert seen == ["res_1", "res_2", "res_3"]
    assert len(server.seen) == 3


async def test_the_page_before_a_foreign_url_is_given_and_the_url_is_not_requested() -> None:
    async with raw_server([answer(page())]) as other, raw_server([answer(b"")]) as server:
        server.script = lambda _: answer(page(reservation(), after=f"{other.base_url}/reservations?page=x"))
        async with client(server.base_url) as charge:
            seen: list[str] = []
            with pytest.raises(ForeignUrl):
                await _collect(charge, seen)
    assert seen == ["res_1"]
    assert other.seen == []


@pytest.mark.parametrize(
    "path", ["/drivers", "/reservations/res_1/cancel", "/reservations/../drivers", "", "/reservation"]
)
async def test_a_page_url_must_lead_to_the_same_list(path: str) -> None:
    async with raw_server([answer(page())]) as server, client(server.base_url) as charge:
        with pytest.raises(ForeignUrl):
            await charge.reservations.page(url=f"{server.base_url}{path}?page=x")
    assert server.seen == []


async def _one(server: RawServer) -> Any:
    async with client(server.base_url) as charge:
        return await charge.reservations.page()


async def test_odd_rows_stand_at_their_places_among_the_sound_ones() -> None:
    rows = [
        reservation("res_1"),
        7,
        reservation("res_3", reservation_fee="twelve"),
        {"id": "res_4"},
        reservation("res_5"),
    ]
    async with raw_server([answer(page(*rows))]) as server:
        got = await _one(server)
    assert [row.id for row in got.rows] == ["res_1", "row 2", "res_3", "res_4", "res_5"]
    assert [row.id for row in got.data] == ["res_1", "res_3", "res_5"]
    assert [row.id for row in got.odd] == ["row 2", "res_4"]
    assert isinstance(got.rows[2], PartlyOddReservation)
    assert got.rows[2].odd == {"reservation_fee": "twelve"}


async def test_what_a_strict_reader_would_reject_in_one_row_leaves_the_page_alone() -> None:
    rows = ",".join(
        [
            json.dumps(reservation("res_1")),
            json.dumps(reservation("res_2"))[:-1] + r', "metadata": {"half": "\ud800"}}',
            json.dumps(reservation("res_3"))[:-1] + f', "metadata": {{"deep": {"[" * 300}{"]" * 300}}}}}',
            json.dumps(reservation("res_4"))[:-1] + f', "big": {"9" * 9000}}}',
        ]
    )
    body = f'{{"data": [{rows}], "next_page_url": null, "previous_page_url": null}}'.encode()
    bad_utf8 = body.replace(b'"res_1"', b'"res_1\xff"')
    for sent, first in ((body, "res_1"), (bad_utf8, "res_1\ufffd")):
        async with raw_server([answer(sent)]) as server:
            got = await _one(server)
        assert [row.id for row in got.rows] == [first, "res_2", "res_3", "res_4"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": None, "next_page_url": None},
        {"data": {}, "next_page_url": None},
        {"data": []},
        {"data": [], "next_page_url": 7},
        {"data": [], "next_page_url": ""},
        [],
        "text",
        None,
        b"",
        b"<html>",
        b'{"data": [',
        b"[" * 100_000,
    ],
    ids=lambda body: str(body)[:30],
)
async def test_an_envelope_that_is_none_is_told(body: Any) -> None:
    async with raw_server([answer(body if isinstance(body, bytes) else json.dumps(body))]) as server:
        with pytest.raises(AnswerUnreadable) as caught:
            await _one(server)
    assert "list reservations" in caught.value.sentence


def _answer(body: bytes) -> Answer:
    return Answer(Meta("GET", "/v1/reservations", 200, None, None, None, None, 0.0, 0.0, len(body)), {}, body, "list")


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)) | st.sampled_from(
    ["2026-04-01T00:00:00.000Z", "9999-12-31T23:59:59-23:00", "res_1", "pending"]
)  # fmt: skip
names = st.sampled_from([*sorted(Reservation.model_fields), "unread", "odd", "model_fields", "__class__"]) | st.text()
anything = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=12)
rows = st.builds(lambda odd: reservation() | odd, st.dictionaries(names, anything, max_size=4)) | anything


@given(body=st.binary() | st.builds(lambda value: json.dumps(value).encode(), anything))
def test_no_body_makes_the_reader_fail_in_another_way_than_its_own(body: bytes) -> None:
    with suppress(ChargeError):
        assert len(read_page(_answer(body)).rows) == len(json.loads(body)["data"])


@given(sent=st.lists(rows, max_size=4))
def test_every_row_of_a_page_has_its_place(sent: list[Any]) -> None:
    got = read_page(_answer(json.dumps(page(*sent)).encode()))
    assert len(got.rows) == len(sent)
    for row, original in zip(got.rows, sent, strict=True):
        assert isinstance(row, OddRow | Reservation)
        if isinstance(original, dict) and isinstance(original.get("id"), str) and original["id"].isascii():
            assert row.id == original["id"] or not original["id"]


@given(sent=st.lists(st.builds(lambda odd: {"id": "drv_1"} | odd, st.dictionaries(names, anything)) | anything))
def test_every_neighbour_of_a_page_has_its_place(sent: list[Any]) -> None:
    reader = client("http://127.0.0.1:1/v1").charging_stations
    got = reader.read_page(_answer(json.dumps(page(*sent)).encode()))
    assert len(got.rows) == len(sent)
    for row, original in zip(got.rows, sent, strict=True):
        if isinstance(original, dict) and isinstance(original.get("id"), str):
            assert row.id == original["id"]


async def test_neighbours_are_listed_with_their_odd_fields_left_out() -> None:
    rows = [{"id": "drv_1", "name": "Maya"}, {"id": "drv_2", "name": 7}, {"name": "no id"}, "text"]
    async with raw_server([answer(page(*rows))]) as server, client(server.base_url) as charge:
        got = await charge.drivers.page()
        names = [driver.id async for driver in charge.drivers.list(fleet="flt_1")]
    assert [row.id for row in got.rows] == ["drv_1", "drv_2", "row 3", "row 4"]
    assert [driver.name for driver in got.data] == ["Maya", None]
    assert names == ["drv_1", "drv_2"]


async def test_one_neighbour_is_read_by_its_id_alone() -> None:
    async with (
        raw_server([answer({"id": "chst_1", "name": "Quai Sud", "connectors": 3, "capabilities": {}})]) as server,
        client(server.base_url) as charge,
    ):
        station = await charge.charging_stations.retrieve("chst_1")
        assert (station.name, station.connectors) == ("Quai Sud", None)
        server.script = lambda _: answer({"name": "no id"})
        with pytest.raises(AnswerUnreadable):
            await charge.charging_stations.retrieve("chst_1")
