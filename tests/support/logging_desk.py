"""A desk on a virtual clock that keeps a log: whole nights in seconds, and what the log says of them afterwards."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from charge_tui.api import ChargeClient
from charge_tui.desk.desk import Desk
from charge_tui.desk.desk_store import desk_store
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Account, Journal
from charge_tui.desk.log import LogBook
from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.desk.log_file import Query
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.store import Store
from charge_tui.desk.writes import Writer
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import SandboxOptions, build_world, create_app
from charge_tui.sandbox.service import Sandbox
from tests.support.virtual import VirtualClock

BASE_URL = "http://127.0.0.1:8484/v1"
PARIS = ZoneInfo("Europe/Paris")
QUIET = SandboxOptions(seed=5, reservations=60, traffic=False)


class World:
    """A sandbox that goes on while no desk looks."""

    def __init__(self, options: SandboxOptions = QUIET) -> None:
        self.clock = VirtualClock()
        self.app = create_app(build_world(options, self.clock), self.clock, options)
        self.sandbox: Sandbox = self.app.state.sandbox
        self.cut = False

    def transport(self) -> httpx.AsyncBaseTransport:
        """The way to it; while ``cut`` nothing gets through."""
        return _Line(self)


class _Line(httpx.AsyncBaseTransport):
    def __init__(self, world: World) -> None:
        self._world = world
        self._inner = httpx.ASGITransport(app=world.app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._world.cut:
            raise httpx.ConnectError("no route")
        return await self._inner.handle_async_request(request)


@dataclass
class Night:
    """A desk at work, with its log."""

    world: World
    desk: Desk
    log: LogBook
    writer: Writer
    store: Store

    async def pass_(self, seconds: float) -> None:
        """Let time pass."""
        await self.world.clock.sleep(seconds)

    async def told(self, kind: LogKind = LogKind.CHANGE, reservation: str = "") -> list[LogEntry]:
        """The lines of one kind, the newest first."""
        await self.log.written()
        return await self.log.all(Query(kinds=frozenset({kind}), reservation=reservation))

    def row(self, identity: str) -> Reservation:
        """A reservation as the desk has it."""
        row = self.desk.known(identity)
        assert isinstance(row, Reservation)
        return row

    def some(self, status: str) -> str:
        """One that is in that status, far from its start."""
        rows = sorted(self.world.sandbox.find(status=status), key=lambda row: row["ideal_start"])
        return str(rows[-1]["id"])


@asynccontextmanager
async def night(world: World, folder: Path, *, operator: str = "ana", megabytes: float = 50.0) -> AsyncIterator[Night]:
    """A desk from its start to its orderly end; picture, journal and log are in the folder."""
    clock = world.clock
    gauge = Gauge(clock, 600)
    client = ChargeClient(
        world.sandbox.key, BASE_URL, clock=clock, rng=random.Random(1), transport=world.transport(), observer=gauge
    )
    picture = PictureStore(folder / "picture.sqlite", Inline())
    desk = Desk(client, gauge, picture, clock, rng=random.Random(2))
    journal = Journal(
        folder / "journal.sqlite", Account("one", "host", "test"), operator=operator, token=operator, now=desk.now,
        clock=clock, writer=Inline(),
    )  # fmt: skip
    writer = Writer(desk, journal, WritePolicy(), clock=clock, rng=random.Random(3), zone=lambda: PARIS)
    store = desk_store(folder / "desk.sqlite", writer=Inline(), patience=0.05)
    log = LogBook(store, journal, desk, clock, megabytes=megabytes)
    await journal.open()
    keeping = asyncio.ensure_future(log.run())
    desk.load_saved()
    polling = asyncio.ensure_future(desk.run())
    while not desk.feed().complete and not world.cut:
        await clock.sleep(1)
    try:
        yield Night(world, desk, log, writer, store)
    finally:
        await desk.stop()
        await polling
        log.stop()
        await keeping
        journal.close()
        store.close()
