"""What the journal holds: one entry for each request that changes something, written before it leaves."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from charge_tui.records import dataclass


class State(StrEnum):
    """What is known of an entry's request."""

    OPEN = "open"
    """Written; whether it left is not known to this file. Under way, or its desk was killed."""
    UNKNOWN = "unknown"
    """Sent, and what became of it is not known."""
    DONE = "done"
    """It took effect."""
    FAILED = "failed"
    """It took effect and came to nothing: a confirm that was answered ``failed``."""
    REFUSED = "refused"
    """The API said no; nothing was done."""
    NOT_SENT = "not sent"
    """Nothing left, or no connection came about; nothing was done."""
    VOID = "void"
    """It was looked for later and had no effect, or no effect that matters any more."""

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to find out."""
        return self not in (State.OPEN, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that is about to be sent."""

    verb: str
    """create, update, confirm or cancel."""
    cause: str
    """What the person asked for: edit, create, book again, confirm, cancel, move, undo."""
    body: dict[str, Any]
    """The body as it leaves."""
    key: str
    """The Idempotency-Key, of this intent alone."""
    reservation: str | None = None
    """The id that it concerns; None for a create until it is answered."""
    before: dict[str, Any] | None = None
    """The fields that it concerns as they were read just before; for a create None."""
    after: dict[str, Any] | None = None
    """The same fields as they shall be."""
    replaces: str | None = None
    """The reservation that a copy takes the place of."""
    group: str | None = None
    """Entries of one decision (a move, many marked) have the same."""
    undoes: int | None = None
    """The number of the entry that this one takes back."""
    known: tuple[str, ...] = ()
    """For a create: ids of the vehicle's reservations that were there before, so that the new one can be told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the journal."""

    number: int
    """Ascending in the order of writing."""
    at: datetime
    """World time at which it was written, in UTC; an Idempotency-Key lapses 24 hours later [docs-old]."""
    wall: datetime
    """The same by this machine's clock."""
    operator: str
    host: str
    account: str
    """A digest of base URL and key, by which a desk knows its own entries."""
    mode: str
    """test or production."""
    desk: str
    """The token of the run of the program that wrote it."""
    plan: Plan
    state: State
    outcome: str
    """What came of it, in a sentence that is safe to show; empty while that is not known."""
    request_id: str | None
    settled: str | None
    """How it was settled: answer, read, retry, person; None while it is not."""
    ended: datetime | None
    """World time at which it was settled."""
    answer: dict[str, Any] | None
    """The reservation as it was after it, as JSON."""

    def document(self) -> dict[str, Any]:
        """The entry as JSON, for an export; it never holds an API key."""
        plan = self.plan
        return {
            "number": self.number,
            "at": _text(self.at),
            "operator": self.operator,
            "host": self.host,
            "mode": self.mode,
            "verb": plan.verb,
            "cause": plan.cause,
            "reservation": plan.reservation,
            "before": plan.before,
            "after": plan.after,
            "idempotency_key": plan.key,
            "body": plan.body,
            "replaces": plan.replaces,
            "undoes": plan.undoes,
            "group": plan.group,
            "state": str(self.state),
            "outcome": self.outcome,
            "request_id": self.request_id,
            "settled": self.settled,
            "ended": _text(self.ended) if self.ended else None,
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """What stood in a form that was left, or that a crash ended: the texts as they were typed, by field."""

    name: str
    """Which form: "edit res_…", "new", "again res_…"."""
    texts: dict[str, str]
    at: datetime


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
