"""Everything that a person changes, each decision at most once, with its outcome told.

Before anything leaves, the reservation is read again and laid beside what the person was shown; then a journal entry is
on disk; then one request goes out under the entry's own Idempotency-Key, which all repetitions share. The answer goes
into the mirror and is compared with what was sent. An answer that is lost is looked for by reading.

The API has no version to check against: one round trip of race remains, and the outcome says what came of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from charge_tui.clock import Clock
from charge_tui.desk.entries import Entry
from charge_tui.desk.journal import Journal
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.state import Gravity, Problem
from charge_tui.domain.reservation import Reservation
from charge_tui.later import later

if TYPE_CHECKING:
    from charge_tui.desk import deeds, recovery, sending, settling
    from charge_tui.domain.drafting import Fields
else:
    deeds = later("charge_tui.desk.deeds")
    recovery = later("charge_tui.desk.recovery")
    sending = later("charge_tui.desk.sending")
    settling = later("charge_tui.desk.settling")

T = TypeVar("T")
Progress = Callable[[int, int, Outcome], None]
"""Told after each of many: how many are done, of how many, and how this one ended."""


class Writer:
    """All writes of one desk. Nothing here raises for what the network or the API does: an ``Outcome`` says it.

    A write that has begun goes on to its end when its caller is cancelled; ``drain`` waits for those.

    Args:
        bench: the desk (its client, its mirror, its world time).
        zone: the zone in which outcomes name times, asked each time.
    """

    def __init__(
        self,
        bench: sending.Bench,
        journal: Journal,
        policy: WritePolicy,
        *,
        clock: Clock,
        rng: Random,
        zone: Callable[[], tzinfo],
    ) -> None:
        self.journal = journal
        self.policy = policy
        self.unknown: tuple[Entry, ...] = ()
        """Entries of which the outcome is not known, as of the last write or look."""
        self._bench = bench
        self._clock = clock
        self._rng = rng
        self._zone = zone
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    # -- one reservation --------------------------------------------------------------------------------------------

    async def edit(self, shown: Reservation, after: Mapping[str, Any], *, undoes: int | None = None) -> Outcome:
        """Change a pending reservation. ``after`` has the wished values of the fields that were on the form.

        ``shown`` is what the person decided on; after a CONFLICT call again with the outcome's row as ``shown`` and
        what was chosen (``drafting.merged``).
        """
        return await self._once(shown.id, self._deeds.edit(shown, after, undoes))

    async def create(self, values: Mapping[str, Any], *, despite: bool = True) -> Outcome:
        """Book. With ``despite`` False an open reservation of that vehicle in this window stops it (TAKEN)."""
        return await self._once(deeds.intent_of(values), self._deeds.create(values, "create", None, despite, None))

    async def book_again(self, old: Reservation, values: Mapping[str, Any], *, despite: bool = False) -> Outcome:
        """Book a copy (``drafting.copied``) of a failed, expired or cancelled one; a colleague may have: TAKEN."""
        return await self._once(
            deeds.intent_of(values), self._deeds.create(values, "book again", old.id, despite, None)
        )

    async def confirm(self, shown: Reservation, payment_method: str | None = None) -> Outcome:
        """Have a pending reservation confirmed now. FAILED where the answer is 200 and it is not confirmed."""
        body = {} if payment_method is None else {"payment_method": payment_method}
        return await self._once(shown.id, self._deeds.act("confirm", shown, body, None))

    async def cancel(self, shown: Reservation) -> Outcome:
        """Cancel a pending or confirmed reservation."""
        return await self._once(shown.id, self._deeds.act("cancel", shown, {}, None))

    async def move(self, shown: Reservation, values: Mapping[str, Any]) -> Outcome:
        """Book the new window (``values`` of the whole new reservation), then cancel the old one.

        DONE only when both are. Whatever is not DONE after the first half says that the new one is booked (``id``).
        """
        return await self._once(shown.id, self._deeds.move(shown, values))

    # -- undo -------------------------------------------------------------------------------------------------------

    async def undoable(self, identity: str | None = None) -> recovery.Undo | str:
        """The last edit of this operator (of one reservation), ready to be taken back; else a sentence why not."""
        return await self._recovery.undoable(identity)

    async def undo(self, offer: recovery.Undo) -> Outcome:
        """Send back what was there before an edit, if nobody changed the reservation since it was offered."""
        return await self.edit(offer.row, offer.values, undoes=offer.entry.number)

    # -- many -------------------------------------------------------------------------------------------------------

    async def cancel_many(self, rows: Sequence[Reservation], progress: Progress) -> tuple[Outcome, ...]:
        """Cancel one after the other; each outcome is told, in the order given."""
        group = self._deeds.new_key()
        each = [(row.id, "cancel", self._deeds.act("cancel", row, {}, group)) for row in rows]
        return await self._many(each, progress)

    async def confirm_many(self, rows: Sequence[Reservation], progress: Progress) -> tuple[Outcome, ...]:
        """Confirm one after the other."""
        group = self._deeds.new_key()
        each = [(row.id, "confirm", self._deeds.act("confirm", row, {}, group)) for row in rows]
        return await self._many(each, progress)

    async def book_again_many(
        self, copies: Sequence[tuple[Reservation, Fields]], progress: Progress
    ) -> tuple[Outcome, ...]:
        """Book copies one after the other; one whose vehicle has a reservation in its window is left out as TAKEN.

        An outcome's ``id`` is the new reservation, or None; the outcomes stand in the order of the copies.
        """
        group = self._deeds.new_key()
        each = [
            (deeds.intent_of(values), "book again", self._deeds.create(values, "book again", old.id, False, group))
            for old, values in copies
        ]
        return await self._many(each, progress)

    # -- what is not known ------------------------------------------------------------------------------------------

    async def settle_open_rows(self) -> tuple[Outcome, ...]:
        """Look at the API for every entry of which the outcome is not known; what stays unknown is in ``unknown``.

        At the start, and again whenever the API answers: it ends early where that does not. Entries that another desk
        has under way are left to it.
        """
        return await self._hold(self._settle_all())

    async def retry(self, number: int) -> Outcome:
        """Send an unknown one again with its own key, after looking; never one older than 23 hours."""
        entry = await self.journal.entry(number)
        if entry is None or entry.number in self._deeds.under_way:
            words = "It is under way." if entry else "The journal has no such entry."
            return Outcome(Kind.NOT_SENT, "retry", None, words)
        return await self._once(entry.plan.reservation or entry.plan.key, self._recovery.retry(entry))

    def can_retry(self, entry: Entry) -> bool:
        """Whether an unknown one is young enough to be sent again with its own key."""
        return not entry.state.settled and not settling.key_lapses(entry, self._bench.now(), self._clock.now())

    async def decide(self, number: int, *, happened: bool) -> Outcome:
        """A person says what became of an unknown one; nothing is sent."""
        entry = await self.journal.entry(number)
        if entry is None or entry.state.settled or entry.number in self._deeds.under_way:
            return Outcome(Kind.NOT_SENT, "decide", None, "There is nothing to decide.")
        outcome = await self._recovery.decide(entry, happened=happened)
        await self._count()
        return outcome

    async def drain(self) -> None:
        """Wait for the writes that are under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def problems(self, now: datetime) -> tuple[Problem, ...]:
        """What is wrong with writing, for the truth line: ``desk.reporters.append(writer.problems)``.

        Whoever asks has a journal that could not be written tried again.
        """
        self.journal.look_again()
        found = []
        if self.unknown:
            count = len(self.unknown)
            words = f"{count} outcome{'s' if count > 1 else ''} unknown"
            sentence = (
                f"The answer to {count} write{'s' if count > 1 else ''} was lost, and reading has not shown what came "
                "of it. The journal lists it: look again, send it again with its own key, or decide what came of it."
            )
            found.append(Problem("unknown", Gravity.ERROR, words, sentence, min(one.at for one in self.unknown)))
        if self.journal.problem:
            found.append(Problem("journal", Gravity.ERROR, "journal not writable", self.journal.problem, now))
        elif self.journal.notice:
            found.append(Problem("journal", Gravity.WARNING, "journal begun anew", self.journal.notice, now))
        return tuple(found)

    # -- inside -----------------------------------------------------------------------------------------------------

    @cached_property
    def _sender(self) -> sending.Sender:
        return sending.Sender(self._bench, self.journal, self._clock)

    @cached_property
    def _deeds(self) -> deeds.Deeds:
        return deeds.Deeds(self._bench, self.journal, self.policy, self._sender, rng=self._rng, zone=self._zone)

    @cached_property
    def _recovery(self) -> recovery.Recovery:
        return recovery.Recovery(self._bench, self.journal, self._sender, self._deeds, self._clock)

    async def _settle_all(self) -> tuple[Outcome, ...]:
        outcomes = []
        for entry in await self.journal.unsettled():
            name = entry.plan.reservation or entry.plan.key
            if entry.number in self._deeds.under_way or name in self._busy or self.journal.is_under_way(entry):
                continue
            self._busy.add(name)
            try:
                outcomes.append(await self._recovery.settle(entry))
            finally:
                self._busy.discard(name)
            if outcomes[-1].pauses:
                break
        await self._count()
        return tuple(outcomes)

    async def _many(
        self, each: Sequence[tuple[str, str, Coroutine[Any, Any, Outcome]]], progress: Progress
    ) -> tuple[Outcome, ...]:
        outcomes: list[Outcome] = []
        stopped: Outcome | None = None
        for name, cause, deed in each:
            if stopped is None:
                outcome = await self._once(name, deed)
                stopped = outcome if outcome.pauses else None
            else:
                deed.close()
                outcome = Outcome(Kind.NOT_SENT, cause, None, f"Not tried, since: {stopped.sentence}")
            outcomes.append(outcome)
            progress(len(outcomes), len(each), outcome)
        return tuple(outcomes)

    async def _once(self, name: str, deed: Coroutine[Any, Any, Outcome]) -> Outcome:
        if name in self._busy:
            deed.close()
            return Outcome(Kind.NOT_SENT, "twice", None, "Not sent: the same is under way already.")
        self._busy.add(name)
        task = self._task(self._counted(deed))
        task.add_done_callback(lambda _: self._busy.discard(name))
        return await asyncio.shield(task)

    async def _hold(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.shield(self._task(work))

    def _task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _counted(self, deed: Coroutine[Any, Any, Outcome]) -> Outcome:
        outcome = await deed
        await self._count()
        return outcome

    async def _count(self) -> None:
        self.unknown = tuple(await self.journal.unsettled())
