"""Sessions of a user with Attention: what needs a person is on top, and nothing moves under his hands."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from charge_tui.domain.attention import Severity
from charge_tui.domain.times import rfc3339
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.model import Rule
from charge_tui.tui.screens.showing import IDLE
from tests.support.handclock import HandClock
from tests.support.sandbox import START, SandboxMaker
from tests.support.screen import Screen

WAITS = 300
"""Seconds of the desk's clock after which a state that has not come is given up."""


@dataclass
class Shift:
    """A dispatcher at a desk whose clock a test turns, over a world of a few reservations that stands still."""

    sandbox: RunningSandbox
    screen: Screen
    clock: HandClock
    made: list[str]
    far: set[str]

    @property
    def lines(self) -> list[str]:
        """The lines of the table that say something."""
        return [line for line in self.screen.table.lines if line]

    @property
    def ids(self) -> list[str]:
        """The rows in order, without the few that every world begins with, far ahead."""
        return [identity for identity in self.screen.table.ids if identity not in self.far]

    @property
    def queue(self) -> list[str]:
        """The rows above the rule; all of them where there is no rule."""
        lines = self.screen.desk_screen.workspace.lines
        rules = [place for place, line in enumerate(lines) if isinstance(line, Rule)]
        return [line for line in lines[: rules[-1] if rules else None] if not isinstance(line, Rule)]

    def line(self, identity: str) -> str:
        """A row's line."""
        return self.screen.table.line_of(identity)

    def status(self) -> str:
        """The line of status."""
        return self.screen.pane("status")

    def fail(self, *identities: str) -> None:
        """Let reservations fail, for want of a connector."""
        for identity in identities:
            self.sandbox.edit(identity, status="failed", failed_reason="no_available_connectors")

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.screen.press(*keys)

    async def passes(self, seconds: float) -> None:
        """Let time pass, a second at a time, and let everything that comes of it happen."""
        for _ in range(int(seconds)):
            await self.clock.advance(1.0)
            await self.screen.quiesce()

    async def until(self, come: Callable[[], object], what: str, *, busy: bool = False) -> None:
        """Let time pass until a state has come; ``busy``: with a key pressed now and then, so that nobody is idle."""
        for second in range(WAITS):
            if come():
                return
            if busy and second % 5 == 0:
                await self.press("shift+f12")
            await self.passes(1)
        raise AssertionError(f"waited in vain until {what}; the screen is\n{self.screen.text}")


@asynccontextmanager
async def shift(make_sandbox: SandboxMaker, count: int = 4, **options: Any) -> AsyncIterator[Shift]:
    """A desk on so many pending reservations of different vehicles, from two hours ahead, a quarter apart."""
    sandbox = make_sandbox(reservations=0, traffic=False)
    far = {row["id"] for row in sandbox.find()}
    made = [str(sandbox.create(ideal_start=at(120 + 15 * number))["id"]) for number in range(count)]
    clock = HandClock()
    async with Screen.open(sandbox, clock=clock, refresh=2.0, **options) as screen:
        await screen.settle()
        yield Shift(sandbox, screen, clock, made, far)


def at(minutes: float) -> str:
    """So many minutes after the beginning of the world."""
    return rfc3339(START + timedelta(minutes=minutes))


