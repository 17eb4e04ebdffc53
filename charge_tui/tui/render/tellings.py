"""What the desk tells by itself: what came into the queue, a flood, what became of a row, the rules between rows."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from charge_tui.desk.attention.state import Queue
from charge_tui.desk.state import Change
from charge_tui.domain.attention import Finding, Severity
from charge_tui.domain.attention.words import why
from charge_tui.domain.diff import status_of
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.text import safe, short_id
from charge_tui.domain.times import hhmm
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import Line, Span, cells
from charge_tui.tui.render.standing import TOKENS

_KINDS_TOLD: Final = 3


def news_words(new: int, critical: int, where: str = "") -> str:
    """What came since the order was shown ("3 new above, 1 critical"); empty for nothing."""
    if not new:
        return ""
    return f"{new:,} new{where}" + (f", {critical:,} critical" if critical else "")


def flood_words(flooded: Sequence[Finding]) -> str:
    """A flood in one line, grouped ("flood: 14 new in 10 min, 12 lost: no connector, 2 booked twice")."""
    kinds = Counter(why(finding) for finding in flooded).most_common()
    told = [f"{count:,} {words}" for words, count in kinds[:_KINDS_TOLD]]
    more = sum(count for _, count in kinds[_KINDS_TOLD:])
    return ", ".join([f"flood: {len(flooded):,} new in 10 min", *told, *([f"{more:,} more"] if more else [])])


def severity_lines(queue: Queue, width: int) -> list[Line]:
    """How many wait for a verdict by severity, the worst first, and how many are snoozed; nothing for none."""
    lines: list[Line] = []
    for severity in sorted(Severity, reverse=True):
        count = queue.fresh.get(severity, 0)
        if count:
            sign = Span(f" {severity.shape:<2}{severity.letter}", TOKENS[severity], "view:attention")
            name = Span(f" {severity.word}", "", "view:attention")
            room = max(1, width - 1 - cells(sign.text) - cells(name.text))
            lines.append((sign, name, Span(f"{count:>{room},}", "strong", "view:attention")))
    if queue.snoozed:
        told = f"{len(queue.snoozed):,}"
        lines.append((Span(f" {'snoozed':<{max(1, width - 2 - len(told))}}{told}", "quiet", "command:verdicts"),))
    return lines


def status_words(changes: Sequence[Change], look: Look) -> str:
    """Status changes in one line ("GH-204-KT confirmed → completed, and 2 more"); empty where no status changed."""
    told = [words for change in changes if (words := _status_change(change, look))]
    if not told:
        return ""
    return told[0] + (f", and {len(told) - 1} more" if len(told) > 1 else "")


def over_words(rows: Sequence[Row]) -> str:
    """That lost reservations have left the queue; empty for none."""
    if not rows:
        return ""
    what = "a lost one is" if len(rows) == 1 else f"{len(rows):,} lost ones are"
    return f"{what} over or replaced: 7 and 8 have all of them"


def _status_change(change: Change, look: Look) -> str:
    before, after = change.before, change.after
    if before is None or after is None or status_of(before) == status_of(after):
        return ""
    name = look.vehicle(after.vehicle_id) if isinstance(after, Reservation) else ""
    return f"{name or short_id(change.id)} {safe(status_of(before), 20)} → {safe(status_of(after), 20)}"


def coming_rule(width: int) -> Line:
    """The line between the queue and what only comes up."""
    head = " ── coming up "
    return (Span(head + "─" * max(0, width - cells(head) - 1), "quiet"),)


def clear_line(deadline: datetime | None, zone: tzinfo) -> Line:
    """The line that says that nothing is left to do."""
    ahead = f" · next deadline {hhmm(deadline, zone)}" if deadline else ""
    return (Span(" all clear", "good"), Span(ahead, "quiet"))
