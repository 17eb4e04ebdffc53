"""One run of the whole desk in a simulation, put together as the program puts it together, on files that stay."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from charge_tui.api import ChargeClient
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.desk import Desk
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Account, Journal
from charge_tui.desk.log import LogBook
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.state import Change, Delta, Freshness
from charge_tui.desk.writes import Writer
from charge_tui.domain.diff import status_of
from charge_tui.tui.workspace import Workspace
from tests.support.simulation import BASE_URL
from tests.support.simulation_clocks import MachineClock
from tests.support.simulation_disk import Disk, picture_on, put_on, store_on
from tests.support.simulation_life import Life
from tests.support.simulation_wire import Server, Trouble, Wire

ZONE: Final = ZoneInfo("Europe/Paris")
ACCOUNT: Final = Account("one", "host", "test")
_LOOK_AGAIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Setting:
    """How the desk of a day is set up."""

    refresh: float = 60.0
    budget: int = 60
    tick: float = 10.0
    """Seconds between two looks of the screen at the time."""
    announces: bool = True
    """Whether the server tells its own time, as the sandbox does and the API does not."""
    horizon: timedelta = timedelta(hours=24)


@dataclass
class Program:
    """A desk at work: all its parts, until it is killed."""

    number: int
    life: Life
    clock: MachineClock
    wire: Wire
    desk: Desk
    journal: Journal
    writer: Writer
    watch: Watch
    log: LogBook
    workspace: Workspace
    diary: Callable[[str], None]
    changes: list[Change] = field(default_factory=list)
    """What the desk told, as far as ``Beliefs`` has not taken it."""
    failed: list[BaseException] = field(default_factory=list)
    tick: float = 10.0
    _settled_at: float = 0.0
    _settling: "asyncio.Task[object] | None" = None

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return not self.life.over

    def go(self) -> None:
        """Start it."""
        self.desk.subscribe(self._noted)
        self.life.call(self.desk.load_saved)
        for work in (self._main(), self.desk.run(), self.log.run(), self._ticking()):
            self.life.start(work).add_done_callback(self.noted_end)

    async def quit(self) -> None:
        """End it as ``q`` does, and let go of everything."""
        if self.alive:
            await self.life.start(self._quit())
            self.life.kill()

    def kill(self) -> None:
        """End it as SIGKILL does."""
        self.life.kill()

    def _noted(self, delta: Delta) -> None:
        self.workspace.absorb(delta)
        self.changes += delta.changes
        for change in delta.changes:
            if change.before and change.after and status_of(change.before) != status_of(change.after):
                self.diary(f"{change.id} {status_of(change.before)}>{status_of(change.after)} ({change.source})")

    async def _main(self) -> None:
        await self.journal.open()
        await self.watch.open()
        self._settled_at = self.clock.monotonic()
        await self.writer.settle_open_rows()

    async def _ticking(self) -> None:
        while True:
            await self.clock.sleep(self.tick)
            self.watch.tick()
            self.workspace.turn(held=False)
            due = self.clock.monotonic() - self._settled_at >= _LOOK_AGAIN
            idle = self._settling is None or self._settling.done()
            answers = self.desk.feed().freshness in (Freshness.FRESH, Freshness.STALE)
            if self.writer.unknown and due and idle and answers:
                self._settled_at = self.clock.monotonic()
                self._settling = self.life.start(self.writer.settle_open_rows())
                self._settling.add_done_callback(self.noted_end)

    async def _quit(self) -> None:
        await self.desk.stop()
        await self.watch.close()
        self.log.stop()
        await self.log.written()
        self.journal.close()
        self.watch.verdicts.store.close()

    def noted_end(self, task: "asyncio.Task[Any]") -> None:
        """Keep what ended a task that should not have ended so."""
        if not task.cancelled() and (fault := task.exception()) is not None:
            self.failed.append(fault)


def started(
    number: int, server: Server, clock: MachineClock, disk: Disk, trouble: Trouble, setting: Setting, rng: Random,
    diary: Callable[[str], None],
) -> Program:  # fmt: skip
    """Start the desk on the files of that disk."""
    life = Life()

    def made() -> Program:
        gauge = Gauge(clock, setting.budget)
        wire = Wire(server, life, trouble, Random(rng.random()), announces=setting.announces)
        client = ChargeClient(
            server.sandbox.key, BASE_URL, clock=clock, rng=Random(rng.random()), transport=wire, observer=gauge
        )
        desk = Desk(
            client, gauge, picture_on(disk), clock, refresh=setting.refresh, rng=Random(rng.random()),
            horizon=setting.horizon,
        )  # fmt: skip
        journal = Journal(
            disk.file("journal.sqlite"), ACCOUNT, operator="ana", token=f"run{number}", now=desk.now, clock=clock
        )
        put_on(disk, journal)
        store = store_on(disk)
        watch = Watch(desk, Verdicts(store, ACCOUNT.digest), operator="ana", clock=clock, journal=journal)
        writer = Writer(desk, journal, WritePolicy(), clock=clock, rng=Random(rng.random()), zone=lambda: ZONE)
        log = LogBook(store, journal, desk, clock)
        desk.reporters += [writer.problems, log.problems]
        workspace = Workspace(desk, watch, view="attention", zone=ZONE, zone_name="local")
        life.on_death.append(lambda: _let_go(journal))
        return Program(number, life, clock, wire, desk, journal, writer, watch, log, workspace, diary)

    program = life.call(made)
    program.tick = setting.tick
    program.go()
    return program


def _let_go(journal: Journal) -> None:
    """What the system does with the lock of a process that is gone."""
    presence = journal._presence
    if presence._lock is not None:
        os.close(presence._lock)
        presence._lock = None
