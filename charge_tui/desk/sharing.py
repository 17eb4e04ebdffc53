"""Several desks of one account on one machine: one of them reads, the others follow, and each can take its place.

A desk without a seat (a test, a program without a state folder) reads by itself and only keeps the picture for its
next start.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final, TypeVar

from charge_tui.clock import Clock
from charge_tui.desk import shared
from charge_tui.desk.budget import Share
from charge_tui.desk.facts import Facts, go_on
from charge_tui.desk.follower import PASSED_BY, Follower
from charge_tui.desk.health import Pulse, pulse_of
from charge_tui.desk.keeper import Keeper
from charge_tui.desk.offers import Wishes
from charge_tui.desk.picture import PictureStore
from charge_tui.desk.roles import Hooks, Reading, Role
from charge_tui.desk.seat import Holder, Seat
from charge_tui.desk.state import Gravity, Problem
from charge_tui.desk.waiting import rest
from charge_tui.domain.reservation import Row
from charge_tui.domain.times import span

T = TypeVar("T")

TICK: Final = 1.0
"""Seconds between two looks at the seat and at what is shared; also between two writes at the least."""
BEAT: Final = 5.0
"""Seconds between two writes at the most: whoever follows sees that there is somebody."""
KEPT_EVERY: Final = 10.0
"""Seconds between two writes of a desk that nobody follows."""
AGAIN: Final = 60
"""Looks after which a desk that could not share tries again."""
_FAILURES: Final = 3
_RESTS: Final = 3


class Sharing:
    """Decides whether this desk reads, and carries between the picture and its file."""

    def __init__(self, store: PictureStore, seat: Seat | None, reading: Reading, picture: Hooks, clock: Clock) -> None:
        self._store = store
        self._seat = seat
        self._reading = reading
        self._picture = picture
        self._clock = clock
        self._token = seat.token if seat else f"alone-{os.getpid()}-{id(self)}"
        self._keeper = Keeper(store, reading.mirror, clock, self._token)
        self._outbox = self._keeper.outbox
        self.follower = Follower(self._token, reading.gauge, clock, picture, reading.names.load)
        self._wishes = Wishes(picture, reading.poller, reading.plan, reading.names, reading.gauge.budget, clock)
        self.role = Role.ALONE
        self._holder: Holder | None = None
        self._why_alone: Problem | None = None
        self._alone_for = 0
        self._told = False
        self._woken = asyncio.Event()
        self._ending = False
        self._rests = 0

    # -- what the desk asks -------------------------------------------------------------------------------------------

    @property
    def follows(self) -> bool:
        """Whether another desk reads."""
        return self.role is Role.FOLLOWS

    def pulse(self) -> Pulse:
        """How the reading stands, whoever does it."""
        now, reading = self._clock.monotonic(), self._reading
        if self.follows:
            problem = self.follower.problem(self._holder)
            if told := self.follower.pulse(now, problem):
                return told
        return pulse_of(now, reading.gauge.budget, reading.plan, reading.trouble, reading.poller.busy_since)

    @property
    def complete(self) -> bool:
        """Whether the picture has the whole open set."""
        facts = self.follower.facts if self.follows else None
        return facts.pulse.complete if facts else self._reading.plan.loaded

    def spare(self) -> bool:
        """Whether the account's budget has room for a read that nobody asked for."""
        pulse = self.pulse()
        own = self._reading.gauge.budget.wait(self._clock.monotonic(), Share.QUIET) <= 0
        return own and (not self.follows or pulse.requests < pulse.budget * Share.QUIET.value)

    def problems(self) -> tuple[Problem, ...]:
        """Why this desk reads by itself although others may be there."""
        return (self._why_alone,) if self._why_alone else ()

    def load(self) -> bool:
        """Put what is in the file on the desk; whether there was anything."""
        look = self._store.load()
        return look is not None and self.follower.load(look)

    # -- what the desk tells ------------------------------------------------------------------------------------------

    def saw(self, identity: str, seen: float, *, new: bool) -> None:
        """A row was seen; ``new`` where it, or what is known of its end, is not as it was."""
        if not self.follows:
            self._outbox.saw(identity, seen)
            if new:
                self._outbox.changed(identity)

    def asked(self, rows: Iterable[Row], seen: float) -> None:
        """Rows came that were read here, by the poller or for a person."""
        if self.follows:
            self.follower.offer_rows(rows, seen)

    def ended(self, identity: str) -> None:
        """One left the lists, or is gone."""
        if not self.follows:
            self._outbox.changed(identity)

    def gone(self, identity: str) -> None:
        """A read showed that the API does not have it."""
        self.ended(identity)
        if self.follows:
            self.follower.ask("gone", identity)

    def dropped(self, identities: Iterable[str]) -> None:
        """Rows that nobody needs any more."""
        if not self.follows:
            self._outbox.dropped(identities)

    def clock_jumped(self) -> None:
        """The sights that were written have other moments now."""
        self._outbox.rewrite_sights()

    def step_done(self, *, told: bool) -> None:
        """A step is over; ``told`` if the feed is another."""
        self._told = self._told or told
        if not self._ending and not self.follows:
            period = KEPT_EVERY if self.role is Role.ALONE else 0.0 if self._outbox.news else TICK
            if self._outbox and self._keeper.since() >= period:
                self._write()

    def refresh(self) -> None:
        """A person wants a read now."""
        if self.follows:
            self.follower.ask("refresh")
            self._woken.set()
        else:
            self._reading.poller.hurry()

    def watch(self, identities: tuple[str, ...]) -> None:
        """A person is looking at these."""
        self.follower.watch(identities)
        self._reading.plan.watch(identities)

    # -- running ------------------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Take the seat, or follow whoever has it."""
        if self._seat is not None:
            await self._turn()

    async def run(self) -> None:
        """Look once a second until ``end`` is called."""
        try:
            while self._seat is not None and not self._ending:
                await rest(self._clock, TICK, self._woken)
                self._rests = max(0, self._rests - 1)
                await self._turn()
        except BaseException:
            self._reading.poller.stop()
            raise

    def stand_aside(self) -> None:
        """The process is about to be stopped: another desk is to read. It ends by ``come_back``, or by itself."""
        if self._seat is None:
            return
        if self.role is Role.LEADS:
            self._write()
            self._follow()
        self._rests = _RESTS
        with suppress(TimeoutError):
            self._store.run(self._seat.release).result(TICK)

    def come_back(self) -> None:
        """The process goes on."""
        self._rests = 0
        self._woken.set()

    def end(self) -> None:
        """Write what there is, and give the seat up."""
        if self._ending:
            return
        self._ending = True
        self._woken.set()
        if not self.follows:
            self._write(last=True)
        if self._seat is not None:
            self._store.run(self._seat.release)

    @property
    def _resting(self) -> bool:
        return self._rests > 0

    async def _turn(self) -> None:
        if self._ending or self._resting:
            return
        try:
            if self.role is Role.LEADS:
                await self._lead()
            else:
                await self._stand_by()
        except OSError as fault:
            await self._go_alone(f"its seat cannot be locked ({fault.strerror or fault})")
        except RuntimeError:
            if not self._ending:
                raise
        if not self._ending:
            self._picture.step_done()

    async def _lead(self) -> None:
        assert self._seat is not None
        if not await self._done(lambda seat: seat.held):
            if self.role is Role.LEADS:
                self._follow()
            return
        await self._keeper.written()
        if self._keeper.failures >= _FAILURES:
            await self._go_alone("its picture cannot be written")
            return
        offers = await asyncio.wrap_future(self._store.use(shared.take_offers))
        for offer in offers or ():
            self._wishes.take_in(offer)
        since = self._keeper.since()
        if self.role is Role.LEADS and (since >= BEAT or (since >= TICK and (self._outbox or self._told))):
            self._write()

    async def _stand_by(self) -> None:
        if self._why_alone is not None:
            self._alone_for += 1
            if self._alone_for < AGAIN:
                return
            await asyncio.wrap_future(self._store.use(lambda _: None))
        elif self.follows:
            await self._look()
        if not self._store.usable:
            await self._go_alone("its picture cannot be read or written")
            return
        taken = await self._seat_taken()
        if self._resting or self._ending:
            return
        if taken:
            if self.follows:
                await self._look()
            self._take_the_seat()
        elif self._reading.plan.refresh <= 0 and await self._done(lambda seat: seat.free()):
            self._read_alone(None)
        else:
            await self._follow_the_holder()

    async def _seat_taken(self) -> bool:
        silent = self._holder
        if self.follows and self.follower.silence >= PASSED_BY:
            return await self._done(lambda seat: seat.pass_by(silent))
        if self._reading.plan.refresh <= 0:
            return False
        return await self._done(lambda seat: seat.try_take())

    async def _follow_the_holder(self) -> None:
        self._holder = await self._done(lambda seat: seat.holder())
        if self._holder is not None and not self._holder.here:
            await self._go_alone("a desk on another machine uses the same state folder, and reads")
        elif not self.follows:
            self._follow()
            await self._look()

    async def _look(self) -> None:
        follower = self.follower
        epoch, version = follower.epoch, follower.version
        offers = follower.offers(self._reading.names.asked_for())

        def look(db: sqlite3.Connection) -> shared.Look:
            if offers:
                shared.write_offers(db, offers)
            return shared.look(db, epoch, version)

        found = await asyncio.wrap_future(self._store.use(look))
        if self.follows:
            for _ in follower.slices(found):
                self._picture.step_done()
                await asyncio.sleep(0)

    # -- from one role to another -------------------------------------------------------------------------------------

    def _take_the_seat(self) -> None:
        before, self.role = self.role, Role.LEADS
        self._keeper.claim(whole=self._why_alone is not None)
        self._read_from_now_on(before)
        self._write()

    def _read_alone(self, why: Problem | None) -> None:
        before, self.role = self.role, Role.ALONE
        self._read_from_now_on(before)
        self._why_alone, self._alone_for = why, 0
        if before is not Role.ALONE:
            self._keeper.claim(whole=False)

    def _read_from_now_on(self, before: Role) -> None:
        self._why_alone = None
        if before is not Role.FOLLOWS:
            return
        reading, facts = self._reading, self.follower.facts
        if facts is not None:
            now = self._clock.monotonic()
            go_on(facts, now, reading.plan, reading.trouble)
            for _ in range(min(facts.pulse.requests, reading.gauge.budget.per_minute)):
                reading.gauge.budget.spend(facts.beat, Share.HEAD)
        self._picture.plan_anew()
        self._picture.feed_changed()
        reading.poller.on_duty = True
        reading.poller.wake()

    def _follow(self) -> None:
        leads = self.role is Role.LEADS
        self.follower.begin(
            self._reading.gauge.world.now(), self._reading.facts(self.pulse(), self._clock) if leads else None
        )
        if leads:
            self.follower.version = self._keeper.version
        self.role, self._why_alone = Role.FOLLOWS, None
        self._outbox.forget()
        self._reading.poller.on_duty = False
        self._picture.feed_changed()

    async def _go_alone(self, why: str) -> None:
        if self._seat is not None:
            await asyncio.wrap_future(self._store.run(self._seat.release))
        since = self._why_alone.since if self._why_alone else self._reading.gauge.world.now()
        self._read_alone(
            Problem(
                "seat",
                Gravity.WARNING,
                "reads by itself",
                f"This desk cannot share its reading with other desks of this machine: {why}. So each of them reads by "
                f"itself, which costs the API more. It tries again every {span(AGAIN * TICK)}.",
                since,
            )
        )
        self._picture.feed_changed()

    # -- inside ------------------------------------------------------------------------------------------------------

    async def _done(self, work: Callable[[Seat], T]) -> T:
        seat = self._seat
        assert seat is not None
        return await asyncio.wrap_future(self._store.run(lambda: work(seat)))

    def _write(self, *, last: bool = False) -> None:
        if self._why_alone is not None or self._resting:
            return
        self._told = False
        self._keeper.write(
            self._reading.facts(self.pulse(), self._clock) if self.role is Role.LEADS else None, last=last
        )

    def _facts(self) -> Facts | None:
        return self._reading.facts(self.pulse(), self._clock) if self.role is Role.LEADS else None
