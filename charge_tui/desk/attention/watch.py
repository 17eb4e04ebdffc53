"""What needs a person, kept in time: the rules over the desk's picture, with delays, verdicts, and the queue in order.

A watch listens to the desk and is woken once a second. It asks nothing of the API.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from charge_tui.clock import Clock
from charge_tui.desk.attention.delays import OFF_DELAY, Delays, Step
from charge_tui.desk.attention.figures import Figures, Tally
from charge_tui.desk.attention.flood import Bell, Flood
from charge_tui.desk.attention.judging import Judging
from charge_tui.desk.attention.knowledge import Knowledge
from charge_tui.desk.attention.order import arranged, entries, is_final, places
from charge_tui.desk.attention.record import Record
from charge_tui.desk.attention.state import Entry, Queue
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.desk import Desk
from charge_tui.desk.journal import Journal
from charge_tui.desk.state import Delta
from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.attention.finding import Finding, Marked, Severity, Turn, WhatIf
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.diff import updated
from charge_tui.domain.reservation import Row

_SWEEP_EVERY: Final = 60.0
_KEPT_DAYS: Final = 90.0
GLANCE: Final = 0.25
"""Seconds between two times at which what the first look has brought so far is judged, and shown."""
_WRITE: Final = "write"


class Watch(Judging):
    """The attention of one desk. Lives on the desk's event loop.

    Args:
        verdicts: what people said, shared among desks.
        operator: who is at this desk.
        clock: the machine's time; world time is the desk's.
        journal: tells which reservation was booked in the place of another, and who was cancelled from here.
    """

    def __init__(
        self,
        desk: Desk,
        verdicts: Verdicts,
        thresholds: Thresholds | None = None,
        *,
        operator: str,
        clock: Clock,
        journal: Journal | None = None,
    ) -> None:
        super().__init__(verdicts, operator, clock)
        self.engine: Final = Engine(thresholds)
        self._desk = desk
        self._knowledge = Knowledge(journal)
        self._journal = journal
        self._delays = Delays(desk.mirror.seen, lambda identity: is_final(desk.known(identity)))
        self._flood = Flood()
        self._bell = Bell()
        self._tally = Tally()
        self._record = Record(verdicts.store, verdicts.account)
        self._known: set[str] = set()
        self._orphans: dict[str, float] = {}
        self._past: set[str] = set()
        self._looked_at: datetime | None = None
        self._glanced = float("-inf")
        self._swept = clock.monotonic()
        self._queue: Queue | None = None
        self._entries: Mapping[str, Entry] = MappingProxyType({})
        self._revision = -1
        self._changed = True
        self._listeners: list[Callable[[], None]] = []
        self._asking: asyncio.Task[None] | None = None
        self._ask_again = False
        self._unsubscribe = desk.subscribe(self._follow)
        self._start_anew()

    # -- what it shows ----------------------------------------------------------------------------------------------

    def queue(self) -> Queue:
        """All that needs a person, in order, as of the last look."""
        if self._queue is None:
            self._queue = self._ordered()
        return self._queue

    def entry(self, identity: str) -> Entry | None:
        """The entry in which a reservation stands, as the one that leads it or as another subject."""
        self.queue()
        return self._entries.get(identity)

    def finding(self, key: str) -> Finding | None:
        """A finding that is shown."""
        return self._delays.shown.get(key)

    def is_over(self, key: str) -> bool:
        """Whether a finding that is still shown holds no more."""
        return self._delays.is_over(key)

    def of(self, identity: str) -> tuple[Finding, ...]:
        """All findings that hold of a reservation by the rules alone, the worst first."""
        return self.engine.of(identity)

    def marks(self, identity: str) -> tuple[Marked, ...]:
        """The marks of a reservation."""
        return self.engine.marks(identity)

    def what_if(self, after: Mapping[str, Row | None]) -> WhatIf:
        """What would become of the findings if reservations stood so; None for one that is gone."""
        return self.engine.what_if(after, self._desk.now())

    def figures(self) -> Figures:
        """How many findings come, and what becomes of them, since this desk was started."""
        fresh = [entry.finding.key for entry in self.queue().entries if entry.fresh]
        return self._tally.figures(self._flood.recent, fresh)

    def to_ring(self) -> Finding | None:
        """The finding for which the bell is to ring now, else None. Whoever asks, rings: it is told once."""
        queue = self.queue()
        critical = {
            entry.finding.key: entry.finding
            for entry in queue.entries
            if entry.fresh and entry.finding.severity is Severity.CRITICAL
        }
        silent = queue.flood or self._looked_at is None
        new = self._bell.rings(frozenset(critical), self._clock.monotonic(), silent=silent)
        return next((finding for key, finding in critical.items() if key in new), None)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Be told when the queue or a mark is another one; the returned function ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # -- running ----------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Read what was said before and what the journal knows, sooner than the first looks would."""
        await self.verdicts.open()
        await self._consult()
        self._look(tell=True)

    async def close(self) -> None:
        """Follow the desk no more."""
        self._unsubscribe()
        if self._asking:
            await self._asking

    def tick(self) -> bool:
        """Look at what time alone changes: moments, delays, ends of snoozes, what other desks said. Once a second.

        Returns whether the queue or a mark is another one.
        """
        self._desk.notice_sleep()
        if self.verdicts.poll():
            self._outdated()
        self._sweep()
        return self._look(tell=True)

    # -- following --------------------------------------------------------------------------------------------------

    def _world(self) -> datetime:
        return self._desk.now()

    def _start_anew(self) -> None:
        for identity in self._known.difference(self._desk.rows):
            self._forget(identity)
        now = self._desk.now()
        for row in self._desk.rows.values():
            self._put(row, now)
        self._look(tell=False)

    def _follow(self, delta: Delta) -> None:
        if delta.whole:
            self._start_anew()
        own = ask = False
        now = self._desk.now()
        for change in delta.changes:
            own = own or change.source == _WRITE
            self._knowledge.note(change)
            if change.after is None:
                self._forget(change.id)
            else:
                ask = ask or change.before is None
                self._put(change.after, now)
        if own or self._knowledge.unsure or (ask and self._looked_at):
            self._ask()
        if own or delta.whole or self._looked_at is not None or self._glance() or self._desk.feed().complete:
            self._look(tell=True, own=own)

    def _glance(self) -> bool:
        """Whether it is time to judge what the first look has brought so far; at each page is to judge pairs anew."""
        moment = self._clock.monotonic()
        if moment - self._glanced < GLANCE:
            return False
        self._glanced = moment
        return True

    def _put(self, row: Row, now: datetime) -> None:
        identity, known = row.id, self._knowledge
        self._known.add(identity)
        self.engine.put(
            row,
            now,
            window_changed=known.window_changed(identity),
            odd_turn=known.odd_turn(identity),
            elsewhere=known.elsewhere(identity),
        )

    def _forget(self, identity: str) -> None:
        self._known.discard(identity)
        self._knowledge.forget(identity)
        self.engine.drop(identity)

    def _ask(self) -> None:
        if self._journal is None:
            return
        if self._asking and not self._asking.done():
            self._ask_again = True
            return
        self._asking = asyncio.ensure_future(self._consult_and_look())

    async def _consult_and_look(self) -> None:
        self._ask_again = True
        while self._ask_again:
            self._ask_again = False
            await self._consult()
        self._look(tell=True, own=True)

    async def _consult(self) -> None:
        replaced, elsewhere = await self._knowledge.consult()
        for old, new in replaced.items():
            self.engine.replaced(old, new)
        for identity in elsewhere:
            if row := self._desk.known(identity):
                self._put(row, self._desk.now())

    # -- one look ---------------------------------------------------------------------------------------------------

    def _look(self, *, tell: bool, own: bool = False) -> bool:
        now, moment = self._desk.now(), self._clock.monotonic()
        first = self._looked_at is None
        turn = self.engine.settle(now)
        self._overturn(turn)
        self._record.worse(turn.changed)
        step = self._delays.turn(turn, moment, at_once=first, done_here=own)
        self._account(step, now, own=own)
        later = self._delays.tick(moment)
        self._account(later, now, own=False)
        lapsed = self._end_verdicts(now, moment)
        flood = self._flood.look(now)
        if step or later or lapsed or flood:
            self._outdated()
        if first and self._desk.feed().complete:
            self._looked(now)
        changed = self._changed or self._revision != self.engine.revision
        self._revision, self._changed = self.engine.revision, False
        if changed and tell:
            self._tell()
        return changed

    def _looked(self, now: datetime) -> None:
        self.to_ring()  # what is there when somebody comes needs no bell
        self._looked_at = now
        self._record.others_ended(self._delays.shown, self.engine.thresholds.off, now)
        self._record.prune(now, _KEPT_DAYS)
        self.verdicts.prune(now, _KEPT_DAYS)
        self._ask()

    def _overturn(self, turn: Turn) -> None:
        for finding in (*turn.begun, *turn.changed):
            before, one = self._delays.shown.get(finding.key), self.verdicts.of(finding.key)
            if before and one and one.covers(before) and not one.covers(finding):
                self.verdicts.forget((finding.key,))

    def _account(self, step: Step, now: datetime, *, own: bool) -> None:
        self._tally.begun(step.shown, now)
        self._record.begun(step.shown, now)
        self._record.ended(self._tally.ended(step.left, now, done_here=own), now)
        if step.changed:
            self._tally.seen(self._delays.shown.values())
        self.verdicts.forget([finding.key for finding in step.left])
        self._flood.note([finding for finding in step.shown if self._is_news(finding)], now)

    def _is_news(self, finding: Finding) -> bool:
        row = self._desk.known(finding.lead)
        if self._looked_at is None or row is None:
            return False
        at = updated(row)
        return not is_final(row) or at is None or at >= self._looked_at

    def _end_verdicts(self, now: datetime, moment: float) -> bool:
        """Let verdicts go whose time is over, and those whose finding was over before this desk looked.

        While the time is a guess, one whose time is over counts no more and is kept: it may still have time.
        """
        over: list[str] = []
        past: set[str] = set()
        keys = self.verdicts.keys()
        for key in keys:
            one = self.verdicts.of(key)
            here = key in self._delays.shown or key in self.engine.findings
            if one is not None and one.lapsed(now):
                past.add(key)
            if one is None or (key in past and self._desk.sure_of_time):
                over.append(key)
            elif here or self._looked_at is None or self._is_off(key):
                self._orphans.pop(key, None)
            elif moment - self._orphans.setdefault(key, moment) >= OFF_DELAY:
                over.append(key)
        self._orphans = {key: since for key, since in self._orphans.items() if key in keys and key not in over}
        self.verdicts.forget(over)
        before, self._past = self._past, past
        return bool(over) or past != before

    def _is_off(self, key: str) -> bool:
        return any(key.startswith(kind) for kind in self.engine.thresholds.off)

    def _sweep(self) -> None:
        moment = self._clock.monotonic()
        if moment - self._swept < _SWEEP_EVERY:
            return
        self._swept = moment
        for identity in self._known.difference(self._desk.rows):
            self._forget(identity)

    def _judged(self, keys: Iterable[str]) -> None:
        self._tally.judged(keys)
        self._outdated()
        self._changed = False
        self._tell()

    def _outdated(self) -> None:
        self._queue, self._changed = None, True

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()

    def _ordered(self) -> Queue:
        every = entries(
            tuple(self._delays.shown.values()), lambda finding: self._in_force(finding.key), self._desk.rows
        )
        self._entries = places(every)
        return arranged(every, self._flood.keys, flood=self._flood.active)
