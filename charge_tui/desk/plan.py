"""What to read next: a pure decision over the mirror, the walks, the budget and the time.

The order of urgency: how a reservation ended that left the open lists; pending ones around the attempt to confirm them;
the newest pending and failed ones; the confirmed ones; the other pages of the pending ones in turn; names; the closed
ones of the last day. A set that is small against the budget is simply read whole at every interval, and only then are
single ones read that no list has shown.
"""

from typing import Final

from charge_tui.desk.budget import WINDOW, Budget, Share
from charge_tui.desk.due import DueWatch
from charge_tui.desk.mirror import Mirror
from charge_tui.desk.walk import Walk
from charge_tui.domain.lifecycle import CANCELLED, COMPLETED, CONFIRMED, EXPIRED, FAILED, PENDING
from charge_tui.records import dataclass

PAGE: Final = 100
"""Rows asked for in a page of a walk: the documented maximum [docs]."""
_CHEAP: Final = 0.6
_CONFIRMED_PERIOD: Final = 30.0
_SETTLE_PERIOD: Final = 10.0
_WATCH_PERIOD: Final = 15.0
_URGENT_PART: Final = 0.2
"""The part of the budget that reads of reservations about to be confirmed are expected to take."""
_SINGLES_PART: Final = 0.5
"""The part of the budget after which single reads let the lists go first: one page settles a hundred of them."""
_NEVER: Final = float("-inf")
_LOOKED_AT: Final = 200
WATCHED: Final = 3
"""How many that persons look at are read by themselves, however many persons there are."""
_WATCHED_FOR: Final = 90.0


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Read a page of one status: the first, or the next of the walk under way."""

    walk: Walk
    url: str | None
    share: Share


@dataclass(frozen=True, slots=True)
class ReadOne:
    """Read one reservation by its id."""

    id: str
    share: Share


@dataclass(frozen=True, slots=True)
class ReadNames:
    """Look up names, whichever are wanted most."""


Job = ReadPage | ReadOne | ReadNames


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do for that many seconds."""

    seconds: float


