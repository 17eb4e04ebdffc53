"""The log on a virtual clock: every change of a night is in it once, whoever did it and whoever was not looking."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from charge_tui.desk.log_entry import LogKind
from charge_tui.desk.log_file import Query
from charge_tui.sandbox import SandboxOptions
from tests.support.logging_desk import World, night
from tests.support.virtual import BACKEND


@pytest.fixture
def anyio_backend() -> object:
    """Every test here runs on virtual time."""
    return BACKEND


BUSY = SandboxOptions(seed=11, reservations=300, open=80)


async def test_the_first_picture_is_no_news_and_a_failure_is_one_line(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        assert await desk.told() == []
        lost = desk.some("pending")
        world.sandbox.edit(lost, status="failed", failed_reason="payment_failed")
        await desk.pass_(120)
        (line,) = await desk.told()
        assert (line.reservation, line.before, line.after, line.what) == (lost, "pending", "failed", "failed")
        assert ("failed_reason", None, "payment_failed") in line.fields
        assert (line.source, line.who) == ("poll", "")
        assert line.vehicle == desk.row(lost).vehicle_id


async def test_what_failed_while_nobody_looked_is_told_at_the_next_start(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        lost = desk.some("pending")
        await desk.pass_(60)
    await world.clock.sleep(3600)
    world.sandbox.edit(lost, status="failed", failed_reason="no_available_connectors")
    new = world.sandbox.create(**_booking(world, lost))["id"]
    world.sandbox.edit(new, status="failed", failed_reason="other")
    await world.clock.sleep(3600)
    async with night(world, tmp_path) as desk:
        await desk.pass_(180)
        (line,) = await desk.told(reservation=lost)
        assert (line.before, line.after, line.source) == ("pending", "failed", "start")
        (line,) = await desk.told(reservation=new)
        assert (line.what, line.after, line.source) == ("new, failed", "failed", "start")
        gap = (await desk.told(LogKind.GAP))[0]
        assert gap.what == "not running"
        assert gap.until is not None
        assert timedelta(hours=2) <= gap.until - gap.at < timedelta(hours=2, minutes=3)


async def test_without_its_picture_the_log_itself_knows_the_status_before(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        lost = desk.some("pending")
        world.sandbox.edit(lost, metadata={"gate": "4"})
        await desk.pass_(120)
    (tmp_path / "picture.sqlite").unlink()
    await world.clock.sleep(600)
    world.sandbox.edit(lost, status="failed", failed_reason="other")
    async with night(world, tmp_path) as desk:
        await desk.pass_(180)
        newest, oldest = await desk.told(reservation=lost)
        assert (newest.before, newest.after, newest.what) == ("pending", "failed", "failed")
        assert oldest.what == "changed"


async def test_what_was_done_here_is_told_with_a_name_and_what_was_not_is_not(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path, operator="ana") as desk:
        mine, theirs = desk.some("pending"), desk.some("confirmed")
        await desk.writer.cancel(desk.row(mine))
        world.sandbox.edit(theirs, status="cancelled")
        await desk.pass_(120)
        (line,) = await desk.told(reservation=mine)
        assert (line.after, line.source, line.who) == ("cancelled", "here", "ana")
        (line,) = await desk.told(reservation=theirs)
        assert (line.after, line.source, line.who) == ("cancelled", "poll", "")
        (action,) = await desk.told(LogKind.ACTION)
        assert (action.what, action.reservation, action.who) == ("cancel", mine, "ana")
        assert action.detail.startswith("done: ")
        assert action.request.startswith("req_")


async def test_an_outage_is_one_gap_and_a_failure_in_it_is_not_missed(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        lost = desk.some("pending")
        await desk.pass_(60)
        world.cut = True
        await desk.pass_(600)
        (gap,) = await desk.told(LogKind.GAP)
        assert (gap.what, gap.until) == ("no answer", None)
        world.sandbox.edit(lost, status="failed", failed_reason="other")
        await desk.pass_(600)
        world.cut = False
        await desk.pass_(600)
        (gap,) = await desk.told(LogKind.GAP)
        assert gap.until is not None
        assert timedelta(minutes=19) < gap.until - gap.at < timedelta(minutes=27)
        assert [line.after for line in await desk.told(reservation=lost)] == ["failed"]


async def test_two_desks_that_see_the_same_write_it_once(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as one, night(world, tmp_path, operator="ben") as two:
        for status in ("failed", "cancelled", "expired"):
            world.sandbox.edit(one.some("pending"), status=status)
        await asyncio.gather(one.pass_(180), two.pass_(1))
        assert len(await one.told()) == len(await two.told()) == 3


async def test_a_busy_night_has_every_change_of_status_of_the_world_s_own_account(tmp_path: Path) -> None:
    world = World(BUSY)
    async with night(world, tmp_path) as desk:
        before = {row["id"]: row["status"] for row in world.sandbox.find(status="pending")}
        await desk.pass_(2 * 3600)
        lines = await desk.told()
        last: dict[str, str] = {}
        for line in reversed(lines):
            if line.after:
                last[line.reservation] = line.after
        true = {identity: world.sandbox.reservation(identity)["status"] for identity in before}
        turned = {identity: status for identity, status in true.items() if status != "pending"}
        assert len(turned) > 10
        held = {identity: desk.row(identity).status for identity in turned}
        assert {identity: last[identity] for identity in turned} == held
        assert len({(line.reservation, line.updated, line.state) for line in lines}) == len(lines)


async def test_it_is_bounded_and_the_newest_stay(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path, megabytes=0.2) as desk:
        for number in range(40):
            for row in world.sandbox.find(status="pending"):
                world.sandbox.edit(row["id"], metadata={"note": f"{number} " + "x" * 400})
            await desk.pass_(60)
    async with night(world, tmp_path, megabytes=0.2) as desk:
        left = await desk.told()
        assert left
        assert left[0].fields[0][2]["note"].startswith("39 ")
    assert (tmp_path / "desk.sqlite").stat().st_size < 2_000_000


async def test_a_log_that_cannot_be_written_says_so_and_catches_up(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        await desk.pass_(30)
        file = desk.store.file.read(lambda db: db)
        pages = file.execute("PRAGMA page_count").fetchone()[0]
        file.execute(f"PRAGMA max_page_count = {pages}")
        lost = [row["id"] for row in world.sandbox.find(status="pending")]
        for identity in lost:
            world.sandbox.edit(identity, status="failed", metadata={"note": "x" * 3000})
        await desk.pass_(180)
        assert "full" in (desk.log.problem or "")
        (problem,) = desk.log.problems(desk.desk.now())
        assert "waits in memory" in problem.sentence
        file.execute("PRAGMA max_page_count = 100000")
        assert {line.reservation for line in await desk.told()} == set(lost)
        assert desk.log.problem is None


async def test_words_reservation_and_moment_find_lines(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        one, two = (row["id"] for row in world.sandbox.find(status="pending")[:2])
        world.sandbox.edit(one, metadata={"note": "Grüße"})
        await desk.pass_(120)
        moment = desk.desk.now()
        world.sandbox.edit(two, status="failed", failed_reason="payment_failed")
        await desk.pass_(120)
        await desk.log.written()

        async def found(query: Query) -> set[str]:
            return {line.reservation for line in await desk.log.all(query)}

        assert await found(Query(text="PAYMENT fail")) == {two}
        assert await found(Query(text=one[4:16])) == {one}
        assert await found(Query(text="grusse")) == await found(Query(text="NOTE grüß")) == {one}
        assert await found(Query(reservation=one)) == {one}
        assert await found(Query(since=moment)) == {two}
        assert await found(Query(until=moment)) == {one}
        plate = desk.desk.names.vehicle(desk.row(two).vehicle_id)
        assert plate
        assert two in await found(Query(text=plate.replace("-", "").lower()))
        assert await found(Query(text="nothing like it")) == set()


def _booking(world: World, like: str) -> dict[str, object]:
    row = world.sandbox.reservation(like)
    names = ("driver", "vehicle", "ideal_start", "ideal_end", "connector_type", "location", "payment_method")
    return {name: row[name] for name in names if row.get(name) is not None}
