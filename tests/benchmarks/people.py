"""Two people who look after a scarce day: one at the desk, one at a plain list. Both do one thing at a time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from charge_tui.desk.attention.known import Known
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.journal import Account, Journal
from charge_tui.desk.outcome import Outcome
from charge_tui.desk.picture import Inline
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.writes import Writer
from charge_tui.domain.attention.finding import Finding, Kind
from charge_tui.domain.attention.proposals import Proposal, propose, timely
from charge_tui.domain.drafting import Fields, copied
from charge_tui.domain.lifecycle import FAILED, PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.windows import hard_end
from tests.benchmarks.scarce import TRIP, ScarceDay
from tests.support.simulation import Simulation
from tests.support.watching import verdicts_in_memory

KEY: Final = 2.0
"""Seconds for a key."""
READ: Final = 20.0
"""Seconds to read what was not read before."""
ROW: Final = 0.7
"""Seconds to look at one row of a list."""
_PROPOSED: Final = 2
_ASKED: Final = 3
_COPY: Final = 20
_MORE: Final = 8
_WIDER: Final = (None, None, 5000, 20_000)
_ZONE: Final = ZoneInfo("Europe/Paris")


def writer_for(day: Simulation) -> Writer:
    """A writer of this desk with a journal in memory."""
    journal = Journal(
        None, Account("one", "host", "test"), operator="Ana", token="one", now=day.desk.now, clock=day.clock,
        writer=Inline(),
    )  # fmt: skip
    return Writer(day.desk, journal, WritePolicy(), clock=day.clock, rng=Random(3), zone=lambda: _ZONE)


@dataclass
class Person:
    """What somebody did."""

    day: Simulation
    scarce: ScarceDay
    writer: Writer
    keys: int = 0
    sent: int = 0
    """Writes that were tried."""
    findings: int = 0
    """Findings that were read."""
    false: int = 0
    """Those of them that needed nothing."""

    async def press(self, keys: int) -> None:
        """Take the time for so many keys."""
        self.keys += keys
        await self.day.clock.sleep(KEY * keys)

    async def work(self) -> None:
        """Do what is to be done next, or rest."""
        raise NotImplementedError

    async def tick(self) -> None:
        """What the program does each second."""


@dataclass
class AtTheDesk(Person):
    """Takes the uppermost fresh finding and sends the first proposal."""

    watch: Watch = field(init=False)
    looked: dict[str, Finding] = field(default_factory=dict)

    async def open(self) -> None:
        """Come in."""
        self.watch = Watch(
            self.day.desk, verdicts_in_memory(), operator="Ana", clock=self.day.clock, journal=self.writer.journal
        )
        await self.watch.open()

    async def tick(self) -> None:
        self.watch.tick()

    async def work(self) -> None:
        await self.day.clock.sleep(1)
        fresh = (entry.finding for entry in self.watch.queue().entries if entry.fresh)
        finding = next((one for one in fresh if not self.watch.is_over(one.key)), None)
        if finding is None:
            return
        if self.looked.get(finding.key) != finding:
            self.looked[finding.key] = finding
            self.findings += 1
            self.false += not self._needed(finding)
            await self.day.clock.sleep(READ)
        found = propose(finding, Known(self.day.desk), self.day.desk.now())
        if self.watch.finding(finding.key) is None or self.watch.is_over(finding.key):
            return
        if found and found[0].verb != "accept":
            await self.press(_PROPOSED if found[0].verb in ("book again", "edit") else _ASKED)
            if timely(found[0], self.day.desk.now()):
                self.sent += 1
                await self._send(found[0])
        self.watch.tick()
        if self.watch.finding(finding.key) == finding and not self.watch.is_over(finding.key):
            await self.press(1)
            await self.watch.acknowledge((finding.key,))

    async def _send(self, one: Proposal) -> Outcome:
        match one.verb:
            case "book again":
                return await self.writer.book_again(one.row, one.values)
            case "edit":
                return await self.writer.edit(one.row, one.values)
            case "cancel":
                return await self.writer.cancel(one.row)
            case "confirm":
                return await self.writer.confirm(one.row, one.values.get("payment_method"))
            case "move":
                return await self.writer.move(one.row, one.values)
        raise ValueError("accepting sends nothing")

    def _needed(self, finding: Finding) -> bool:
        """Whether a person who knew everything would have done something about it."""
        rows = [self.scarce.sandbox.reservation(identity) for identity in finding.subjects]
        waiting = [row for row in rows if row["status"] == PENDING]
        if finding.kind is Kind.LOST:
            trip = rows[0]["metadata"].get(TRIP)
            return trip is None or self.scarce.made_for(trip)[-1]["id"] == rows[0]["id"]
        if finding.kind is Kind.AREA_SHORT:
            return any(self.scarce.short(row) for row in waiting)
        if finding.kind is Kind.PAYMENTS_FAILING:
            return any(self.scarce.world.directory.declined(row["payment_method"]) for row in waiting)
        return True


@dataclass
class AtTheList(Person):
    """Goes through all reservations by their start, again and again, and books what failed once more by hand."""

    done: set[str] = field(default_factory=set)
    times: dict[str, int] = field(default_factory=dict)

    async def work(self) -> None:
        now = self.day.desk.now()
        rows = [row for row in self.day.desk.rows.values() if isinstance(row, Reservation)]
        ahead = [row for row in rows if now - timedelta(hours=1) < row.ideal_start < now + timedelta(hours=2)]
        for row in sorted(ahead, key=lambda row: (row.ideal_start, row.id)):
            await self.day.clock.sleep(ROW)
            if row.status == FAILED and row.id not in self.done and hard_end(row) > self.day.desk.now():
                await self._again(row)
        await self.day.clock.sleep(5)

    async def _again(self, row: Reservation) -> None:
        self.done.add(row.id)
        self.findings += 1
        await self.day.clock.sleep(READ)
        trip = (row.metadata or {}).get(TRIP) or row.id
        tried = self.times.get(trip, 0)
        self.times[trip] = tried + 1
        if tried >= len(_WIDER):
            return
        await self.press(_COPY + (_MORE if tried >= 2 else 0))
        self.sent += 1
        await self.writer.book_again(row, self._values(row, tried, self.day.desk.now()))

    def _values(self, row: Reservation, tried: int, now: datetime) -> Fields:
        values = copied(row, now).values
        radius = _WIDER[tried]
        if tried and row.failed_reason == "payment_failed":
            methods = Known(self.day.desk).payment_methods(row.driver_id, row.vehicle_id)
            other = next((identity for identity, _ in methods if identity != row.payment_method_id), None)
            return values | {"payment_method": other}
        return values if radius is None else values | {"location": values["location"] | {"radius": radius}}
