"""A desk without a screen on a real sandbox over a real socket: tests wait for a state, never for a time."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from charge_tui.api import ChargeClient
from charge_tui.api.transport import Timeouts
from charge_tui.clock import SystemClock
from charge_tui.desk.desk import Desk
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.picture import PictureStore
from charge_tui.desk.state import Change, Delta, Feed, Freshness
from charge_tui.domain.diff import status_of
from charge_tui.sandbox import RunningSandbox

PATIENCE = 30.0
"""Real seconds after which a state that does not come is a failure."""

SHORT = Timeouts(connect=1.0, read=0.5, write=1.0, pool=1.0, total=2.0)


@dataclass
class LiveDesk:
    """A desk at work, and what it has told."""

    desk: Desk
    gauge: Gauge
    sandbox: RunningSandbox
    changes: list[Change] = field(default_factory=list)

    @property
    def feed(self) -> Feed:
        """The state of the feed now."""
        return self.desk.feed()

    def problems(self) -> set[str]:
        """The codes of what is wrong now."""
        return {problem.code for problem in self.feed.problems}

    def status(self, identity: str) -> str | None:
        """The status in which the desk has a reservation."""
        row = self.desk.known(identity)
        return status_of(row) if row else None

    def open_on_desk(self) -> dict[str, str]:
        """The open set as the desk has it: status by id."""
        return {row.id: status_of(row) for row in self.desk.open_rows() if not self.desk.leaving(row.id)}

    def open_in_world(self) -> dict[str, str]:
        """The open set as it truly is."""
        return {row["id"]: row["status"] for s in ("pending", "confirmed") for row in self.sandbox.find(status=s)}

    async def until(self, state: Callable[[], object], what: str) -> None:
        """Wait until something is so; fail with the state of things when it does not come."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not state():  # noqa: ASYNC110 - the state is of many parts, and none of them tells
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"waited {PATIENCE:g} s for: {what}; the feed is {self.feed}") from None

    async def loaded(self) -> None:
        """Wait for the first whole picture."""
        await self.until(lambda: self.feed.complete, "the first whole picture")

    async def fresh(self) -> None:
        """Wait until the feed is well and the open set is as it is."""
        await self.until(
            lambda: self.feed.freshness is Freshness.FRESH and self.open_on_desk() == self.open_in_world(),
            "a fresh picture that is as it is",
        )


@asynccontextmanager
async def live_desk(
    sandbox: RunningSandbox,
    *,
    refresh: float = 0.2,
    budget: int = 6_000,
    picture: Path | None = None,
    key: str | None = None,
    base_url: str | None = None,
    timeouts: Timeouts = SHORT,
) -> AsyncIterator[LiveDesk]:
    """A desk that reads this sandbox; ends with its picture saved and no task left."""
    clock = SystemClock()
    gauge = Gauge(clock, budget)
    client = ChargeClient(
        key or sandbox.key, base_url or sandbox.base_url, clock=clock, timeouts=timeouts, observer=gauge
    )
    desk = Desk(client, gauge, PictureStore(picture), clock, refresh=refresh, rng=random.Random(3))
    live = LiveDesk(desk, gauge, sandbox)

    def note(delta: Delta) -> None:
        live.changes.extend(delta.changes)

    desk.subscribe(note)
    desk.load_saved()
    running = asyncio.ensure_future(desk.run())
    try:
        yield live
    finally:
        await desk.stop()
        await running
