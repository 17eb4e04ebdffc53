"""The application on a virtual clock, in one process: no thread, no socket, no real time."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charge_tui.sandbox import SandboxOptions, build_world, create_app
from charge_tui.sandbox.inputs import CREATE
from charge_tui.sandbox.instants import millis, read
from charge_tui.sandbox.service import Sandbox
from tests.support.sandbox import KEY, START


class StandingClock:
    """A clock that moves only when somebody sleeps on it or pushes it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


def client(clock: StandingClock, **fields: Any) -> tuple[httpx.AsyncClient, Sandbox]:
    options = SandboxOptions(key=KEY, reservations=100, traffic=False, **fields)
    app = create_app(build_world(options, clock), clock, options)
    transport = httpx.ASGITransport(app)
    bearer = {"Authorization": f"Bearer {KEY}"}
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/v1", headers=bearer), app.state.sandbox


async def test_the_world_runs_at_its_speed_on_the_clock_it_is_given() -> None:
    clock = StandingClock()
    http, sandbox = client(clock, speed=60)
    async with http:
        first = await http.get("/reservations?limit=1")
        assert read(first.headers["charge-sandbox-now"]) == millis(START)
        clock.seconds += 60
        later = await http.get("/reservations?limit=1")
    assert read(later.headers["charge-sandbox-now"]) == millis(START + timedelta(hours=1))
    assert later.headers["charge-sandbox-rate"] == "60"
    assert sandbox.world.now == millis(START + timedelta(hours=1))


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br, GZip;q=0.5", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
    ],
)
async def test_a_page_is_compressed_for_whoever_takes_gzip(accepted: str, is_packed: bool) -> None:
    http, _ = client(StandingClock(), speed=0)
    async with http:
        plain = await http.get("/reservations?limit=50", headers={"Accept-Encoding": "identity"})
        answer = await http.get("/reservations?limit=50", headers={"Accept-Encoding": accepted})
        small = await http.get("/reservations/res_1", headers={"Accept-Encoding": accepted})
    assert answer.json() == plain.json()
    assert "content-encoding" not in small.headers
    assert (answer.headers.get("content-encoding") == "gzip") is is_packed
    assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded
    assert (answer.num_bytes_downloaded < len(plain.content) / 3) is is_packed


async def test_an_advance_keeps_the_speed_from_there_on() -> None:
    clock = StandingClock()
    http, sandbox = client(clock, speed=2)
    async with http:
        assert sandbox.advance(by=100) == START + timedelta(seconds=100)
        clock.seconds += 5
        assert sandbox.sync() == millis(START + timedelta(seconds=110))


async def test_latency_is_waited_on_the_clock() -> None:
    clock = StandingClock()
    http, sandbox = client(clock)
    sandbox.order_faults(["latency:2.5", "latency:1"])
    async with http:
        assert (await http.get("/reservations")).status_code == 200
    assert clock.slept == [2.5, 1.0]


@pytest.mark.parametrize("spec", ["reset", "lost", "half", "hang:7"])
async def test_a_broken_connection_without_a_socket_is_an_error(spec: str) -> None:
    http, sandbox = client(StandingClock())
    sandbox.order_faults([spec])
    async with http:
        with pytest.raises(ConnectionResetError):
            await http.get("/reservations")
        sandbox.clear_faults()
        assert (await http.get("/reservations")).status_code == 200


async def test_a_rate_limit_counts_real_minutes_and_says_how_long() -> None:
    clock = StandingClock()
    options = SandboxOptions(key=KEY, reservations=10, readings={"rate-limit": "60"})
    app = create_app(build_world(options, clock), clock, options)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1/v1", headers=headers
    ) as http:
        statuses = []
        for _ in range(61):
            clock.seconds += 0.5
            answer = await http.get("/reservations?limit=1")
            statuses.append(answer.status_code)
        assert statuses == [200] * 60 + [429]
        assert answer.headers["retry-after"] == "30"
        clock.seconds += 30
        assert (await http.get("/reservations?limit=1")).status_code == 200


def test_a_default_world_starts_at_the_clock_s_now() -> None:
    clock = StandingClock()
    world = build_world(SandboxOptions(reservations=5), clock)
    assert world.now == millis(clock.now().astimezone(UTC))


@pytest.mark.slow
async def test_a_hundred_thousand_reservations() -> None:
    clock = StandingClock()
    options = SandboxOptions(key=KEY, reservations=100_000, speed=0)
    world = build_world(options, clock)
    assert sum(world.store.counts().values()) == 100_000
    assert 4_800 <= world.store.count("pending", "confirmed") <= 5_000
    app = create_app(world, clock, options)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1/v1", headers=headers
    ) as http:
        seen: set[str] = set()
        url: str | None = "/reservations?limit=100"
        while url:
            page = (await http.get(url)).json()
            seen |= {row["id"] for row in page["data"]}
            url = page["next_page_url"]
            if len(seen) == 2_000:
                break
        assert len(seen) == 2_000
    driver = next(iter(world.directory.crews)).drivers[0]["id"]
    for filters in ({}, {"status": "completed"}, {"driver": driver, "status": "completed"}, {"driver": driver}):
        plan = world.store.plan(filters, 50_000, False, 100)
        assert "SCAN" not in plan or "USING" in plan or filters == {}
        assert "TEMP B-TREE" not in plan


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(["limit", "page", "status", "driver", "expand", "x"]), st.text()), max_size=6)
)
def test_no_query_brings_the_sandbox_down(pairs: list[tuple[str, str]]) -> None:
    assert _ask("GET", "/reservations?" + urlencode(pairs, errors="replace")) < 500


@settings(max_examples=150)
@given(
    st.sampled_from(["", "/res_wrF0i5e6cAuXxV9ojAl7Bj0ItaN2d2SI", "/res_BzPpVflI7WIwvfvbLAU7MwYvKweypDnW/confirm"]),
    st.dictionaries(
        st.sampled_from([*sorted(CREATE), "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text() | st.sampled_from(["latitude", "longitude", "radius"]), inner, max_size=3)
            ),
            max_leaves=5,
        ),
        max_size=5,
    ),
)
def test_no_body_brings_the_sandbox_down(path: str, body: dict[str, Any]) -> None:
    assert _ask("POST", f"/reservations{path}", json.dumps(body)) < 500


_HELD: list[tuple[httpx.AsyncClient, Sandbox]] = []


def _ask(method: str, path: str, content: str | None = None) -> int:
    if not _HELD:
        _HELD.append(client(StandingClock()))
    return asyncio.run(_HELD[0][0].request(method, path, content=content)).status_code
