"""The desk's screen with what can be done about a finding: its proposals, and which of its reservations is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from textual import on

from charge_tui.desk.attention.known import Known
from charge_tui.desk.attention.state import Entry as QueueEntry
from charge_tui.desk.outcome import Outcome
from charge_tui.domain.attention.finding import Finding
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.times import floor_minute
from charge_tui.tui.commands import Command, When
from charge_tui.tui.put_off import as_if, fix, fixes, foresight, jobs, proposals, which
from charge_tui.tui.render.spans import Line
from charge_tui.tui.screens.writing import STATUSES, WritingScreen
from charge_tui.tui.widgets.detail import DetailPane

_AT_ONCE: Final = frozenset({"book again", "edit"})
"""What the detail sends without another question; what cannot be undone asks its own, with what it costs."""

_Basis = tuple[Finding, datetime, tuple[Row | None, ...], int]


class FixingScreen(WritingScreen):
    """Proposals are worked out once a minute and when their facts change; what is sent is what was shown."""

    _basis: _Basis | None = None
    _proposals: tuple[proposals.Proposal, ...] = ()
    _fixes_of: str | None = None
    _effects: tuple[int, datetime, tuple[list[Line], ...]] | None = None

    # -- what can be done ---------------------------------------------------------------------------------------------

    def cases(self) -> dict[When, bool]:
        """What is the case now; on a finding about several, what can be done to one of them can be done."""
        known = super().cases()
        known["finding"] = self._entry() is not None
        if known["writable"] and not self.workspace.place.marks:
            rows = self._subjects()
            known |= {case: any(row.status in statuses for row in rows) for case, statuses in STATUSES.items() if rows}
        return known

    def why_not(self, command: Command) -> str:
        """Why a command cannot act now."""
        if command.id == "fix":
            return "there is no finding under the cursor"
        return super().why_not(command)

    # -- showing ------------------------------------------------------------------------------------------------------

    def fix_lines(self, identity: str, width: int) -> list[Line]:
        """The proposals on top of the detail; nothing for a reservation without a finding."""
        entry = self.attention.entry(identity)
        self._fixes_of = identity
        found = self._propose(entry.finding) if entry else ()
        if isinstance(self.detail, DetailPane):
            self.detail.choices = len(found)
        if entry is None:
            self.forget_fixes()
            return []
        if not found:
            return fixes.no_fix_lines(width)
        minute = floor_minute(self.desk.now())
        if self._effects is None or self._effects[:2] != (width, minute):
            now = self.desk.now()
            self._effects = width, minute, tuple(self._effect(one, now, max(10, width - 2)) for one in found)
        return fixes.fix_lines(
            found, self._effects[2], self.keymap.shown("fix", 1), width, focused=self.detail.has_focus
        )

    def forget_fixes(self) -> None:
        """Nothing is shown about which something could be done: what was proposed holds its reservations no longer."""
        self._basis, self._proposals, self._effects, self._fixes_of = None, (), None, None

    def _effect(self, one: proposals.Proposal, now: datetime, width: int) -> list[Line]:
        when = foresight.ONCE_CONFIRMED if one.verb == "confirm" else ""
        return self.foresight.lines(as_if.after_proposal(one, now), width, when=when)

    def _propose(self, finding: Finding) -> tuple[proposals.Proposal, ...]:
        known = Known(self.desk)
        rows = tuple(self.desk.known(one) for one in finding.subjects)
        basis = finding, floor_minute(self.desk.now()), rows, known.extent
        if basis != self._basis:
            self._proposals = proposals.propose(finding, known, self.desk.now(), replaces=self.options.replaces)
            self._basis, self._effects = basis, None
        return self._proposals

    # -- sending ------------------------------------------------------------------------------------------------------

    def do_fix(self) -> None:
        """The first proposal: sent where the detail shows it, else shown first."""
        self.choose(1)

    @on(DetailPane.Chosen)
    def _chosen(self, event: DetailPane.Chosen) -> None:
        event.stop()
        self.choose(event.number)

    def choose(self, number: int) -> None:
        """One of the proposals, by its number."""
        entry = self._entry()
        if entry is None:
            return
        seen = self._fixes_of == self.subject and self._basis is not None and self._basis[0].key == entry.finding.key
        found = self._proposals if seen else self._propose(entry.finding)
        if number > len(found):
            self.say("no fix is known that is likely to help; act by hand", "warn")
            return
        one = found[number - 1]
        if not proposals.timely(one, self.desk.now()):
            self._basis = None
            self.show_detail()
            self.say("the proposals had grown old and are made anew; nothing was sent", "warn")
            return
        if one.verb == "accept":
            self.run_worker(self._accept(entry.finding), group="accept")
            return
        at_once = seen and self.detail.has_focus and not self.detail.offset_y and one.verb in _AT_ONCE
        self._written(lambda: self._send_fix(one, at_once=at_once))

    def _send_fix(self, one: proposals.Proposal, *, at_once: bool) -> None:
        fixer = fix.Fixer(self.writer, self.foresight, self.workspace.look)
        form = self._form_of if one.verb in ("book again", "edit", "move") else None

        def ended(outcome: Outcome | None) -> None:
            if outcome is not None:
                self._edited |= one.verb == "edit" and outcome.well
                self._tell(outcome)
                if outcome.well:
                    self.after_fix(one)

        self.app.push_screen(fix.FixScreen(one, fixer, at_once=at_once, open_form=form), ended)

    def after_fix(self, one: proposals.Proposal) -> None:
        """A fix was sent: back to the list."""
        if self.detail.has_focus:
            self.remove_class("-detail-open")
            self.home.focus()

    async def _accept(self, finding: Finding) -> None:
        await self.attention.acknowledge((finding.key,))
        self.say(f"accepted for now: {finding.kind}", "good")

    def _form_of(self, one: proposals.Proposal) -> None:
        office = self._office()
        match one.verb:
            case "edit":
                job = jobs.edit(one.row, office)
            case "move":
                job = jobs.move(one.row, office, self._ask_move)
            case _:
                job = jobs.again(one.row, office)
        job.sheet.put(one.values)
        self._open_form(job)

    # -- which one is meant -------------------------------------------------------------------------------------------

    def _with_row(self, verb: str, when: When, then: Callable[[Reservation], None]) -> None:
        rows = [row for row in self._subjects() if row.status in STATUSES.get(when, ())]
        if len(rows) < 2:
            if rows:
                self._written(lambda: then(rows[0]))
            else:
                super()._with_row(verb, when, then)
            return

        def chosen(row: Reservation | None) -> None:
            if row is not None:
                self._written(lambda: then(row))

        self.app.push_screen(which.WhichScreen(verb, rows, self.workspace.look()), chosen)

    def _subjects(self) -> Sequence[Reservation]:
        """The reservations of the finding under the cursor, where it is about several; else none."""
        entry = self._entry()
        listed = self.workspace.view.name == "attention" and self.pinned is None
        if entry is None or not listed or entry.id != self.subject or len(entry.finding.subjects) < 2:
            return ()
        rows = (self.desk.known(one) for one in entry.finding.subjects if not self.desk.leaving(one))
        return [row for row in rows if isinstance(row, Reservation)]

    def _entry(self) -> QueueEntry | None:
        """The queue's entry under the cursor."""
        identity = self.subject
        return self.attention.entry(identity) if identity is not None else None
