"""Several desks of one account: one reads, the others show the same as truly, and any of them can take its place."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from charge_tui.api.errors import NotFound
from charge_tui.desk.state import Freshness
from charge_tui.domain.diff import status_of
from charge_tui.domain.times import rfc3339
from charge_tui.sandbox import SandboxOptions
from tests.support.desks import Machine, OneDesk, machine
from tests.support.virtual import BACKEND

OPTIONS = SandboxOptions(seed=11, reservations=400, open=120)


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


async def two_desks(it: Machine) -> tuple[OneDesk, OneDesk]:
    """One that reads and one that follows, both with the whole open set."""
    reads = it.open()
    await it.loaded(reads)
    follows = it.open()
    await it.run(seconds=3)
    assert (reads.reads, follows.reads) == (True, False)
    return reads, follows


async def test_ten_desks_cost_the_api_what_one_costs(tmp_path: Path) -> None:
    costs: dict[int, int] = {}
    for count in (1, 2, 10):
        folder = tmp_path / str(count)
        folder.mkdir()
        async with machine(OPTIONS, folder) as it:
            for _ in range(count):
                it.open()
            await it.run(minutes=30)
            costs[count] = sum(one.sent for one in it.desks)
            assert [one for one in it.desks if one.sent] == it.readers()
            assert all(one.shown() == it.desks[0].shown() for one in it.desks)
            assert {one.word() for one in it.desks} == {Freshness.FRESH}
    assert costs[1] == costs[2] == costs[10] > 300


def noticed(one: OneDesk, since: int = 0) -> dict[tuple[str, str, str], datetime]:
    """When a desk noticed each change of a status: id, before, after."""
    return {
        (change.id, status_of(change.before), status_of(change.after)): change.at
        for change in one.changes[since:]
        if change.before and change.after and status_of(change.before) != status_of(change.after)
    }


async def test_who_follows_notices_within_a_second_what_the_reader_notices(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = await two_desks(it)
        since = len(reads.changes)
        await it.run(hours=6)
        told, seen = noticed(reads, since), noticed(follows)
        assert len(told) > 50
        assert sum(step[2] == "failed" for step in told) > 1
        await it.run(seconds=2)
        assert {step: seen.get(step) for step in told if step not in noticed(follows)} == {}
        late = [(seen[step] - at).total_seconds() for step, at in told.items() if step in seen]
        assert max(late) <= 1
        assert it.wrong(follows, lag=60) == {}
        assert follows.sent == 0


async def test_the_ages_are_those_of_the_sights_and_not_of_the_looks(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = await two_desks(it)
        for _ in range(40):
            await it.run(seconds=5.3)
            before = reads.feed.age or 0
            await it.run(seconds=2)
            older = {
                row.id: ((follows.desk.age(row.id) or 0.0), (reads.desk.age(row.id) or 0.0))
                for row in reads.desk.open_rows()
            }
            assert all(follow >= read - 0.01 for follow, read in older.values()), "never younger than they are"
            assert (follows.feed.age or 0) <= max(before, reads.feed.age or 0) + 2.01, "two seconds behind at the most"
            assert follows.word() is reads.word()


async def test_when_the_reader_dies_another_reads_within_an_interval_and_nothing_is_missed(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        living = [*await two_desks(it), it.open()]
        await it.run(minutes=30)
        while len(living) > 1:
            (dead,) = [one for one in living if one.reads]
            living.remove(dead)
            dead.die()
            sent = sum(one.sent for one in living)
            await it.run(seconds=15)
            (heir,) = [one for one in living if one.reads]
            assert 0 < sum(one.sent for one in living) - sent <= 12, "it goes on, and does not begin anew"
            assert heir.feed.complete
            await it.run(hours=3)
            assert {one.word() for one in living} == {Freshness.FRESH}
            assert [it.wrong(one, lag=60) for one in living] == [{}] * len(living)
            assert [one for one in living if one.reads] == [heir]


async def test_a_desk_that_leaves_gives_the_reading_to_the_next_at_once(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        first, second = await two_desks(it)
        await first.leave()
        await it.run(seconds=3)
        assert it.readers() == [second]
        assert second.sent > 0
        assert second.word() is Freshness.FRESH


async def test_a_stopped_reader_is_named_its_picture_grows_old_and_another_takes_its_place(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        first, second = await two_desks(it)
        await it.run(minutes=5)
        first.clock.stop()
        await it.run(seconds=20)
        assert "seat" in second.codes()
        problem = next(problem for problem in second.feed.problems if problem.code == "seat")
        assert problem.words == "the reading desk is stopped"
        assert f"pid {os.getpid()}" in problem.sentence
        assert second.feed.next_read is None
        assert (second.feed.age or 0) >= 20
        await it.run(seconds=20)
        assert second.reads
        await it.run(seconds=20)
        assert second.word() is Freshness.FRESH
        assert second.codes() == set()
        first.clock.go_on()
        await it.run(seconds=5)
        assert it.readers() == [second]
        sent = first.sent
        await it.run(minutes=10)
        assert first.sent == sent
        assert first.word() is Freshness.FRESH
        assert first.shown() == second.shown() == it.true()


async def test_a_stopped_reader_with_a_long_interval_is_stale_before_another_reads(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        first = it.open(refresh=3, budget=600)
        await it.loaded(first)
        second = it.open(refresh=60)
        await it.run(minutes=2)
        assert second.feed.next_read is not None
        assert second.feed.next_read <= 3, "the interval is the reader's"
        first.clock.stop()
        await it.run(seconds=25)
        assert second.word() is Freshness.STALE


async def test_ctrl_z_leaves_the_reading_to_another_and_fg_comes_back_to_follow(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        first, second = await two_desks(it)
        first.desk.stand_aside()
        first.clock.stop()
        await it.run(seconds=3)
        assert second.reads
        assert second.codes() == set()
        await it.run(hours=1)
        first.clock.go_on()
        first.desk.come_back()
        await it.run(seconds=3)
        assert it.readers() == [second]
        assert first.shown() == second.shown()
        assert first.word() is Freshness.FRESH


async def test_ctrl_z_without_another_desk_takes_the_reading_up_again(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        one = it.open()
        await it.loaded(one)
        one.desk.stand_aside()
        one.clock.stop()
        await it.run(hours=2)
        assert one.word() is Freshness.STALE
        one.clock.go_on()
        one.desk.come_back()
        await it.run(seconds=40)
        assert one.reads
        assert one.word() is Freshness.FRESH
        assert it.wrong(one, lag=60) == {}
        await it.run(seconds=60)
        horizon = rfc3339(one.desk.now() - timedelta(hours=24))
        lost = {row["id"] for row in it.sandbox.find(status="failed") if row["updated"] >= horizon}
        assert lost
        assert lost <= set(one.desk.rows), "what failed meanwhile was looked for"


async def test_trouble_of_the_reader_is_the_trouble_of_all(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = await two_desks(it)
        it.sandbox.order_faults(["503"])
        await it.run(minutes=3)
        assert follows.word() is reads.word() is Freshness.OFFLINE
        assert follows.codes() == reads.codes() == {"offline"}
        assert (follows.feed.age or 0) >= 180
        it.sandbox.clear_faults()
        await it.run(seconds=20)
        assert follows.word() is Freshness.FRESH
        assert follows.codes() == set()


async def test_an_heir_keeps_the_quiet_that_the_api_asked_for(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        first, second = await two_desks(it)
        it.sandbox.order_faults(["429:600@count=1"])
        await it.run(minutes=1)
        assert second.feed.activity.startswith("rate limited")
        served = it.sandbox.served
        first.die()
        await it.run(minutes=8)
        assert second.reads
        assert it.sandbox.served == served
        await it.run(minutes=2)
        assert second.word() is Freshness.FRESH


async def test_what_a_person_reads_at_one_desk_is_known_at_the_other_without_a_request(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = await two_desks(it)
        closed = next(row["id"] for row in it.sandbox.find(status="completed") if row["id"] not in reads.desk.rows)
        await follows.desk.read(closed)
        cost = reads.sent
        await it.run(seconds=2)
        assert reads.desk.known(closed) is not None
        assert reads.feed.requests_last_minute == follows.feed.requests_last_minute
        assert reads.feed.requests_last_minute >= follows.sent > 0
        assert reads.sent - cost <= 4, "but for what was due anyway"
        with pytest.raises(NotFound):
            await follows.desk.read("res_nobody")
        page = await follows.desk.page(status="cancelled")
        await it.run(seconds=2)
        assert {row.id for row in page.rows} <= set(reads.desk.rows)


async def test_r_at_one_desk_makes_the_other_read(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads = it.open(refresh=600)
        await it.loaded(reads)
        follows = it.open(refresh=600)
        await it.run(minutes=2)
        assert (follows.feed.age or 0) > 60
        follows.desk.refresh()
        await it.run(seconds=5)
        assert (follows.feed.age or 0) < 6
        assert follows.sent == 0


async def test_names_are_looked_up_once_for_all(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = await two_desks(it)
        row = follows.desk.open_rows()[0]
        vehicle = getattr(row, "vehicle_id", None)
        assert follows.desk.names.vehicle(vehicle) is None
        await it.run(seconds=45)
        assert follows.desk.names.vehicle(vehicle) is not None
        assert follows.sent == 0
        assert reads.desk.names.vehicle(vehicle) == follows.desk.names.vehicle(vehicle)


async def test_hours_asleep_count_as_age_at_every_desk(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = await two_desks(it)
        it.sandbox.order_faults(["503"])
        it.clock.step(8 * 3600)
        await it.run(seconds=12)
        assert (reads.feed.age or 0) > 8 * 3600
        assert (follows.feed.age or 0) > 8 * 3600
        it.sandbox.clear_faults()
        it.sandbox.advance(by=8 * 3600)
        await it.run(minutes=2)
        assert follows.word() is Freshness.FRESH
        assert it.wrong(follows, lag=60) == {}


@pytest.mark.parametrize("seconds", [3600, -3600])
async def test_a_clock_that_is_set_makes_no_row_younger(tmp_path: Path, seconds: int) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = await two_desks(it)
        it.clock.step(seconds)
        late = it.open()
        for _ in range(30):
            await it.run(seconds=1)
            for one in (follows, late):
                for row in reads.desk.open_rows():
                    own, true = one.desk.age(row.id), reads.desk.age(row.id)
                    assert own is None or true is None or one.reads or own >= true - 0.01
        await it.run(minutes=2)
        assert {one.word() for one in it.desks} == {Freshness.FRESH}


async def test_accounts_and_folders_do_not_share(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        one = it.open()
        two = it.open(account="another", picture=tmp_path / "another.sqlite")
        await it.run(minutes=1)
        assert it.readers() == [one, two]


async def test_a_desk_that_reads_only_when_asked_leaves_the_seat_to_others(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        quiet = it.open(refresh=0)
        await it.loaded(quiet)
        assert quiet.word() is Freshness.OFF
        await it.run(minutes=5)
        other = it.open()
        await it.run(minutes=2)
        assert it.readers() == [other]
        assert quiet.word() is Freshness.FRESH
        await other.leave()
        await it.run(seconds=3)
        assert quiet.reads
        assert quiet.word() is Freshness.OFF
