"""Walks through the pages of one status, by the URLs that the API returns."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import FAILED
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.times import utc
from charge_tui.domain.windows import hard_end
from charge_tui.records import dataclass


@dataclass(slots=True)
class Walk:
    """Where a walk stands. Times are monotonic seconds."""

    status: str
    started: float | None = None
    """When the first page of the walk under way, or of the last one, was asked for."""
    url: str | None = None
    """The next page to read; None while no walk is under way."""
    whole: float | None = None
    """When the last walk that reached the end began: what was not seen since then is not in this list."""
    ended: float = float("-inf")
    """When it reached the end."""
    not_before: float = float("-inf")
    """No page is asked for before that: the last one could not be used."""
    last_page: float = float("-inf")
    head: float | None = None
    """When the first page was asked for that came last: what was made since then may be missing."""
    newest: datetime | None = None
    """The latest creation time that a first page has ever shown."""
    gap: bool = False
    """Whether the last look at the newest ones may not have reached down to what was known: all of them were new."""
    pages: int = 0
    length: int = 1
    """Pages of the last whole walk."""
    reached: datetime | None = None
    """The creation time down to which the walk under way has come."""
    _visited: set[str] = field(default_factory=set)

    @property
    def under_way(self) -> bool:
        """Whether there is a next page to read."""
        return self.url is not None

    def begin(self, now: float, next_url: str | None) -> bool:
        """The first page was read; whether that was the whole walk."""
        self.started, self.pages = now, 0
        self._visited.clear()
        return self.step(now, next_url)

    def step(self, now: float, next_url: str | None) -> bool:
        """A page was read; whether it was the last one. A URL that comes twice ends the walk without an end.

        Raises:
            LoopError: the API sent a page URL that this walk has already followed.
        """
        self.pages += 1
        self.last_page = now
        if next_url is not None and next_url in self._visited:
            self.abandon()
            raise LoopError(self.status)
        self.url = next_url
        if next_url is not None:
            self._visited.add(next_url)
            return False
        self.whole, self.ended, self.length = self.started, now, self.pages
        return True

    def head_read(self, now: float, rows: Sequence[Row], *, more: bool) -> None:
        """The newest ones were read, for a walk or for themselves; ``more`` if others below were left unread."""
        created = [utc(row.created) for row in rows if isinstance(row, Reservation)]
        self.head = now
        self.gap = more and bool(created) and self.newest is not None and min(created) > self.newest
        self.newest = max(created if self.newest is None else [self.newest, *created], default=None)

    def suspended(self, seconds: float) -> None:
        """The machine slept that long: all is longer ago than it looks, and what was half walked is begun anew."""
        self.abandon()
        self.whole = None if self.whole is None else self.whole - seconds
        self.head = None if self.head is None else self.head - seconds
        self.ended -= seconds

    def abandon(self) -> None:
        """Give the walk up; the next one begins at the first page."""
        self.url = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one page covers of a list that is ordered by creation: between these times nothing else is in the list."""

    status: str
    newer_than: datetime | None
    older_than: datetime | None


def stretch(rows: Sequence[Row], status: str, older_than: datetime | None, *, last: bool) -> Stretch | None:
    """The stretch that a page covers below a creation time; None for a page that does not show how far it goes."""
    created = [utc(row.created) for row in rows if isinstance(row, Reservation)]
    if len(created) < len(rows) or sorted(created, reverse=True) != created:
        return None
    if last:
        return Stretch(status, None, older_than)
    return Stretch(status, created[-1], older_than) if created else None


class LoopError(Exception):
    """The pages of a list lead back to one that was already read."""


def beyond(rows: Sequence[Row], status: str, horizon: datetime, now: datetime) -> bool:
    """Whether a walk through a closed status is back far enough.

    The list is ordered by creation, so a reservation booked long ago may have failed a minute ago: among the failed
    ones the walk goes on while a page still has one whose window is not over.
    """
    created = [utc(row.created) for row in rows if isinstance(row, Reservation)]
    if not created:
        return False
    if min(created) >= utc(horizon):
        return False
    return status != FAILED or not any(
        isinstance(row, Reservation) and status_of(row) == FAILED and utc(hard_end(row)) > utc(now) for row in rows
    )
