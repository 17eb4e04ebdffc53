"""Attention as a person has it before him: the queue in an order that does not move under his hands."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from charge_tui.desk.attention.state import Queue
from charge_tui.desk.desk import Desk
from charge_tui.desk.state import Filters
from charge_tui.domain.attention import Severity
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import EXPIRED, FAILED
from charge_tui.domain.reservation import Row
from charge_tui.domain.text import safe
from charge_tui.tui.attention_list import AttentionList
from charge_tui.tui.holding import Holding
from charge_tui.tui.render.standing import Standing

if TYPE_CHECKING:
    from charge_tui.desk.attention.watch import Watch


class Urgency:
    """The rows of Attention, and how each row of the desk stands with the findings."""

    def __init__(self, desk: Desk, watch: "Watch") -> None:
        self._desk = desk
        self._watch = watch
        self._list = AttentionList(desk, watch.queue)
        self._holding: Holding[str] = Holding()
        self._queued: dict[str, str] = {}
        self._known: dict[str, Severity] = {}
        self._dropped: list[str] = []
        self._dues: tuple[Queue, list[datetime]] = (Queue(), [])
        self._news: tuple[Queue | None, Mapping[str, Severity], tuple[int, int]] = (None, {}, (0, 0))

    @property
    def queue(self) -> Queue:
        """The queue as it is now, whatever is shown of it."""
        return self._watch.queue()

    @property
    def rows(self) -> Mapping[str, Row]:
        """The rows of Attention by id."""
        return self._list.rows

    @property
    def behind(self) -> bool:
        """Whether the order that is shown is an old one."""
        return self._holding.behind

    def ids(self) -> list[str]:
        """All rows in the order of the last ``order``."""
        return self._list.ids()

    def order(self, key: Callable[[Row], tuple[Any, ...]], filters: Filters) -> None:
        """List everything anew, the rows below the queue in this order, those that pass the filters."""
        self._list.order(key, filters)

    def put(self, ids: set[str]) -> bool:
        """Take in these rows as they are now; whether the rows or their order are others."""
        return self._list.put(ids)

    def turn(self) -> bool:
        """Take in the queue as it is now; whether anything of it is different."""
        return self._list.turn()

    def arrange(self, keep: Callable[[Row], bool] | None, *, held: bool) -> Sequence[str]:
        """The lines to show: what ought to stand there, or what stood there while that is held."""
        before, entries = self._holding.shown, self._list.queue.entries
        if self._holding.offer(self._list.arranged(keep), held=held) or not held or not before:
            self._dropped += [identity for identity in self._queued if self._left(identity)]
            self._queued = {entry.id: self._queued.get(entry.id) or self._status(entry.id) for entry in entries}
            self.look()
        return self._holding.shown

    def look(self) -> None:
        """From now on, news are what comes after this moment."""
        self._known = {entry.id: entry.finding.severity for entry in self.queue.entries if entry.fresh}

    def news(self) -> tuple[int, int]:
        """How many came into the queue, came back or got worse since the last look; how many are critical."""
        queue, known = self.queue, self._known
        if self._news[0] is not queue or self._news[1] is not known:
            new = [
                entry.finding.severity
                for entry in queue.entries
                if entry.fresh and entry.finding.severity > known.get(entry.id, 0)
            ]
            self._news = queue, known, (len(new), sum(1 for severity in new if severity is Severity.CRITICAL))
        return self._news[2]

    def dropped(self) -> list[Row]:
        """The lost ones that left the queue, and with it the screen, since this was asked last."""
        rows = [self._desk.known(identity) for identity in self._dropped]
        self._dropped = []
        return [row for row in rows if row is not None]

    def next_due(self, now: datetime) -> datetime | None:
        """The soonest time of consequence still ahead, of what waits for a verdict."""
        queue = self.queue
        if self._dues[0] is not queue:
            self._dues = queue, sorted(entry.finding.due for entry in queue.entries if entry.fresh)
        dues = self._dues[1]
        at = bisect_right(dues, now)
        return dues[at] if at < len(dues) else None

    def standing(self, identity: str, *, urgent: bool) -> Standing:
        """How a row stands with the findings; ``urgent`` where the rows stand in the order of the queue."""
        entry = self._watch.entry(identity)
        if entry is not None and entry.id != identity:
            entry = None
        became = self._became(identity) if urgent else ""
        return Standing(
            findings=self._watch.of(identity),
            marks=self._watch.marks(identity),
            entry=entry,
            listed=urgent and self._list.entry(identity) is not None,
            became=became,
            leaving=self._desk.leaving(identity),
        )

    def _became(self, identity: str) -> str:
        before, entry = self._queued.get(identity), self._list.entry(identity)
        if entry is not None and not self._watch.is_over(entry.finding.key):
            return ""
        if entry is None and before is None and identity in self._list.rows:
            return ""
        if self._list.snoozed(identity):
            return "snoozed"
        status = self._status(identity)
        return "cleared" if status == before else f"now {safe(status, 12)}"

    def _left(self, identity: str) -> bool:
        gone = self._list.entry(identity) is None and not self._list.snoozed(identity)
        return gone and self._status(identity) in (FAILED, EXPIRED)

    def _status(self, identity: str) -> str:
        row = self._desk.known(identity)
        return status_of(row) if row is not None else "gone"
