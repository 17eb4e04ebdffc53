"""The first look: the next page is under way while the last one is taken in, and nothing else is different for it."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from charge_tui.sandbox import SandboxOptions
from tests.support.simulation import Simulation, simulated
from tests.support.virtual import BACKEND

WORLD = SandboxOptions(seed=5, reservations=500, open=350)
Held = Callable[[httpx.Request], Awaitable[None]]


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


class Wire(httpx.AsyncBaseTransport):
    """Notes for each page that is asked for how many rows the desk has by then, and how many requests are under way."""

    def __init__(self, server: httpx.AsyncBaseTransport) -> None:
        self.server = server
        self.day: Simulation | None = None
        self.asked: list[str] = []
        self.rows: list[int] = []
        self.most = self.under_way = 0
        self.hold: Held | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert self.day is not None
        self.asked.append(request.url.query.decode())
        self.rows.append(len(self.day.desk.rows))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            if self.hold is not None:
                await self.hold(request)
            return await self.server.handle_async_request(request)
        finally:
            self.under_way -= 1


def wired(wires: list[Wire]) -> Callable[[httpx.AsyncBaseTransport], Wire]:
    def wire(server: httpx.AsyncBaseTransport) -> Wire:
        wires.append(Wire(server))
        return wires[-1]

    return wire


async def test_the_next_page_is_asked_for_before_the_last_one_is_taken_in_and_one_at_a_time() -> None:
    wires: list[Wire] = []
    async with simulated(WORLD, wire=wired(wires)) as day:
        (wire,) = wires
        wire.day = day
        await day.loaded()
        asked = [query for query in wire.asked if "status=pending" in query]
        before = [rows for query, rows in zip(wire.asked, wire.rows, strict=True) if "status=pending" in query]
        assert len(asked) == len(set(asked)) > 2
        assert before == [0, *range(0, 100 * (len(asked) - 1), 100)]
        assert wire.most == 1
        assert day.wrong(lag=5) == {}


async def test_a_page_is_as_old_as_its_request_however_long_it_was_under_way() -> None:
    wires: list[Wire] = []

    async def slow(request: httpx.Request) -> None:
        await day.clock.sleep(12)

    async with simulated(WORLD, wire=wired(wires)) as day:
        (wire,) = wires
        wire.day, wire.hold = day, slow
        while len(wire.asked) < 3:
            await day.clock.sleep(1)
        second = set(list(day.desk.rows)[100:])
        assert len(second) == 100
        assert all((day.desk.age(identity) or 0.0) >= 12 for identity in second)
        await day.loaded()
        feed = day.desk.feed()
        assert feed.age is not None
        assert feed.age >= 12 * (len(set(wire.asked)) - 1)


async def test_a_desk_that_is_left_in_between_has_what_came_and_waits_for_nothing() -> None:
    wires: list[Wire] = []

    async def never(request: httpx.Request) -> None:
        if len(wire.asked) > 1:
            await day.clock.sleep(10_000)

    async with simulated(WORLD, wire=wired(wires)) as day:
        (wire,) = wires
        wire.day, wire.hold = day, never
        while len(wire.asked) < 2:
            await day.clock.sleep(1)
        left = day.clock.monotonic()
    assert len(day.desk.rows) == 100
    assert day.clock.monotonic() - left < 1
    assert wire.under_way == 0
