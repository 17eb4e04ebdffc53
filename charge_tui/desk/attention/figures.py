"""How good the alarms are: how many come, how bad they are, and how many were not worth a person's time."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.records import dataclass

_NONE: Final[Mapping[Severity, int]] = MappingProxyType({})


class How(StrEnum):
    """What ended a finding."""

    ALONE = "alone"
    """It cleared before its T with nobody having done anything."""
    RAN_OUT = "ran out"
    """Its T passed with nobody having done anything."""
    DEALT = "dealt with"
    """Somebody had given a verdict, or a write of a desk ended it."""
    UNSEEN = "unseen"
    """It was over when a desk looked again."""


@dataclass(frozen=True, slots=True)
class Course:
    """What became of the findings of one kind."""

    begun: int = 0
    ended: int = 0
    alone: int = 0
    """Of those that ended, how many did so before their T, without a verdict and without a write of this desk."""
    ran_out: int = 0
    """How many ended at their T or later without anybody having done anything."""

    @property
    def share(self) -> float | None:
        """The share of the ended that cleared by itself; None while none has ended."""
        return self.alone / self.ended if self.ended else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts since this desk was started; the first look is left out of ``recent``."""

    recent: int = 0
    """New findings in the last 10 minutes of world time."""
    severities: Mapping[Severity, int] = field(default_factory=lambda: _NONE)
    """Findings by the worst severity that they had."""
    oldest: datetime | None = None
    """Since when the finding that waits longest for a verdict has been there, in world time."""
    kinds: Mapping[Kind, Course] = field(default_factory=dict)


@dataclass(slots=True)
class _Life:
    kind: Kind
    since: datetime
    worst: Severity
    judged: bool = False


class Tally:
    """Follows the findings that are shown."""

    def __init__(self) -> None:
        self._lives: dict[str, _Life] = {}
        self._kinds: dict[Kind, Course] = {}
        self._worst: dict[Severity, int] = {}

    def begun(self, findings: Iterable[Finding], now: datetime) -> None:
        """Note findings that are shown from now on."""
        for finding in findings:
            self._lives[finding.key] = _Life(finding.kind, now, finding.severity)
            course = self._kinds.get(finding.kind, Course())
            self._kinds[finding.kind] = replace(course, begun=course.begun + 1)

    def seen(self, findings: Iterable[Finding]) -> None:
        """Note how bad those are that are shown."""
        for finding in findings:
            if life := self._lives.get(finding.key):
                life.worst = max(life.worst, finding.severity)

    def judged(self, keys: Iterable[str]) -> None:
        """Note that a person said something about these."""
        for key in keys:
            if life := self._lives.get(key):
                life.judged = True

    def ended(self, findings: Iterable[Finding], now: datetime, *, done_here: bool) -> list[tuple[Finding, How]]:
        """Note findings that are shown no more; ``done_here`` when a write of this desk ended them.

        Returns what ended each.
        """
        told: list[tuple[Finding, How]] = []
        for finding in findings:
            life = self._lives.pop(finding.key, None)
            if life is None:
                continue
            course = self._kinds[life.kind]
            how = How.DEALT if life.judged or done_here else How.ALONE if now < finding.due else How.RAN_OUT
            told.append((finding, how))
            self._kinds[life.kind] = replace(
                course,
                ended=course.ended + 1,
                alone=course.alone + (how is How.ALONE),
                ran_out=course.ran_out + (how is How.RAN_OUT),
            )
            self._worst[life.worst] = self._worst.get(life.worst, 0) + 1
        return told

    def since(self, key: str) -> datetime | None:
        """Since when a finding is shown."""
        life = self._lives.get(key)
        return life.since if life else None

    def figures(self, recent: int, fresh: Iterable[str]) -> Figures:
        """The figures as of now; ``fresh`` are the keys of the findings that wait for a verdict."""
        worst = dict(self._worst)
        for life in self._lives.values():
            worst[life.worst] = worst.get(life.worst, 0) + 1
        oldest = min((at for key in fresh if (at := self.since(key))), default=None)
        return Figures(recent, worst, oldest, dict(self._kinds))
