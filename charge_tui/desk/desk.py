"""The desk: one picture of the reservations that still matter, kept true by one poller, for whoever shows it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from charge_tui.api import ChargeClient
from charge_tui.api.errors import ChargeError
from charge_tui.clock import Clock
from charge_tui.desk.asking import Asking
from charge_tui.desk.due import DueWatch
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.health import Pulse, feed_of, slow_cycle, standing_problems
from charge_tui.desk.history import History
from charge_tui.desk.mirror import End, Mirror, ended
from charge_tui.desk.names import Names
from charge_tui.desk.picture import PictureStore
from charge_tui.desk.plan import WATCHED, Plan
from charge_tui.desk.poller import Poller
from charge_tui.desk.roles import Reading
from charge_tui.desk.seat import Seat
from charge_tui.desk.sharing import Sharing
from charge_tui.desk.state import Change, Delta, Feed, Gravity, Problem
from charge_tui.desk.trouble import Trouble
from charge_tui.desk.walk import Stretch, Walk
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import CONFIRMED, OPEN, PENDING, STATUSES
from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.domain.windows import hard_end

_PRUNE_EVERY: Final = 300.0
_UNKNOWN: Final = 86_400.0
"""The age in seconds of a row of which nobody knows when it was seen."""

Listener = Callable[[Delta], None]


class Desk(Asking):
    """Everything that the screen asks, and the messages that it is sent. Lives on one event loop.

    Args:
        client: its observer must be ``gauge``.
        gauge: counts requests against the budget and keeps the world clock.
        store: the last picture on disk.
        refresh: seconds between two reads of the lists; 0 reads only at the start and when asked.
        horizon: how long closed reservations are looked back at and kept.
        reconnect: makes a client with a key that was read anew, for when the present one is refused.
        seat: whoever has it reads for all desks of the account on this machine; None for a desk that is alone.
    """

    def __init__(
        self,
        client: ChargeClient,
        gauge: Gauge,
        store: PictureStore,
        clock: Clock,
        *,
        refresh: float = 15.0,
        page_size: int = 50,
        horizon: timedelta = timedelta(hours=24),
        rng: random.Random | None = None,
        reconnect: Callable[[], Awaitable[ChargeClient | None]] | None = None,
        seat: Seat | None = None,
    ) -> None:
        self._clock = clock
        self._gauge = gauge
        self._store = store
        self.page_size = page_size
        self._horizon = horizon
        self.mirror = Mirror()
        self.names = Names(store)
        self._due = DueWatch(gauge.world)
        self._plan = Plan(self.mirror, self._due, gauge.budget, refresh)
        self._trouble = Trouble(refresh, rng or random.Random())
        self._poller = Poller(client, self._plan, self._trouble, self.names, self, clock, self.now, horizon, reconnect)
        gauge.world.on_jump = self._world_jumped
        self._listeners: list[Listener] = []
        self._changes: list[Change] = []
        self._new_names: frozenset[str] = frozenset()
        self._feed_changed = False
        self._history = History()
        self._pruned_at = clock.monotonic()
        self._slept = float("-inf"), 0.0
        reading = Reading(self.mirror, self.names, gauge, self._plan, self._trouble, self._poller)
        self._sharing = Sharing(store, seat, reading, self, clock)
        self.saved_picture = False
        self.reporters: list[Callable[[datetime], tuple[Problem, ...]]] = []
        """Asked at each look at the feed for what else is wrong, with world time."""

    # -- the picture ------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> Mapping[str, Row]:
        """Every reservation that is known and still matters, by id: open, of unknown end, and recently closed."""
        return self.mirror.rows

    def known(self, identity: str) -> Row | None:
        """A reservation as it was last seen."""
        return self.mirror.rows.get(identity)

    def open_rows(self) -> list[Row]:
        """The open set, in no order."""
        return self.mirror.open()

    def rows_with_status(self, status: str) -> list[Row]:
        """The open set's rows in one status, in no order."""
        return self.mirror.with_status(status)

    def attention_rows(self) -> list[Row]:
        """What may need a person: open ones, lost ones whose window is not over, those whose end is unknown."""
        return self.mirror.attention(self.now())

    def leaving(self, identity: str) -> bool:
        """Whether it left the open lists and its end is not known."""
        return self.mirror.has_left(identity)

    def age(self, identity: str) -> float | None:
        """World seconds since it was last seen; None for one that never was."""
        seen = self.mirror.seen(identity)
        return None if seen is None else max(0.0, (self._clock.monotonic() - seen) * self._gauge.world.rate)

    def history(self, identity: str) -> tuple[Change, ...]:
        """What this desk noticed about it since it was started, oldest first."""
        return self._history.of(identity)

    def counts(self) -> dict[str, int | None]:
        """How many there are in each status; None where the desk does not hold the whole set."""
        held = self.mirror.counts() if self._sharing.complete else {}
        return {status: held.get(status, 0) if held and status in OPEN else None for status in STATUSES}

    # -- time and the feed ------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """World time: what the server's clock says now, in UTC."""
        return self._gauge.world.now()

    @property
    def sure_of_time(self) -> bool:
        """Whether an answer has told the time since the start and since the clock jumped: else nothing is too old."""
        return self._gauge.world.sure

    def notice_sleep(self) -> None:
        """Set ages and times right if the machine has slept a moment ago, before the next read would notice it."""
        self._poller.look_at_clocks()

    def feed(self) -> Feed:
        """The state of the feed at this moment."""
        self.notice_sleep()
        pulse = self._sharing.pulse()
        return feed_of(
            self._clock.monotonic(), pulse, self.mirror, self._gauge.world.rate,
            saved=self.saved_picture, extra=self._standing(pulse),
        )  # fmt: skip

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told of every step that changed something; the returned function ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # -- running ----------------------------------------------------------------------------------------------------

    @property
    def client(self) -> ChargeClient:
        """The client in use; another one after a refused key was read anew."""
        return self._poller.client

    @property
    def reads(self) -> bool:
        """Whether this desk reads the lists itself; another one on this machine does it otherwise."""
        return not self._sharing.follows

    def load_saved(self) -> bool:
        """Put the last picture from disk on the desk; whether there was one."""
        if not self._sharing.load():
            return False
        self._changes, self._new_names = [], frozenset()
        self._history.clear()
        self.saved_picture = bool(self.mirror.rows)
        self._tell(Delta(whole=True, feed=True))
        return self.saved_picture

    async def run(self) -> None:
        """Keep the picture true until ``stop`` is called. To be run as one task that is never cancelled."""
        await self._sharing.begin()
        sharing = asyncio.ensure_future(self._sharing.run())
        try:
            await self._poller.run()
        finally:
            self._sharing.end()
        await sharing

    async def stop(self) -> None:
        """End ``run``, close the client, keep the picture, leave the reading to another desk."""
        self._poller.stop()
        await self.client.aclose()
        self._sharing.end()
        self._store.close()

    def stand_aside(self) -> None:
        """The process is about to be stopped (Ctrl+Z): another desk of this machine is to read meanwhile."""
        self._sharing.stand_aside()

    def come_back(self) -> None:
        """The process goes on."""
        self._sharing.come_back()

    def refresh(self) -> None:
        """Read now."""
        self._sharing.refresh()

    def watch(self, identities: Iterable[str]) -> None:
        """A person is looking at these: keep them fresher than their turn would."""
        self._sharing.watch(tuple(identities)[:WATCHED])

    def spare(self) -> bool:
        """Whether the budget has room for a read that nobody asked for."""
        return self._sharing.spare()

    # -- what the poller hands over ---------------------------------------------------------------------------------

    def take(self, rows: tuple[Row, ...], seen: float, source: str) -> None:
        """Take in rows that were asked for at that monotonic moment."""
        self.notice_sleep()
        if seen < self._slept[0]:
            seen -= self._slept[1]
        world = self.now()
        before = world - self._horizon
        for row in rows:
            # a page of a list has old ones too: taken in, they would be forgotten and come as new ones again and again
            if (
                source == "poll"
                and status_of(row) not in OPEN
                and row.id not in self.mirror.rows
                and ended(row) < before
            ):
                continue
            self._see(row, seen, source, world)
        self._sharing.asked(rows, seen)
        self.saved_picture = False

    def take_gone(self, identity: str) -> None:
        """Note that the API has no such reservation any more."""
        self._gone(identity)
        self._sharing.gone(identity)

    def take_stretch(self, stretch: Stretch, asked: float) -> None:
        """Note who left, as far as one page shows it."""
        if self._plan.loaded:
            gone = self.mirror.missing(stretch.status, stretch.newer_than, stretch.older_than, asked)
            self._left(gone, self._clock.monotonic())

    def take_walk(self, walk: Walk) -> None:
        """Work out who left, now that a list was seen to its end."""
        now = self._clock.monotonic()
        self._feed_changed = True
        if self._trouble.clear("feed"):
            self._feed_changed = True
        if walk.status == CONFIRMED and walk.whole is not None:
            self._left(self.mirror.unseen(CONFIRMED, walk.whole), now)
            pending = self._plan.pending
            if pending.whole is not None and walk.started is not None and pending.ended <= walk.started:
                self._left(self.mirror.unseen(PENDING, pending.whole), now)

    def take_names(self, identities: frozenset[str]) -> None:
        """Tell of names that became known."""
        self._new_names |= identities

    def feed_changed(self) -> None:
        """Tell that the feed's state is another."""
        self._feed_changed = True

    def feed_fault(self, error: ChargeError) -> None:
        """Tell that a list cannot be followed to its end."""
        self._feed_changed = True
        self._trouble.note(
            Problem(
                "feed",
                Gravity.ERROR,
                "list cut off",
                f"{error.sentence} The rest of that list was not read, so reservations may be missing; the key was "
                "sent nowhere else. The desk tries again from the first page.",
                self.now(),
            )
        )

    def clock_jumped(self, seconds: float) -> None:
        """Make good what a suspend or a clock step did to ages and countdowns."""
        asleep = max(0.0, seconds)
        self._slept = self._clock.monotonic(), asleep
        self.mirror.suspended(asleep)
        self._plan.suspended(asleep)
        self._sharing.clock_jumped()
        self._gauge.world.suspended(asleep)
        self._world_jumped(seconds)

    def step_done(self) -> None:
        """Tell the listeners what came of one step, and keep house."""
        delta = Delta(tuple(self._changes), self._new_names, self._feed_changed)
        self._changes, self._new_names, self._feed_changed = [], frozenset(), False
        self._prune()
        self._sharing.step_done(told=delta.feed)
        if delta.changes or delta.names or delta.feed:
            self._tell(delta)

    # -- what another desk has seen -----------------------------------------------------------------------------------

    def merge(self, rows: Iterable[tuple[Row, End, float | None]], sights: Mapping[str, float]) -> None:
        """Take over rows with their end and the moment at which they were seen, and sights of unchanged ones."""
        now, world = self._clock.monotonic(), self.now()
        before = world - self._horizon
        for row, end, seen in rows:
            if _long_over(row, before) and row.id not in self.mirror.rows:
                self._sharing.dropped((row.id,))
                continue
            if seen is None:
                seen = self.mirror.seen(row.id)
            self._see(row, now - _UNKNOWN if seen is None else seen, "poll", world, own=False)
            if end is End.UNKNOWN:
                self._left([row.id], now)
            elif end is End.GONE:
                self._gone(row.id)
        for identity, seen in sights.items():
            self.mirror.touch(identity, seen)
        self.saved_picture = False

    def plan_anew(self) -> None:
        """Work out from the rows when each is to be read."""
        now = self._clock.monotonic()
        self._due.rebuild([(row, self.mirror.seen(row.id) or now) for row in self.mirror.open()], now, self.now())

    # -- inside -----------------------------------------------------------------------------------------------------

    def _see(self, row: Row, seen: float, source: str, world: datetime, *, own: bool = True) -> None:
        if isinstance(row, OddRow) and not row.identified:
            return
        before, had_left = self.mirror.rows.get(row.id), self.mirror.has_left(row.id)
        change = self.mirror.see(row, seen, world, source)
        held = self.mirror.rows[row.id]
        self._due.note(held, seen, self._clock.monotonic(), world)
        if own:
            self._sharing.saw(row.id, seen, new=held is not before or had_left)
        if change:
            self._note(change)

    def _gone(self, identity: str) -> None:
        self._due.drop(identity)
        change = self.mirror.gone(identity, self.now(), "read")
        if change:
            self._note(change)

    def _note(self, change: Change) -> None:
        self._changes.append(change)
        self._history.note(change)

    def _left(self, identities: list[str], now: float) -> None:
        for identity in self.mirror.leave(identities, now):
            self._due.drop(identity)
            row = self.mirror.rows[identity]
            self._changes.append(Change(identity, row, row, (), self.now(), "poll"))
            self._sharing.ended(identity)

    def _world_jumped(self, seconds: float) -> None:
        self.plan_anew()
        self._plan.demand(self._clock.monotonic())
        self._feed_changed = True
        self._poller.wake()

    def _standing(self, pulse: Pulse) -> tuple[Problem, ...]:
        now = self.now()
        found = standing_problems(now, self._gauge.world, self._store.problem, self.mirror.odd)
        slow = slow_cycle(now, pulse, self.mirror.open_count)
        reported = (problem for report in self.reporters for problem in report(now))
        return (*found, *slow, *self._sharing.problems(), *reported)

    def _prune(self) -> None:
        now = self._clock.monotonic()
        if now - self._pruned_at >= _PRUNE_EVERY and self.sure_of_time:
            self._pruned_at = now
            before = set(self.mirror.rows)
            if self.mirror.prune(self.now(), self._horizon):
                dropped = before - set(self.mirror.rows)
                self._sharing.dropped(dropped)
                self._history.forget(dropped)

    def _tell(self, delta: Delta) -> None:
        for listener in list(self._listeners):
            listener(delta)


def _long_over(row: Row, before: datetime) -> bool:
    return isinstance(row, Reservation) and hard_end(row) < before and status_of(row) not in OPEN
