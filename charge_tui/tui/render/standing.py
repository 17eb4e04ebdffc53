"""How a reservation stands with the findings: what a row says about that, in a cell of few characters."""

from datetime import datetime
from typing import Final

from charge_tui.desk.attention.state import Entry, Said
from charge_tui.domain.attention import Finding, Marked, Severity
from charge_tui.domain.attention.words import why
from charge_tui.domain.lifecycle import CONFIRMED, FAILED, STATUSES
from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.domain.text import safe
from charge_tui.domain.times import DAY, HOUR, MINUTE, seconds_between, span
from charge_tui.records import dataclass
from charge_tui.tui.render import words
from charge_tui.tui.render.spans import Token

Cell = tuple[str, Token]

TOKENS: Final[dict[Severity, Token]] = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "bad",
    Severity.MEDIUM: "warn",
    Severity.LOW: "quiet",
}
"""How each severity looks."""

MARK: Final = "~"
"""What stands where a severity would, on a row that bears marks only."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known about a row besides the row."""

    findings: tuple[Finding, ...] = ()
    """Those that have it among their subjects, the worst first."""
    marks: tuple[Marked, ...] = ()
    entry: Entry | None = None
    """Its entry in the queue; None where it is listed under another reservation, or not at all."""
    listed: bool = False
    """Whether it stands in the queue on this screen, so that its time is that of the finding."""
    became: str = ""
    """What became of it while its line was held ("now completed"); empty for a line that is as it should be."""
    leaving: bool = False
    """Whether it left the open lists and its end is not known."""
    changed: frozenset[str] = frozenset()
    """The columns that changed since somebody looked last."""

    @property
    def worst(self) -> Finding | None:
        """The finding that it is shown with."""
        if self.entry is not None:
            return self.entry.finding
        return self.findings[0] if self.findings else None

    @property
    def asks(self) -> bool:
        """Whether its finding waits for a verdict, and nothing has become of it since."""
        return not self.became and self.entry is not None and self.entry.fresh

    @property
    def sunk(self) -> bool:
        """Whether the whole row is of the past: somebody took it, or it is over."""
        return bool(self.became) or (self.listed and self.entry is not None and not self.entry.fresh)


PLAIN: Final = Standing()
"""Nothing but the row."""


def severity_cell(row: Row, standing: Standing) -> Cell:
    """Shape and letter of the worst finding ("!!C", "! H"); a small sign for marks."""
    worst = standing.worst
    if worst is None or standing.became:
        return _sign(row, standing)
    severity = worst.severity
    return f"{severity.shape:<2}{severity.letter}", TOKENS[severity] if standing.asks else "quiet"


def shape_cell(row: Row, standing: Standing) -> Cell:
    """The shape of the worst finding alone; a small sign for marks."""
    worst = standing.worst
    if worst is None or standing.became:
        return _sign(row, standing)
    return worst.severity.shape, TOKENS[worst.severity] if standing.asks else "quiet"


def note(row: Row, standing: Standing) -> Cell:
    """What there is to say about a row in a few words; nothing for most rows."""
    if standing.became:
        return standing.became, "quiet"
    worst = standing.worst
    if worst is not None:
        others = [one for one in standing.findings if one.key != worst.key]
        told = " · ".join(why(finding) for finding in (worst, *others))
        return _said(standing) + told, "" if standing.asks else "quiet"
    if isinstance(row, OddRow):
        return "unreadable row", "warn"
    if standing.leaving:
        return "end unknown", "warn"
    if standing.marks:
        return " · ".join(marked.mark.value for marked in standing.marks), "quiet"
    return _quietly(row), "quiet"


def until(due: datetime, now: datetime) -> str:
    """A time of consequence seen from now, in at most seven characters ("14m", "now", "12m ago", "3h ago")."""
    left = seconds_between(now, due)
    if abs(left) < MINUTE:
        return "now"
    if left > 0:
        return span(left)
    past = -left
    unit, name = (MINUTE, "m") if past < HOUR else (HOUR, "h") if past < DAY else (DAY, "d")
    return f"{int(past // unit)}{name} ago"


def _said(standing: Standing) -> str:
    verdict = standing.entry.verdict if standing.entry else None
    if verdict is None or standing.became:
        return ""
    if verdict.said is Said.SNOOZED:
        return "snoozed: "
    done = safe(verdict.reason, 30) if verdict.said is Said.HANDLED and verdict.reason else ""
    return f"{safe(verdict.by, 12)} {done}: " if done else f"{safe(verdict.by, 12)}: "


def _sign(row: Row, standing: Standing) -> Cell:
    if standing.became:
        return "", ""
    if isinstance(row, OddRow) or standing.leaving:
        return MARK, "warn"
    return (MARK, "quiet") if standing.marks or _odd(row) else ("", "")


def _odd(row: Reservation) -> str:
    """What is odd about a row that nobody has judged: one of another page, or long over."""
    if row.status not in STATUSES:
        return f"unknown status {safe(row.status, 20)}"
    return f"odd data: {safe(', '.join(row.odd), 60)}" if row.odd else ""


def _quietly(row: Reservation) -> str:
    if odd := _odd(row):
        return odd
    if row.status == FAILED:
        return words.reason(row.failed_reason)
    return words.moved(row) if row.status == CONFIRMED else ""
