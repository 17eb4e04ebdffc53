"""The whole desk on virtual time, on a terminal that counts: the bytes of hours, in seconds and always the same.

Client, desk, rules, screen and sandbox are the real ones, in one process and on one virtual clock; only the wire and
the device of the terminal are left out. What is counted is what the program would have written to a terminal of 16
million colours that holds frames together (mode 2026), and the bodies that the API would have sent.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx
from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size

from charge_tui.sandbox import SandboxOptions, build_world, create_app
from charge_tui.sandbox.service import Sandbox
from charge_tui.tui.driver import SturdyDriver
from tests.support.panes import Panes, by_pane
from tests.support.screen import Screen
from tests.support.virtual import VirtualClock

_BASE_URL = "http://127.0.0.1:8484/v1"


class CountingDriver(SturdyDriver):
    """Writes into a list, and reads nothing."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        Driver.__init__(self, app, debug=debug, mouse=mouse, size=size)
        self._writer_thread = None
        self.written: list[str] = []

    def write(self, data: str) -> None:
        """Keep it."""
        self.written.append(data)

    def start_application_mode(self) -> None:
        """Tell the app the size of the screen, and that frames may be held together."""
        size = Size(*(self._size or (120, 36)))
        self._taken = True
        self._app._sync_available = True
        self._app.call_later(self._app._post_message, events.Resize(size, size))

    def stop_application_mode(self) -> None:
        """Nothing was taken."""
        self._taken = False

    def disable_input(self) -> None:
        """There is none."""


class Reached(NamedTuple):
    """Where the API is, and the key that it takes."""

    base_url: str
    key: str


class Tapped(httpx.AsyncBaseTransport):
    """Counts what goes over a transport."""

    def __init__(self, server: httpx.AsyncBaseTransport) -> None:
        self._server = server
        self.requests = 0
        self.writes = 0
        self.bytes = 0
        """Of the bodies as they go over the line: compressed, where the sandbox does so."""
        self.unpacked = 0
        """Of the same bodies before they were compressed."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on, and count the body of its answer; headers and what TCP adds are not counted."""
        answer = await self._server.handle_async_request(request)
        self.requests += 1
        self.writes += request.method == "POST"
        self.unpacked += len(await answer.aread())
        self.bytes += answer.num_bytes_downloaded
        return answer


@dataclass
class Counted:
    """A desk on a counting terminal, and the world that it looks at."""

    screen: Screen
    sandbox: Sandbox
    clock: VirtualClock
    wire: Tapped
    _mark: int = field(default=0)

    @property
    def driver(self) -> CountingDriver:
        """The terminal."""
        driver = self.screen.app._driver
        assert isinstance(driver, CountingDriver)
        return driver

    def taken(self) -> bytes:
        """What was written since it was asked the last time."""
        written = self.driver.written
        found = "".join(written).encode()
        written.clear()
        return found

    def panes(self) -> Panes:
        """The same, as bytes of each pane."""
        return by_pane(self.taken(), self.areas())

    def areas(self) -> dict[str, tuple[int, int, int, int]]:
        """The panes of the desk: left, top, width, height, by name."""
        desk = self.screen.desk_screen
        widgets = (desk.truth, desk.tabs, desk.sidebar, desk.head, desk.table, desk.detail, desk.status, desk.footer)
        return {str(one.id): (*one.region.offset, *one.region.size) for one in widgets if one.region.area}

    async def run(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass."""
        await self.clock.sleep(seconds + 60 * minutes + 3600 * hours)
        await asyncio.sleep(0)

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        size = Size(width, height)
        self.driver._size = size
        self.driver.send_message(events.Resize(size, size))

    async def press(self, *keys: str, every: float = 1 / 30) -> None:
        """Press keys, so many seconds one after the other, as they come from a terminal."""
        for key in keys:
            event = events.Key(key, key if len(key) == 1 else None)
            event.set_sender(self.screen.app)
            self.driver.send_message(event)
            await self.clock.sleep(every)


@asynccontextmanager
async def counted(
    options: SandboxOptions, *, size: tuple[int, int] = (120, 36), refresh: float = 15.0, budget: int = 60,
    page_size: int = 50,
) -> AsyncIterator[Counted]:  # fmt: skip
    """A desk at work with the whole open set on its screen. Only in a virtual loop."""
    clock = VirtualClock()
    served = create_app(build_world(options, clock), clock, options)
    sandbox: Sandbox = served.state.sandbox
    wire = Tapped(httpx.ASGITransport(app=served))
    loop = asyncio.get_running_loop()
    colours = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}
    with patch("textual._time.get_time", loop.time), patch.dict(os.environ, colours):
        async with Screen.open(
            Reached(_BASE_URL, sandbox.key), size=size, clock=clock, transport=wire, refresh=refresh, budget=budget,
            page_size=page_size, driver=CountingDriver, wait=False,
        ) as screen:  # fmt: skip
            while not screen.desk.feed().complete:
                await clock.sleep(1)
            yield Counted(screen, sandbox, clock, wire)
