"""A hundred thousand reservations, five thousand of them open: the whole open set, under the budget, paged."""

import statistics

import pytest

from charge_tui.desk.state import Freshness, ServerPage
from charge_tui.domain.lifecycle import CANCELLED
from charge_tui.sandbox import SandboxOptions
from tests.benchmarks.lateness import EDITED, ENDS, NEW, lateness
from tests.support.simulation import simulated
from tests.support.virtual import BACKEND


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


@pytest.mark.slow
async def test_a_large_account_is_held_whole_under_the_budget_and_paged_to_page_20_and_back() -> None:
    async with simulated(SandboxOptions(seed=5, reservations=100_000, open=5_000)) as day:
        await day.loaded()
        assert len(day.open_on_desk()) == 5_000
        assert day.wrong(lag=5) == {}
        assert day.sandbox.served <= 60

        pages: list[ServerPage] = [await day.desk.page(status=None)]
        for number in range(2, 21):
            following = pages[-1].next_url
            assert following is not None
            pages.append(await day.desk.page(status=None, url=following, number=number))
        seen = [row.id for page in pages for row in page.rows]
        assert len(set(seen)) == 20 * 50
        back = pages[-1]
        for number in range(19, 0, -1):
            assert back.previous_url is not None
            back = await day.desk.page(status=None, url=back.previous_url, number=number)
            assert [row.id for row in back.rows] == [row.id for row in pages[number - 1].rows]
        assert back.previous_url is None

        await day.run(minutes=5)
        day.feeds.clear()
        used: list[int] = []
        for _ in range(20):
            await day.run(minutes=1)
            used.append(day.gauge.budget.used(day.clock.monotonic()))
        assert max(used) <= 60
        assert day.wrong(lag=300) == {}
        assert {feed.freshness for feed in day.feeds} == {Freshness.FRESH}


@pytest.mark.slow
async def test_what_matters_is_seen_in_half_a_minute_and_the_rest_at_the_median_in_one() -> None:
    async with simulated(SandboxOptions(seed=6, reservations=20_000, open=5_000)) as day:
        await day.loaded()
        await day.run(minutes=3)
        begun = day.desk.now()
        await day.run(minutes=40)
        late = lateness(day, begun)
        automatic = [*late["confirmed automatically"], *late["failed"]]
        assert len(automatic) > 50
        assert max(automatic) <= 30
        assert {kind for kind, times in late.items() if len(times) > 50} >= {EDITED, ENDS[CANCELLED], NEW}
        assert {kind: statistics.median(times) for kind, times in late.items() if statistics.median(times) > 60} == {}


async def test_a_burst_of_new_ones_is_seen_with_the_next_look_however_short_that_is() -> None:
    async with simulated(SandboxOptions(seed=8, reservations=1_000, open=300, traffic=False)) as day:
        await day.loaded()
        await day.run(minutes=2)
        for status, seconds in (("pending", 16), ("failed", 31)):
            made = [day.sandbox.create()["id"] for _ in range(40)]
            if status == "failed":
                for identity in made:
                    day.sandbox.edit(identity, status="failed", failed_reason="other")
            await day.run(seconds=seconds)
            assert {getattr(day.desk.known(identity), "status", None) for identity in made} == {status}


async def test_what_a_person_asks_for_is_read_whole_and_at_once() -> None:
    async with simulated(SandboxOptions(seed=8, reservations=1_000, open=500, traffic=False)) as day:
        await day.loaded()
        await day.run(minutes=3, seconds=20)
        assert (day.desk.feed().age or 0) > 20
        changed = day.sandbox.find(status="pending")[250]["id"]
        day.sandbox.edit(changed, metadata={"gate": "4"})
        day.desk.refresh()
        await day.run(seconds=1)
        assert getattr(day.desk.known(changed), "metadata", None) == {"gate": "4"}
        assert (day.desk.feed().age or 0) <= 1


async def test_five_hundred_are_read_with_a_third_of_the_budget_and_seen_within_a_minute() -> None:
    async with simulated(SandboxOptions(seed=6, reservations=2_000, open=500)) as day:
        await day.loaded()
        await day.run(minutes=3)
        begun, served = day.desk.now(), day.sandbox.served
        day.feeds.clear()
        await day.run(minutes=60)
        assert day.sandbox.served - served <= 20 * 60
        assert {feed.freshness for feed in day.feeds} == {Freshness.FRESH}
        assert max(feed.age or 0 for feed in day.feeds) <= 75
        late = lateness(day, begun)
        assert max([*late["confirmed automatically"], *late["failed"]]) <= 30
        rest = [one for kind, times in late.items() for one in times if kind in (EDITED, ENDS[CANCELLED], NEW)]
        assert len(rest) > 20
        assert statistics.median(rest) <= 30
        assert max(rest) <= 75
