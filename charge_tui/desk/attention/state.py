"""What the attention of a desk tells whoever shows it: values only, each true at the moment at which it was made."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from charge_tui.domain.attention.finding import Finding, Severity
from charge_tui.records import dataclass


class Said(StrEnum):
    """What a person can say about a finding."""

    ACKNOWLEDGED = "acknowledged"
    HANDLED = "handled"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said about a finding, and about which state of it. Times are world times in UTC."""

    said: Said
    key: str
    """The finding's."""
    severity: Severity
    """The severity that it was said about."""
    by: str
    """The operator's name, raw."""
    at: datetime
    until: datetime | None = None
    """When it comes back by itself; None for "until it clears"."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One reservation of the queue under its worst finding."""

    finding: Finding
    others: tuple[Finding, ...] = ()
    """Other findings that have this reservation as a subject, the worst first."""
    verdict: Verdict | None = None
    """The verdict in force; None for a fresh one."""

    @property
    def id(self) -> str:
        """The reservation's id."""
        return self.finding.lead

    @property
    def fresh(self) -> bool:
        """Whether it still waits for a verdict."""
        return self.verdict is None


@dataclass(frozen=True, slots=True)
class Queue:
    """All that needs a person, in order: not snoozed, not acknowledged, severity, T, created, id."""

    entries: tuple[Entry, ...] = ()
    """Fresh ones, then those that were acknowledged or handled. The snoozed are not among them."""
    snoozed: tuple[Entry, ...] = ()
    """The soonest to come back first."""
    fresh: Mapping[Severity, int] = field(default_factory=dict)
    """How many entries wait for a verdict, by severity; a severity with none is absent."""
    flood: bool = False
    """Whether so many came at once that they are told as one summary, and nothing rings."""
    flooded: tuple[Finding, ...] = ()
    """What the flood is made of."""

    @property
    def waiting(self) -> int:
        """How many entries wait for a verdict."""
        return sum(self.fresh.values())

    @property
    def next_due(self) -> datetime | None:
        """The soonest T of the entries that wait for a verdict; None when there are none."""
        return min((entry.finding.due for entry in self.entries if entry.fresh), default=None)
