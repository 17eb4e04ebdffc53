"""What goes over the line: bytes of keys, refreshes, changes and of time alone, counted on virtual time."""

import statistics
from unittest.mock import patch

import pytest

from charge_tui.desk.state import Freshness
from charge_tui.sandbox import SandboxOptions
from charge_tui.tui.screens.showing import ShowingScreen
from tests.support.at_rest import at_rest, change_one, standing
from tests.support.counting import Counted, counted
from tests.support.panes import by_pane
from tests.support.virtual import BACKEND, START

PAGE = SandboxOptions(reservations=400, open=120, start=START, speed=0.0, traffic=False)
"""More than a page of open reservations with all that can be wrong with them; the world stands still."""
CALM = SandboxOptions(reservations=400, open=100, start=START, traffic=False, trouble=False)
"""A world that goes on, in which nothing goes wrong."""


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


async def held_down(it: Counted, keys: int) -> list[int]:
    """The bytes of each key of one that is held down."""
    each = []
    it.taken()
    for _ in range(keys):
        await it.press("down")
        each.append(len(it.taken()))
    return each


async def test_every_byte_is_counted_for_one_pane() -> None:
    async with counted(PAGE) as it:
        await it.press("down", "question_mark", "escape", "2")
        await it.run(seconds=2)
        stream = it.taken()
        panes = by_pane(stream, it.areas())
        assert sum(panes.values()) == len(stream)
        assert {"truth", "sidebar", "head", "table", "detail", "status", "footer", "frame"} <= panes.keys()


async def test_a_key_that_repeats_costs_600_bytes_and_900_on_the_average() -> None:
    async with counted(PAGE) as it:
        await at_rest(it)
        first = it.screen.table.ids.index(it.screen.table.cursor or "")
        each = await held_down(it, 99)
        assert it.screen.table.ids.index(it.screen.table.cursor or "") == first + 99
        assert all(each)
        assert statistics.median(each) <= 600
        assert statistics.fmean(each) <= 900


async def test_a_single_key_with_the_detail_that_follows_it_costs_3500_bytes() -> None:
    async with counted(PAGE) as it:
        await at_rest(it)
        each, details = [], set()
        for _ in range(11):
            await it.press("down")
            await it.run(seconds=0.5)
            each.append(len(it.taken()))
            details.add(it.screen.desk_screen.detail_of)
        assert len(details) == 11
        assert statistics.median(each) <= 3_500


async def test_a_key_costs_no_more_where_a_thousand_are_not_on_the_screen() -> None:
    costs = {}
    for size in (100, 1_000):
        async with counted(standing(size)) as it:
            await at_rest(it)
            costs[size] = statistics.median(await held_down(it, 20))
    assert costs[1_000] <= costs[100] + 100  # the words of the rows differ


async def test_a_refresh_without_news_writes_nothing_but_the_truth_line() -> None:
    async with counted(standing(100)) as it:
        await at_rest(it)
        served = it.wire.requests
        await it.run(seconds=60)
        assert it.wire.requests > served + 3
        assert it.screen.desk.feed().freshness is Freshness.FRESH
        assert it.panes().keys() <= {"truth", "frame"}


async def test_one_reservation_changed_elsewhere_costs_600_bytes_besides_the_truth_line() -> None:
    async with counted(standing(100)) as it:
        await at_rest(it)
        await change_one(it)
        panes = it.panes()
        assert panes["table"]
        assert sum(panes.values()) - panes.get("truth", 0) <= 600
        assert "detail" not in panes


async def test_the_first_look_at_twenty_pages_is_shown_a_few_times() -> None:
    shown: list[int] = []
    show_rows = ShowingScreen.show_rows

    def noted(screen: ShowingScreen, *, anew: bool = False) -> None:
        shown.append(len(screen.workspace.ids))
        show_rows(screen, anew=anew)

    with patch.object(ShowingScreen, "show_rows", noted):
        async with counted(standing(2_000)) as it:
            assert it.wire.requests >= 20
            assert len(shown) <= 8
            assert 0 < next(filter(None, shown)) <= 200, "the first rows are shown at once"
            await it.run(seconds=1)
            assert len(it.screen.table.ids) == 2_000


async def test_another_size_is_painted_once() -> None:
    async with counted(PAGE) as it:
        await at_rest(it)
        it.resize(160, 48)
        await it.run(seconds=0.5)
        stream = it.taken().decode()
        assert it.screen.app.size == (160, 48)
        assert [stream.count(f"\x1b[{line};1H") for line in (2, 3, 40, 48)] == [1, 1, 1, 1]


@pytest.mark.slow
async def test_an_idle_desk_writes_at_most_30_bytes_a_second() -> None:
    """Over twenty minutes, in which reservations start, are confirmed and end."""
    async with counted(CALM) as it:
        await at_rest(it)
        served = it.wire.requests
        await it.run(minutes=20)
        assert it.wire.requests > served + 80
        assert it.screen.desk.feed().freshness is Freshness.FRESH
        written = len(it.taken())
        assert 0 < written <= 30 * 1200


async def test_no_second_ticks_on_the_screen_of_an_idle_desk() -> None:
    async with counted(standing(100)) as it:
        await at_rest(it)
        await it.run(seconds=30)
        assert it.taken() == b""
        await it.press("down")
        await it.run(seconds=2)
        it.taken()
        await it.run(seconds=10)
        assert it.panes()["truth"]
