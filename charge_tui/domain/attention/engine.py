"""The findings of all reservations, kept up to date: a change costs what it touches, nothing new costs nothing.

A put marks as stale what may depend on the row: itself, and what it shares a vehicle, driver, payment method or area
with. ``settle`` judges what is stale and what has come to its moment; everything else holds as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import inf
from types import MappingProxyType
from typing import Final

from charge_tui.domain.attention import marking
from charge_tui.domain.attention.case import Case, at
from charge_tui.domain.attention.finding import Finding, Marked, Turn, WhatIf
from charge_tui.domain.attention.index import Index
from charge_tui.domain.attention.moments import Moments
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.attention.units import AREAS, Judge, Unit
from charge_tui.domain.diff import same
from charge_tui.domain.reservation import OddRow, Reservation, Row

_NOTHING: Final = Turn()


class Engine:
    """The rules over the rows that were put. Times are aware; what is told is as of the last ``settle``."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.thresholds: Final = thresholds or Thresholds()
        self._index = Index()
        self._judge = Judge(self._index, self.thresholds)
        self._odd: dict[str, tuple[Marked, ...]] = {}
        self._stale: dict[Unit, None] = {}
        self._moments: Moments[Unit] = Moments()
        self._held: dict[Unit, Sequence[Finding]] = {}
        self._findings: dict[str, Finding] = {}
        self._about: dict[str, set[str]] = {}
        self._marks: dict[str, tuple[Marked, ...]] = {}
        self._now = -inf
        self.revision = 0
        """Counts up whenever a finding or a mark changed."""

    @property
    def findings(self) -> Mapping[str, Finding]:
        """All findings by key."""
        return MappingProxyType(self._findings)

    def put(
        self,
        row: Row,
        now: datetime,
        *,
        window_changed: datetime | None = None,
        odd_turn: str | None = None,
        elsewhere: bool = False,
    ) -> None:
        """Take a sight of a row, new or changed; what is told about it stays told at its next sights.

        Args:
            row: as the API gives it.
            now: when it was seen.
            window_changed: when its window was last seen to change; by itself the engine notices a change between two
                sights, and dates it by ``updated``.
            odd_turn: a change of status that the lifecycle does not have, in words.
            elsewhere: whether it was cancelled by somebody else.
        """
        if isinstance(row, OddRow):
            self.drop(row.id)
            self._odd[row.id] = marking.odd_row(row)
            self.revision += 1
            return
        if self._odd.pop(row.id, None):
            self.revision += 1
        held = self._index.cases.get(row.id)
        asked = window_changed.timestamp() if window_changed else -inf
        if held is not None:
            told = (asked in (held.asked, -inf)) and odd_turn in (held.odd_turn, None) and elsewhere <= held.elsewhere
            if told and same(held.row, row):
                return
            if window_changed is None:
                asked = held.asked
                if _window_differs(held.row, row):
                    asked = max(asked, min(row.updated.timestamp(), now.timestamp()))
            odd_turn = odd_turn or held.odd_turn
            elsewhere = elsewhere or held.elsewhere
            self._outdate(self._judge.units(held))
        case = Case(row, asked=asked, odd_turn=odd_turn, elsewhere=elsewhere)
        self._index.put(case)
        self._outdate(self._judge.units(case))

    def drop(self, identity: str) -> None:
        """Forget a row."""
        if self._odd.pop(identity, None):
            self.revision += 1
        case = self._index.cases.get(identity)
        if case is not None:
            self._outdate(self._judge.units(case))
            self._index.drop(identity)

    def replaced(self, old_id: str, new_id: str) -> None:
        """Take from the journal that one was booked in the place of another."""
        if old_id != new_id:
            self._judge.replaced_by(old_id, new_id)
            self._outdate((old_id, new_id))

    def settle(self, now: datetime) -> Turn:
        """Judge what is stale and what has come to its moment; tells what that did to the findings."""
        moment = now.timestamp()
        if moment < self._now:
            self._stale_all(moment)
        self._now = moment
        stale, self._stale = self._stale, {}
        stale.update(dict.fromkeys(self._moments.come(moment)))
        if not stale:
            return _NOTHING
        if AREAS in stale:
            self._judge.survey(moment)
        judged: dict[Unit, Sequence[Finding]] = {}
        moments: dict[Unit, float] = {}
        judge, held, marked = self._judge, self._held, self._marks
        for unit in stale:
            if isinstance(unit, str):
                found, moments[unit] = judge.row(unit, moment)
                if (marks := judge.marks(unit, moment)) or unit in marked:
                    self._mark(unit, marks)
            else:
                found, moments[unit] = judge.group(unit, moment)
            if found or unit in held:
                judged[unit] = found
        self._moments.set_all(moments)
        return self._take(judged)

    def of(self, identity: str) -> tuple[Finding, ...]:
        """The findings that have a reservation among their subjects, the worst first."""
        keys = self._about.get(identity)
        return tuple(sorted((self._findings[key] for key in keys), key=_worst_first)) if keys else ()

    def marks(self, identity: str) -> tuple[Marked, ...]:
        """The marks of a reservation."""
        return self._odd.get(identity) or self._marks.get(identity, ())

    def next_moment(self) -> datetime | None:
        """When a finding or a mark may change though nothing comes; None for never. What is stale is not asked."""
        moment = self._moments.soonest()
        return None if moment is None else at(moment)

    def what_if(self, after: Mapping[str, Row | None], now: datetime) -> WhatIf:
        """What would change at once if reservations stood so, by id (None: gone); a changed window counts as asked now.

        The engine is left as it was.
        """
        moment = now.timestamp()
        index, judge = self._index, self._judge
        before = {identity: index.cases.get(identity) for identity in after}
        units: set[Unit] = set()
        try:
            for identity, row in after.items():
                held = before[identity]
                if held is not None:
                    units.update(judge.units(held))
                    index.drop(identity)
                if isinstance(row, Reservation):
                    index.put(_as_would_be(row, held, moment))
            for identity in after:
                case = index.cases.get(identity)
                if case is not None:
                    units.update(judge.units(case))
            would = {it.key: it for unit in units for it in judge.judge(unit, moment)[0]}
        finally:
            for identity, held in before.items():
                index.drop(identity)
                if held is not None:
                    index.put(held)
        are = {it.key: it for unit in units for it in judge.judge(unit, moment)[0]}
        return WhatIf(
            resolves=_ordered(it for key, it in are.items() if key not in would),
            creates=_ordered(it for key, it in would.items() if key not in are or it.severity > are[key].severity),
        )

    @classmethod
    def evaluate(cls, rows: Iterable[Row], now: datetime, thresholds: Thresholds | None = None) -> dict[str, Finding]:
        """All findings of some rows by key, worked out from nothing."""
        engine = cls(thresholds)
        for row in rows:
            if isinstance(row, Reservation):
                engine._index.put(Case(row))
        engine._stale_all(now.timestamp())
        engine.settle(now)
        return dict(engine.findings)

    def _outdate(self, units: Iterable[Unit]) -> None:
        """They are to be judged anew, in the order in which they come: neighbours in memory are read at one go."""
        for unit in units:
            self._stale[unit] = None

    def _stale_all(self, moment: float) -> None:
        self._stale |= dict.fromkeys(self._judge.all_units(moment))
        self._stale |= dict.fromkeys(self._held)

    def _mark(self, identity: str, found: tuple[Marked, ...]) -> None:
        if found != self._marks.get(identity, ()):
            self.revision += 1
            if found:
                self._marks[identity] = found
            else:
                del self._marks[identity]

    def _take(self, judged: Mapping[Unit, Sequence[Finding]]) -> Turn:
        before: dict[str, Finding] = {}
        now: dict[str, Finding] = {}
        for unit, found in judged.items():
            held = self._held.get(unit)
            if held == found:
                continue
            before |= {finding.key: finding for finding in held or ()}
            now |= {finding.key: finding for finding in found}
            if found:
                self._held[unit] = found
            else:
                del self._held[unit]
        if not before and not now:
            return _NOTHING
        for finding in before.values():
            self._forget(finding)
        for finding in now.values():
            self._keep(finding)
        turn = Turn(
            begun=_ordered(it for key, it in now.items() if key not in before),
            changed=_ordered(it for key, it in now.items() if key in before and before[key] != it),
            ended=_ordered(it for key, it in before.items() if key not in now),
        )
        self.revision += bool(turn)
        return turn

    def _forget(self, finding: Finding) -> None:
        del self._findings[finding.key]
        for identity in finding.subjects:
            keys = self._about[identity]
            keys.discard(finding.key)
            if not keys:
                del self._about[identity]

    def _keep(self, finding: Finding) -> None:
        self._findings[finding.key] = finding
        for identity in finding.subjects:
            self._about.setdefault(identity, set()).add(finding.key)


def _worst_first(finding: Finding) -> tuple[int, datetime, str]:
    return -finding.severity, finding.due, finding.key


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=_worst_first))


def _as_would_be(row: Reservation, held: Case | None, moment: float) -> Case:
    if held is None:
        return Case(row)
    asked = moment if _window_differs(held.row, row) else held.asked
    return Case(row, asked=asked, odd_turn=held.odd_turn, elsewhere=held.elsewhere)


def _window_differs(before: Reservation, after: Reservation) -> bool:
    return (
        before.ideal_start != after.ideal_start
        or before.ideal_end != after.ideal_end
        or before.earliest_start != after.earliest_start
        or before.latest_end != after.latest_end
    )
