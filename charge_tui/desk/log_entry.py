"""What the log holds: one line for each change that was seen, each thing that was done, each gap in the feed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from charge_tui.desk.attention.verdict_file import Ruling
from charge_tui.desk.entries import Entry
from charge_tui.desk.state import Change
from charge_tui.domain.diff import status_of, updated
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.times import rfc3339
from charge_tui.records import dataclass

_UNTOLD: Final = frozenset({"updated"})
_OF_A_NEW_ONE: Final = ("ideal_start", "ideal_end", "reserved_start", "reserved_end", "failed_reason")


class LogKind(StrEnum):
    """What a line is about."""

    CHANGE = "change"
    """A reservation that was seen to be different, new, or gone."""
    ACTION = "action"
    """A request that a person sent from this machine."""
    VERDICT = "verdict"
    """What a person said about a finding."""
    GAP = "gap"
    """A time in which nobody looked, or the API did not answer."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log. Texts are raw: they pass ``domain.text.safe`` before they are shown."""

    kind: LogKind
    at: datetime
    """World time in UTC at which it was noticed, done, or began."""
    wall: datetime
    """The same by this machine's clock."""
    what: str
    """In a word or two: the new status, the cause of an action, why there is a gap."""
    detail: str = ""
    reservation: str = ""
    vehicle: str = ""
    driver: str = ""
    before: str = ""
    """The status before; empty where it is not known or did not change."""
    after: str = ""
    """The status after; empty for what is no change of a reservation."""
    updated: str = ""
    """When the API says that the reservation changed (RFC 3339); for other kinds what tells this line from others."""
    state: str = ""
    """A digest of the reservation as it was then: the same change that two desks saw is one line."""
    fields: tuple[tuple[str, Any, Any], ...] = ()
    """Name, value before and value after of each field that changed, as JSON values."""
    source: str = ""
    """How it is known: poll, read, page, start (it happened before the desk was started), here (done from here)."""
    who: str = ""
    """The operator, where a person on this machine did it."""
    request: str = ""
    until: datetime | None = None
    """The end of a gap, None while it lasts; of a verdict, when the finding comes back by itself."""
    number: int = 0
    """Its place in the file; 0 before it is there."""

    def document(self) -> dict[str, Any]:
        """The line as JSON, for an export."""
        return {
            "at": rfc3339(self.at),
            "kind": str(self.kind),
            "what": self.what,
            "reservation": self.reservation or None,
            "vehicle": self.vehicle or None,
            "driver": self.driver or None,
            "status_before": self.before or None,
            "status_after": self.after or None,
            "detail": self.detail or None,
            "changed": [{"field": name, "before": old, "after": new} for name, old, new in self.fields],
            "source": self.source or None,
            "who": self.who or None,
            "request_id": self.request or None,
            "until": rfc3339(self.until) if self.until else None,
            "wall": rfc3339(self.wall),
        }


def entry_of_change(change: Change, wall: datetime, *, source: str, who: str = "") -> LogEntry:
    """A change as a line of the log: what differs, never the whole reservation."""
    before, after = change.before, change.after
    row = after or before
    assert row is not None
    status, was = status_of(row), status_of(before) if before is not None else ""
    if after is None:
        what, status = "gone", ""
    elif before is None:
        what = "new" if status == "pending" else f"new, {status}"
    else:
        what = status if status != was else "changed"
    return LogEntry(
        LogKind.CHANGE,
        change.at,
        wall,
        what,
        reservation=change.id,
        vehicle=_reference(row, "vehicle"),
        driver=_reference(row, "driver"),
        before=was if was != status else "",
        after=status,
        updated=rfc3339(at) if (at := updated(row)) else "",
        state=digest(after) if after is not None else "gone",
        fields=_fields(change),
        source=source,
        who=who,
    )


def entry_of_action(entry: Entry) -> LogEntry:
    """An entry of the journal as a line of the log."""
    plan = entry.plan
    subject: Mapping[str, Any] = entry.answer or plan.body
    return LogEntry(
        LogKind.ACTION,
        entry.at,
        entry.wall,
        plan.cause,
        detail=f"{entry.state}: {entry.outcome}" if entry.outcome else str(entry.state),
        reservation=plan.reservation or "",
        vehicle=_name(subject.get("vehicle")),
        driver=_name(subject.get("driver")),
        updated=plan.key,
        state=f"{entry.number}",
        source="here",
        who=entry.operator,
        request=entry.request_id or "",
    )


def entry_of_ruling(ruling: Ruling, wall: datetime, row: Row | None = None) -> LogEntry:
    """What a person said about a finding as a line of the log; ``row`` is its leading reservation, if it is known."""
    reason = f": {ruling.reason}" if ruling.reason else ""
    kind = ruling.key.partition(":")[0]
    return LogEntry(
        LogKind.VERDICT,
        ruling.at,
        wall,
        ruling.what,
        detail=f"{kind} ({ruling.severity.word}){reason}",
        reservation=ruling.subjects[0] if ruling.subjects else "",
        vehicle=_reference(row, "vehicle") if row is not None else "",
        driver=_reference(row, "driver") if row is not None else "",
        updated=rfc3339(ruling.at),
        state=f"{ruling.what} {ruling.key}",
        source="here",
        who=ruling.by,
        until=ruling.until,
    )


def digest(row: Row) -> str:
    """A short name for a state of a reservation."""
    text = json.dumps(_document(row), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _fields(change: Change) -> tuple[tuple[str, Any, Any], ...]:
    if change.after is None:
        return ()
    after = _document(change.after)
    if not isinstance(after, dict):
        return ()
    if change.before is None:
        return tuple((name, None, after[name]) for name in _OF_A_NEW_ONE if after.get(name) is not None)
    before = _document(change.before)
    before = before if isinstance(before, dict) else {}
    names = sorted((before.keys() | after.keys()) - _UNTOLD)
    return tuple((name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name))


def _document(row: Row) -> Any:
    return row.document() if isinstance(row, Reservation) else row.raw


def _reference(row: Row, name: str) -> str:
    return _name(getattr(row, name) if isinstance(row, Reservation) else row.field(name))


def _name(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""
