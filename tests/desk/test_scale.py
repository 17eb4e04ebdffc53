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
