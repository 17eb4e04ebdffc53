"""The rows of Attention: those of the queue, then the other open ones by start. Knows no screen and no clock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import filterfalse
from typing import Any, Final

from charge_tui.desk.attention.state import Entry, Queue
from charge_tui.desk.desk import Desk
from charge_tui.desk.state import Filters
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import is_open
from charge_tui.domain.reservation import Row
from charge_tui.tui.model import Ordered, Rule, passes

CLEAR: Final = Rule("\0clear")
"""The line that says that nothing is left to do."""
COMING: Final = Rule("\0coming")
"""The line between the queue and what only comes up."""


class AttentionList:
    """What Attention lists, kept by changes: neither a step nor a turn of the queue looks at every open reservation.

    The snoozed are not in it. A finding is listed under its leading reservation; the others that it is about stand
    where they would stand without it.
    """

    def __init__(self, desk: Desk, queue: Callable[[], Queue]) -> None:
        self._desk = desk
        self._ask = queue
        self.queue = Queue()
        self._entries: dict[str, Entry] = {}
        self._snoozed: frozenset[str] = frozenset()
        self._filters = Filters()
        self._ordered = Ordered(_by_id, self._belongs)

    @property
    def rows(self) -> Mapping[str, Row]:
        """The rows by id."""
        return self._ordered.rows

    def entry(self, identity: str) -> Entry | None:
        """The queue's entry that is listed under this reservation."""
        return self._entries.get(identity)

    def snoozed(self, identity: str) -> bool:
        """Whether it is left out because somebody snoozed it."""
        return identity in self._snoozed

    def order(self, key: Callable[[Row], tuple[Any, ...]], filters: Filters) -> None:
        """Another order for the rows below the queue, or other filters: list everything anew."""
        self._filters = filters
        self._ordered = Ordered(key, self._belongs)
        self._note_queue()
        rows = {row.id: row for row in self._desk.attention_rows()} | self._led()
        self._ordered.fill(row for row in rows.values() if self._listed(row))

    def turn(self) -> bool:
        """Take in the queue as it is now; whether anything of it is different."""
        before = self._entries.keys() | self._snoozed
        if not self._note_queue():
            return False
        self.put(before ^ (self._entries.keys() | self._snoozed) | self._snoozed | self._entries.keys())
        return True

    def put(self, ids: Iterable[str]) -> bool:
        """Take in these rows as they are now; whether the rows or their order are others."""
        different = False
        for identity in ids:
            row = self._desk.known(identity)
            different |= self._ordered.put(identity, row if row is not None and self._listed(row) else None)
        return different

    def ids(self) -> list[str]:
        """All rows in the order of ``order``, the queue among them."""
        return self._ordered.ids()

    def arranged(self, keep: Callable[[Row], bool] | None = None) -> Sequence[str]:
        """The queue, a rule, and the rest: the ids and rules to show, those of rows that are to be kept."""
        rows = self._ordered.rows
        queue = list(filter(rows.__contains__, self._entries))
        rest = list(filterfalse(self._entries.__contains__, self._ordered.ids()))
        if keep is not None:
            queue, rest = ([one for one in ids if keep(rows[one])] for ids in (queue, rest))
        calm = keep is None and not self._filters and not self.queue.waiting and bool(queue or rest)
        return [*([CLEAR] if calm else ()), *queue, *([COMING] if rest and (queue or calm) else ()), *rest]

    # -- inside -------------------------------------------------------------------------------------------------------

    def _note_queue(self) -> bool:
        queue = self._ask()
        if queue is self.queue:
            return False
        self.queue = queue
        self._entries = {entry.id: entry for entry in queue.entries}
        self._snoozed = frozenset(entry.id for entry in queue.snoozed)
        return True

    def _led(self) -> dict[str, Row]:
        known = ((identity, self._desk.known(identity)) for identity in self._entries)
        return {identity: row for identity, row in known if row is not None}

    def _listed(self, row: Row) -> bool:
        if row.id in self._snoozed:
            return False
        return row.id in self._entries or is_open(status_of(row)) or self._desk.leaving(row.id)

    def _belongs(self, row: Row) -> bool:
        if passes(row, None, self._filters):
            return True
        entry = self._entries.get(row.id)
        others = (self._desk.known(one) for one in entry.finding.subjects) if entry else ()
        return any(other is not None and passes(other, None, self._filters) for other in others)


def _by_id(row: Row) -> tuple[Any, ...]:
    return (row.id,)
