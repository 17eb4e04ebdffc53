"""The log: what this desk saw change and what was done from here, on disk, newest first, for who asks what happened.

Changes are kept, not pictures. The desk's steps are put in a queue at once and written later on the store's thread, so
that nothing here delays a read of the API or a key. A disk that is full is told by ``problem``, and what could not be
written waits until there is room.
"""

import asyncio
from array import array
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from charge_tui.clock import Clock
from charge_tui.desk import log_file
from charge_tui.desk.attention import verdict_file
from charge_tui.desk.desk import Desk
from charge_tui.desk.entries import Entry
from charge_tui.desk.journal import Journal
from charge_tui.desk.log_done import doer
from charge_tui.desk.log_entry import LogEntry, entry_of_action, entry_of_change, entry_of_ruling
from charge_tui.desk.log_file import Query
from charge_tui.desk.log_gaps import Gaps
from charge_tui.desk.state import Change, Delta, Gravity, Problem
from charge_tui.desk.store import Store
from charge_tui.domain.diff import updated
from charge_tui.domain.times import parse_rfc3339, rfc3339

ALIVE: Final = "alive"
"""The fact that says until when a desk had a good picture."""

_AT_ONCE: Final = 500
_MOST_WAITING: Final = 50_000
_PRUNE_EVERY: Final = 2_000
_ALIVE_EVERY: Final = 20.0
_LOOK_BACK: Final = timedelta(hours=1)
_LATEST_ACTIONS: Final = 1_000


