"""Gaps in the feed: times in which no desk looked, or the API gave no answer, so that changes were seen late."""

from datetime import datetime
from typing import Final

from charge_tui.clock import Clock
from charge_tui.desk.desk import Desk
from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.desk.state import Freshness
from charge_tui.domain.times import rfc3339, seconds_between

NOT_RUNNING: Final = "not running"
ASLEEP: Final = "machine asleep"
NO_ANSWER: Final = "no answer"

_LEAST: Final = 120.0
"""Seconds without a desk that are not worth a line: a restart takes some."""
_SLEEP: Final = 60.0


class Gaps:
    """Watches whether the picture is good, and makes a line of each time in which it was not."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self.good_at: datetime | None = None
        """World time at which the picture was good last, in this run or an earlier one."""
        self._open: LogEntry | None = None
        self._begun = False
        self._clocks = (clock.now(), clock.monotonic())

    def begin(self, good_at: datetime | None) -> None:
        """Tell when an earlier run had a good picture last."""
        if self.good_at is None:
            self.good_at = good_at
        else:
            self._begun = True

    def look(self, now: datetime) -> list[LogEntry]:
        """The lines that this moment gives reason for, the open one of a gap that lasts among them."""
        feed = self._desk.feed()
        slept = self._slept()
        found: list[LogEntry] = []
        if feed.freshness is Freshness.OFFLINE:
            if self._open is None and self.good_at is not None:
                words = "; ".join(problem.words for problem in feed.problems)
                self._open = self._line(NO_ANSWER, self.good_at, None, words)
                found.append(self._open)
            return found
        if not feed.complete:
            return found
        if self._open is not None:
            found.append(self._line(self._open.what, self._open.at, now, self._open.detail))
            self._open = None
        elif self.good_at is not None:
            away = seconds_between(self.good_at, now)
            least = _LEAST * max(1.0, feed.rate)
            if not self._begun and away > least:
                found.append(self._line(NOT_RUNNING, self.good_at, now, "no desk of this machine was looking"))
            elif slept > _SLEEP and away > least:
                found.append(self._line(ASLEEP, self.good_at, now, ""))
        self._begun = True
        self.good_at = now
        return found

    def _slept(self) -> float:
        wall, steady = self._clock.now(), self._clock.monotonic()
        before_wall, before_steady = self._clocks
        self._clocks = (wall, steady)
        return seconds_between(before_wall, wall) - (steady - before_steady)

    def _line(self, what: str, start: datetime, end: datetime | None, detail: str) -> LogEntry:
        return LogEntry(
            LogKind.GAP, start, self._clock.now(), what, detail, updated=rfc3339(start), state="gap", source="feed",
            until=end,
        )  # fmt: skip
