"""Pages by opaque tokens: nothing is lost or repeated, whatever comes and goes in between."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from charge_tui.clock import SystemClock
from charge_tui.sandbox import RunningSandbox, SandboxOptions, build_world
from charge_tui.sandbox.lists import Lists
from charge_tui.sandbox.paging import LENGTH, Pager, Token, digest
from charge_tui.sandbox.readings import Readings
from charge_tui.sandbox.world import World
from tests.support.sandbox import START

TOKENS = st.builds(
    Token,
    position=st.integers(0, 2**63),
    newer=st.booleans(),
    limit=st.integers(1, 100),
    filters=st.binary(min_size=8, max_size=8),
    made=st.integers(0, 2**47),
)


def walk(http: httpx.Client, url: str, link: str = "next_page_url") -> list[list[dict[str, Any]]]:
    pages = []
    while url:
        page = http.get(url).json()
        pages.append(page["data"])
        url = page[link]
    return pages


@given(TOKENS)
def test_a_token_comes_back_as_it_was(token: Token) -> None:
    pager = Pager("7")
    text = pager.write(token)
    assert text.startswith("page_")
    assert len(text) == len("page_") + LENGTH
    assert text.removeprefix("page_").isalnum()
    assert text.isascii()
    assert pager.read(text) == token


@given(TOKENS, st.integers(0, LENGTH - 1), st.sampled_from("0Az9"))
def test_a_changed_token_is_refused(token: Token, place: int, char: str) -> None:
    text = Pager("7").write(token)
    at = len("page_") + place
    changed = text[:at] + char + text[at + 1 :]
    if changed != text:
        with pytest.raises(ValueError, match="page token"):
            Pager("7").read(changed)


@given(st.text(max_size=60))
@example("page_" + "z" * LENGTH)
@example("page_" + "é" * LENGTH)
@example("page_")
def test_made_up_tokens_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="page token"):
        Pager("7").read(text)


def test_a_token_of_another_world_is_refused() -> None:
    token = Token(5, False, 10, b"12345678", 0)
    with pytest.raises(ValueError, match="not a page token of this world"):
        Pager("8").read(Pager("7").write(token))


def test_all_pages_hold_everything_once_newest_first(sandbox: RunningSandbox, http: httpx.Client) -> None:
    pages = walk(http, "/reservations?limit=7")
    rows = [row for page in pages for row in page]
    assert [len(page) for page in pages[:-1]] == [7] * (len(pages) - 1)
    assert len(rows) == len({row["id"] for row in rows}) == sum(sandbox.status()["counts"].values())
    assert [row["created"] for row in rows] == sorted((row["created"] for row in rows), reverse=True)


def test_walking_back_gives_the_same_pages(http: httpx.Client) -> None:
    forth = walk(http, "/reservations?limit=30")
    url, last = "/reservations?limit=30", None
    while url:
        last = http.get(url).json()
        url = last["next_page_url"]
    assert last is not None
    back = [last["data"], *walk(http, last["previous_page_url"], "previous_page_url")]
    assert list(reversed(back)) == forth


def test_filters_are_all_applied_together(sandbox: RunningSandbox, http: httpx.Client) -> None:
    one = next(row for row in sandbox.find(status="completed"))
    query = {name: one[name] for name in ("status", "driver", "vehicle", "charging_station")}
    found = http.get("/reservations", params=query).json()["data"]
    assert one["id"] in {row["id"] for row in found}
    for row in found:
        assert {name: row[name] for name in query} == query
    assert http.get("/reservations", params=query | {"status": "failed"}).json()["data"] == []


def test_the_url_repeats_page_filters_limit_in_this_order(sandbox: RunningSandbox, http: httpx.Client) -> None:
    driver = next(row["driver"] for row in sandbox.find(status="completed"))
    answer = http.get("/reservations", params={"limit": 1, "status": "completed", "expand": "vehicle"}).json()
    url = httpx.URL(answer["next_page_url"])
    assert list(url.params) == ["page", "status", "expand", "limit"]
    assert str(url).startswith(sandbox.base_url + "/reservations?page=page_")
    assert isinstance(http.get(url).json()["data"][0]["vehicle"], dict)
    assert http.get("/reservations", params={"driver": driver, "limit": 100}).json()["next_page_url"] is None


@pytest.mark.parametrize("limit", ["0", "-1", "101", "ten", "1.5", "", "9" * 40])
def test_a_bad_limit_is_refused_by_name(http: httpx.Client, limit: str) -> None:
    answer = http.get("/reservations", params={"limit": limit})
    assert answer.status_code == 400
    assert answer.json()["param"] == "limit"


def test_ten_rows_when_no_limit_is_given(http: httpx.Client) -> None:
    page = http.get("/reservations").json()
    assert len(page["data"]) == 10
    assert "limit" not in httpx.URL(page["next_page_url"]).params
    assert page["previous_page_url"] is None


def test_neighbours_are_paged_the_same_way(sandbox: RunningSandbox, http: httpx.Client) -> None:
    for path, kind in (("/drivers", "driver"), ("/charging_stations", "charging_station")):
        rows = [row for page in walk(http, f"{path}?limit=9") for row in page]
        assert len({row["id"] for row in rows}) == len(rows) == len(sandbox.sandbox.world.directory.all(kind))
        assert [row["created"] for row in rows] == sorted((row["created"] for row in rows), reverse=True)


def _page(world: World, limit: int, token: Token | None, status: str) -> tuple[list[str], Token | None]:
    import json

    lists = Lists(Readings(), Pager("x"))
    path = "/v1/reservations"
    pairs = [("status", status), ("limit", str(limit))]
    if token is not None:
        pairs.append(("page", lists.pager.write(token)))
    query = lists.query(path, pairs, ("status",), 0)
    assert query.token == token

    def source(position: int | None, newer: bool, count: int) -> list[tuple[int, str]]:
        return [(row.seq, row.body) for row in world.store.rows(query.filters, position, newer, count)]

    answer = json.loads(lists.page("http://127.0.0.1", path, query, source, 0))
    url = answer["next_page_url"]
    following = lists.pager.read(httpx.URL(url).params["page"]) if url else None
    assert following is None or following.filters == digest(path, {"status": status})
    return [row["id"] for row in answer["data"]], following


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_stays_is_seen_once_while_rows_come_and_go(data: st.DataObject) -> None:
    world = build_world(SandboxOptions(reservations=60, open=30, start=START, traffic=False), SystemClock())
    stay = {row.id for row in world.store.rows({"status": "pending"}, None, False, -1)}
    seen: list[str] = []
    token: Token | None = None
    while True:
        ids, token = _page(world, data.draw(st.integers(1, 9)), token, "pending")
        seen += ids
        if token is None:
            break
        for _ in range(data.draw(st.integers(0, 2))):
            gone = data.draw(st.sampled_from(sorted(stay)))
            stored = world.store.get(gone)
            assert stored is not None
            if stored.status == "pending":
                world.cancel(world.document(stored), stored.origin)
            stay.discard(gone)
        if data.draw(st.booleans()):
            crew = world.directory.crews[0]
            world.create(
                driver=crew.drivers[0]["id"], vehicle=crew.vehicle["id"],
                ideal=(world.now + 10_000_000, world.now + 12_000_000), connector_type=["CCS"],
                location={**crew.stations[0]["location"], "radius": 1500}, payment_method=None, metadata={},
            )  # fmt: skip
        if not stay:
            break
    assert len(seen) == len(set(seen))
    assert stay <= set(seen) or not stay


def test_an_empty_page_leads_back_to_where_one_came_from(sandbox: RunningSandbox, http: httpx.Client) -> None:
    first = http.get("/reservations?status=pending&limit=100").json()
    ids = [row["id"] for row in first["data"]]
    page = http.get(f"/reservations?status=pending&limit={len(ids) - 1}").json()
    sandbox.edit(ids[-1], status="cancelled")
    empty = http.get(page["next_page_url"]).json()
    assert empty["data"] == []
    assert empty["next_page_url"] is None
    back = http.get(empty["previous_page_url"]).json()
    assert [row["id"] for row in back["data"]] == ids[:-1]
