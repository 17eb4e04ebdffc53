"""Lost: failed, or expired before its end, with nothing in its place while there is still time for something."""

from functools import partial
from typing import Any

from charge_tui.domain.attention.case import Case, after, told
from charge_tui.domain.attention.finding import Facts, Finding, Kind, Severity
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.lifecycle import COMPLETED, CONFIRMED, EXPIRED, FAILED, PENDING

FALLEN = frozenset({FAILED, EXPIRED})
"""Statuses of which a reservation may have been lost."""
STANDING = frozenset({PENDING, CONFIRMED, COMPLETED})
"""Statuses in which another may stand in the place of a lost one."""


def lost(case: Case, now: float, limits: Thresholds) -> Finding | None:
    """The finding for one that nothing replaces, when it holds."""
    if not now < case.hard_end:
        return None
    if case.status == FAILED:
        slack = case.hard_end - now - (case.ideal_end - case.ideal_start)
        severity = Severity.CRITICAL if slack < limits.critical_slack else Severity.HIGH
    elif case.status == EXPIRED and case.updated < case.end:
        severity = Severity.HIGH
    else:
        return None
    row = case.row
    due = row.ideal_start if now < case.ideal_start else row.latest_end or row.ideal_end
    return Finding(Kind.LOST, f"{Kind.LOST}:{case.id}", severity, (case.id,), due, Facts(partial(_facts, case)))


def moments(case: Case, limits: Thresholds) -> tuple[float, ...]:
    """When the answer may change by time alone."""
    if case.status not in FALLEN:
        return ()
    urgent = case.hard_end - (case.ideal_end - case.ideal_start) - limits.critical_slack
    return after(urgent), case.ideal_start, case.hard_end


def _facts(case: Case) -> dict[str, Any]:
    return {
        "status": case.status,
        "failed_reason": case.reason,
        "ideal_start": told(case.ideal_start),
        "ideal_end": told(case.ideal_end),
        "hard_end": told(case.hard_end),
    }


def stands_for(case: Case, gone: Case, limits: Thresholds) -> bool:
    """Whether one of the same vehicle, booked later, covers enough of the window that the other asked for."""
    if case.status not in STANDING or not case.created > gone.created:
        return False
    wanted = gone.ideal_end - gone.ideal_start
    covered = min(case.end, gone.ideal_end) - max(case.start, gone.ideal_start)
    return wanted > 0 and covered >= limits.cover * wanted
