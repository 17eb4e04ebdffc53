"""Client, desk, store and world in one process on one virtual clock: whole days in seconds, replayed exactly."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx

from charge_tui.api import ChargeClient
from charge_tui.desk.desk import Desk
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.state import Change, Delta, Feed
from charge_tui.domain.diff import status_of
from charge_tui.domain.times import parse_rfc3339
from charge_tui.sandbox import SandboxOptions, build_world, create_app
from charge_tui.sandbox.service import Sandbox
from tests.support.virtual import VirtualClock

BASE_URL = "http://127.0.0.1:8484/v1"


@dataclass
class Simulation:
    """A desk and the world that it looks at."""

    clock: VirtualClock
    sandbox: Sandbox
    desk: Desk
    gauge: Gauge
    changes: list[Change] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)

    async def run(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, every: float = 10.0) -> None:
        """Let time pass, and look at the feed now and then."""
        left = seconds + 60 * minutes + 3600 * hours
        while left > 0:
            step = min(every, left)
            await self.clock.sleep(step)
            left -= step
            self.feeds.append(self.desk.feed())

    async def loaded(self) -> None:
        """Wait for the first whole picture."""
        while not self.desk.feed().complete:
            await self.clock.sleep(1)

    def diary(self) -> list[str]:
        """Every change of a status that the desk noticed, in order, as one line each."""
        return [
            f"{change.at:%d %H:%M:%S} {change.id} {status_of(change.before)}>{status_of(change.after)}"
            for change in self.changes
            if change.before and change.after and status_of(change.before) != status_of(change.after)
        ]

    def wrong(self, lag: float) -> dict[str, tuple[str | None, str | None]]:
        """What the desk shows otherwise than it is, by id (shown, true), although it was so ``lag`` seconds ago."""
        shown, true = self.open_on_desk(), self.open_in_world()
        before = self.desk.now() - timedelta(seconds=lag)
        return {
            identity: (shown.get(identity), true.get(identity))
            for identity in shown.keys() | true.keys()
            if shown.get(identity) != true.get(identity)
            and parse_rfc3339(self.sandbox.reservation(identity)["updated"]) < before
        }

    def open_in_world(self) -> dict[str, str]:
        """The open set as it truly is: status by id."""
        return {
            row["id"]: row["status"] for status in ("pending", "confirmed") for row in self.sandbox.find(status=status)
        }

    def open_on_desk(self) -> dict[str, str]:
        """The open set as the desk has it, without those of which it says that they left for an unknown end."""
        return {row.id: status_of(row) for row in self.desk.open_rows() if not self.desk.leaving(row.id)}


@asynccontextmanager
async def simulated(
    options: SandboxOptions,
    *,
    refresh: float = 15.0,
    budget: int = 60,
    store: PictureStore | None = None,
    wire: Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport] = lambda server: server,
) -> AsyncIterator[Simulation]:
    """A desk at work on a world of its own, with a wire in between; ends without a task left behind."""
    clock = VirtualClock()
    app = create_app(build_world(options, clock), clock, options)
    sandbox: Sandbox = app.state.sandbox
    gauge = Gauge(clock, budget)
    client = ChargeClient(
        sandbox.key,
        BASE_URL,
        clock=clock,
        rng=random.Random(1),
        transport=wire(httpx.ASGITransport(app=app)),
        observer=gauge,
    )
    desk = Desk(client, gauge, store or PictureStore(None, Inline()), clock, refresh=refresh, rng=random.Random(2))
    simulation = Simulation(clock, sandbox, desk, gauge)

    def note(delta: Delta) -> None:
        simulation.changes.extend(delta.changes)

    desk.subscribe(note)
    desk.load_saved()
    running = asyncio.ensure_future(desk.run())
    try:
        yield simulation
    finally:
        await desk.stop()
        await running
