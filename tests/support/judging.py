"""The rules asked about a few reservations, for tests: what they say at some seconds after noon."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.attention.finding import Finding, Kind
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.reservation import OddRow, Reservation, Row, read_row
from tests.support.reservations import NOON, document, reservation

MICROSECOND = 1e-6


def after_noon(seconds: float) -> datetime:
    """The instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def found(rows: Row | Iterable[Row], seconds: float = 0, limits: Thresholds | None = None) -> list[Finding]:
    """The findings then, by key."""
    several = [rows] if isinstance(rows, Reservation | OddRow) else rows
    findings = Engine.evaluate(several, after_noon(seconds), limits)
    return [findings[key] for key in sorted(findings)]


def told(rows: Row | Iterable[Row], seconds: float = 0, limits: Thresholds | None = None) -> list[str]:
    """The findings in short: severity, key, and T in seconds after noon ("C lost:res_1 600")."""
    return [f"{it.severity.letter} {it.key} {(it.due - NOON).total_seconds():g}" for it in found(rows, seconds, limits)]


def fallen(identity: str = "res_1", reason: str = "other", **fields: Any) -> Reservation:
    """One that failed; unless it is said otherwise at four hours before noon."""
    return reservation(identity, **{"status": "failed", "failed_reason": reason} | fields)


def partly_odd(identity: str = "res_1", **fields: Any) -> Row:
    """A row as the API sends it, read whatever it holds."""
    return read_row(document(identity, **fields))


def of_kind(findings: Iterable[Finding], kind: Kind) -> list[Finding]:
    """Those of one kind."""
    return [finding for finding in findings if finding.kind is kind]
