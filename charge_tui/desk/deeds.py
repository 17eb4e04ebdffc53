"""One decision at a time: what is looked at before it leaves, what leaves, and how its end is told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import tzinfo
from random import Random
from typing import Any, Final
from uuid import UUID

from charge_tui.api.errors import ChargeError
from charge_tui.desk.entries import Entry, Plan, State
from charge_tui.desk.journal import Journal
from charge_tui.desk.journal_file import JournalUnwritable
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.sending import Bench, Result, Sender
from charge_tui.domain.diff import changes
from charge_tui.domain.drafting import (
    CREATABLE,
    SEEN,
    Difference,
    Fields,
    Side,
    applied,
    create_body,
    departures,
    edit_body,
    flat,
    overlapping,
    three_way,
    touched,
    values_of,
)
from charge_tui.domain.lifecycle import OPEN, PENDING
from charge_tui.domain.reservation import OddRow, Reservation
from charge_tui.domain.text import safe

_HARMLESS: Final = frozenset({"metadata", "payment_method", "updated"})
"""What may change under a question about cancelling or confirming without making it another question."""
_PARTICIPLE: Final = {"confirm": "confirmed", "cancel": "cancelled", "move": "moved"}


class Deeds:
    """The steps of every write. Nothing here raises for what the network or the API does."""

    def __init__(
        self,
        bench: Bench,
        journal: Journal,
        policy: WritePolicy,
        sender: Sender,
        *,
        rng: Random,
        zone: Callable[[], tzinfo],
    ) -> None:
        self.zone = zone
        self._journal = journal
        self._policy = policy
        self._bench = bench
        self._sender = sender
        self._rng = rng
        self.under_way: set[int] = set()
        """Numbers of entries that this run is sending just now."""

    async def edit(self, shown: Reservation, after: Mapping[str, Any], undoes: int | None) -> Outcome:
        """Send what changed of a pending reservation."""
        cause = "edit" if undoes is None else "undo"
        found = await self._again(cause, shown)
        if isinstance(found, Outcome):
            return found
        if found.status != PENDING:
            return self._too_late(cause, found, "changed")
        conflict = self._conflict(cause, shown, found, after)
        if any(one.side is not Side.MINE for one in conflict.fields):
            return conflict
        before = values_of(found)
        body = edit_body(before, after)
        if not body:
            return Outcome(Kind.UNCHANGED, cause, found.id, "There is nothing to change.", found)
        was, will = touched(before, body), touched(applied(before, body), body)
        plan = Plan("update", cause, body, self.new_key(), found.id, was, will, undoes=undoes)
        return self._beside(await self._carry_out(plan), before, body)

    async def create(
        self, values: Mapping[str, Any], cause: str, replaces: str | None, despite: bool, group: str | None
    ) -> Outcome:
        """Book; what is open in that window stops it unless ``despite``."""
        if closed := self.closed(cause, None):
            return closed
        body = create_body(values)
        if earlier := await self._unfinished(cause, None, body):
            return earlier
        try:
            there = await self._sender.open_of(str(body.get("vehicle")))
        except ChargeError as error:
            return self.not_read(cause, None, error)
        others = overlapping(there, values)
        if others and not despite:
            names = ", ".join(safe(row.id, 60) for row in others[:3])
            words = f"Not booked: the vehicle has {names} open in this window."
            return Outcome(Kind.TAKEN, cause, None, words, others=others)
        plan = Plan(
            "create", cause, body, self.new_key(), None, None, dict(body), replaces, group,
            known=tuple(row.id for row in there),
        )  # fmt: skip
        return await self._carry_out(plan)

    async def act(self, verb: str, shown: Reservation, body: Fields, group: str | None) -> Outcome:
        """Confirm or cancel."""
        found = await self._checked(verb, shown)
        if isinstance(found, Outcome):
            return found
        plan = Plan(
            verb, verb, body, self.new_key(), found.id, {"status": found.status},
            {"status": _PARTICIPLE[verb]}, group=group,
        )  # fmt: skip
        return await self._carry_out(plan)

    async def move(self, shown: Reservation, values: Mapping[str, Any]) -> Outcome:
        """Book, then cancel, as one decision of two entries."""
        found = await self._checked("move", shown)
        if isinstance(found, Outcome):
            return found
        body, group = create_body(values), self.new_key()
        if earlier := await self._unfinished("move", shown.id, body):
            return earlier
        try:
            there = await self._sender.open_of(str(body.get("vehicle")))
        except ChargeError as error:
            return self.not_read("move", shown.id, error)
        booking = Plan(
            "create", "move", body, self.new_key(), None, None, dict(body), shown.id, group,
            known=tuple(row.id for row in there),
        )  # fmt: skip
        ending = Plan(
            "cancel", "move", {}, self.new_key(), shown.id, {"status": found.status}, {"status": "cancelled"},
            group=group,
        )  # fmt: skip
        entries = await self._begin(booking, ending)
        if isinstance(entries, Outcome):
            return entries
        with self._sending(entries):
            return await self._move_on(shown, *entries)

    async def _move_on(self, shown: Reservation, booking: Entry, ending: Entry) -> Outcome:
        first = await self._sender.send(booking)
        if first.state is not State.DONE or first.row is None:
            words = "Not tried: the new window was not booked, or that is not known."
            await self._journal.end(ending, State.NOT_SENT, words, settled="answer")
            told = self.outcome(booking, first)
            return replace(told, sentence=f"{told.sentence} {safe(shown.id, 60)} stays as it is.")
        second = await self._sender.send(ending)
        told = self.outcome(ending, second)
        new = safe(first.row.id, 60)
        if second.state is State.DONE:
            words = f"Moved: {new} is booked, and {safe(shown.id, 60)} is cancelled."
        else:
            words = f"{new} is booked, but {safe(shown.id, 60)} was not cancelled: {told.sentence}"
        return replace(told, id=first.row.id, sentence=words)

    async def _checked(self, cause: str, shown: Reservation) -> Reservation | Outcome:
        found = await self._again(cause, shown)
        if isinstance(found, Outcome):
            return found
        if found.status not in ({PENDING} if cause == "confirm" else OPEN):
            return self._too_late(cause, found, _PARTICIPLE[cause])
        if {change.field for change in changes(shown, found)} - _HARMLESS:
            return self._conflict(cause, shown, found, {})
        return found

    async def _again(self, cause: str, shown: Reservation) -> Reservation | Outcome:
        if closed := self.closed(cause, shown.id):
            return closed
        try:
            found = await self._sender.read(shown.id)
        except ChargeError as error:
            return self.not_read(cause, shown.id, error)
        if isinstance(found, OddRow):
            words = f"Nothing was sent: {safe(found.id, 60)} cannot be read whole ({safe('; '.join(found.problems))})."
            return Outcome(Kind.NOT_SENT, cause, shown.id, words, found)
        return found

    async def _unfinished(self, cause: str, identity: str | None, body: Fields) -> Outcome | None:
        """An earlier booking of the same whose outcome is not known: a second one under another key might double it."""
        for entry in await self._journal.unsettled():
            if entry.plan.verb == "create" and intent_of(entry.plan.body) == intent_of(body):
                words = (
                    "Not sent: whether an earlier booking of this vehicle in this window took effect is not known "
                    f"(entry {entry.number} of the journal). Look for it, send it again, or decide what came of it."
                )
                return Outcome(Kind.UNKNOWN, cause, identity, words, entry=entry.number)
        return None

    async def _begin(self, *plans: Plan) -> list[Entry] | Outcome:
        plan = plans[0]
        if self._bench.client.mode != self._journal.account.mode:
            words = f"Nothing was sent: the key is now one of {self._bench.client.mode}. Start the desk again."
            return Outcome(Kind.NOT_SENT, plan.cause, plan.reservation, words, pauses=True)
        try:
            return await self._journal.begin(*plans)
        except JournalUnwritable as fault:
            return Outcome(Kind.NOT_SENT, plan.cause, plan.reservation, fault.sentence, pauses=True)

    async def _carry_out(self, plan: Plan) -> Outcome:
        entries = await self._begin(plan)
        if isinstance(entries, Outcome):
            return entries
        with self._sending(entries):
            result = await self._sender.send(entries[0])
        return self.outcome(entries[0], result)

    def outcome(self, entry: Entry, result: Result) -> Outcome:
        """The end of an entry, as it is told."""
        plan, row = entry.plan, result.row
        created = row.id if row and plan.verb == "create" else plan.reservation
        apart: tuple[Difference, ...] = ()
        words = result.words
        if result.state is State.DONE and isinstance(row, Reservation) and plan.verb in ("create", "update"):
            apart = departures(plan.body, values_of(row, CREATABLE), self.zone())
            if apart:
                told = "; ".join(f"{safe(one.field, 60)}: sent {one.before}, is {one.after}" for one in apart)
                words = f"{words} The answer is not all that was sent: {told}."
        return Outcome(
            _KINDS[result.state], plan.cause, created, words, row, apart, request_id=result.request_id,
            param=getattr(result.error, "param", None), entry=entry.number, error=result.error, pauses=result.pauses,
        )  # fmt: skip

    def _beside(self, outcome: Outcome, before: Fields, body: Fields) -> Outcome:
        """Tell besides where the answer changed a field that was not sent: omitted ones should stay [unknown]."""
        if outcome.kind is not Kind.DONE or not isinstance(outcome.row, Reservation):
            return outcome
        sent = flat(body).keys()
        rest = {name: value for name, value in flat(before).items() if name not in sent}
        apart = departures(rest, flat(values_of(outcome.row)), self.zone())
        if not apart:
            return outcome
        told = "; ".join(f"{safe(one.field, 60)}: was {one.before}, is {one.after}" for one in apart)
        words = f"{outcome.sentence} Besides what was sent, this changed: {told}."
        return replace(outcome, sentence=words, departures=(*outcome.departures, *apart))

    def closed(self, cause: str, identity: str | None) -> Outcome | None:
        """Why nothing may be written now, as an outcome; None when it may."""
        why = self._policy.why_closed(self._bench.client.mode)
        return Outcome(Kind.NOT_SENT, cause, identity, why, pauses=True) if why else None

    def not_read(self, cause: str, identity: str | None, error: ChargeError) -> Outcome:
        """The end of a write that could not look first."""
        words = f"Nothing was sent, since what is there could not be read again. {error.sentence}"
        pauses = Result(State.NOT_SENT, "", error=error).pauses
        return Outcome(Kind.NOT_SENT, cause, identity, words, request_id=error.request_id, error=error, pauses=pauses)

    def _too_late(self, cause: str, row: Reservation, deed: str) -> Outcome:
        words = f"Nothing was sent: {safe(row.id, 60)} is {safe(row.status, 40)} and cannot be {deed} any more."
        return Outcome(Kind.TOO_LATE, cause, row.id, words, row)

    def _conflict(self, cause: str, shown: Reservation, found: Reservation, mine: Mapping[str, Any]) -> Outcome:
        was, theirs = values_of(shown, SEEN), values_of(found, SEEN)
        fields = three_way(was, theirs, mine, self.zone())
        words = f"Nothing was sent: {safe(found.id, 60)} was changed since it was shown."
        return Outcome(
            Kind.CONFLICT, cause, found.id, words, found, fields=fields, was=was, theirs=theirs, mine=dict(mine)
        )

    @contextmanager
    def _sending(self, entries: Sequence[Entry]) -> Iterator[None]:
        numbers = {entry.number for entry in entries}
        self.under_way |= numbers
        try:
            yield
        finally:
            self.under_way -= numbers

    def new_key(self) -> str:
        """An Idempotency-Key for one intent [docs: a UUIDv4 is advised]."""
        return str(UUID(int=self._rng.getrandbits(128), version=4))


_KINDS: Final = {
    State.OPEN: Kind.UNKNOWN,
    State.UNKNOWN: Kind.UNKNOWN,
    State.DONE: Kind.DONE,
    State.FAILED: Kind.FAILED,
    State.REFUSED: Kind.REFUSED,
    State.NOT_SENT: Kind.NOT_SENT,
    State.VOID: Kind.VOID,
}


def intent_of(values: Mapping[str, Any]) -> str:
    """What makes two bookings the same decision: a vehicle and a window."""
    return "\n".join(str(values.get(name)) for name in ("vehicle", "ideal_start", "ideal_end"))
