"""The order of the queue, and which reservation stands for what in it."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final

from charge_tui.desk.attention.state import Entry, Queue, Said, Verdict
from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import is_open
from charge_tui.domain.reservation import Reservation, Row

_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)
Rank = tuple[int, int, datetime, datetime, str, str]


def created_of(row: Row | None) -> datetime:
    """When a reservation was created; the earliest time there is where that is not known."""
    if isinstance(row, Reservation):
        return row.created
    return (row.time("created") if row else None) or _EARLIEST


def rank(finding: Finding, verdict: Verdict | None, row: Row | None) -> Rank:
    """Where a finding stands: not snoozed, not acknowledged, severity, T, created, id, key. The smaller, the higher."""
    sunk = 0 if verdict is None else 2 if verdict.said is Said.SNOOZED else 1
    return sunk, -finding.severity, finding.due, created_of(row), finding.lead, finding.key


def entries(
    findings: Collection[Finding], verdict: Callable[[Finding], Verdict | None], rows: Mapping[str, Row]
) -> tuple[Entry, ...]:
    """One entry for each reservation that leads a finding, in the order of the queue.

    A reservation stands under its worst finding with the others named. The second of a pair that is led by another is
    not repeated for what is milder than the pair: that is named with the pair. Every finding is in some entry.
    """
    said = {finding.key: verdict(finding) for finding in findings}
    order = sorted(findings, key=lambda finding: rank(finding, said[finding.key], rows.get(finding.lead)))
    heads: dict[str, Finding] = {}
    paired: dict[str, str] = {}
    named: dict[str, dict[str, Finding]] = {}
    for finding in order:
        lead = finding.lead
        if lead not in heads and lead not in paired:
            heads[lead] = finding
            if finding.kind is Kind.BOOKED_TWICE:
                paired.update((other, lead) for other in finding.subjects[1:] if other not in heads)
        for under in (*finding.subjects, paired.get(lead, lead)):
            named.setdefault(under, {})[finding.key] = finding
    return tuple(
        Entry(head, tuple(other for other in named[lead].values() if other is not head), said[head.key])
        for lead, head in heads.items()
    )


def is_final(row: Row | None) -> bool:
    """Whether nothing can happen to a reservation any more; False where nothing is known of it."""
    return row is not None and not is_open(status_of(row))


def by_return(entry: Entry) -> tuple[datetime, Rank]:
    """The order of the snoozed: the soonest to come back first, those without an end last."""
    until = entry.verdict.until if entry.verdict else None
    return until or _LATEST, rank(entry.finding, entry.verdict, None)


def arranged(every: tuple[Entry, ...], recent: frozenset[str], *, flood: bool) -> Queue:
    """The queue of some entries in order; ``recent`` are the keys that a flood is made of."""
    awake = tuple(entry for entry in every if not _asleep(entry))
    asleep = tuple(sorted((entry for entry in every if _asleep(entry)), key=by_return))
    fresh: dict[Severity, int] = {}
    for entry in awake:
        if entry.fresh:
            fresh[entry.finding.severity] = fresh.get(entry.finding.severity, 0) + 1
    flooded = tuple(entry.finding for entry in awake if entry.fresh and entry.finding.key in recent)
    return Queue(awake, asleep, fresh, flood, flooded if flood else ())


def places(every: tuple[Entry, ...]) -> dict[str, Entry]:
    """The entry in which each reservation stands: the one that it leads, else the first that names it."""
    found = {entry.id: entry for entry in every}
    for entry in every:
        for finding in (entry.finding, *entry.others):
            for identity in finding.subjects:
                found.setdefault(identity, entry)
    return found


def _asleep(entry: Entry) -> bool:
    return entry.verdict is not None and entry.verdict.said is Said.SNOOZED
