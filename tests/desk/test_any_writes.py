"""Whatever a person does and whatever the network does: the sandbox holds what the journal says, each intent once."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from charge_tui.api import ChargeClient
from charge_tui.api.retry import RetryPolicy
from charge_tui.desk.account import BareBench, account_of
from charge_tui.desk.entries import Entry, State
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Journal
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.picture import Inline
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.recovery import Undo
from charge_tui.desk.writes import Writer
from charge_tui.domain.drafting import copied, departures, shifted, values_of
from charge_tui.domain.drafting.values import CREATABLE
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import SandboxOptions, build_world, create_app
from charge_tui.sandbox.service import Sandbox
from charge_tui.secret import Secret
from tests.support.sandbox import START
from tests.support.simulation import BASE_URL
from tests.support.virtual import VirtualClock, VirtualLoop
from tests.support.writing import PARIS, ignore

FAULTS: Final = (
    (),
    ("lost@count=1,method=POST",),
    ("lost@count=2,method=POST",),
    ("lost@count=9,method=POST",),
    ("reset@count=2,method=POST",),
    ("reset@count=9,method=POST",),
    ("500@count=2,method=POST",),
    ("409@count=1,method=POST",),
    ("429:1@count=1,method=POST",),
    ("half@count=2,method=POST",),
    ("html@count=2,method=POST",),
    ("lost@count=9,method=POST", "reset@after=1,method=GET"),
    ("lost@count=1,method=POST", "500@count=2,method=POST", "503@p=0.5,method=GET"),
)
ACTS: Final = ("edit", "cancel", "confirm", "create", "again", "move", "undo", "retry", "settle", "many", "stranger")
STEP = st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.sampled_from(FAULTS))


class Session:
    """One desk on a world of a few reservations."""

    def __init__(self, sandbox: Sandbox, writer: Writer, client: ChargeClient) -> None:
        self.sandbox = sandbox
        self.writer = writer
        self.client = client
        self.ids = sorted(row["id"] for row in sandbox.find(status="pending"))[:4]
        self.first = {row["id"]: Reservation.model_validate(row) for row in sandbox.find()}
        self.strangers: set[str] = set()
        self.count = 0

    def row(self, which: int) -> Reservation:
        return Reservation.model_validate(self.sandbox.reservation(self.ids[which]))

    async def act(self, name: str, which: int) -> None:
        self.count += 1
        row, ahead = self.row(which), timedelta(minutes=10 * self.count)
        values = shifted(copied(row, START).values, ahead)
        if name == "stranger":
            self.sandbox.edit(row.id, metadata={"stranger": str(self.count)})
            self.strangers.add(row.id)
            return
        await self.deeds(row, values, which)[name]()

    def deeds(
        self, row: Reservation, values: dict[str, Any], which: int
    ) -> dict[str, Callable[[], Coroutine[Any, Any, object]]]:
        writer = self.writer
        edited = values_of(row) | {"metadata": {**(row.metadata or {}), "edit": str(self.count)}}
        return {
            "edit": lambda: writer.edit(row, edited),
            "cancel": lambda: writer.cancel(row),
            "confirm": lambda: writer.confirm(row),
            "create": lambda: writer.create(values),
            "again": lambda: writer.book_again(row, values, despite=True),
            "move": lambda: writer.move(row, values),
            "undo": self.undo,
            "retry": self.retry,
            "settle": writer.settle_open_rows,
            "many": lambda: writer.cancel_many([row, self.row((which + 1) % 4)], ignore),
        }

    async def undo(self) -> None:
        offer = await self.writer.undoable()
        if isinstance(offer, Undo):
            await self.writer.undo(offer)

    async def retry(self) -> Outcome | None:
        unknown = self.writer.unknown
        return await self.writer.retry(unknown[0].number) if unknown else None

    async def check(self) -> None:
        """At the end, with a network that works: everything is known, and it is as the journal says."""
        self.sandbox.clear_faults()
        await self.writer.settle_open_rows()
        for entry in self.writer.unknown:
            outcome = await self.writer.retry(entry.number)
            assert outcome.kind is not Kind.UNKNOWN or entry.plan.verb == "update", "only edits can be past finding out"
        entries = sorted(await self.writer.journal.recent(), key=lambda one: one.number)
        assert len({one.plan.key for one in entries}) == len(entries)
        self.check_created(entries)
        self.check_changed(entries)

    def check_created(self, entries: list[Entry]) -> None:
        """Each create that is done is one reservation of its own, with what was sent; there are no others."""
        made = {row["id"] for row in self.sandbox.find()} - self.first.keys()
        done = [one for one in entries if one.plan.verb == "create" and one.state is State.DONE]
        told = [one.plan.reservation for one in done]
        assert sorted(made) == sorted(filter(None, told))
        for one in done:
            row = Reservation.model_validate(self.sandbox.reservation(one.plan.reservation or ""))
            assert departures(one.plan.body, values_of(row, CREATABLE), PARIS) == ()

    def check_changed(self, entries: list[Entry]) -> None:
        """What is cancelled or confirmed was so by an entry, and an edit stands where the last one left it."""
        for identity in self.ids:
            row = Reservation.model_validate(self.sandbox.reservation(identity))
            mine = [one for one in entries if one.plan.reservation == identity]
            done = {one.plan.verb for one in mine if one.state in (State.DONE, State.FAILED)}
            open_ends = {one.plan.verb for one in mine if not one.state.settled}
            assert (row.status == "cancelled") <= ("cancel" in done | open_ends)
            assert (row.confirmed_at is not None) <= ("confirm" in done | open_ends)
            if row.status == "pending":
                assert not {"cancel", "confirm"} & done
            edits = [one for one in mine if one.plan.verb == "update" and one.state is State.DONE]
            if edits and identity not in self.strangers and "update" not in open_ends:
                wanted = (edits[-1].plan.after or {})["metadata"].get("edit")
                assert (row.metadata or {}).get("edit") == wanted


async def play(steps: list[tuple[str, int, tuple[str, ...]]]) -> None:
    clock = VirtualClock()
    options = SandboxOptions(
        seed=3, reservations=24, open=12, start=START, speed=0.0, traffic=False, key="ch_sk_test_t"
    )
    app = create_app(build_world(options, clock), clock, options)
    sandbox: Sandbox = app.state.sandbox
    gauge, policy = Gauge(clock, 6000), WritePolicy()
    client = ChargeClient(
        sandbox.key, BASE_URL, clock=clock, rng=random.Random(1), transport=httpx.ASGITransport(app=app),
        observer=gauge, retry=RetryPolicy(retries=2), read_only=policy.closed_for,
    )  # fmt: skip
    async with client:
        await client.reservations.page(limit=1)
        bench = BareBench(client, gauge, clock)
        journal = Journal(
            None, account_of(client, Secret(sandbox.key)), operator="ann", token="t", now=bench.now, clock=clock,
            writer=Inline(),
        )  # fmt: skip
        writer = Writer(bench, journal, policy, clock=clock, rng=random.Random(2), zone=lambda: PARIS)
        session = Session(sandbox, writer, client)
        for name, which, faults in steps:
            sandbox.order_faults(faults)
            await session.act(name, which)
        await session.check()


@settings(max_examples=100)
@given(st.lists(STEP, min_size=1, max_size=6))
def test_the_sandbox_holds_what_the_journal_says(steps: list[tuple[str, int, tuple[str, ...]]]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(play(steps))
