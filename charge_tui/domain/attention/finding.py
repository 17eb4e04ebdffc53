"""What a finding is: one thing that needs a person, why, until when, and about which reservations."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, Final

from charge_tui.records import dataclass

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Severity(IntEnum):
    """How much a finding matters; the larger, the more."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def letter(self) -> str:
        """L, M, H or C."""
        return self.name[0]

    @property
    def shape(self) -> str:
        """Its mark, which tells it without a colour: ``!!``, ``!``, ``-`` or ``.``."""
        return {4: "!!", 3: "!", 2: "-", 1: "."}[self.value]

    @property
    def word(self) -> str:
        """critical, high, medium or low."""
        return self.name.lower()


class Kind(StrEnum):
    """The six findings, in the words of the queue."""

    NOT_CONFIRMED = "not confirmed"
    LOST = "lost"
    WRONG_WINDOW = "wrong window"
    BOOKED_TWICE = "booked twice"
    PAYMENTS_FAILING = "payments failing"
    AREA_SHORT = "area short"


GROUPED: Final = frozenset({Kind.PAYMENTS_FAILING, Kind.AREA_SHORT})
"""Findings about failures that put others at risk; those at risk are their subjects."""


class Facts(Mapping[str, Any]):
    """Facts that are written out when somebody first asks: of thousands of findings only a few are ever read."""

    __slots__ = ("_held", "_make")

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make
        self._held: Mapping[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return self._written()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._written())

    def __len__(self) -> int:
        return len(self._written())

    def __repr__(self) -> str:
        return repr(self._written())

    def _written(self) -> Mapping[str, Any]:
        if self._held is None:
            self._held = self._make()
        return self._held


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the queue.

    Two findings are the same one at two moments when their ``key`` is the same; it is judged anew by its ``severity``
    and its ``facts``.
    """

    kind: Kind
    key: str
    """Its lasting name, the same on each desk: the kind and what it is about ("lost:res_1", "booked twice:a+b")."""
    severity: Severity
    subjects: tuple[str, ...]
    """Ids of the reservations that it is about, the leading one first."""
    due: datetime
    """T, the time of consequence, in UTC."""
    facts: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """What it rests on, by name, as JSON values: times as RFC 3339 text, lengths in seconds.

    Nothing in them counts with the clock: they change only when the API's data do, and then whoever acknowledged the
    finding is asked again.
    """

    @property
    def lead(self) -> str:
        """The reservation under which it is listed."""
        return self.subjects[0]

    def same_case(self, other: "Finding") -> bool:
        """Whether nothing about it got worse or different since; what lost subjects or listed facts is no worse.

        What is at risk by a group's failures changes all the time, and is not what the finding is about.
        """
        if self.severity > other.severity or self.facts.keys() != other.facts.keys():
            return False
        if self.kind not in GROUPED and not set(self.subjects) <= set(other.subjects):
            return False
        return all(_no_worse(value, other.facts[name]) for name, value in self.facts.items())


class Mark(StrEnum):
    """What only informs: shown on the row and in the detail, never counted."""

    NO_OUTCOME = "started, no outcome"
    OVERRUN = "overrun"
    CANCELLED_ELSEWHERE = "cancelled elsewhere"
    ODD_DATA = "odd data"
    FAILED_AGAIN = "failed again"


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark with what it rests on, in a few words ("confirmed without station")."""

    mark: Mark
    words: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one look did to the findings."""

    begun: tuple[Finding, ...] = ()
    """Findings that were not there before."""
    changed: tuple[Finding, ...] = ()
    """Findings of which severity, subjects, due time or facts are others."""
    ended: tuple[Finding, ...] = ()
    """Findings that hold no more, as they were last."""

    def __bool__(self) -> bool:
        return bool(self.begun or self.changed or self.ended)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a write would do to the findings, by rules alone."""

    resolves: tuple[Finding, ...] = ()
    creates: tuple[Finding, ...] = ()
    """New ones, and those that would get worse, as they would be."""

    @property
    def worst(self) -> Severity | None:
        """The worst that it would create; None when it creates nothing."""
        return max((finding.severity for finding in self.creates), default=None)


def _no_worse(now: Any, before: Any) -> bool:
    if isinstance(now, list) and isinstance(before, list):
        return all(value in before for value in now)
    if isinstance(now, dict) and isinstance(before, dict):
        return all(name in before and before[name] == value for name, value in now.items())
    return bool(now == before)
