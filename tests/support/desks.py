"""Several desks of one account on one machine, on virtual time: each with its own clock, file handles and requests."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from charge_tui.api import ChargeClient
from charge_tui.clock import Clock
from charge_tui.desk.desk import Desk
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.seat import Seat
from charge_tui.desk.state import Change, Delta, Feed, Freshness
from charge_tui.domain.diff import status_of
from charge_tui.domain.times import parse_rfc3339
from charge_tui.sandbox import SandboxOptions, build_world, create_app
from charge_tui.sandbox.service import Sandbox
from tests.support.simulation import BASE_URL
from tests.support.virtual import VirtualClock


class ProcessClock(Clock):
    """The machine's clock as one process has it: while that is stopped, nobody in it wakes."""

    def __init__(self, machine: VirtualClock) -> None:
        self._machine = machine
        self._running = asyncio.Event()
        self._running.set()

    def now(self) -> datetime:
        return self._machine.now()

    def monotonic(self) -> float:
        return self._machine.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._machine.sleep(seconds)
        await self._running.wait()

    def stop(self) -> None:
        """As SIGSTOP does."""
        self._running.clear()

    def go_on(self) -> None:
        """As SIGCONT does."""
        self._running.set()


class Counted(httpx.ASGITransport):
    """Counts the requests of one desk."""

    sent = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        return await super().handle_async_request(request)


@dataclass
class OneDesk:
    """A desk, and what it has told."""

    desk: Desk
    clock: ProcessClock
    seat: Seat
    transport: Counted
    running: asyncio.Task[None]
    changes: list[Change] = field(default_factory=list)

    @property
    def feed(self) -> Feed:
        """The state of its feed now."""
        return self.desk.feed()

    def word(self) -> Freshness:
        """How far its picture can be trusted now."""
        return self.desk.feed().freshness

    @property
    def reads(self) -> bool:
        """Whether it reads the lists."""
        return self.desk.reads

    @property
    def sent(self) -> int:
        """Requests that it has sent."""
        return self.transport.sent

    def codes(self) -> set[str]:
        """What is wrong, by code."""
        return {problem.code for problem in self.feed.problems}

    def shown(self) -> dict[str, str]:
        """The open set as it has it: status by id."""
        return {row.id: status_of(row) for row in self.desk.open_rows() if not self.desk.leaving(row.id)}

    def steps(self) -> list[tuple[str, str, str]]:
        """Every change of a status that it noticed: id, before, after."""
        return [
            (change.id, status_of(change.before), status_of(change.after))
            for change in self.changes
            if change.before and change.after and status_of(change.before) != status_of(change.after)
        ]

    def die(self) -> None:
        """As SIGKILL does: nothing more is done, and the system lets go of the lock."""
        self.clock.stop()
        self.seat.release()

    async def leave(self) -> None:
        """As ``q`` does."""
        await self.desk.stop()
        await self.running


class Machine:
    """One machine with a world to look at. Files lie in ``folder``."""

    def __init__(self, options: SandboxOptions, folder: Path) -> None:
        self.clock = VirtualClock()
        self._app = create_app(build_world(options, self.clock), self.clock, options)
        self.sandbox: Sandbox = self._app.state.sandbox
        self.folder = folder
        self.desks: list[OneDesk] = []

    @property
    def picture(self) -> Path:
        """The file that the desks share."""
        return self.folder / "picture.sqlite"

    def open(
        self, *, refresh: float = 15.0, budget: int = 60, account: str = "account", picture: Path | None = None,
        state: Path | None = None,
    ) -> OneDesk:  # fmt: skip
        """Start another desk."""
        clock = ProcessClock(self.clock)
        gauge = Gauge(clock, budget)
        transport = Counted(app=self._app)
        client = ChargeClient(
            self.sandbox.key, BASE_URL, clock=clock, rng=random.Random(1), transport=transport, observer=gauge
        )
        seat = Seat(state or self.folder, account, f"desk{len(self.desks)}")
        store = PictureStore(picture or self.picture, Inline())
        desk = Desk(client, gauge, store, clock, refresh=refresh, rng=random.Random(2), seat=seat)
        changes: list[Change] = []

        def note(delta: Delta) -> None:
            changes.extend(delta.changes)

        desk.subscribe(note)
        desk.load_saved()
        one = OneDesk(desk, clock, seat, transport, asyncio.ensure_future(desk.run()), changes)
        self.desks.append(one)
        return one

    async def run(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass."""
        await self.clock.sleep(seconds + 60 * minutes + 3600 * hours)

    async def loaded(self, *desks: OneDesk) -> None:
        """Wait until these have the whole open set."""
        while not all(one.feed.complete for one in desks):
            await self.clock.sleep(1)

    def true(self) -> dict[str, str]:
        """The open set as it truly is."""
        return {row["id"]: row["status"] for s in ("pending", "confirmed") for row in self.sandbox.find(status=s)}

    def wrong(self, one: OneDesk, lag: float) -> dict[str, tuple[str | None, str | None]]:
        """What a desk shows otherwise than it is (shown, true), although it was so ``lag`` seconds ago."""
        shown, true, before = one.shown(), self.true(), one.desk.now().timestamp() - lag
        return {
            identity: (shown.get(identity), true.get(identity))
            for identity in shown.keys() | true.keys()
            if shown.get(identity) != true.get(identity)
            and parse_rfc3339(self.sandbox.reservation(identity)["updated"]).timestamp() < before
        }

    def readers(self) -> list[OneDesk]:
        """The desks that read the lists."""
        return [one for one in self.desks if one.reads and not one.running.done()]


@asynccontextmanager
async def machine(options: SandboxOptions, folder: Path) -> AsyncIterator[Machine]:
    """A machine; whatever still runs on it in the end is ended."""
    it = Machine(options, folder)
    try:
        yield it
    finally:
        for one in it.desks:
            one.clock.go_on()
            if not one.running.done():
                await one.leave()
