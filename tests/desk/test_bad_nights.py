"""Nights on virtual time: a suspended machine, a key that is refused, an API that is away for an hour."""

import contextlib

import pytest

from charge_tui.api.errors import NotFound
from charge_tui.desk.state import Freshness
from charge_tui.sandbox import SandboxOptions
from tests.support.simulation import simulated
from tests.support.virtual import BACKEND

OPTIONS = SandboxOptions(seed=3, reservations=300, open=90)


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


async def test_after_a_night_in_a_closed_laptop_the_picture_is_old_at_once_and_new_within_an_interval() -> None:
    async with simulated(OPTIONS) as day:
        await day.loaded()
        await day.run(minutes=2)
        day.clock.step(8 * 3600)
        day.sandbox.advance(by=8 * 3600)
        await day.run(seconds=16, every=1)
        assert max(feed.age or 0 for feed in day.feeds) > 8 * 3600, "the hours asleep count as age"
        assert day.wrong(lag=60) == {}
        await day.run(minutes=2)
        assert day.desk.feed().freshness is Freshness.FRESH
        assert day.desk.mirror.left() == (), "how each one ended that left in the night is known"


async def test_an_hour_without_an_answer_is_told_and_made_good() -> None:
    async with simulated(OPTIONS) as day:
        await day.loaded()
        day.sandbox.order_faults(["503"])
        await day.run(hours=1)
        feed = day.desk.feed()
        assert feed.freshness is Freshness.OFFLINE
        assert feed.age is not None
        assert 3500 <= feed.age <= 3700
        assert day.gauge.budget.used(day.clock.monotonic()) <= 60
        day.sandbox.clear_faults()
        await day.run(seconds=20)
        assert day.desk.feed().freshness is Freshness.FRESH
        assert day.wrong(lag=60) == {}


async def test_ten_minutes_of_rate_limit_are_waited_out_and_no_longer() -> None:
    async with simulated(OPTIONS) as day:
        await day.loaded()
        day.sandbox.order_faults(["429:600@count=1"])
        await day.run(minutes=1)
        served = day.sandbox.served
        assert {problem.code for problem in day.desk.feed().problems} == {"rate-limited"}
        assert day.desk.feed().activity.startswith("rate limited")
        await day.run(minutes=8)
        assert day.sandbox.served == served, "nothing leaves while the API asked for quiet"
        await day.run(minutes=2)
        assert day.desk.feed().freshness is Freshness.FRESH
        assert day.desk.feed().problems == ()


async def test_a_refused_key_keeps_the_picture_and_is_tried_every_five_minutes() -> None:
    async with simulated(OPTIONS) as day:
        await day.loaded()
        held = day.open_on_desk()
        day.sandbox.order_faults(["401"])
        await day.run(hours=1)
        assert day.open_on_desk() == held
        assert day.desk.feed().freshness is Freshness.OFFLINE
        tries = [entry for entry in day.sandbox.requests if entry.status == 401]
        assert 10 <= len(tries) <= 14
        day.sandbox.clear_faults()
        await day.run(minutes=5, seconds=20)
        assert day.desk.feed().freshness is Freshness.FRESH
        assert day.wrong(lag=60) == {}


async def test_without_a_refresh_interval_nothing_is_read_until_somebody_asks() -> None:
    async with simulated(OPTIONS, refresh=0.0) as day:
        await day.loaded()
        await day.run(minutes=5)
        served = day.sandbox.served
        await day.run(hours=1)
        assert day.sandbox.served == served
        assert day.desk.feed().freshness is Freshness.OFF
        assert (day.desk.feed().age or 0) > 3600
        day.desk.refresh()
        await day.run(minutes=1)
        assert day.wrong(lag=90) == {}


async def test_the_first_look_after_a_sleep_tells_it_though_a_request_is_under_way() -> None:
    async with simulated(OPTIONS) as day:
        await day.loaded()
        day.sandbox.order_faults(["hang"])
        await day.run(seconds=20)
        assert day.desk.feed().freshness is Freshness.FRESH
        day.clock.step(8 * 3600)
        day.sandbox.advance(by=8 * 3600)
        feed = day.desk.feed()
        assert feed.freshness is not Freshness.FRESH
        assert (feed.age or 0) > 8 * 3600
        day.sandbox.clear_faults()
        await day.run(minutes=2)
        assert day.desk.feed().freshness is Freshness.FRESH
        assert day.wrong(lag=60) == {}


async def test_the_word_is_not_fresh_when_the_list_of_new_ones_is_not_read() -> None:
    async with simulated(OPTIONS) as day:
        await day.loaded()
        day.sandbox.order_faults(["404@path=/v1/reservations/*"])
        for identity in list(day.open_on_desk()):
            with contextlib.suppress(NotFound):
                await day.desk.read(identity)
        day.sandbox.order_faults(["500@path=/v1/reservations"])
        assert day.open_on_desk() == {}
        await day.run(seconds=70)
        assert day.desk.feed().freshness is not Freshness.FRESH
        day.sandbox.clear_faults()
        await day.run(minutes=1)
        assert day.desk.feed().freshness is Freshness.FRESH
        assert day.wrong(lag=60) == {}
