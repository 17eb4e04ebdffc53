"""Not confirmed: Charge should have found a place by now, and has not [seed: about 30 minutes before the start]."""

from functools import partial
from typing import Any

from charge_tui.domain.attention.case import Case, told
from charge_tui.domain.attention.finding import Facts, Finding, Kind, Severity
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.lifecycle import PENDING


def not_confirmed(case: Case, now: float, limits: Thresholds) -> Finding | None:
    """The finding, when it holds."""
    if case.status != PENDING:
        return None
    late = now >= case.due(limits.lead) + limits.grace
    if late and now < case.ideal_start:
        severity = Severity.HIGH if now >= case.ideal_start - limits.high_before else Severity.MEDIUM
        return _found(case, severity, starts=True, limits=limits)
    if late and now < case.hard_end:
        return _found(case, Severity.CRITICAL, starts=False, limits=limits)
    if now >= case.hard_end:
        return _found(case, Severity.MEDIUM, starts=False, limits=limits)
    return None


def calm_until(case: Case, limits: Thresholds) -> float:
    """Before that there is no finding about a pending one, and time alone brings none."""
    due = case.due(limits.lead) + limits.grace
    return case.hard_end if case.hard_end < due else due


def moments(case: Case, limits: Thresholds) -> tuple[float, ...]:
    """When the answer may change by time alone."""
    if case.status != PENDING:
        return ()
    due = case.due(limits.lead) + limits.grace
    return due, case.ideal_start - limits.high_before, case.ideal_start, case.hard_end


def _found(case: Case, severity: Severity, *, starts: bool, limits: Thresholds) -> Finding:
    row = case.row
    due = row.ideal_start if starts else row.latest_end or row.ideal_end
    facts = Facts(partial(_facts, case, limits.lead))
    return Finding(Kind.NOT_CONFIRMED, f"{Kind.NOT_CONFIRMED}:{case.id}", severity, (case.id,), due, facts)


def _facts(case: Case, lead: float) -> dict[str, Any]:
    return {
        "ideal_start": told(case.ideal_start),
        "ideal_end": told(case.ideal_end),
        "hard_end": None if case.hard_end != case.hard_end else told(case.hard_end),
        "due": told(case.due(lead)),
    }
