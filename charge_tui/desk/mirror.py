"""The open reservations as this desk knows them, and where those went that are open no longer.

The list of the API has no "updated since", is sorted by creation and is no snapshot while it is paged. So what one walk
sees is merged by id, the larger ``updated`` winning, and what a whole walk did not see has *left*: until a read of its
own says how it ended, that is a state by itself. Nothing is dropped before its end is known.
"""

from collections.abc import Iterable, Iterator, Mapping, ValuesView
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from charge_tui.desk.lean import Lean
from charge_tui.desk.open_counts import OpenCounts
from charge_tui.desk.open_order import ByCreation, Oldest
from charge_tui.desk.state import Change
from charge_tui.domain.diff import changes, newer, same, status_of, updated
from charge_tui.domain.lifecycle import CONFIRMED, EXPIRED, FAILED, PENDING, is_open
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.times import utc
from charge_tui.domain.windows import hard_end
from charge_tui.records import dataclass

CLOSED_KEPT: Final = 5_000
"""How many closed reservations are kept at the most; the ones that ended longest ago go first."""


class End(StrEnum):
    """Whether a reservation has left the open lists in a way that its row does not tell."""

    NONE = ""
    UNKNOWN = "left"
    """No list has it, and how it ended is not known yet."""
    GONE = "gone"
    """The API has it no more."""


@dataclass(slots=True)
class Sight:
    """One reservation as it was last seen, and when (monotonic seconds)."""

    row: Row
    seen: float


