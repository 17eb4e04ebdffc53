"""What needs a person: pure rules over the API's own fields, with now and the thresholds as arguments."""

from charge_tui.domain.attention.finding import Finding, Kind, Mark, Marked, Severity, Turn, WhatIf
from charge_tui.domain.attention.thresholds import Thresholds

__all__ = ["Finding", "Kind", "Mark", "Marked", "Severity", "Thresholds", "Turn", "WhatIf"]
