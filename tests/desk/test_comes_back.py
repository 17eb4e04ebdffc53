"""Whatever was away comes back, on virtual time: FRESH is never said of an old picture, and nobody has to do anything.

Each outage has its words; the desk is right again within one interval of its end.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import httpx
import pytest

from charge_tui.desk.budget import WINDOW
from charge_tui.desk.state import Freshness
from charge_tui.domain.lifecycle import CONFIRMED, PENDING
from charge_tui.sandbox import SandboxOptions, build_world, create_app
from tests.support.simulation import Simulation, simulated
from tests.support.virtual import BACKEND, START, VirtualLoop
from tests.support.weather import OUTAGES, Wire

OPTIONS = SandboxOptions(seed=3, reservations=300, open=90)
INTERVAL = 15.0
"""Seconds between two reads."""
LAG = 2 * INTERVAL + 5 + 1
"""Seconds for which a picture that is called FRESH may lag behind, and one for the look itself."""


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


@asynccontextmanager
async def desk(options: SandboxOptions = OPTIONS) -> AsyncIterator[tuple[Simulation, Wire]]:
    """A desk with a whole picture, and the wire that it hangs on."""
    wires: list[Wire] = []

    def through(server: httpx.AsyncBaseTransport) -> Wire:
        wires.append(Wire(server))
        return wires[0]

    async with simulated(options, refresh=INTERVAL, wire=through) as day:
        wires[0].clock = day.clock
        await day.loaded()
        yield day, wires[0]


async def truthful(day: Simulation, *, seconds: float) -> None:
    """Let time pass, and look every second whether what is called FRESH is so."""
    for _ in range(int(seconds)):
        await day.run(seconds=1)
        if day.feeds[-1].freshness is Freshness.FRESH:
            assert day.wrong(lag=LAG) == {}


async def right_within(day: Simulation, seconds: float) -> float:
    """The seconds until the picture is FRESH and true; at most so many."""
    began = day.clock.monotonic()
    while day.desk.feed().freshness is not Freshness.FRESH or day.wrong(lag=LAG):
        assert day.clock.monotonic() - began < seconds, day.desk.feed()
        await day.run(seconds=1)
    return day.clock.monotonic() - began


@pytest.mark.parametrize("words", OUTAGES)
async def test_an_hour_without_the_api_is_told_in_its_words_and_made_good(words: str) -> None:
    async with desk() as (day, wire):
        held = day.open_on_desk()
        wire.spoilt = OUTAGES[words]
        await truthful(day, seconds=120)
        feed = day.desk.feed()
        assert feed.freshness is Freshness.OFFLINE
        (problem,) = feed.problems
        assert words in problem.sentence
        assert day.open_on_desk() == held, "the last picture stays"
        await truthful(day, seconds=3480)
        assert 3500 < (day.desk.feed().age or 0) < 3700
        assert len(wire.sent) - 20 < 3600 / (INTERVAL / 2), "it is not hammered"
        changed = next(identity for identity, status in day.open_in_world().items() if status == PENDING)
        day.sandbox.edit(changed, status="failed", failed_reason="other")
        wire.spoilt = None
        await right_within(day, INTERVAL + 5)
        assert day.desk.feed().problems == ()
        await day.run(seconds=30)
        assert changed not in day.open_on_desk()


async def test_a_server_that_comes_back_with_other_rows_is_believed() -> None:
    async with desk(SandboxOptions(seed=3, reservations=300, open=90, key="ch_sk_test_same")) as (day, wire):
        before = set(day.open_on_desk())
        wire.spoilt = OUTAGES["the network is unreachable"]
        await day.run(minutes=5)
        options = SandboxOptions(seed=4, reservations=200, open=60, key="ch_sk_test_same")
        app = create_app(build_world(options, day.clock), day.clock, options)
        day.sandbox, wire.server, wire.spoilt = app.state.sandbox, httpx.ASGITransport(app=app), None
        while day.desk.feed().freshness is not Freshness.FRESH or day.desk.mirror.left():
            await day.run(seconds=1)
        assert set(day.open_on_desk()) == set(day.open_in_world())
        assert before - set(day.open_on_desk()), "and those that there are no more are gone"


async def _seconds(day: Simulation) -> str:
    return "600"


async def _date(day: Simulation) -> str:
    return format_datetime(day.desk.now() + timedelta(seconds=600), usegmt=True)


@pytest.mark.parametrize("form", [_seconds, _date], ids=["seconds", "date"])
async def test_ten_minutes_of_quiet_are_kept_to_the_second(form: Callable[[Simulation], object]) -> None:
    async with desk() as (day, wire):
        told = str(await form(day))  # type: ignore[misc]
        date = format_datetime(day.desk.now(), usegmt=True)
        wire.spoilt = lambda _: httpx.Response(429, headers={"Retry-After": told, "Date": date}, json={})
        sent = len(wire.sent)
        while len(wire.sent) == sent:
            await day.run(seconds=1)
        limited = wire.sent[-1][0]
        wire.spoilt = None
        await truthful(day, seconds=580)
        day.desk.refresh()
        await truthful(day, seconds=10)
        assert len(wire.sent) == sent + 1, "nothing leaves, not even by r"
        assert {problem.code for problem in day.desk.feed().problems} == {"rate-limited"}
        await right_within(day, 600 - 590 + INTERVAL + 5)
        after = wire.sent[sent + 1][0] - limited
        assert 580 < after <= 600 + 2


async def test_a_limit_that_lasts_for_ten_minutes_is_asked_about_as_it_says_and_no_more() -> None:
    async with desk() as (day, wire):
        wire.spoilt = lambda _: httpx.Response(429, headers={"Retry-After": "20"}, json={})
        sent = len(wire.sent)
        await truthful(day, seconds=600)
        times = [at for at, _ in wire.sent[sent:]]
        assert 25 < len(times) <= 31
        assert all(later - earlier >= 20 for earlier, later in pairwise(times))
        wire.spoilt = None
        await right_within(day, 20 + INTERVAL + 5)


@pytest.mark.parametrize("monotonic", ["stands", "goes on"])
async def test_eight_hours_asleep_are_eight_hours_of_age(monotonic: str) -> None:
    async with desk() as (day, _):
        await day.run(minutes=2)
        if monotonic == "stands":
            day.clock.step(8 * 3600)
            day.sandbox.advance(by=8 * 3600)
        else:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualLoop)
            loop.elapsed += 8 * 3600
        feed = day.desk.feed()
        assert feed.freshness is not Freshness.FRESH or monotonic == "stands"
        await day.run(seconds=6, every=0.5)
        assert max(feed.age or 0 for feed in day.feeds[-12:]) > 8 * 3600 or not day.wrong(lag=LAG)
        began = day.clock.monotonic()
        while day.wrong(lag=LAG):
            assert day.clock.monotonic() - began < INTERVAL
            await day.run(seconds=1)
        await right_within(day, 120)  # how each one ended that left in the night is read first, at the budget's pace
        await truthful(day, seconds=300)
        assert day.desk.mirror.left() == ()


async def test_a_clock_that_is_set_back_and_forth_moves_no_countdown() -> None:
    async with desk() as (day, _):
        for step in (-3600.0, 7200.0, -90.0, 45.0, -3645.0, 86_400.0, -86_400.0):
            day.clock.step(step)
            await truthful(day, seconds=40)
            true = START + timedelta(seconds=day.clock.monotonic())
            assert abs((day.desk.now() - true).total_seconds()) < 2, step
            await right_within(day, INTERVAL + 5)


async def test_after_an_outage_the_mirror_is_refilled_at_the_pace_of_the_budget_the_urgent_first() -> None:
    async with desk(SandboxOptions(seed=5, reservations=6000, open=4500)) as (day, wire):
        while not day.desk._plan.has_looked_back:
            await day.run(seconds=30)
        wire.spoilt = OUTAGES["the network is unreachable"]
        await day.run(hours=1)
        wire.spoilt, sent = None, len(wire.sent)
        await day.run(minutes=10)
        back = wire.sent[sent:]
        kinds = [_kind(path) for _, path in back]
        times = [at for at, _ in wire.sent]
        most = max(sum(1 for other in times if at <= other < at + WINDOW) for at in times)
        assert most <= day.gauge.budget.per_minute
        order = list(dict.fromkeys(kinds))
        assert order[0] in ("one", PENDING), order
        closed = next(
            (at for at, kind in enumerate(kinds) if kind in ("completed", "expired", "cancelled")), len(kinds)
        )
        for urgent in (PENDING, CONFIRMED, "failed"):
            assert kinds.index(urgent) < closed, order
        assert day.wrong(lag=600) == {}


def _kind(path: str) -> str:
    """Which list a request is for, or that it is for one reservation."""
    for status in (PENDING, CONFIRMED, "failed", "completed", "expired", "cancelled"):
        if f"status={status}" in path:
            return status
    return "one"
