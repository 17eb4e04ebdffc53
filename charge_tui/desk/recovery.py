"""Afterwards: entries of which the outcome is not known, and edits that are taken back."""

from charge_tui.api.errors import ChargeError
from charge_tui.clock import Clock
from charge_tui.desk.deeds import Deeds
from charge_tui.desk.entries import Entry, State
from charge_tui.desk.journal import Journal
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.sending import Bench, Result, Sender
from charge_tui.desk.settling import changed_since, key_lapses
from charge_tui.domain.diff import changes
from charge_tui.domain.drafting import Difference, Fields, differences, values_of
from charge_tui.domain.lifecycle import PENDING
from charge_tui.domain.reservation import Reservation, read_row
from charge_tui.domain.text import safe
from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Undo:
    """The last edit, and what taking it back will send."""

    entry: Entry
    row: Reservation
    values: Fields
    differences: tuple[Difference, ...]


class Recovery:
    """Looks for what became of entries, and for what can be taken back."""

    def __init__(self, bench: Bench, journal: Journal, sender: Sender, deeds: Deeds, clock: Clock) -> None:
        self._bench = bench
        self._journal = journal
        self._sender = sender
        self._deeds = deeds
        self._clock = clock

    async def settle(self, entry: Entry) -> Outcome:
        """Look for what became of one entry; nothing is sent but reads."""
        try:
            return self._deeds.outcome(entry, await self._looked(entry))
        except ChargeError as error:
            return self._deeds.outcome(entry, Result(State.UNKNOWN, error.sentence, error=error))

    async def decide(self, entry: Entry, *, happened: bool) -> Outcome:
        """Note what a person says became of it."""
        words = f"{safe(self._journal.operator, 60)} says that it {'took effect' if happened else 'had no effect'}."
        state = State.DONE if happened else State.VOID
        await self._journal.end(entry, state, words, settled="person")
        return self._deeds.outcome(entry, Result(state, words, settled="person"))

    async def undoable(self, identity: str | None) -> Undo | str:
        """The last edit of this operator, ready to be taken back; else a sentence why not."""
        entries = await self._journal.recent(500)
        undone = {one.plan.undoes for one in entries if one.state is State.DONE}
        for entry in sorted(entries, key=lambda one: -one.number):
            mine = entry.operator == self._journal.operator and entry.plan.cause == "edit"
            open_to = mine and entry.state is State.DONE and entry.number not in undone
            if open_to and identity in (None, entry.plan.reservation):
                return await self._undo_of(entry)
        return "There is no edit to take back."

    async def retry(self, entry: Entry) -> Outcome:
        """Look, and send it again with its own key where that is still safe."""
        cause = entry.plan.cause
        if entry.state.settled or self._journal.is_under_way(entry):
            words = "It is settled already." if entry.state.settled else "Another desk has it under way."
            return Outcome(Kind.NOT_SENT, cause, entry.plan.reservation, words, entry=entry.number)
        if closed := self._deeds.closed(cause, entry.plan.reservation):
            return closed
        try:
            seen = await self._sender.look(entry)
        except ChargeError as error:
            return self._deeds.not_read(cause, entry.plan.reservation, error)
        why = None if seen.state.settled else await self._why_not_again(entry, seen)
        if why:
            return Outcome(Kind.UNKNOWN, cause, entry.plan.reservation, why, seen.row, entry=entry.number)
        if not seen.state.settled:
            seen = await self._sender.send(entry, "retry")
        return self._deeds.outcome(entry, seen)

    async def _why_not_again(self, entry: Entry, seen: Result) -> str | None:
        if key_lapses(entry, self._bench.now(), self._clock.now()):
            return f"{seen.words} Its key is more than 23 hours old, so it is not sent again: it might act twice."
        if entry.plan.verb == "update" and isinstance(seen.row, Reservation) and changed_since(entry.plan, seen.row):
            return f"{seen.words} Sending it again could overwrite that, so it is not sent."
        if entry.plan.verb == "cancel" and entry.plan.group:
            for one in await self._journal.group(entry.plan.group):
                if one.plan.verb == "create" and one.state is not State.DONE:
                    return "It belongs to a move of which the new window is not known to be booked; it is not sent."
        return None

    async def _looked(self, entry: Entry) -> Result:
        group = await self._journal.group(entry.plan.group) if entry.plan.verb == "cancel" and entry.plan.group else []
        booking = next((one for one in group if one.plan.verb == "create"), None)
        if booking is not None and booking.state.settled and booking.state is not State.DONE:
            words = "It was not sent: the new window of its move was not booked."
            await self._journal.end(entry, State.NOT_SENT, words, settled="read")
            return Result(State.NOT_SENT, words, settled="read")
        return await self._sender.look(entry)

    async def _undo_of(self, entry: Entry) -> Undo | str:
        identity, plan = entry.plan.reservation or "", entry.plan
        name = safe(identity, 60)
        try:
            row = await self._sender.read(identity)
        except ChargeError as error:
            return error.sentence
        left = read_row(entry.answer) if entry.answer else None
        if not isinstance(row, Reservation) or not isinstance(left, Reservation) or plan.before is None:
            return f"The edit of {name} cannot be taken back: the reservation cannot be read whole."
        if row.status != PENDING:
            return f"The edit of {name} cannot be taken back: it is {safe(row.status, 40)} by now."
        if changes(left, row):
            return f"The edit of {name} cannot be taken back: somebody changed it since."
        now = values_of(row)
        wanted = now | plan.before
        if "metadata" in plan.body:
            kept = {key: text for key, text in now["metadata"].items() if key not in plan.body["metadata"]}
            wanted["metadata"] = kept | plan.before["metadata"]
        return Undo(entry, row, wanted, differences(now, wanted, self._deeds.zone()))
