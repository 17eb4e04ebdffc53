"""The page for whoever takes over: what is open, who took what, what was done, what is not known. Values only.

``gathered`` makes it from what the desk has; ``handover_page`` puts it into sections of short texts that a screen and
Markdown render alike.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from charge_tui.desk.attention.state import Entry as Attended
from charge_tui.desk.attention.state import Queue
from charge_tui.desk.entries import Entry
from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.desk.state import Freshness
from charge_tui.domain.times import parse_rfc3339, rfc3339
from charge_tui.records import dataclass

NOTE: Final = "handover note"
"""The fact that keeps the free text until it is cleared."""
GIVEN: Final = "handover given"
"""The fact that says when a handover was written last."""
SHIFT: Final = timedelta(hours=12)
"""How far back a page tells when no handover was written for that long."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What is handed over, as of one moment of world time. Texts are raw."""

    made: datetime
    since: datetime
    """Actions, gaps and changes are told from here on."""
    by: str
    host: str
    mode: str
    freshness: str
    """How far the picture can be trusted: FRESH and so on, SAVED for one from disk."""
    age: float | None
    """World seconds since the oldest open row was seen; None where there is no picture."""
    fresh: tuple[Attended, ...] = ()
    """What waits for a verdict, the worst first."""
    taken: tuple[Attended, ...] = ()
    """Acknowledged or handled, and not cleared."""
    snoozed: tuple[Attended, ...] = ()
    actions: tuple[Entry, ...] = ()
    """The newest first."""
    unknown: tuple[Entry, ...] = ()
    """Writes of which the outcome is not known, whenever they were sent."""
    gaps: tuple[LogEntry, ...] = ()
    turned: tuple[tuple[str, int], ...] = ()
    """How many reservations were seen to come to each status, the most first."""
    note: str = ""

    def document(self) -> dict[str, object]:
        """The page as JSON."""
        return {
            "made": rfc3339(self.made),
            "since": rfc3339(self.since),
            "by": self.by,
            "host": self.host,
            "mode": self.mode,
            "freshness": self.freshness,
            "age": self.age,
            "open": [_document(entry) for entry in self.fresh],
            "acknowledged": [_document(entry) for entry in self.taken],
            "snoozed": [_document(entry) for entry in self.snoozed],
            "actions": [entry.document() for entry in self.actions],
            "unknown": [entry.document() for entry in self.unknown],
            "gaps": [entry.document() for entry in self.gaps],
            "turned": dict(self.turned),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Origin:
    """Who makes the page, and what it rests on."""

    by: str
    host: str
    mode: str
    freshness: str
    age: float | None


def gathered(
    origin: Origin,
    made: datetime,
    since: datetime,
    queue: Queue,
    *,
    actions: Iterable[Entry],
    unknown: Iterable[Entry],
    log: Iterable[LogEntry],
    note: str,
) -> Handover:
    """The page from the queue, the journal since that moment, the log since that moment, and the free text."""
    lines = list(log)
    turned: dict[str, int] = {}
    for line in lines:
        if (
            line.kind is LogKind.CHANGE
            and line.after
            and line.before != line.after
            and (line.before or line.what != "new")
        ):
            turned[line.after] = turned.get(line.after, 0) + 1
    missing = tuple(unknown)
    known = {entry.number for entry in missing}
    return Handover(
        made, since, origin.by, origin.host, origin.mode, origin.freshness, origin.age,
        tuple(entry for entry in queue.entries if entry.fresh),
        tuple(entry for entry in queue.entries if not entry.fresh),
        queue.snoozed,
        tuple(entry for entry in actions if entry.number not in known),
        missing,
        tuple(line for line in lines if line.kind is LogKind.GAP),
        tuple(sorted(turned.items(), key=lambda pair: (-pair[1], pair[0]))),
        note,
    )  # fmt: skip


def is_stale(freshness: str) -> bool:
    """Whether the picture that the page rests on is older than it should be."""
    return freshness not in (Freshness.FRESH, Freshness.OFF)


def shift_began(given: str | None, now: datetime) -> datetime:
    """From when on a page tells by itself: the last handover, at most ``SHIFT`` ago."""
    try:
        last = parse_rfc3339(given) if given else now - SHIFT
    except ValueError:
        last = now - SHIFT
    return last if now - SHIFT <= last <= now else now - SHIFT


def _document(entry: Attended) -> dict[str, object]:
    finding, verdict = entry.finding, entry.verdict
    return {
        "finding": str(finding.kind),
        "severity": finding.severity.word,
        "reservations": list(finding.subjects),
        "due": rfc3339(finding.due),
        "facts": dict(finding.facts),
        "also": [str(other.kind) for other in entry.others],
        "verdict": verdict
        and {
            "said": str(verdict.said),
            "by": verdict.by,
            "at": rfc3339(verdict.at),
            "until": rfc3339(verdict.until) if verdict.until else None,
            "reason": verdict.reason,
        },
    }
