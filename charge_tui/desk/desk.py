"""The desk: one picture of the reservations that still matter, kept true by one poller, for whoever shows it."""

import random
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from charge_tui.api import ChargeClient
from charge_tui.api.errors import ChargeError, FeedFault, NotFound
from charge_tui.api.retry import NO_RETRY
from charge_tui.clock import Clock
from charge_tui.desk.budget import Share
from charge_tui.desk.due import DueWatch
from charge_tui.desk.gauge import Gauge, spending
from charge_tui.desk.health import feed_of, slow_cycle, standing_problems
from charge_tui.desk.mirror import Mirror
from charge_tui.desk.names import Names
from charge_tui.desk.picture import PictureStore
from charge_tui.desk.plan import Plan
from charge_tui.desk.poller import Poller
from charge_tui.desk.state import Change, Delta, Feed, Filters, Gravity, Problem, ServerPage
from charge_tui.desk.trouble import Trouble
from charge_tui.desk.walk import Stretch, Walk
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import CONFIRMED, OPEN, PENDING, STATUSES
from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.domain.windows import hard_end

_HISTORY_EACH: Final = 50
_HISTORY_IDS: Final = 2_000
_SAVE_EVERY: Final = 10.0
_PRUNE_EVERY: Final = 300.0

Listener = Callable[[Delta], None]


