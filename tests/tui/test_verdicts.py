"""Sessions of a person who answers findings: acknowledged, handled, snoozed, listed, taken back, and never lost."""

import pytest

from charge_tui.desk.attention.state import Said
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.screens.leaving import LeaveScreen
from tests.support.attending import Attending, at, high, lost, quiet_world, twice
from tests.support.handclock import HandClock
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36)]


@pytest.fixture
def world(make_sandbox: SandboxMaker) -> RunningSandbox:
    """A world in which nothing is wrong but what a test does to it."""
    return quiet_world(make_sandbox)


@pytest.mark.parametrize("size", SIZES)
async def test_acknowledged_it_sinks_and_the_next_one_is_under_the_cursor(
    world: RunningSandbox, size: tuple[int, int]
) -> None:
    first, second, third = lost(world, 20), lost(world, 30), high(world, 60)
    async with Screen.open(world, size=size) as desk:
        person = await Attending(desk).at_finding(first)
        await desk.press("a")
        await person.queue(second, third)
        assert desk.table.cursor == second
        await person.back_at_desk("acknowledged, back at 03:30")
        verdict = person.verdict(first)
        assert verdict is not None
        assert (verdict.said, verdict.by, verdict.until) == (Said.ACKNOWLEDGED, "Tess", at(30))
        await desk.press("a", "a")
        await person.queue()
        await desk.until_shown("all clear · next deadline")


async def test_a_again_takes_it_back(world: RunningSandbox) -> None:
    only = lost(world)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(only)
        await desk.press("a")
        await person.queue()
        assert desk.table.cursor == only
        await person.back_at_desk("acknowledged, back at 03:30: lost: no connector · all clear")
        await desk.press("a")
        await person.queue(only)
        await person.back_at_desk("taken back")


async def test_marked_ones_are_acknowledged_together(world: RunningSandbox) -> None:
    first, second, third = lost(world, 20), lost(world, 30), lost(world, 40)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(third)
        await person.mark(first, third)
        await desk.press("a")
        await person.queue(second)
        await person.back_at_desk("acknowledged: 2 findings")
        await desk.press("a")
        await person.queue(first, second, third)


async def test_an_acknowledged_one_comes_back_by_itself(world: RunningSandbox) -> None:
    only = lost(world)
    clock = HandClock()
    async with Screen.open(world, clock=clock) as desk:
        person = await Attending(desk).at_finding(only)
        await desk.press("a")
        await person.queue()
        world.advance(by=29 * 60)
        await desk.settle()
        assert person.fresh == []
        world.advance(by=2 * 60)
        await desk.settle()
        await person.queue(only)


async def test_all_but_the_critical_ones_and_within_ten_seconds_back(world: RunningSandbox) -> None:
    critical, one, two = lost(world, 20), high(world, 60), high(world, 90)
    clock = HandClock()
    async with Screen.open(world, clock=clock) as desk:
        person = await Attending(desk).at_finding(critical)
        await desk.press("A")
        await person.queue(critical)
        await person.back_at_desk("2 acknowledged · A within 10 s takes it back")
        await clock.advance(9)
        await desk.press("A")
        await person.queue(critical, one, two)
        await person.back_at_desk("2 taken back")
        await desk.press("A")
        await person.queue(critical)
        await clock.advance(11)
        await desk.press("A")
        await person.back_at_desk("only critical ones wait")
        assert person.fresh == [critical]


@pytest.mark.parametrize("size", SIZES)
async def test_handled_with_one_key_for_the_reason(world: RunningSandbox, size: tuple[int, int]) -> None:
    first, second = lost(world, 20), lost(world, 30)
    async with Screen.open(world, size=size) as desk:
        person = await Attending(desk).at_finding(first)
        await desk.press("d")
        await person.page("Handled: how?", "lost: no connector", "1 phoned", "2 solved elsewhere", "3 not needed")
        await desk.press("enter")
        await person.page("Enter chooses nothing")
        await desk.press("1")
        await person.back_at_desk("handled, phoned")
        verdict = person.verdict(first)
        assert verdict is not None
        assert (verdict.said, verdict.reason, verdict.until) == (Said.HANDLED, "phoned", None)
        assert desk.table.cursor == second
        await desk.press("d", "4")
        await desk.type("taxi [red]sent")
        await desk.press("enter")
        await person.back_at_desk("handled, taxi [red]sent")
        assert person.fresh == []
        await desk.press("a")
        await person.back_at_desk("handled by Tess; W lists it")


async def test_leaving_the_reasons_says_nothing(world: RunningSandbox) -> None:
    only = lost(world)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(only)
        await desk.press("d", "4")
        await desk.type("half a")
        await desk.press("escape")
        await person.page("1–4 chooses")
        await desk.press("4", "enter")
        await person.page("Type it, or Esc goes back.")
        await desk.press("escape", "escape")
        await person.back_at_desk()
        assert person.fresh == [only]


