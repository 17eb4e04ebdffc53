"""Payments failing: one payment method has failed again and again, and others wait to be paid with it."""

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import Final

from charge_tui.domain.attention.case import Case, after
from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.domain.attention.thresholds import Thresholds

PAYMENT_FAILED: Final = "payment_failed"
AT_RISK: Final = 12
"""How many reservations at risk a finding names, the earliest first."""


def payments_failing(
    payment: str, failed: Iterable[Case], pending: Iterable[Case], now: float, limits: Thresholds
) -> list[Finding]:
    """The finding for one payment method, when it holds; its subjects are the ones at risk."""
    recent = [case for case in failed if now - case.updated <= limits.payments_window]
    if len(recent) < limits.payments_least:
        return []
    risk = at_risk(pending, now)
    if not risk:
        return []
    facts = {"payment_method": payment, "failed": newest_first(recent)}
    return [
        Finding(
            Kind.PAYMENTS_FAILING,
            f"{Kind.PAYMENTS_FAILING}:{payment}",
            Severity.CRITICAL,
            tuple(case.id for case in risk),
            risk[0].row.ideal_start,
            facts,
        )
    ]


def moments(failed: Iterable[Case], limits: Thresholds) -> Iterator[float]:
    """When a failure grows too old to count."""
    return (after(case.updated + limits.payments_window) for case in failed)


def at_risk(pending: Iterable[Case], now: float) -> list[Case]:
    """The ones that still wait, the earliest first."""
    waiting = (case for case in pending if now < case.end)
    return nsmallest(AT_RISK, waiting, key=lambda case: (case.start, case.id))


def newest_first(cases: Iterable[Case]) -> list[str]:
    """Ids by last change."""
    return [case.id for case in sorted(cases, key=lambda case: (-case.updated, case.id))]