class LogBook:
    """Writes the log of one account, and reads it.

    Args:
        store: the desk's store (``desk_store``); whoever made it closes it.
        journal: says what was done from here, and whose account it is.
        days, megabytes: how much is kept.
        writes: whether this desk is the one that keeps the log; two that do write each change once all the same.
    """

    def __init__(
        self,
        store: Store,
        journal: Journal,
        desk: Desk,
        clock: Clock,
        *,
        days: float = 90.0,
        megabytes: float = 50.0,
        writes: Callable[[], bool] = lambda: True,
    ) -> None:
        self.store = store
        self.version = 0
        """Grows with each write; who shows the log looks again when it did."""
        self._journal = journal
        self._desk = desk
        self._clock = clock
        self._bounds = (days, megabytes)
        self._writes = writes
        self._gaps = Gaps(desk, clock)
        self._waiting: deque[Change] = deque(maxlen=_MOST_WAITING)
        self._notes: deque[LogEntry] = deque(maxlen=_MOST_WAITING)
        self._wake = asyncio.Event()
        self._ready = asyncio.Event()
        self._writing = asyncio.Lock()
        self._stopping = False
        self._started: datetime | None = None
        self._known_since: datetime | None = None
        self._alive_at: float | None = None
        self._unsettled: set[int] = set()
        self._taken: dict[int, Entry] = {}
        """The entries of the journal as they were last put in the log."""
        self._ruled: datetime | None = None
        self._written = 0
        self._unsubscribe: Callable[[], None] = lambda: None

    # -- running ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Follow the desk and write what it sees until ``stop`` is called."""
        self._unsubscribe = self._desk.subscribe(self._stepped)
        kept = await self.store.read(lambda db: log_file.fact(db, self._account, ALIVE))
        self._known_since = _instant(kept)
        self._gaps.begin(self._known_since)
        await self._prune()
        await self.take_deeds()
        self._ready.set()
        while True:
            await self._drain()
            if self._stopping:
                return
            self._wake.clear()
            await self._wake.wait()

    def stop(self) -> None:
        """Let ``run`` write what waits, and end."""
        self._unsubscribe()
        self._stopping = True
        self._wake.set()

    async def written(self) -> None:
        """Return once everything that was noticed until now is on disk, or cannot be; ``run`` must be under way."""
        await self._ready.wait()
        await self._drain()

    def note(self, *entries: LogEntry) -> None:
        """Put lines in that come from elsewhere. Returns at once."""
        self._notes.extend(entries)
        self._wake.set()

    @property
    def problem(self) -> str | None:
        """Why the log cannot be written, in a sentence; None while it can."""
        return self.store.problem

    def problems(self, now: datetime) -> tuple[Problem, ...]:
        """The same for the page of problems, and a broken store that was moved aside."""
        if self.problem is None:
            notice = self.store.notice
            return (Problem("log", Gravity.WARNING, "desk's store made anew", notice, now),) if notice else ()
        words = f"{self.problem} What is seen meanwhile waits in memory and is written when there is room."
        return (Problem("log", Gravity.WARNING, "log not kept", words, now),)

    # -- reading ----------------------------------------------------------------------------------------------------

    async def numbers(self, query: Query) -> "array[int]":
        """The numbers of the lines that a query wants, the newest first."""
        return await self.store.read(lambda db: log_file.numbers(db, self._account, query)) or array("q")

    async def count(self) -> int:
        """How many lines there are."""
        return await self.store.read(lambda db: log_file.count(db, self._account)) or 0

    async def lines(self, numbers: Sequence[int]) -> list[LogEntry]:
        """These lines."""
        return await self.store.read(lambda db: log_file.lines(db, numbers)) or []

    async def all(self, query: Query) -> list[LogEntry]:
        """All lines that a query wants, the newest first; for queries that want few."""
        return await self.store.read(lambda db: list(log_file.every(db, self._account, query))) or []

    async def fact(self, name: str) -> str | None:
        """A fact that was kept."""
        return await self.store.read(lambda db: log_file.fact(db, self._account, name))

    async def keep_fact(self, name: str, value: str | None) -> None:
        """Keep a fact; None forgets it."""
        account = self._account
        await self.store.change(lambda db: log_file.keep_fact(db, account, name, value))

    def jot(self, name: str, value: str | None) -> None:
        """The same; returns at once, and the store's closing waits for it."""
        account = self._account
        self.store.later(lambda: self.store.file.change(lambda db: log_file.keep_fact(db, account, name, value)))

    @property
    def account(self) -> str:
        """Whose log it is."""
        return self._account

    async def take_deeds(self) -> None:
        """Take over what was done and said from this machine, by this desk or another one."""
        recent = await self._journal.recent(_LATEST_ACTIONS)
        known = {entry.number for entry in recent}
        for number in sorted(self._unsettled - known):
            if (entry := await self._journal.entry(number)) is not None:
                recent.append(entry)
        self._unsettled = {entry.number for entry in recent if not entry.state.settled}
        news = [entry for entry in recent if self._taken.get(entry.number) != entry]
        found = [entry_of_action(entry) for entry in reversed(news)]
        account, since = self._account, self._ruled
        rulings = await self.store.read(lambda db: verdict_file.rulings(db, account, since, _LATEST_ACTIONS)) or []
        wall, row = self._clock.now(), self._desk.known
        found += [entry_of_ruling(one, wall, row(next(iter(one.subjects), ""))) for one in reversed(rulings)]
        if not await self._append(found):
            return
        self._taken = {entry.number: entry for entry in recent}
        if rulings:
            self._ruled = rulings[0].at

    # -- inside -----------------------------------------------------------------------------------------------------

    @property
    def _account(self) -> str:
        return self._journal.account.digest

    def _stepped(self, delta: Delta) -> None:
        now = self._desk.now()
        if delta.changes:
            self._started = self._started or now
            if self._writes():
                self._waiting.extend(one for one in delta.changes if one.before is not one.after)
        if delta.feed or delta.changes:
            self._notes.extend(self._gaps.look(now))
        self._wake.set()

    async def _drain(self) -> None:
        async with self._writing:
            while self._waiting or self._notes:
                changes = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
                notes = [self._notes.popleft() for _ in range(min(_AT_ONCE, len(self._notes)))]
                if not await self._write(changes, notes):
                    self._waiting.extendleft(reversed(changes))
                    self._notes.extendleft(reversed(notes))
                    return
            await self._keep_alive()

    async def _write(self, changes: list[Change], notes: list[LogEntry]) -> bool:
        news = [change for change in changes if self._is_news(change)]
        sent = await self._sent(news)
        started, wall = self._started, self._clock.now()

        def entries() -> list[LogEntry]:
            return [*notes, *(_told(change, sent.get(change.id, ()), wall, started) for change in news)]

        if sent:
            await self.take_deeds()
        return await self._append(entries) if news or notes else True

    async def _append(self, entries: "list[LogEntry] | Callable[[], list[LogEntry]]") -> bool:
        account = self._account
        made: Callable[[], list[LogEntry]] = entries if callable(entries) else lambda: entries
        count = await self.store.change(lambda db: log_file.append(db, account, made(), self._names))
        if count is None:
            return False
        if count:
            self.version += 1
            self._written += count
            if self._written >= _PRUNE_EVERY:
                await self._prune()
        return True

    async def _sent(self, changes: list[Change]) -> dict[str, list[Entry]]:
        moments = [at for change in changes if change.after is not None and (at := updated(change.after)) is not None]
        if not moments:
            return {}
        found: dict[str, list[Entry]] = {}
        for entry in await self._journal.since(min(moments) - _LOOK_BACK):
            if entry.plan.reservation:
                found.setdefault(entry.plan.reservation, []).append(entry)
        return found

    def _is_news(self, change: Change) -> bool:
        if change.before is not None:
            return True
        at = updated(change.after) if change.after is not None else None
        since = self._known_since or self._started
        return at is not None and since is not None and at > since

    async def _keep_alive(self) -> None:
        good, now = self._gaps.good_at, self._clock.monotonic()
        due = self._alive_at is None or now - self._alive_at >= _ALIVE_EVERY or self._stopping
        if good is None or not due:
            return
        self._alive_at = now
        await self.keep_fact(ALIVE, rfc3339(good))

    async def _prune(self) -> None:
        self._written = 0
        now, (days, megabytes) = self._clock.now(), self._bounds
        await self.store.change(lambda db: log_file.prune(db, now, days, megabytes))

    def _names(self, entry: LogEntry) -> list[str]:
        book = self._desk.names
        found = (book.vehicle(entry.vehicle or None), book.driver(entry.driver or None))
        return [name for name in found if name]


def _told(change: Change, sent: "list[Entry] | tuple[()]", wall: datetime, started: datetime | None) -> LogEntry:
    done = doer(change, sent)
    if done is not None:
        return entry_of_change(change, wall, source="here", who=done.operator)
    at = updated(change.after) if change.after is not None else None
    early = at is not None and started is not None and at < started
    source = "start" if early else "read" if change.source == "write" else change.source
    return entry_of_change(change, wall, source=source)


def _instant(text: str | None) -> datetime | None:
    try:
        return parse_rfc3339(text).astimezone(UTC) if text else None
    except ValueError:
        return None