@pytest.mark.parametrize("size", SIZES)
async def test_a_critical_one_is_snoozed_with_a_reason_and_returns(
    world: RunningSandbox, size: tuple[int, int]
) -> None:
    only = lost(world, 40)
    clock = HandClock()
    async with Screen.open(world, size=size, clock=clock) as desk:
        person = await Attending(desk).at_finding(only)
        await desk.press("w")
        await person.page("1 5m until 03:05 CEST", "2 15m until 03:15 CEST", "4 1h too long", "until 03:35 CEST")
        await desk.press("4")
        await person.page("At most until 03:35 CEST.")
        await desk.press("1")
        await person.page("Snoozed until 03:05: why?", "1 waiting for an answer")
        assert person.fresh == [only]
        await desk.press("escape")
        await person.back_at_desk("not snoozed")
        assert person.fresh == [only]
        await desk.press("w", "1", "2")
        await person.back_at_desk("snoozed until 03:05")
        await person.queue()
        verdict = person.verdict(only)
        assert verdict is not None
        assert (verdict.said, verdict.until, verdict.reason) == (Said.SNOOZED, at(5), "driver knows")
        world.advance(by=4 * 60)
        await desk.settle()
        assert person.fresh == []
        world.advance(by=2 * 60)
        await desk.settle()
        await person.queue(only)


async def test_a_snooze_until_a_typed_time(world: RunningSandbox) -> None:
    only = lost(world, 40)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(only)
        await desk.press("w", "6")
        await desk.type("soon")
        await desk.press("enter")
        await person.page("is no time")
        await desk.press("ctrl+u")
        await desk.type("03:50")
        await desk.press("enter")
        await person.page("At most until 03:35 CEST.")
        await desk.press("ctrl+u")
        await desk.type("20")
        await desk.press("enter")
        await person.page("Snoozed until 03:20: why?")
        await desk.press("1")
        await person.back_at_desk("snoozed until 03:20")


async def test_a_medium_one_is_snoozed_without_a_reason(world: RunningSandbox) -> None:
    first, _ = twice(world)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(first)
        await desk.press("w", "5")
        await person.back_at_desk("snoozed until it clears: booked twice", "all clear")
        assert person.said(first) is Said.SNOOZED


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_says_who_until_when_and_why_and_takes_back(
    world: RunningSandbox, size: tuple[int, int]
) -> None:
    snoozed, handled, acknowledged, fresh = lost(world, 20), lost(world, 30), lost(world, 40), lost(world, 50)
    async with Screen.open(world, size=size) as desk:
        person = await Attending(desk).at_finding(snoozed)
        await desk.press("w", "5", "2")
        await person.back_at_desk("snoozed")
        await desk.press("d", "1")
        await person.back_at_desk("handled")
        await desk.press("a")
        await person.queue(fresh)
        await desk.press("W")
        told = await person.page("snoozed 1", "acknowledged 1", "handled 1", "w wakes it")
        assert told.index("driver knows") < told.index("back at 03:30") < told.index("phoned")
        assert told.count("Tess 03:00") == 3
        await desk.press("w")
        await person.page("awake again: lost: no connector", "acknowledged 1", "a takes it back")
        assert "snoozed 1" not in person.page_text
        await desk.press("G", "a")
        await person.page("taken back", "acknowledged 1")
        assert person.fresh == [snoozed, handled, fresh]
        await desk.press("enter")
        await person.back_at_desk()
        assert desk.table.cursor == acknowledged


async def test_an_empty_list_says_so(world: RunningSandbox) -> None:
    async with Screen.open(world) as desk:
        await desk.press("W", "w", "a", "enter", "j")
        await Attending(desk).page("Nothing is snoozed, acknowledged or handled.")


async def test_without_a_finding_the_keys_say_so(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="confirmed") as desk:
        person = Attending(desk)
        calm = next(identity for identity in desk.table.ids if desk.attention.entry(identity) is None)
        await person.select(calm)
        for key in ("a", "d", "w"):
            await desk.press(key)
            await person.back_at_desk("nothing is wrong with this one")


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_with_a_critical_one_waiting_asks(world: RunningSandbox, key: str) -> None:
    only = lost(world)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(only)
        await desk.press(key)
        await person.page("Leave the desk?", "1 critical finding waits", "y leaves")
        await desk.press("enter")
        await person.page("Enter does not leave")
        await desk.press("escape")
        await person.back_at_desk()
        assert desk.app.is_running
        await desk.press(key)
        assert isinstance(desk.app.screen, LeaveScreen)
        await desk.press("y")
        await desk.until(lambda: desk.app._exit, "it leaves")


async def test_leaving_asks_nothing_once_it_was_answered(world: RunningSandbox) -> None:
    only = lost(world)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(only)
        await desk.press("a")
        await person.queue()
        await desk.press("q")
        await desk.until(lambda: desk.app._exit, "it leaves")
