"""A day at the desk on virtual time: what the desk shows is what is so, and nothing goes without a word."""

from datetime import datetime

import pytest

from charge_tui.desk.state import Freshness
from charge_tui.domain.lifecycle import may_follow
from charge_tui.sandbox import SandboxOptions
from tests.support.simulation import simulated
from tests.support.virtual import BACKEND


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


OPTIONS = SandboxOptions(seed=11, reservations=400, open=120)


async def test_the_first_picture_is_the_whole_open_set() -> None:
    async with simulated(OPTIONS) as day:
        await day.loaded()
        assert day.open_on_desk() == day.open_in_world()
        feed = day.desk.feed()
        assert feed.freshness is Freshness.FRESH
        assert day.desk.counts()["pending"] == len(day.sandbox.find(status="pending"))
        assert day.desk.counts()["failed"] is None


async def test_a_day_passes_and_the_desk_misses_nothing() -> None:
    async with simulated(OPTIONS, refresh=60.0) as day:
        await day.loaded()
        before = day.open_on_desk()
        used: list[int] = []
        for _ in range(24):
            await day.run(hours=1)
            used.append(day.gauge.budget.used(day.clock.monotonic()))
            assert day.wrong(lag=120) == {}
        assert max(used) <= 60
        assert {feed.freshness for feed in day.feeds} == {Freshness.FRESH}
        assert max(feed.age or 0 for feed in day.feeds) <= 125
        ended = {i for i in before if day.sandbox.reservation(i)["status"] not in ("pending", "confirmed")}
        assert len(ended) > 50
        assert ended <= {line.split()[2] for line in day.diary()}


async def test_every_failure_is_noticed_within_half_a_minute_and_every_change_is_a_documented_one() -> None:
    async with simulated(OPTIONS) as day:
        await day.loaded()
        await day.run(hours=6)
        steps = [line.split()[3].split(">") for line in day.diary()]
        assert all(may_follow(before, after) for before, after in steps)
        late: list[tuple[str, float]] = []
        failures = 0
        for change in day.changes:
            row = change.after
            status = getattr(row, "status", "")
            if change.before is None or status not in ("failed", "confirmed"):
                continue
            if status == getattr(change.before, "status", "") or row is None:
                continue
            failures += status == "failed"
            happened = getattr(row, "confirmed_at", None) or getattr(row, "updated", None)
            assert isinstance(happened, datetime)
            seconds = (change.at - happened).total_seconds()
            if seconds > 30:
                late.append((change.id, seconds))
        assert failures > 0
        assert late == []


async def test_the_same_seed_gives_the_same_day_twice() -> None:
    diaries: list[list[str]] = []
    for _ in range(2):
        async with simulated(OPTIONS) as day:
            await day.loaded()
            await day.run(hours=2)
            diaries.append(day.diary())
    assert diaries[0]
    assert diaries[0] == diaries[1]


async def test_what_is_long_over_does_not_come_as_new_again_and_again() -> None:
    """The first page of the failed is read all along, and most that stands on it ended days ago."""
    async with simulated(SandboxOptions(seed=11, reservations=400, open=20, traffic=False), refresh=60.0) as day:
        await day.loaded()
        await day.run(minutes=20)
        old = [row for row in day.sandbox.find(status="failed") if row["id"] not in day.desk.rows]
        day.changes.clear()
        await day.run(hours=2)
        assert len(old) > 10
        assert [change for change in day.changes if change.before is None] == []
        assert not {row["id"] for row in old} & day.desk.rows.keys()