class Desk:
    """Everything that the screen asks, and the messages that it is sent. Lives on one event loop.

    Args:
        client: its observer must be ``gauge``.
        gauge: counts requests against the budget and keeps the world clock.
        store: the last picture on disk.
        refresh: seconds between two reads of the lists; 0 reads only at the start and when asked.
        horizon: how long closed reservations are looked back at and kept.
        reconnect: makes a client with a key that was read anew, for when the present one is refused.
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
        self._history: OrderedDict[str, deque[Change]] = OrderedDict()
        self._dirty: set[str] = set()
        self._dropped: set[str] = set()
        self._saved_at = self._pruned_at = clock.monotonic()
        self._odd: dict[str, int] = {}
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
        return tuple(self._history.get(identity, ()))

    def counts(self) -> dict[str, int | None]:
        """How many there are in each status; None where the desk does not hold the whole set."""
        held = self.mirror.counts() if self._plan.loaded else {}
        return {status: held.get(status, 0) if held and status in OPEN else None for status in STATUSES}

    # -- time and the feed ------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """World time: what the server's clock says now, in UTC."""
        return self._gauge.world.now()

    def feed(self) -> Feed:
        """The state of the feed at this moment."""
        return feed_of(
            self._clock.monotonic(), self.now(), self._gauge, self._plan, self._trouble, self.mirror,
            self._poller.busy_since, saved=self.saved_picture, extra=self._standing(),
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

    def load_saved(self) -> bool:
        """Put the last picture from disk on the desk; whether there was one."""
        for kind, found in self._store.load_names().items():
            self.names.load(kind, found)
        saved = self._store.load()
        if saved is None or not saved.rows:
            return False
        now = self.now()
        age = max(0.0, (now - saved.seen).total_seconds()) / (self._gauge.world.rate or 1.0)
        seen = self._clock.monotonic() - age
        for row in saved.rows:
            if not _long_over(row, now - self._horizon):
                self._see(row, seen, "saved", note=False)
            else:
                self._dropped.add(row.id)
        self.saved_picture = bool(self.mirror.rows)
        self._tell(Delta(whole=True, feed=True))
        return self.saved_picture

    async def run(self) -> None:
        """Keep the picture true until ``stop`` is called. To be run as one task that is never cancelled."""
        await self._poller.run()

    async def stop(self) -> None:
        """End ``run``, close the client, keep the picture."""
        self._poller.stop()
        await self.client.aclose()
        self._save()
        self._store.close()

    def refresh(self) -> None:
        """Read now."""
        self._poller.hurry()

    def watch(self, identities: Iterable[str]) -> None:
        """A person is looking at these: keep them fresher than their turn would."""
        self._plan.watch(tuple(identities)[:3])

    # -- asking -----------------------------------------------------------------------------------------------------

    def spare(self) -> bool:
        """Whether the budget has room for a read that nobody asked for."""
        return self._gauge.budget.wait(self._clock.monotonic(), Share.QUIET) <= 0

    async def page(
        self,
        *,
        status: str | None,
        filters: Filters | None = None,
        url: str | None = None,
        number: int = 1,
        share: Share = Share.PERSON,
    ) -> ServerPage:
        """A page of a view that the server pages: the first one, or the one at a URL that a page gave.

        Raises:
            ChargeError: it could not be read.
        """
        asked, wanted = self._clock.monotonic(), filters or Filters()
        try:
            with spending(share):
                page = await self.client.reservations.page(
                    status=status,
                    driver=wanted.driver,
                    vehicle=wanted.vehicle,
                    charging_station=wanted.charging_station,
                    limit=self.page_size,
                    url=url,
                    retry=NO_RETRY,
                )
        except FeedFault as fault:
            self.feed_fault(fault)
            self.step_done()
            raise
        self.take(page.rows, asked, "page")
        self.step_done()
        rows = tuple(self._newest(row) for row in page.rows)
        return ServerPage(rows, number, page.next_page_url, page.previous_page_url, self.now())

    async def read(self, identity: str) -> Row:
        """Read one reservation now.

        Raises:
            NotFound: there is none of that id.
            ChargeError: it could not be read.
        """
        asked = self._clock.monotonic()
        try:
            row = await self.client.reservations.retrieve_row(identity, retry=NO_RETRY)
        except NotFound:
            self.take_gone(identity)
            self.step_done()
            raise
        self.take((row,), asked, "read")
        self.step_done()
        return self._newest(row)

    async def raw(self, identity: str) -> str:
        """The JSON of one reservation as the API sends it now, as raw text.

        Raises:
            ChargeError: it could not be read.
        """
        return await self.client.reservations.raw(identity, retry=NO_RETRY)

    # -- what the poller hands over ---------------------------------------------------------------------------------

    def take(self, rows: tuple[Row, ...], seen: float, source: str) -> None:
        """Take in rows that were asked for at that monotonic moment."""
        for row in rows:
            self._see(row, seen, source)
        self.saved_picture = False

    def take_gone(self, identity: str) -> None:
        """Note that the API has no such reservation any more."""
        self._due.drop(identity)
        change = self.mirror.gone(identity, self.now(), "read")
        if change:
            self._note(change)

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
        self.mirror.suspended(asleep)
        self._gauge.world.suspended(asleep)
        self._world_jumped(seconds)

    def step_done(self) -> None:
        """Tell the listeners what came of one step, and keep house."""
        delta = Delta(tuple(self._changes), self._new_names, self._feed_changed)
        self._changes, self._new_names, self._feed_changed = [], frozenset(), False
        self._keep_house()
        if delta.changes or delta.names or delta.feed:
            self._tell(delta)

    # -- inside -----------------------------------------------------------------------------------------------------

    def _see(self, row: Row, seen: float, source: str, *, note: bool = True) -> None:
        if isinstance(row, OddRow) and not row.identified:
            return
        change = self.mirror.see(row, seen, self.now(), source)
        self._due.note(self.mirror.rows[row.id], seen, self._clock.monotonic())
        if change and note:
            self._note(change)

    def _note(self, change: Change) -> None:
        self._changes.append(change)
        self._dirty.add(change.id)
        if change.before is not None:
            held = self._history.setdefault(change.id, deque(maxlen=_HISTORY_EACH))
            held.append(change)
            self._history.move_to_end(change.id)
            if len(self._history) > _HISTORY_IDS:
                self._history.popitem(last=False)

    def _left(self, identities: list[str], now: float) -> None:
        for identity in self.mirror.leave(identities, now):
            self._due.drop(identity)
            row = self.mirror.rows[identity]
            self._changes.append(Change(identity, row, row, (), self.now(), "poll"))

    def _newest(self, row: Row) -> Row:
        return self.mirror.rows.get(row.id, row) if not isinstance(row, OddRow) or row.identified else row

    def _world_jumped(self, seconds: float) -> None:
        now = self._clock.monotonic()
        self._due.rebuild([(row, self.mirror.seen(row.id) or now) for row in self.mirror.open()], now)
        self._plan.demand(now)
        self._feed_changed = True
        self._poller.wake()

    def _standing(self) -> tuple[Problem, ...]:
        odd = sum(1 for row in self.mirror.open() if isinstance(row, OddRow) or row.odd)
        found = standing_problems(self.now(), self._gauge.world, self._store.problem, odd)
        slow = slow_cycle(self.now(), self._plan, self._gauge.budget, len(self.mirror.open()))
        return (*found, *slow, *(problem for report in self.reporters for problem in report(self.now())))

    def _keep_house(self) -> None:
        now = self._clock.monotonic()
        if now - self._saved_at >= _SAVE_EVERY and self._plan.loaded:
            self._save()
        if now - self._pruned_at >= _PRUNE_EVERY:
            self._pruned_at = now
            before = set(self.mirror.rows)
            if self.mirror.prune(self.now(), self._horizon):
                self._dropped |= before - set(self.mirror.rows)

    def _save(self) -> None:
        self._saved_at = self._clock.monotonic()
        oldest = self.mirror.oldest()
        if not self._plan.loaded:
            return
        age = 0.0 if oldest is None else (self._clock.monotonic() - oldest) * self._gauge.world.rate
        rows = [self.mirror.rows[i] for i in self._dirty if i in self.mirror.rows]
        self._store.save(rows, self._dropped, self.now() - timedelta(seconds=age))
        self._dirty.clear()
        self._dropped.clear()

    def _tell(self, delta: Delta) -> None:
        for listener in list(self._listeners):
            listener(delta)


def _long_over(row: Row, before: datetime) -> bool:
    return isinstance(row, Reservation) and hard_end(row) < before and status_of(row) not in OPEN
