"""The desk as its user sees it: keys go in, what is on the screen comes out. Waiting is for a state, never for time."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import tzinfo
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import httpx
from textual import events
from textual.driver import Driver
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from charge_tui.api import ChargeClient
from charge_tui.api.retry import RetryPolicy
from charge_tui.clock import Clock, SystemClock
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.desk import Desk
from charge_tui.desk.desk_store import desk_store
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Account, Journal
from charge_tui.desk.log import LogBook
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.writes import Writer
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.tui.app import ChargeApp
from charge_tui.tui.ink import ink_of
from charge_tui.tui.options import Options
from charge_tui.tui.render.spans import text_of
from charge_tui.tui.screens.desk import DeskScreen
from charge_tui.tui.widgets.lines import Lines
from tests.support.handclock import HandClock

PATIENCE = 30.0
"""Seconds until a state that does not come is given up; no test passes or fails by how fast it comes."""

PARIS = ZoneInfo("Europe/Paris")


class Reachable(Protocol):
    """An API that a desk can be opened on."""

    @property
    def base_url(self) -> str:
        """Its address."""

    @property
    def key(self) -> str:
        """The key that it takes."""


class Table:
    """The table of reservations."""

    def __init__(self, screen: "Screen") -> None:
        self._screen = screen

    @property
    def ids(self) -> list[str]:
        """All rows of the view, in order."""
        return list(self._screen.desk_screen.table.ids)

    @property
    def cursor(self) -> str | None:
        """The reservation that the cursor is on."""
        return self._screen.desk_screen.table.cursor

    @property
    def lines(self) -> list[str]:
        """What stands in the table, line by line."""
        table = self._screen.desk_screen.table
        return [table.render_line(y).text.rstrip() for y in range(table.size.height)]

    @property
    def heading(self) -> str:
        """The titles of the columns."""
        return text_of(self._screen.desk_screen.head.lines[0])

    def line_of(self, identity: str) -> str:
        """The line on which a reservation stands; empty where it is not on the screen."""
        visible = list(self._screen.desk_screen.table.visible_ids)
        return self.lines[visible.index(identity)] if identity in visible else ""

    def cursor_line(self) -> int:
        """The line of the screen that the cursor is on."""
        return list(self._screen.desk_screen.table.visible_ids).index(self.cursor or "")


class Screen:
    """A running desk on a screen that only a test sees."""

    def __init__(self, app: ChargeApp, pilot: Pilot[None], clock: Clock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock
        self.table = Table(self)

    @staticmethod
    @asynccontextmanager
    async def open(
        sandbox: Reachable,
        *,
        size: tuple[int, int] = (120, 36),
        clock: Clock | None = None,
        view: str = "attention",
        theme: str = "charge-dark",
        ascii_only: bool = False,
        zone: tzinfo = PARIS,
        zone_name: str = "Europe/Paris",
        refresh: float = 15.0,
        page_size: int = 50,
        keys: Mapping[str, str] | None = None,
        picture: Path | None = None,
        problems: tuple[str, ...] = (),
        key: str | None = None,
        wait: bool = True,
        journal: Path | None = None,
        read_only: bool = False,
        write: bool = False,
        mode: str = "TEST",
        retry: RetryPolicy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        store: Path | None = None,
        thresholds: Thresholds | None = None,
        budget: int = 600,
        driver: type[Driver] | None = None,
    ) -> AsyncIterator["Screen"]:
        """Open the desk on a sandbox; with ``wait``, return once it holds the whole open set.

        With a ``driver`` it draws on that; without one nothing is drawn.
        """
        clock = clock or SystemClock()
        gauge = Gauge(clock, budget)
        policy = WritePolicy(read_only=read_only, write=write)
        client = ChargeClient(
            key or sandbox.key, sandbox.base_url, read_only=policy.closed_for, clock=clock, observer=gauge,
            retry=retry or RetryPolicy(), transport=transport,
        )  # fmt: skip
        desk = Desk(client, gauge, PictureStore(picture, Inline()), clock, refresh=refresh, page_size=page_size)
        options = Options(
            mode=mode, host="127.0.0.1:8484", zone=zone, zone_name=zone_name, theme=theme, view=view,
            ascii=ascii_only, refresh=refresh, keys=keys or {}, problems=problems,
        )  # fmt: skip
        account = Account("tests", "127.0.0.1:8484", client.mode)
        own = Journal(journal, account, operator="Tess", token="tests", now=desk.now, clock=clock, writer=Inline())
        writer = Writer(desk, own, policy, clock=clock, rng=random.Random(5), zone=lambda: app.zone)
        desk.reporters.append(writer.problems)
        said = desk_store(store, writer=Inline())
        watch = Watch(desk, Verdicts(said, "tests"), thresholds, operator="Tess", clock=clock, journal=own)
        app = ChargeApp(desk, writer, watch, clock, options, driver=driver, logbook=LogBook(said, own, desk, clock))
        try:
            async with app.run_test(headless=driver is None, size=size) as pilot:
                screen = Screen(app, pilot, clock)
                if wait:
                    await screen.until(lambda: desk.feed().complete, "the open set is whole")
                    await screen.pilot.pause()
                yield screen
        finally:
            await writer.drain()
            await app.stop_reading()
            await watch.close()
            own.close()
            said.close()

    @property
    def desk_screen(self) -> DeskScreen:
        """The desk's own screen, whatever stands over it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, DeskScreen)
        return screen

    @property
    def writer(self) -> Writer:
        """What changes reservations."""
        return self.app.writer

    @property
    def attention(self) -> Watch:
        """What needs a person."""
        return self.app.attention

    @property
    def desk(self) -> Desk:
        """What the screen shows."""
        return self.app.desk

    def strips(self) -> list[Strip]:
        """What is painted, line by line."""
        return self.app.screen._compositor.render_strips()

    @property
    def text(self) -> str:
        """The whole screen as text."""
        return "\n".join(strip.text.rstrip() for strip in self.strips())

    def pane(self, name: str) -> str:
        """What stands in one pane: truth, tabs, sidebar, head, detail, status, footer."""
        pane = self.desk_screen.query_one(f"#{name}", Lines)
        return "\n".join(ink_of(pane).text(text_of(line)).rstrip() for line in pane.lines)

    @property
    def typing(self) -> Input:
        """The field that has the focus."""
        focused = self.app.focused
        assert isinstance(focused, Input), f"{focused!r} is not a field"
        return focused

    async def press(self, *keys: str) -> None:
        """Press keys, and let everything that comes of them happen."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {
            " ": "space", "-": "minus", "_": "underscore", ".": "full_stop", "/": "slash", ",": "comma", "+": "plus",
            ":": "colon",
        }  # fmt: skip
        await self.press(*(names.get(char, char) for char in text))

    async def click(self, selector: str, x: int, y: int) -> None:
        """Click on a cell of a pane."""
        await self.pilot.click(selector, offset=(x, y))
        await self.pilot.pause()

    async def wheel_down(self, selector: str) -> None:
        """Turn the wheel over a pane."""
        await self.pilot._post_mouse_events([events.MouseScrollDown], selector, offset=(5, 5))
        await self.pilot.pause()

    async def until(self, come: Callable[[], object], what: str) -> None:
        """Wait for a state."""
        give_up = time.monotonic() + PATIENCE
        while not come():
            assert time.monotonic() < give_up, f"waited in vain until {what}; the screen is\n{self.text}"
            await asyncio.sleep(0.005)
            await self.pilot.pause()

    async def until_shown(self, *words: str) -> None:
        """Wait until all these words stand on the screen."""
        await self.until(lambda: all(word in self.text for word in words), f"{words} are shown")

    async def settle(self) -> None:
        """With a clock that is turned by hand: turn it until everything is read and every name is known.

        The word about the last key is gone by then, the detail has followed the cursor, and seconds tick no more.
        """
        clock = self.clock
        assert isinstance(clock, HandClock)
        await clock.advance(31.0)
        await self.quiesce()
        quiet = 0
        while quiet < 3:
            before = self.text
            await clock.advance(1.0)
            await self.quiesce()
            quiet = quiet + 1 if self.text == before and not self.desk.names.wanted else 0

    async def quiesce(self) -> None:
        """Let requests that are under way come to their end."""
        for _ in range(10):
            await asyncio.sleep(0.001)
        await self.pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        """Another size of the terminal."""
        await self.pilot.resize_terminal(width, height)
        await self.pilot.pause()
