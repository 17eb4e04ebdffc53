"""The desk's screen with what changes reservations: forms, questions, undo, outcomes that are not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual import on

from charge_tui.desk.entries import Entry
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.state import Freshness
from charge_tui.domain.lifecycle import AGAIN, CONFIRMED, OPEN, PENDING
from charge_tui.domain.reservation import OddRow, Reservation
from charge_tui.domain.text import safe
from charge_tui.tui.commands import Command, When
from charge_tui.tui.put_off import as_if, choices, form, jobs, question, questions
from charge_tui.tui.render.spans import Token
from charge_tui.tui.screens.marking import MarkingScreen
from charge_tui.tui.screens.picture import PictureScreen

if TYPE_CHECKING:
    pass

LOOK_AGAIN: Final = 60.0
"""Seconds between two looks for writes whose outcome is not known."""

STATUSES: Final[dict[When, frozenset[str]]] = {
    "pending": frozenset({PENDING}),
    "confirmed": frozenset({CONFIRMED}),
    "open": OPEN,
    "again": AGAIN,
}
_MANY: Final = {"confirm": frozenset({PENDING}), "cancel": OPEN, "again": AGAIN}
_CAN: Final = {
    "edit": "only a pending reservation can be edited",
    "confirm": "only a pending reservation can be confirmed",
    "cancel": "only a pending or confirmed reservation can be cancelled",
    "move": "only a confirmed reservation is moved; a pending one is edited",
    "again": "only a failed, expired or cancelled reservation is booked again",
}
_TOKENS: Final[dict[Kind, Token]] = {Kind.DONE: "good", Kind.UNCHANGED: "quiet"}


class WritingScreen(MarkingScreen):
    """Each command captures the reservation, id and row, at the key press."""

    _edited = False
    _looked_at = 0.0
    _looking = False
    _deeds: tuple[str, tuple[Entry, ...]] = ("", ())

    # -- what can be done ---------------------------------------------------------------------------------------------

    def cases(self) -> dict[When, bool]:
        """What is the case now; nothing can be written where writing is closed for good."""
        row, known = self._row(), super().cases()
        mode, policy = self.desk.client.mode, self.writer.policy
        writable = policy.why_closed(mode) is None or policy.needs_word(mode)
        status = row.status if isinstance(row, Reservation) and not self.desk.leaving(row.id) else ""
        marks = bool(self.workspace.place.marks)
        known |= {case: writable and status in statuses for case, statuses in STATUSES.items()}
        known |= {
            "writable": writable,
            "marked": marks,
            "edited": writable and self._edited,
            "unknown": bool(self.writer.unknown),
        }
        return known

    def possible(self, *, foot: bool = False) -> list[Command]:
        """The commands that make sense now; with marks, those that act on the marked ones do so."""
        found = super().possible(foot=foot)
        if not self.workspace.place.marks or not self.cases()["writable"]:
            return found
        able = {name for name, statuses in _MANY.items() if self.marked_in(statuses)}
        from charge_tui.tui.commands import COMMANDS

        kept = {one.id for one in found if one.id not in _MANY} | able
        return [one for one in COMMANDS if one.id in kept]

    def why_not(self, command: Command) -> str:
        """Why a command cannot act now."""
        closed = self.writer.policy.why_closed(self.desk.client.mode)
        writes = command.when in STATUSES or command.when in ("writable", "edited")
        if writes and closed and not self.writer.policy.needs_word(self.desk.client.mode):
            return closed
        row = self._row()
        if command.id in _MANY and self.workspace.place.marks:
            return f"{_CAN[command.id]}, and none of the marked ones is one"
        if command.when in STATUSES:
            if row is None:
                return "there is no reservation under the cursor"
            if isinstance(row, OddRow):
                return "this row cannot be read as a reservation, so nothing is sent for it"
            if self.desk.leaving(row.id):
                return "how it ended is not known yet; it is being read"
            return f"this one is {safe(row.status, 30)}; {_CAN[command.id]}"
        return {"marked": "nothing is marked", "unknown": "every write is settled"}.get(command.when, "")

    # -- forms --------------------------------------------------------------------------------------------------------

    def do_edit(self) -> None:
        """Change a pending one."""
        self._with_row("Edit", "pending", lambda row: self._open_form(jobs.edit(row, self._office())))

    def do_new(self) -> None:
        """Book a new one."""
        self._written(lambda: self._open_form(jobs.new(self._office())))

    def do_again(self) -> None:
        """Book a copy, or a copy of each marked one."""
        if self.workspace.place.marks:
            self._written(lambda: self.ask_many("again"))
        else:
            self._with_row("Book again", "again", lambda row: self._open_form(jobs.again(row, self._office())))

    def do_move(self) -> None:
        """Another window for a confirmed one."""
        self._with_row("Move", "confirmed", lambda row: self._open_form(jobs.move(row, self._office(), self._ask_move)))

    def _open_form(self, job: jobs.Job) -> None:
        opened = form.ReservationForm(
            job, self.desk, self.writer.journal, self.clock, self.keymap, self.workspace.look, self.foresight
        )

        def ended(outcome: Outcome | None) -> None:
            if outcome is not None:
                self._edited |= job.kind == "edit" and outcome.well
                self._tell(outcome)
            elif opened.has_draft:
                self.say("what was typed is kept as a draft; the same key opens it again", "accent")

        self.app.push_screen(opened, ended)

    async def _ask_move(self, job: jobs.Job, despite: bool) -> Outcome:
        row = job.row
        if row is None:
            raise ValueError("a move is of a reservation")
        office = self._office()
        values = jobs.moved(row, office, job.sheet)
        deed = question.Deed(
            "move", "Move this reservation?", "books the new window, then cancels the old", "leaves all as it is", row,
            lambda shown, width: questions.move_lines(shown, values, self.workspace.look(), width),
            lambda shown: self.writer.move(shown, values),
            lambda shown: as_if.as_moved(shown, values, self.desk.now()),
        )  # fmt: skip
        outcome = await self.app.push_screen_wait(question.Question(deed, self.foresight))
        return outcome or Outcome(Kind.UNCHANGED, "move", row.id, "Nothing was sent.")

    # -- questions ----------------------------------------------------------------------------------------------------

    def do_confirm(self) -> None:
        """Have it confirmed now, or all marked ones."""
        if self.workspace.place.marks:
            self._written(lambda: self.ask_many("confirm"))
            return
        self._with_row(
            "Confirm now", "pending",
            lambda row: self._ask(
                question.Deed(
                    "confirm", "Confirm now?", "confirms it now", "leaves it pending", row,
                    lambda shown, width: questions.confirm_lines(shown, self.workspace.look(), width),
                    self.writer.confirm, lambda shown: {shown.id: as_if.as_confirmed(shown, self.desk.now())},
                )
            )
        )  # fmt: skip

    def do_cancel(self) -> None:
        """Cancel it, or all marked ones."""
        if self.workspace.place.marks:
            self._written(lambda: self.ask_many("cancel"))
            return
        self._with_row(
            "Cancel", "open",
            lambda row: self._ask(
                question.Deed(
                    "cancel", "CANCEL this reservation?", "cancels it", "keeps it", row,
                    lambda shown, width: questions.cancel_lines(shown, self.workspace.look(), width),
                    self.writer.cancel, lambda shown: {shown.id: as_if.as_cancelled(shown, self.desk.now())},
                )
            )
        )  # fmt: skip

    def do_undo(self) -> None:
        """Take back the last edit, after showing what that sends."""
        self._written(lambda: self.run_worker(self._undo(), group="undo"))

    async def _undo(self) -> None:
        offer = await self.writer.undoable()
        if isinstance(offer, str):
            self.say(offer, "warn")
            return
        self._ask(
            question.Deed(
                "undo", "Take back the last edit?", "sends it back", "leaves it as it is", offer.row,
                lambda shown, width: questions.undo_lines(shown, offer.differences, self.workspace.look(), width),
                lambda _: self.writer.undo(offer),
                lambda shown: {shown.id: as_if.as_if(shown, offer.values, self.desk.now())},
            )
        )  # fmt: skip

    def _ask(self, deed: question.Deed) -> None:
        def ended(outcome: Outcome | None) -> None:
            if outcome is not None:
                self._tell(outcome)

        self.app.push_screen(question.Question(deed, self.foresight), ended)

    def do_unknown(self) -> None:
        """The page of writes whose outcome is not known."""
        from charge_tui.tui.screens.unknown import UnknownScreen

        self.app.push_screen(UnknownScreen(self.writer, self.workspace.zone), lambda _: self.show_all())

    # -- what came of it ----------------------------------------------------------------------------------------------

    def _tell(self, outcome: Outcome) -> None:
        """One line; the new reservation by name, where there is one."""
        name = safe(outcome.id or "", 60)
        words = outcome.sentence if name in outcome.sentence else f"{outcome.sentence.removesuffix('.')}: {name}"
        if outcome.kind is Kind.UNKNOWN:
            words = f"outcome unknown; {self.keymap.shown('unknown', 1)} settles it. {words}"
        self.say(words, "warn" if outcome.departures else _TOKENS.get(outcome.kind, "bad"))
        self._deeds = ("", ())
        self.show_detail()
        self.show_edges()

    async def settle_at_start(self) -> None:
        """Look for what an earlier run left behind, and tell of it."""
        self._looked_at = self.clock.monotonic()
        outcomes = await self.writer.settle_open_rows()
        for outcome in outcomes[-1:]:
            self._tell(outcome)
        if len(outcomes) > 1:
            self.say(f"{len(outcomes)} writes of an earlier run were looked for, {len(self.writer.unknown)} not known")

    def settle(self) -> None:
        """Look for what became of writes whose outcome is not known; one look at a time."""
        if not self._looking and self.writer.unknown:
            self._looking = True
            self._looked_at = self.clock.monotonic()
            self.run_worker(self._settle(), group="settle")

    async def _settle(self) -> None:
        before = {entry.number for entry in self.writer.unknown}
        outcomes = await self.writer.settle_open_rows()
        self._looking = False
        left = {entry.number for entry in self.writer.unknown}
        for outcome in outcomes:
            if outcome.entry in before - left:
                self._tell(outcome)

    def tick(self) -> None:
        """A second has passed; every minute the desk looks again for what is not known."""
        super().tick()
        due = self.clock.monotonic() - self._looked_at >= LOOK_AGAIN
        if self.writer.unknown and due and self.desk.feed().freshness in (Freshness.FRESH, Freshness.STALE):
            self.settle()

    @on(PictureScreen.Stepped)
    def _api_answers(self, event: PictureScreen.Stepped) -> None:
        """What is not known is looked for as soon as the API answers again, not only when its turn comes."""
        well = event.delta.feed and self.desk.feed().freshness is Freshness.FRESH
        if well and self.writer.unknown and self.clock.monotonic() - self._looked_at >= LOOK_AGAIN / 6:
            self.settle()

    # -- what this desk did -------------------------------------------------------------------------------------------

    def deeds_of(self, identity: str) -> tuple[Entry, ...]:
        """What this desk did to a reservation, as far as the journal has told; it is asked beside the keys."""
        if self._deeds[0] != identity:
            self._deeds = (identity, ())
            self.run_worker(self._read_deeds(identity), group="journal")
        return self._deeds[1]

    async def _read_deeds(self, identity: str) -> None:
        entries = tuple(await self.writer.journal.of(identity))
        if entries and self._deeds[0] == identity:
            self._deeds = (identity, entries)
            self.show_detail()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _row(self) -> Reservation | OddRow | None:
        identity = self.subject
        if identity is None:
            return None
        if self.pinned is not None:
            return self.desk.known(identity) or self.pinned
        return self.workspace.row(identity)

    def _with_row(self, verb: str, when: When, then: Callable[[Reservation], None]) -> None:
        """Go on with the reservation that is meant, as it is at the key press; ``verb`` says what is to be done."""
        row = self._row()
        if isinstance(row, Reservation):
            self._written(lambda: then(row))

    def _written(self, then: Callable[[], object]) -> None:
        """Go on once writing is open: production asks for its word first."""
        mode = self.desk.client.mode
        if not self.writer.policy.needs_word(mode):
            then()
            return
        from charge_tui.tui.screens.word import WordScreen

        def said(opened: bool | None) -> None:
            if opened:
                self.show_edges()
                then()

        self.app.push_screen(WordScreen(self.writer.policy, self.options.host), said)

    def _office(self) -> jobs.Office:
        look, known = self.workspace.look(), self.desk.names.known
        self.desk.names.want(row.payment_method_id for row in self._payers() if row.payment_method_id)
        labels = {"driver": look.driver, "vehicle": look.vehicle, "payment_method": look.payment}
        kinds = {"driver": "driver", "vehicle": "vehicle", "payment_method": "payment"}
        named = {
            name: choices.told_apart([choices.Choice(one.id, labels[name](one.id)) for one in known(kind)])
            for name, kind in kinds.items()
        }
        return jobs.Office(self.writer, look, self.desk.now, named, self.options.replaces)

    def _payers(self) -> list[Reservation]:
        return [row for row in self.desk.open_rows() if isinstance(row, Reservation)][:200]
