"""A failure is in the queue whether it came between two polls, with the network away, or while nobody ran a desk."""

from pathlib import Path

import pytest

from charge_tui.desk.attention.watch import Watch
from charge_tui.domain.attention.finding import Mark
from charge_tui.domain.diff import status_of
from charge_tui.domain.drafting import copied
from charge_tui.domain.reservation import Reservation
from tests.support.logging_desk import Night, World, night
from tests.support.virtual import BACKEND
from tests.support.watching import named, verdicts_in_memory


@pytest.fixture
def anyio_backend() -> object:
    """Every test here runs on virtual time."""
    return BACKEND


async def watching(desk: Night) -> Watch:
    """A watch as the screen makes it, once the first look is over."""
    watch = Watch(
        desk.desk,
        verdicts_in_memory(),
        operator="Ana",
        clock=desk.world.clock,
        journal=desk.writer.journal,
    )
    await watch.open()
    watch.tick()
    return watch


async def looks(desk: Night, watch: Watch, seconds: int) -> None:
    for _ in range(seconds):
        await desk.pass_(1)
        watch.tick()


def keys(watch: Watch) -> set[str]:
    return {finding.key for finding in named(watch.queue())}


def turns(desk: Night, identity: str) -> list[tuple[str, str]]:
    return [
        (status_of(change.before), status_of(change.after))
        for change in desk.desk.history(identity)
        if change.before and change.after and change.fields
    ]


async def test_what_fails_between_two_polls_is_in_the_queue_an_interval_later(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        watch = await watching(desk)
        lost = desk.some("pending")
        world.sandbox.edit(lost, status="failed", failed_reason="other")
        await looks(desk, watch, 17)
        assert f"lost:{lost}" in keys(watch)
        assert turns(desk, lost) == [("pending", "failed")]
        await watch.close()


async def test_what_came_and_failed_between_two_polls_is_in_the_queue_too(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        watch = await watching(desk)
        model = world.sandbox.reservation(desk.some("pending"))
        made = world.sandbox.create(
            driver=model["driver"], vehicle=model["vehicle"], ideal_start=model["ideal_start"],
            ideal_end=model["ideal_end"],
        )["id"]  # fmt: skip
        world.sandbox.edit(made, status="failed", failed_reason="other")
        await looks(desk, watch, 17)
        assert f"lost:{made}" in keys(watch)
        await watch.close()


async def test_what_fails_while_the_network_is_away_is_in_the_queue_when_it_is_back(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        watch = await watching(desk)
        lost = desk.some("pending")
        world.cut = True
        await looks(desk, watch, 60)
        world.sandbox.edit(lost, status="failed", failed_reason="other")
        await looks(desk, watch, 1800)
        assert f"lost:{lost}" not in keys(watch)
        world.cut = False
        desk.desk.refresh()
        await looks(desk, watch, 60)
        assert f"lost:{lost}" in keys(watch)
        assert turns(desk, lost) == [("pending", "failed")]
        await watch.close()


async def test_what_fails_while_no_desk_runs_is_settled_against_the_last_picture(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        lost = desk.some("pending")
        await desk.pass_(60)
    world.sandbox.edit(lost, status="failed", failed_reason="other")
    await world.clock.sleep(3600)
    async with night(world, tmp_path) as desk:
        watch = await watching(desk)
        await looks(desk, watch, 60)
        assert f"lost:{lost}" in keys(watch)
        assert turns(desk, lost) == [("pending", "failed")]
        assert not watch.queue().flood
        await watch.close()


async def test_a_lost_one_that_was_booked_again_here_leaves_the_queue_at_once(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as desk:
        watch = await watching(desk)
        lost = desk.some("pending")
        world.sandbox.edit(lost, status="failed", failed_reason="other")
        await looks(desk, watch, 17)
        assert f"lost:{lost}" in keys(watch)
        values = copied(desk.row(lost), desk.desk.now(), replaces=False).values | {"vehicle": other_vehicle(desk, lost)}
        outcome = await desk.writer.book_again(desk.row(lost), values)
        assert outcome.id is not None
        await looks(desk, watch, 3)
        assert f"lost:{lost}" not in keys(watch), "the journal knows in whose place it was booked"
        await watch.close()


async def test_what_another_desk_of_this_user_cancelled_was_not_cancelled_elsewhere(tmp_path: Path) -> None:
    world = World()
    async with night(world, tmp_path) as ana, night(world, tmp_path, operator="ben") as ben:
        watch = await watching(ana)
        here, there = sorted(row.id for row in ana.desk.rows_with_status("pending"))[:2]
        await ben.writer.cancel(ben.row(here))
        world.sandbox.edit(there, status="cancelled")
        await looks(ana, watch, 60)
        assert {status_of(ana.row(here)), status_of(ana.row(there))} == {"cancelled"}
        assert [marked.mark for marked in watch.marks(there)] == [Mark.CANCELLED_ELSEWHERE]
        assert watch.marks(here) == ()
        await watch.close()


def other_vehicle(desk: Night, identity: str) -> str:
    """So that neither the vehicle nor the metadata tells what was booked in whose place."""
    mine = desk.row(identity).vehicle_id
    vehicles = {row.vehicle_id for row in desk.desk.rows.values() if isinstance(row, Reservation)}
    return sorted(vehicle for vehicle in vehicles if vehicle and vehicle != mine)[0]