async def test_with_nothing_to_do_it_says_so_and_until_when(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        assert "all clear · next deadline 05:00" in desk.lines[0]
        assert "── coming up ──" in desk.lines[1]
        assert desk.ids == desk.made
        assert desk.screen.table.cursor == desk.made[0]
        assert "all clear" in desk.screen.pane("truth")
        assert "need" not in desk.screen.app.terminal_title


async def test_a_failure_comes_on_top_as_critical_and_is_counted_everywhere(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        await desk.press("j")
        lost = desk.sandbox.create(ideal_start=at(20))["id"]
        await desk.until(lambda: lost in desk.ids, "the new one is there")
        desk.fail(lost)
        await desk.until(lambda: desk.queue == [lost], "the failure is on top")
        assert "all clear" not in desk.screen.text
        told = desk.line(lost)
        for words in ("!!C lost: no connector", "20m", "03:20–04:50", "fail"):
            assert words in told
        assert desk.lines.index(told) == 0
        assert "1 needs you, 1 critical" in desk.screen.pane("truth")
        assert "next 03:20" in desk.screen.pane("truth")
        assert "!!C critical  1" in desk.screen.pane("sidebar")
        assert "1 needs you, 1 critical" in desk.screen.app.terminal_title
        assert desk.screen.table.cursor == desk.made[1]


async def test_the_cursor_passes_over_the_rule(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox, size=(80, 24)) as desk:
        desk.fail(desk.made[2])
        await desk.until(lambda: desk.queue == [desk.made[2]], "the failure is on top")
        await desk.press("g")
        assert desk.screen.table.cursor == desk.made[2]
        await desk.press("j")
        assert desk.screen.table.cursor == desk.made[0]
        await desk.press("k")
        assert desk.screen.table.cursor == desk.made[2]
        await desk.screen.click("#table", 5, 1)
        assert desk.screen.table.cursor == desk.made[2]
        await desk.press("G", "pageup")
        assert desk.screen.table.cursor in desk.ids


@pytest.mark.parametrize("settles", ["g", "r", ""])
async def test_at_work_nothing_moves_and_news_wait_above(make_sandbox: SandboxMaker, settles: str) -> None:
    async with shift(make_sandbox) as desk:
        await desk.press("j", "j")
        before, cursor = desk.ids, desk.screen.table.cursor
        desk.fail(desk.made[0], desk.made[3])
        await desk.until(lambda: "2 new above" in desk.status(), "the news are told", busy=True)
        await desk.press("j", "k")
        assert (desk.ids, desk.screen.table.cursor) == (before, cursor)
        assert "2 new above, g shows" in desk.status()
        assert "! H lost: no connector" in desk.line(desk.made[0])
        if settles:
            await desk.press(settles)
        else:
            await desk.passes(IDLE - 2)
            assert desk.ids == before
            await desk.passes(3)
        assert desk.queue == [desk.made[0], desk.made[3]]
        assert desk.screen.table.cursor == (desk.made[0] if settles == "g" else cursor)
        assert "new above" not in desk.status()


async def test_a_row_that_is_over_stays_dim_until_nobody_is_there(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        await desk.press("j")
        before = desk.ids
        desk.sandbox.edit(desk.made[0], status="cancelled")
        await desk.until(lambda: "now cancelled" in desk.line(desk.made[0]), "it says what it became", busy=True)
        assert desk.ids == before
        await desk.passes(IDLE + 1)
        assert desk.ids == before[1:]


async def test_a_finding_that_clears_says_so_where_it_stands(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        lost = desk.made[1]
        desk.fail(lost)
        await desk.until(lambda: desk.queue == [lost], "the failure is on top")
        await desk.press("j")
        document = desk.sandbox.reservation(lost)
        desk.sandbox.advance(by=60)
        desk.sandbox.create(
            vehicle=document["vehicle"], ideal_start=document["ideal_start"], ideal_end=document["ideal_end"]
        )
        await desk.until(lambda: "cleared" in desk.line(lost), "the loss is replaced", busy=True)
        assert desk.ids[0] == lost
        await desk.until(lambda: lost not in desk.ids, "it has left")
        assert "all clear" in desk.lines[0]


async def test_a_pair_stands_in_the_queue_once_and_its_other_one_by_its_start(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox, 2) as desk:
        first, second = desk.made
        vehicle = desk.sandbox.reservation(first)["vehicle"]
        driver = desk.sandbox.reservation(first)["driver"]
        desk.sandbox.edit(second, vehicle=vehicle, driver=driver)
        await desk.until(lambda: desk.queue == [first], "the pair is in the queue")
        assert "- M booked twice" in desk.line(first)
        assert desk.ids == [first, second]
        assert "booked twice" in desk.line(second)
        assert "1 needs you" in desk.screen.pane("truth")


async def test_what_somebody_took_sinks_under_his_name_and_the_snoozed_are_counted(
    make_sandbox: SandboxMaker,
) -> None:
    async with shift(make_sandbox, 4) as desk:
        first, second, third, fourth = desk.made
        desk.fail(first, second, third)
        await desk.until(lambda: desk.queue == [first, second, third], "all three are in the queue")
        watch = desk.screen.attention
        await watch.acknowledge([f"lost:{first}"])
        await watch.snooze(f"lost:{second}", START + timedelta(minutes=30), "on the phone")
        await desk.passes(1)
        assert desk.queue == [third, first]
        assert "! H Tess: lost: no" in desk.line(first)
        assert "1 snoozed" in desk.status()
        assert "snoozed" in desk.screen.pane("sidebar")
        assert second not in desk.ids
        assert "1 needs you" in desk.screen.pane("truth")
        assert desk.ids[-1] == fourth
        await watch.handled(f"lost:{third}", "phoned")
        await desk.passes(1)
        assert desk.queue == [first, third]
        assert "Tess phoned:" in desk.line(third)
        assert "all clear · next deadline" in desk.lines[0]


async def test_filters_find_and_sorting_work_on_the_queue(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        lost, other = desk.made[3], desk.made[0]
        desk.fail(lost)
        await desk.until(lambda: desk.queue == [lost], "the failure is on top")
        driver = desk.sandbox.reservation(lost)["driver"]
        await desk.press("slash")
        await desk.screen.type(lost[:12])
        assert desk.ids == [lost]
        await desk.press("escape", "s")
        assert "by start" in desk.status()
        assert desk.ids == [*desk.made[:3], lost]
        assert "coming up" not in desk.screen.text
        assert "! H lost" in desk.line(lost)
        await desk.press("s")
        assert "by newest created" in desk.status()
        await desk.press("f")
        await desk.screen.type(driver)
        await desk.press("enter")
        assert desk.ids == [lost]
        await desk.press("F")
        while "by urgency" not in desk.status():
            await desk.press("s")
        assert desk.queue == [lost]
        assert other in desk.ids


async def test_a_change_bears_an_accent_until_the_cursor_has_been_there(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        await desk.press("g")
        changed = desk.made[2]
        other = desk.sandbox.reservation(desk.made[3])["vehicle"]
        desk.sandbox.edit(changed, vehicle=other, driver=desk.sandbox.reservation(desk.made[3])["driver"])
        recent = desk.screen.desk_screen.recent
        await desk.until(lambda: recent.of(changed), "it is marked", busy=True)
        assert accents(desk, changed)
        await desk.press("j", "j")
        assert not recent.of(changed)
        await desk.press("k")
        assert not accents(desk, changed)


async def test_a_change_fades_by_itself(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        await desk.press("g")
        changed = desk.made[2]
        desk.sandbox.edit(changed, ideal_end=at(260))
        await desk.until(lambda: accents(desk, changed), "it is marked", busy=True)
        await desk.press("j", "k")
        await desk.passes(16)
        assert not accents(desk, changed)


def accents(desk: Shift, identity: str) -> str:
    """What stands in the colour of a change on a row."""
    screen = desk.screen.desk_screen
    return "".join(span.text.strip() for span in screen._row_line(identity) if span.token == "accent")


async def test_a_status_change_in_sight_is_told_without_taking_the_focus(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox, view="pending") as desk:
        plate = desk.line(desk.made[1]).split("–")[1].split()[1]
        await desk.press("j")
        desk.sandbox.edit(desk.made[1], status="cancelled")
        await desk.until(lambda: "pending → cancelled" in desk.status(), "it is told", busy=True)
        assert plate in desk.status()
        assert desk.screen.app.focused is desk.screen.desk_screen.table
        await desk.passes(10)
        assert "→" not in desk.status()


async def test_a_flood_is_one_summary(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox, 14, size=(120, 36)) as desk:
        desk.fail(*desk.made[:12])
        await desk.until(lambda: "flood: 12 new in 10 min, 12 lost: no connector" in desk.status(), "the flood is told")
        await desk.until(lambda: "→" not in desk.status(), "what was told before it was a flood has passed")
        assert desk.queue == desk.made[:12]


async def test_a_lost_one_that_is_over_leaves_and_is_told(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        desk.fail(desk.made[0])
        await desk.until(lambda: desk.queue == [desk.made[0]], "the failure is on top")
        desk.sandbox.advance(by=4 * 3600)
        await desk.press("r")
        await desk.until(lambda: desk.made[0] not in desk.ids, "it is over")
        assert "7 and 8 have all of them" in desk.status()


async def test_frozen_it_counts_what_is_new_and_critical(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox) as desk:
        lost = desk.sandbox.create(ideal_start=at(20))["id"]
        await desk.until(lambda: lost in desk.ids, "the new one is there")
        await desk.press("p")
        before = desk.ids, desk.lines
        desk.fail(lost)
        await desk.until(lambda: "PAUSED 1 new, 1 critical" in desk.screen.pane("truth"), "it is counted")
        assert (desk.ids, desk.lines) == before
        await desk.press("p")
        assert desk.queue == [lost]
        assert desk.screen.attention.queue().fresh == {Severity.CRITICAL: 1}