class Mirror:
    """Rows by id with the time at which each was last seen. Times are monotonic seconds unless they are aware."""

    def __init__(self) -> None:
        self._sights: dict[str, Sight] = {}
        self._open: dict[str, Sight] = {}
        self._counts = OpenCounts()
        self._lean = Lean()
        self._by_creation = ByCreation()
        self._oldest = Oldest(self._open)
        self._left: dict[str, float] = {}
        self._gone: set[str] = set()
        self.rows: Mapping[str, Row] = _Rows(self._sights)

    def see(self, row: Row, seen: float, at: datetime, source: str) -> Change | None:
        """Take in one sight of a row; the change that it is, or None when it says nothing new."""
        held = self._sights.get(row.id)
        self._left.pop(row.id, None)
        was_gone = row.id in self._gone
        self._gone.discard(row.id)
        if held is None:
            self._lean.share(row)
            self._sights[row.id] = held = Sight(row, seen)
            self._place(held, row)
            return Change(row.id, None, row, (), at, source)
        before, after = held.row, newer(held.row, row)
        held.seen = max(held.seen, seen)
        if same(before, after):
            if not was_gone:
                return None
            self._place(held, before)
            return Change(row.id, None, after, (), at, source)
        self._lean.share(after)
        held.row = after
        self._place(held, before)
        fields = changes(before, after)
        return Change(row.id, before, after, fields, at, source) if fields else None

    def touch(self, identity: str, seen: float) -> None:
        """It was seen then, as it is held."""
        if held := self._sights.get(identity):
            held.seen = max(held.seen, seen)

    def state(self, identity: str) -> End:
        """What is known of the end of one that is in no open list any more."""
        return End.GONE if identity in self._gone else End.UNKNOWN if identity in self._left else End.NONE

    def gone(self, identity: str, at: datetime, source: str) -> Change | None:
        """The API no longer has this reservation: it stays in the picture, as one whose end is not to be known."""
        held = self._sights.get(identity)
        if held is None or identity in self._gone:
            return None
        self._left.pop(identity, None)
        self._gone.add(identity)
        self._close(held.row)
        return Change(identity, held.row, None, (), at, source)

    def unseen(self, status: str, since: float) -> list[str]:
        """Ids that the picture has in this open status and that were not seen after that moment."""
        return [i for i in self._by_creation.all(status) if self._open[i].seen < since]

    def missing(self, status: str, newer_than: datetime | None, older_than: datetime | None, since: float) -> list[str]:
        """Ids in this open status that a page should have had and had not.

        The page covers the reservations created between the two times, both excepted; None is without a limit.
        """
        return [i for i in self._by_creation.between(status, newer_than, older_than) if self._open[i].seen < since]

    def leave(self, identities: Iterable[str], since: float) -> list[str]:
        """Note that these are in no open list any more; those for which that is new."""
        new = [i for i in identities if i in self._open and i not in self._left]
        self._left.update((i, since) for i in new)
        return new

    def left(self) -> tuple[str, ...]:
        """Ids that left the open lists and whose end is not known yet, the ones that left first first."""
        return tuple(self._left)

    def has_left(self, identity: str) -> bool:
        """Whether it left the open lists with its end not known: not yet, or not ever."""
        return identity in self._left or identity in self._gone

    def seen(self, identity: str) -> float | None:
        """When a row was last seen; None for one that never was."""
        sight = self._sights.get(identity)
        return sight.seen if sight else None

    def all_seen(self) -> dict[str, float]:
        """When each row was last seen."""
        return {identity: sight.seen for identity, sight in self._sights.items()}

    def oldest(self) -> float | None:
        """When the open row was seen that was not seen for longest; None with no open row."""
        return self._oldest.first()

    @property
    def odd(self) -> int:
        """How many open rows are not as documented."""
        return self._counts.odd

    def open(self) -> list[Row]:
        """The open rows, in no order; those that left and whose end is not known are among them."""
        return [sight.row for sight in self._open.values()]

    @property
    def open_count(self) -> int:
        """How many rows are open."""
        return len(self._open)

    def with_status(self, status: str) -> list[Row]:
        """The rows in an open status, those that left it for an unknown end excepted."""
        return [s.row for i, s in self._open.items() if i not in self._left and status_of(s.row) == status]

    def attention(self, now: datetime) -> list[Row]:
        """What may still need a person: open rows, lost ones whose window is not over, those with an unknown end."""
        rows = self.open()
        for identity, sight in self._sights.items():
            if identity in self._open:
                continue
            if identity in self._gone or _lost(sight.row, now):
                rows.append(sight.row)
        return rows

    def counts(self) -> dict[str, int]:
        """How many rows the picture has in each open status."""
        found = {PENDING: 0, CONFIRMED: 0} | self._counts.statuses()
        for identity in self._left:
            found[status_of(self._open[identity].row)] -= 1
        return found

    def prune(self, now: datetime, horizon: timedelta) -> int:
        """Forget closed rows that ended longer ago than the horizon, and the oldest above ``CLOSED_KEPT``."""
        closed = sorted(
            ((ended(s.row), i) for i, s in self._sights.items() if i not in self._open), key=lambda pair: pair[0]
        )
        surplus = len(closed) - CLOSED_KEPT
        drop = [i for n, (at, i) in enumerate(closed) if n < surplus or at < utc(now) - horizon]
        for identity in drop:
            del self._sights[identity]
            self._gone.discard(identity)
        return len(drop)

    def suspended(self, seconds: float) -> None:
        """The machine slept that long, and the monotonic clock with it: every sight is so much older than it looks."""
        for sight in self._sights.values():
            sight.seen -= seconds
        self._oldest.build()

    def clear(self) -> None:
        """Start with nothing."""
        for held in (self._sights, self._open, self._left):
            held.clear()
        self._gone.clear()
        self._counts.clear()
        self._by_creation.clear()
        self._oldest.build()

    def _place(self, sight: Sight, before: Row) -> None:
        """Sort a row in where it belongs; ``before`` is what it was."""
        row, identity = sight.row, sight.row.id
        if not is_open(status_of(row)):
            self._close(before)
            return
        if identity in self._open:
            self._by_creation.move(before, row)
        else:
            self._open[identity] = sight
            self._by_creation.put(row)
            self._oldest.put(identity, sight.seen)
        self._counts.put(row)

    def _close(self, row: Row) -> None:
        if self._open.pop(row.id, None) is not None:
            self._by_creation.drop(row)
            self._counts.drop(row.id)


class _Rows(Mapping[str, Row]):
    def __init__(self, sights: dict[str, Sight]) -> None:
        self.sights = sights

    def __getitem__(self, identity: str) -> Row:
        return self.sights[identity].row

    def get(self, identity: str, default: Any = None) -> Any:
        """A row, or the default; without the exception that a mapping makes of each miss."""
        held = self.sights.get(identity)
        return default if held is None else held.row

    def __contains__(self, identity: object) -> bool:
        return identity in self.sights

    def __iter__(self) -> Iterator[str]:
        return iter(self.sights)

    def __len__(self) -> int:
        return len(self.sights)

    def values(self) -> ValuesView[Row]:
        """The rows alone, without looking each of them up: rules and proposals go through all of them."""
        return _Values(self)


class _Values(ValuesView[Row]):
    _mapping: _Rows

    def __iter__(self) -> Iterator[Row]:
        return (sight.row for sight in self._mapping.sights.values())


def _lost(row: Row, now: datetime) -> bool:
    return isinstance(row, Reservation) and row.status in (FAILED, EXPIRED) and utc(hard_end(row)) > now


def ended(row: Row) -> datetime:
    """When a closed row was over: its last change or the end of its window, whichever came later; in UTC."""
    times = [updated(row)]
    if isinstance(row, Reservation):
        times.append(hard_end(row))
    known = [utc(at) for at in times if at]
    return max(known, default=datetime.max.replace(tzinfo=UTC))
