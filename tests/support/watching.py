"""A watch over a simulated desk, looked at once a second as the screen does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from charge_tui.desk.attention.state import Queue
from charge_tui.desk.attention.verdict_file import VERDICT_TABLES
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.picture import Inline
from charge_tui.desk.store import Store
from charge_tui.desk.store_file import StoreFile
from charge_tui.domain.attention.finding import Finding
from charge_tui.domain.attention.thresholds import Thresholds
from tests.support.simulation import Simulation


def verdicts_in_memory(account: str = "test") -> Verdicts:
    """Verdicts in a store that nobody shares."""
    return Verdicts(Store(StoreFile(None, VERDICT_TABLES), Inline()), account)


def named(queue: Queue) -> Iterator[Finding]:
    """Every finding that the queue names, snoozed ones too."""
    for entry in (*queue.entries, *queue.snoozed):
        yield entry.finding
        yield from entry.others


@dataclass
class Watched:
    """A simulation with a watch, and when it first named each finding since the first look."""

    day: Simulation
    watch: Watch
    named_at: dict[str, datetime] = field(default_factory=dict)
    """World time at which the queue first named a finding, by key."""
    began: int = 0
    """Findings that came after the first look, each time that they came."""
    clear: int = 0
    looks: int = 0
    open_seconds: int = 0
    _named: frozenset[str] = frozenset()

    @classmethod
    async def of(cls, day: Simulation, thresholds: Thresholds | None = None) -> "Watched":
        """A watch from the first whole picture on."""
        watch = Watch(day.desk, verdicts_in_memory(), thresholds, operator="Ana", clock=day.clock)
        await watch.open()
        await day.loaded()
        watched = cls(day, watch)
        watch.tick()
        watched._note(new=False)
        watch.subscribe(lambda: watched._note(new=True))
        return watched

    async def run(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass, with a look each second."""
        for _ in range(round(hours * 3600 + minutes * 60)):
            await self.day.clock.sleep(1)
            self.watch.tick()
            self.looks += 1
            self.clear += not self.watch.queue().entries
            self.open_seconds += len(self.day.desk.open_rows()) if self.looks % 60 == 0 else 0

    @property
    def per_ten_minutes(self) -> float:
        """New findings in 10 minutes for each 100 open reservations."""
        mean_open = self.open_seconds / (self.looks // 60)
        return self.began / (self.looks / 600) / (mean_open / 100)

    def _note(self, *, new: bool) -> None:
        now = frozenset(finding.key for finding in named(self.watch.queue()))
        for key in now - self._named:
            self.named_at.setdefault(key, self.day.desk.now())
            self.began += new
        self._named = now
