"""Every number that the rules rest on, with the value that the documentation and its examples suggest."""

from charge_tui.domain.attention.finding import Kind
from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of the rules: lengths of time in seconds unless their name says otherwise."""

    lead: float = 1800.0
    """How long before the ideal start Charge confirms by itself [seed]."""
    grace: float = 300.0
    """How late it may be with that before a person is told."""
    high_before: float = 900.0
    """How long before the ideal start an unconfirmed one becomes high."""
    critical_slack: float = 3600.0
    """A lost one is critical with less time than this left in which a replacement may still be found."""
    noise: float = 60.0
    """Differences up to this are the documented noise of a granted window; it stays under 30 s [seed]."""
    drift: float = 900.0
    """How far a granted window may lie from the ideal one on a side without a limit."""
    shorter_by: float = 600.0
    """How much shorter than asked a granted window must at least be to be called short."""
    shorter_medium: float = 0.8
    """The share of the asked length below which a short one is medium."""
    shorter_high: float = 0.5
    """The share of the asked length below which a short one is high."""
    noshow: float = 900.0
    """How long after the reserved start a confirmed one without an outcome is marked."""
    overrun: float = 600.0
    """How long after the reserved end a confirmed one is marked as overrun."""
    warning: float = 600.0
    """How long before its end the period of free cancellation is worth a look on the row."""
    payments_window: float = 3600.0
    """How recent failed payments must be to count together."""
    payments_least: int = 2
    """How many failed payments of one payment method make a finding."""
    area_window: float = 3600.0
    """How recent failures for want of a connector must be to count together."""
    area_least: int = 3
    """How many such failures in one area make a finding."""
    area_km: float = 5.0
    """How far from the newest of them the others may lie, in kilometres."""
    cover: float = 0.5
    """The share of a lost one's ideal window that another of its vehicle must cover to count as its replacement."""
    off: frozenset[Kind] = frozenset()
    """Findings that are switched off."""
