"""The terms on which a verdict about a finding stands: how long, about which facts, with or without a reason."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from charge_tui.desk.attention.state import Said, Verdict
from charge_tui.domain.attention.finding import Finding, Severity
from charge_tui.records import dataclass

SNOOZES: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60))
"""How long a finding is usually snoozed."""
LONGEST_SNOOZE: Final = timedelta(hours=8)
BEFORE_DUE: Final = timedelta(minutes=5)
"""What must be left before T when a snooze ends, while T is ahead."""
AFTER_DUE: Final = timedelta(minutes=30)
"""The longest snooze once T is past."""
REASONS: Final = ("phoned", "solved elsewhere", "not needed")
"""The usual reasons why a finding is handled."""
_COMES_BACK: Final = {Severity.CRITICAL: timedelta(minutes=30), Severity.HIGH: timedelta(hours=2)}


class VerdictRefused(Exception):
    """A verdict that cannot be given. ``sentence`` says why, for a person."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict with the state of the finding that it was given for."""

    verdict: Verdict
    subjects: tuple[str, ...]
    facts: str
    """The facts as JSON text, so that they are the same before and after they were on disk."""

    @classmethod
    def on(cls, finding: Finding, verdict: Verdict) -> "Standing":
        """A verdict on a finding as it is now."""
        return cls(verdict, finding.subjects, _plain(finding.facts))

    def covers(self, finding: Finding) -> bool:
        """Whether the verdict is still about this state of the finding.

        Acknowledged and snoozed ones last until anything got worse or different. A handled one lasts while time alone
        raises its severity, and while its facts change for the better; other facts at no lower a severity end it.
        """
        verdict = self.verdict
        same = self.subjects == finding.subjects and self.facts == _plain(finding.facts)
        if verdict.said is not Said.HANDLED:
            return same and finding.severity <= verdict.severity
        fewer = set(finding.subjects) < set(self.subjects)
        better = finding.severity < verdict.severity or (fewer and finding.severity == verdict.severity)
        return same or (better and set(finding.subjects) <= set(self.subjects))

    def lapsed(self, now: datetime) -> bool:
        """Whether its time is over. ``now`` is world time."""
        return self.verdict.until is not None and now >= self.verdict.until

    def in_force(self, finding: Finding, now: datetime) -> bool:
        """Whether it counts for the finding as it is now."""
        return not self.lapsed(now) and self.covers(finding)


def needs_reason(finding: Finding) -> bool:
    """Whether a snooze of it wants a reason: critical and high ones do."""
    return finding.severity >= Severity.HIGH


def comes_back(severity: Severity, now: datetime) -> datetime | None:
    """When an acknowledged finding of that severity is fresh again; None for never by itself."""
    after = _COMES_BACK.get(severity)
    return None if after is None else now + after


def longest_snooze(finding: Finding, now: datetime) -> datetime:
    """The latest end that a snooze may have; ``now`` itself where none is possible, T being too near."""
    if finding.due <= now:
        return now + AFTER_DUE
    return max(now, min(now + LONGEST_SNOOZE, finding.due - BEFORE_DUE))


def acknowledged(finding: Finding, by: str, now: datetime) -> Verdict:
    """An acknowledgement that is given now."""
    until = comes_back(finding.severity, now)
    return Verdict(Said.ACKNOWLEDGED, finding.key, finding.severity, by, now, until)


def handled(finding: Finding, by: str, now: datetime, reason: str) -> Verdict:
    """The word that a finding is handled.

    Raises:
        VerdictRefused: it has no reason.
    """
    if not reason.strip():
        raise VerdictRefused("Say in a word how it was handled.")
    return Verdict(Said.HANDLED, finding.key, finding.severity, by, now, None, reason)


def snoozed(finding: Finding, by: str, now: datetime, until: datetime | None, reason: str) -> Verdict:
    """A snooze, until a time (cut to the longest allowed) or until it clears.

    Raises:
        VerdictRefused: it lacks a reason that it needs, or no time is left.
    """
    if needs_reason(finding) and not reason.strip():
        raise VerdictRefused(f"A {finding.severity.word} finding is snoozed with a reason.")
    if until is not None:
        until = min(until, longest_snooze(finding, now))
        if until <= now:
            raise VerdictRefused("It is too near for a snooze: 5 minutes before its time it must be awake.")
    return Verdict(Said.SNOOZED, finding.key, finding.severity, by, now, until, reason)


def _plain(facts: Mapping[str, Any]) -> str:
    return json.dumps(dict(facts), sort_keys=True, separators=(",", ":"), default=str)
