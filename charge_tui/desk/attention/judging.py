"""What a person can say about findings, and how it is taken back."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from charge_tui.clock import Clock
from charge_tui.desk.attention import terms
from charge_tui.desk.attention.state import Verdict
from charge_tui.desk.attention.terms import Standing, VerdictRefused
from charge_tui.desk.attention.verdict_file import Ruling
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.domain.attention.finding import Finding, Severity
from charge_tui.records import dataclass

UNDO_FOR: Final = 10.0
"""Real seconds for which an acknowledgement of all can be undone."""


@dataclass(frozen=True, slots=True)
class Undo:
    """What an acknowledgement of all did."""

    given: tuple[Standing, ...]
    until: float
    """Monotonic seconds until which it can be undone."""

    def __len__(self) -> int:
        return len(self.given)


class Judging(ABC):
    """The verdict side of a watch. Each verdict is about the finding as it is shown at that moment.

    A method returns when the verdict is in the shared store; it counts on this desk from the call on. A finding that is
    shown no more is passed over.
    """

    def __init__(self, verdicts: Verdicts, operator: str, clock: Clock) -> None:
        self.verdicts = verdicts
        self.operator = operator
        self._clock = clock

    @abstractmethod
    def finding(self, key: str) -> Finding | None:
        """A finding that is shown."""

    @abstractmethod
    def _world(self) -> datetime: ...

    @abstractmethod
    def _judged(self, keys: Iterable[str]) -> None: ...

    async def acknowledge(self, keys: Iterable[str]) -> tuple[Finding, ...]:
        """Take these on oneself: they sink below the fresh ones, under the operator's name."""
        return await self._give(keys, lambda finding, now: terms.acknowledged(finding, self.operator, now))

    async def acknowledge_all(self, keys: Iterable[str]) -> Undo:
        """Acknowledge those of these that are neither critical nor judged already."""
        wanted = [key for key in keys if (finding := self.finding(key)) and finding.severity < Severity.CRITICAL]
        fresh = [key for key in wanted if self._in_force(key) is None]
        await self.acknowledge(fresh)
        given = tuple(one for key in fresh if (one := self.verdicts.of(key)))
        return Undo(given, self._clock.monotonic() + UNDO_FOR)

    async def undo_all(self, undo: Undo) -> tuple[Finding, ...]:
        """Take back what an acknowledgement of all gave, where it still stands; nothing once its time is over."""
        if self._clock.monotonic() > undo.until:
            return ()
        keys = [one.verdict.key for one in undo.given if self.verdicts.of(one.verdict.key) == one]
        return await self._withdraw(keys, "taken back")

    async def handled(self, key: str, reason: str) -> tuple[Finding, ...]:
        """Say that it is handled; it comes back only when its facts get worse.

        Raises:
            VerdictRefused: without a reason.
        """
        return await self._give((key,), lambda finding, now: terms.handled(finding, self.operator, now, reason))

    async def snooze(self, key: str, until: datetime | None, reason: str = "") -> tuple[Finding, ...]:
        """Put it out of sight until a time of the world, at most ``snooze_limits``; None is until it clears.

        Raises:
            VerdictRefused: without a reason where one is needed, or with no time left for a snooze.
        """
        return await self._give((key,), lambda finding, now: terms.snoozed(finding, self.operator, now, until, reason))

    async def take_back(self, key: str) -> tuple[Finding, ...]:
        """Take back whatever was said about it."""
        return await self._withdraw((key,), "taken back")

    async def wake(self, key: str) -> tuple[Finding, ...]:
        """End a snooze before its time."""
        return await self._withdraw((key,), "woken")

    def snooze_limits(self, finding: Finding) -> datetime:
        """The latest end that a snooze of it may have; not after now where none is possible any more."""
        return terms.longest_snooze(finding, self._world())

    @staticmethod
    def needs_reason(finding: Finding) -> bool:
        """Whether a snooze of it wants a reason."""
        return terms.needs_reason(finding)

    async def rulings(self, since: datetime | None = None) -> list[Ruling]:
        """What was said by whom at all desks since a moment, the newest first."""
        return await self.verdicts.rulings(since)

    def _in_force(self, key: str) -> Verdict | None:
        finding, one = self.finding(key), self.verdicts.of(key)
        return one.verdict if finding and one and one.in_force(finding, self._world()) else None

    async def _give(self, keys: Iterable[str], verdict: Callable[[Finding, datetime], Verdict]) -> tuple[Finding, ...]:
        now = self._world()
        findings = tuple(finding for key in keys if (finding := self.finding(key)))
        given = [Standing.on(finding, verdict(finding, now)) for finding in findings]
        if given:
            told = [_ruling(one, str(one.verdict.said), one.verdict.by, now) for one in given]
            keeping = self.verdicts.give(given, told)
            self._judged([finding.key for finding in findings])
            await keeping
        return findings

    async def _withdraw(self, keys: Iterable[str], what: str) -> tuple[Finding, ...]:
        now = self._world()
        standing = [one for key in keys if (one := self.verdicts.of(key))]
        if standing:
            told = [_ruling(one, what, self.operator, now) for one in standing]
            names = [one.verdict.key for one in standing]
            keeping = self.verdicts.withdraw(names, told)
            self._judged(names)
            await keeping
        return tuple(finding for one in standing if (finding := self.finding(one.verdict.key)))


def _ruling(one: Standing, what: str, by: str, now: datetime) -> Ruling:
    verdict = one.verdict
    return Ruling(now, by, what, verdict.key, verdict.severity, one.subjects, verdict.until, verdict.reason)


__all__ = ["UNDO_FOR", "Judging", "Undo", "VerdictRefused"]
