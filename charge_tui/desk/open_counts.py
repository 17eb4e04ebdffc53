"""What is counted of the open rows, kept by their changes: the screen asks at each step, with 5,000 of them there."""

from collections import Counter

from charge_tui.domain.diff import status_of
from charge_tui.domain.reservation import OddRow, Row


class OpenCounts:
    """How many rows there are in each status, and how many that are not as documented."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, bool]] = {}
        self._kinds: dict[tuple[str, bool], tuple[str, bool]] = {}
        self._statuses: Counter[str] = Counter()
        self.odd = 0

    def put(self, row: Row) -> None:
        """Count a row as it is now, in the place of the one with its id."""
        self.drop(row.id)
        status, odd = kind = status_of(row), isinstance(row, OddRow) or bool(row.odd)
        self._held[row.id] = self._kinds.setdefault(kind, kind)
        self._statuses[status] += 1
        self.odd += odd

    def drop(self, identity: str) -> None:
        """Count it no more."""
        held = self._held.pop(identity, None)
        if held is not None:
            self._statuses[held[0]] -= 1
            self.odd -= held[1]

    def statuses(self) -> dict[str, int]:
        """The number of rows by status, of those of which there are any."""
        return {status: count for status, count in self._statuses.items() if count}

    def clear(self) -> None:
        """Begin anew."""
        self._held.clear()
        self._kinds.clear()
        self._statuses.clear()
        self.odd = 0