class Plan:
    """Decides the next read. Times are monotonic seconds; ``refresh`` is the interval, 0 to read only when asked."""

    def __init__(self, mirror: Mirror, due: DueWatch, budget: Budget, refresh: float) -> None:
        self._mirror = mirror
        self._due = due
        self._budget = budget
        self.refresh = refresh
        self.pending = Walk(PENDING)
        self.confirmed = Walk(CONFIRMED)
        self.failed = Walk(FAILED)
        self.closed = [Walk(status) for status in (FAILED, EXPIRED, CANCELLED, COMPLETED)]
        self._closed_wanted: list[Walk] = list(self.closed)
        self._demanded = _NEVER
        self._head_read: dict[str, float] = {}
        self._settled: dict[str, float] = {}
        self._watched: tuple[str, ...] = ()
        self._watched_elsewhere: dict[str, tuple[float, tuple[str, ...]]] = {}
        self.names_wanted = False

    @property
    def loaded(self) -> bool:
        """Whether both open lists were walked whole at least once."""
        return self.pending.whole is not None and self.confirmed.whole is not None

    def demand(self, now: float) -> None:
        """A person asked for a read: everything is due at once."""
        self._demanded = now

    def suspended(self, seconds: float) -> None:
        """The machine slept that long, and the monotonic clock with it."""
        for walk in (self.pending, self.confirmed):
            walk.suspended(seconds)

    def look_back(self) -> None:
        """Walk the closed statuses of the last day again: there was a time in which nobody looked."""
        self._closed_wanted = list(self.closed)
        for walk in self.closed:
            walk.abandon()

    @property
    def has_looked_back(self) -> bool:
        """Whether the closed statuses were all walked."""
        return not self._closed_wanted

    def need_not_look_back(self) -> None:
        """Somebody else has walked the closed statuses."""
        self._closed_wanted = []

    def looked_back(self, walk: Walk) -> None:
        """This closed status was walked far enough."""
        walk.abandon()
        if walk in self._closed_wanted:
            self._closed_wanted.remove(walk)

    def head_read(self, walk: Walk, now: float) -> None:
        """The first page of this status was asked for at that moment."""
        self._head_read[walk.status] = now

    def watch(self, identities: tuple[str, ...]) -> None:
        """These are in front of a person: they are read by themselves when their page comes round too seldom."""
        self._watched = identities

    def watch_elsewhere(self, desk: str, identities: tuple[str, ...], now: float) -> None:
        """The same at another desk of this machine, which says so again and again."""
        self._watched_elsewhere.pop(desk, None)
        self._watched_elsewhere[desk] = now, identities

    def postpone(self, identity: str, now: float) -> None:
        """A read of this one failed for a reason of its own: try it again later."""
        self._settled[identity] = now + _SETTLE_PERIOD
        self._due.postpone(identity, now + _SETTLE_PERIOD)

    def cheap(self) -> bool:
        """Whether the whole open set fits into every interval."""
        pages = self.pending.length + self.confirmed.length + 1
        return self.refresh <= 0 or pages * WINDOW / self.refresh <= self._budget.per_minute * _CHEAP

    def goes_on(self, walk: Walk) -> bool:
        """Whether a walk that reached the end is followed by the next one at once: then no budget is left unused."""
        return walk is self.pending and not self.cheap()

    def cycle(self) -> float:
        """Seconds within which every open row is meant to be seen again."""
        interval = self.refresh or WINDOW
        if self.cheap():
            return interval
        heads = WINDOW / interval + (1 + self.confirmed.length) * WINDOW / max(interval, _CONFIRMED_PERIOD)
        walk = self._budget.per_minute * (Share.WALK.value - _URGENT_PART) - heads
        return max(interval, _CONFIRMED_PERIOD, self.pending.length * WINDOW / max(1.0, walk))

    def next(self, now: float) -> Job | Rest:
        """The most urgent read whose time has come and for which there is budget, or how long to rest."""
        soonest = WINDOW
        for at, job in self._candidates(now):
            share = job.share if not isinstance(job, ReadNames) else Share.QUIET
            at = max(at, job.walk.not_before) if isinstance(job, ReadPage) else at
            wait = max(at - now, self._budget.wait(now, share))
            if wait <= 0:
                return job
            soonest = min(soonest, wait)
        return Rest(soonest)

    def next_read(self, now: float) -> float | None:
        """Seconds until the next read of the lists; None when none is planned."""
        times = [at for at, job in self._candidates(now) if isinstance(job, ReadPage)]
        return max(0.0, min(times) - now) if times else None

    def _candidates(self, now: float) -> list[tuple[float, Job]]:
        if not self.loaded:
            return self._first_load(now)
        single, lists = self._singles(now), self._heads(now) + self._walks(now)
        many = self._budget.used(now, Share.URGENT) >= self._budget.per_minute * _SINGLES_PART
        found = lists + single if many or self.cheap() else single + lists
        if self.names_wanted:
            found.append((now, ReadNames()))
        return found + self._watching(now) + self._closed(now)

    def _singles(self, now: float) -> list[tuple[float, Job]]:
        found = self._settling(now)
        first = self._due.first()
        if self.refresh > 0 and first:
            found.append((first[0], ReadOne(first[1], Share.URGENT)))
        return found

    def _first_load(self, now: float) -> list[tuple[float, Job]]:
        missing = [walk for walk in (self.pending, self.confirmed) if walk.whole is None]
        return [(max(now, walk.not_before), ReadPage(walk, walk.url, Share.URGENT)) for walk in missing]

    def _settling(self, now: float) -> list[tuple[float, Job]]:
        left = self._mirror.left()
        if not left:
            self._settled.clear()
            return []
        at, identity = min((self._settled.get(identity, now), identity) for identity in left[:_LOOKED_AT])
        return [(at, ReadOne(identity, Share.URGENT))]

    def _heads(self, now: float) -> list[tuple[float, Job]]:
        period = self.refresh if self.cheap() else max(self.refresh, _CONFIRMED_PERIOD)
        found: list[tuple[float, Job]] = []
        if not self.pending.under_way or not self.cheap():
            found.append(self._periodic(self.pending, self.refresh, Share.HEAD))
        found.append(self._periodic(self.failed, period, Share.HEAD))
        return [pair for pair in found if pair[0] < float("inf")]

    def _walks(self, now: float) -> list[tuple[float, Job]]:
        found: list[tuple[float, Job]] = []
        if self.confirmed.under_way:
            found.append((now, ReadPage(self.confirmed, self.confirmed.url, Share.HEAD)))
        else:
            period = self.refresh if self.cheap() else max(self.refresh, _CONFIRMED_PERIOD)
            found.append(self._periodic(self.confirmed, period, Share.HEAD))
        if self.pending.under_way:
            spacing = 0.0 if self.cheap() else self._budget.spacing(now)
            found.append((self.pending.last_page + spacing, ReadPage(self.pending, self.pending.url, Share.WALK)))
        return [pair for pair in found if pair[0] < float("inf")]

    def _periodic(self, walk: Walk, period: float, share: Share) -> tuple[float, Job]:
        read = self._head_read.get(walk.status, _NEVER)
        at = read + period if period > 0 else float("inf")
        if read < self._demanded:
            at = min(at, self._demanded)
        return at, ReadPage(walk, None, share)

    def _watching(self, now: float) -> list[tuple[float, Job]]:
        if self.refresh <= 0 or self.cheap():
            return []
        found: list[tuple[float, Job]] = []
        for identity in self._all_watched(now):
            seen = self._mirror.seen(identity)
            if seen is not None:
                at = max(seen + max(self.refresh, _WATCH_PERIOD), self._settled.get(identity, now))
                found.append((at, ReadOne(identity, Share.WALK)))
        return found

    def _all_watched(self, now: float) -> list[str]:
        said = [ids for at, ids in reversed(self._watched_elsewhere.values()) if now - at <= _WATCHED_FOR]
        return list(dict.fromkeys(i for ids in (self._watched, *said) for i in ids))[:WATCHED]

    def _closed(self, now: float) -> list[tuple[float, Job]]:
        return [(now, ReadPage(walk, walk.url, Share.QUIET)) for walk in self._closed_wanted[:1]]
