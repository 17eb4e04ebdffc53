"""A writer at work on a sandbox, without a screen: what a person does, and what is known of it afterwards."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from charge_tui.api import ChargeClient
from charge_tui.api.retry import RetryPolicy
from charge_tui.clock import SystemClock
from charge_tui.desk.account import BareBench, account_of
from charge_tui.desk.entries import Entry, State
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Journal
from charge_tui.desk.outcome import Outcome
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.writes import Writer
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from charge_tui.secret import Secret
from tests.support.live import SHORT

PARIS = ZoneInfo("Europe/Paris")
AT_ONCE = RetryPolicy(retries=2, base=0.0, ceiling=0.0)
"""Three attempts with no wait in between."""


class LateClock(SystemClock):
    """The machine's clock, set ahead by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Hand:
    """A person at one desk."""

    sandbox: RunningSandbox
    client: ChargeClient
    bench: BareBench
    journal: Journal
    writer: Writer
    policy: WritePolicy
    clock: LateClock

    def see(self, identity: str) -> Reservation:
        """A reservation as it is shown now."""
        return Reservation.model_validate(self.sandbox.reservation(identity))

    def pending(self, number: int = 0) -> Reservation:
        """One that is pending, far from its start."""
        rows = sorted(self.sandbox.find(status="pending"), key=lambda row: row["ideal_start"], reverse=True)
        return Reservation.model_validate(rows[number])

    def confirmed(self) -> Reservation:
        """One that is confirmed."""
        return Reservation.model_validate(self.sandbox.find(status="confirmed")[0])

    def posts(self) -> list[str]:
        """The paths of the POSTs that reached the sandbox, oldest first."""
        return [one.path for one in self.sandbox.requests if one.method == "POST"]

    def keys(self) -> set[str | None]:
        """The idempotency keys that reached the sandbox."""
        return {one.idempotency_key for one in self.sandbox.requests if one.method == "POST"}

    async def states(self) -> list[State]:
        """The states of the journal's entries, oldest first."""
        return [one.state for one in await self.entries()]

    async def entries(self) -> list[Entry]:
        """The journal's entries, oldest first."""
        return sorted(await self.journal.recent(), key=lambda one: one.number)


@asynccontextmanager
async def at_desk(
    sandbox: RunningSandbox,
    path: Path | None = None,
    *,
    token: str = "one",
    operator: str = "ann",
    retry: RetryPolicy = AT_ONCE,
    policy: WritePolicy | None = None,
    patience: float = 5.0,
) -> AsyncIterator[Hand]:
    """A desk of one person; its journal is in memory unless it is given a path."""
    clock = LateClock()
    gauge, policy = Gauge(clock, 6000), policy or WritePolicy()
    async with ChargeClient(
        sandbox.key, sandbox.base_url, read_only=policy.closed_for, retry=retry, timeouts=SHORT, observer=gauge
    ) as client:
        bench = BareBench(client, gauge, clock)
        await client.reservations.page(limit=1)
        account = account_of(client, Secret(sandbox.key))
        journal = Journal(
            path, account, operator=operator, token=token, now=bench.now, clock=clock, patience=patience
        )  # fmt: skip
        writer = Writer(bench, journal, policy, clock=clock, rng=random.Random(), zone=lambda: PARIS)
        await journal.open()
        try:
            yield Hand(sandbox, client, bench, journal, writer, policy, clock)
        finally:
            await writer.drain()
            journal.close()


def ignore(done: int, total: int, outcome: Outcome) -> None:
    """A progress that nobody looks at."""
