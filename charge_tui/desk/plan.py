"""What to read next: a pure decision over the mirror, the walks, the budget and the time.

The order of urgency: how a reservation ended that left the open lists; pending ones around the attempt to confirm them;
the newest pending and failed ones; the confirmed ones; the pages of the pending ones in turn, evenly over a cycle; what
a person looks at; names; the closed ones of the last day. The cycle has as many intervals as the open set has pages,
four or a minute at the most, and only what the budget cannot hold takes longer: a page costs a hundred rows, of which
in a quarter of a minute hardly one has changed, and what may change by itself is read by itself.
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
HEAD: Final = 10
"""Rows asked for in a look at the newest ones; when all are new, a whole page is read."""
_FITS: Final = 0.6
_MOST_INTERVALS: Final = 4
_HELD_UP: Final = 2.5
"""Cycles since the beginning of the last whole walk after which the next one is late: it ends within two of them."""
_LONGEST_CALM: Final = 60.0
"""Seconds for a cycle at the most where the budget holds it: then another desk's edit is seen after half a minute."""
LIST_PERIOD: Final = 30.0
"""Seconds between two walks of the confirmed ones, or two looks at the failed ones, at the least."""
_SETTLE_PERIOD: Final = 10.0
_WATCH_PERIOD: Final = 15.0
_URGENT_PART: Final = 0.2
"""The part of the budget that reads of reservations about to be confirmed are expected to take."""
_EASY_PART: Final = 0.1
"""The part of the budget up to which single reads are so few that late ones are read as often as the others."""
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
    limit: int = PAGE
    """Rows; a ``url`` has its own limit."""


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
        if self._fits():
            self.pending.abandon()
            self.confirmed.abandon()

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

    def cycle(self) -> float:
        """Seconds within which every open row is meant to be seen again."""
        interval = self.refresh or WINDOW
        heads = WINDOW / interval + (1 + self.confirmed.length) * WINDOW / max(interval, LIST_PERIOD)
        walk = self._budget.per_minute * (Share.WALK.value - _URGENT_PART) - heads
        return max(interval, self._calm(), self.pending.length * WINDOW / max(1.0, walk))

    def _calm(self) -> float:
        """The same if the budget were endless."""
        pages = self.pending.length + self.confirmed.length
        return min(_LONGEST_CALM, (self.refresh or WINDOW) * min(pages, _MOST_INTERVALS))

    def _fits(self) -> bool:
        """Whether the whole open set can be read within one interval."""
        pages = self.pending.length + self.confirmed.length + 1
        return self.refresh <= 0 or pages * WINDOW / self.refresh <= self._budget.per_minute * _FITS

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
        singles = self._budget.used(now, Share.URGENT)
        self._due.at_ease = singles < self._budget.per_minute * _EASY_PART
        many = singles >= self._budget.per_minute * _SINGLES_PART
        calm = self.refresh if many and self._fits() else self._calm()
        single, lists = self._singles(now), self._lists(now, calm)
        found = lists + single if many else single + lists
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

    def _lists(self, now: float, calm: float) -> list[tuple[float, Job]]:
        period = max(self.refresh, LIST_PERIOD) if self.refresh > 0 else 0.0
        found = [
            self._look(self.pending, self.refresh),
            self._look(self.failed, self.refresh if self._fits() else period),
            self._next_confirmed(now, min(calm, period)),
            self._next_pending(now, calm),
        ]
        return [pair for pair in found if pair[0] < float("inf")]

    def _look(self, walk: Walk, period: float) -> tuple[float, Job]:
        """The newest ones of a list: a whole page for a person, where all of them are new, and where requests are dear.

        A whole page begins the next walk, if none is under way.
        """
        asked = self._head_read.get(walk.status, _NEVER) < self._demanded
        whole = walk.gap or asked or not self._fits()
        at = _NEVER if walk.gap else self._periodic(walk, period)
        return at, ReadPage(walk, None, Share.HEAD, PAGE if whole else HEAD)

    def _next_confirmed(self, now: float, period: float) -> tuple[float, Job]:
        walk = self.confirmed
        return now if walk.under_way else self._periodic(walk, period), ReadPage(walk, walk.url, Share.HEAD)

    def _next_pending(self, now: float, calm: float) -> tuple[float, Job]:
        """The next page in turn, the first one after the last."""
        walk = self.pending
        job = ReadPage(walk, walk.url, Share.WALK)
        if walk.under_way and (self.refresh <= 0 or self._hurried(walk, now)):
            return now, job
        spacing = max(self._budget.spacing(now), calm / walk.length) if self.refresh > 0 else float("inf")
        return walk.last_page + spacing, job

    def _hurried(self, walk: Walk, now: float) -> bool:
        """Whether a person waits for the end of this walk or an outage has held it up, and all of it fits at once."""
        if walk.whole is None or not self._fits():
            return False
        return walk.whole < self._demanded or now - walk.whole > _HELD_UP * self.cycle()

    def _periodic(self, walk: Walk, period: float) -> float:
        read = self._head_read.get(walk.status, _NEVER)
        at = read + period if period > 0 else float("inf")
        return min(at, self._demanded) if read < self._demanded else at

    def _watching(self, now: float) -> list[tuple[float, Job]]:
        if self.refresh <= 0 or self.cycle() <= 2 * self.refresh:
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
