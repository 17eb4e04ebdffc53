"""The desk's screen with marks, and what is done to all that are marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from charge_tui.desk.outcome import Outcome
from charge_tui.domain.lifecycle import AGAIN, OPEN, PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe, short_id
from charge_tui.tui.put_off import as_if, bulk, drafting, foresight
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import fit
from charge_tui.tui.screens.finding import FindingScreen


class MarkingScreen(FindingScreen):
    """Marks belong to a view, and survive whatever happens to its rows."""

    @property
    def foresight(self) -> foresight.Foresight:
        """Says what a write would do to the findings."""
        return foresight.Foresight(self.desk, self.attention, lambda: self.workspace.zone)

    def do_mark(self) -> None:
        """Mark the reservation under the cursor, or unmark it, and go to the next one."""
        identity = self.subject
        if identity is None:
            return
        self.workspace.mark(identity)
        self.table.touch([identity])
        if not self.detail.has_focus and not self.pinned:
            self.go_on()
        self.show_edges()

    def do_mark_all(self) -> None:
        """Mark the whole list."""
        self.workspace.mark_all()
        self.table.touch_visible()
        self.show_edges()

    def do_clear_marks(self) -> None:
        """Mark nothing."""
        self.workspace.place.marks.clear()
        self.table.touch_visible()
        self.show_edges()

    def marked_in(self, statuses: frozenset[str]) -> list[Reservation]:
        """The marked reservations that are in one of these statuses."""
        return [row for row in self.workspace.marked() if isinstance(row, Reservation) and row.status in statuses]

    def ask_many(self, kind: Literal["confirm", "cancel", "again"]) -> None:
        """One question about all that are marked."""
        many = {"confirm": self._confirm_many, "cancel": self._cancel_many, "again": self._again_many}[kind]()
        place = self.workspace.place

        def ended(outcomes: dict[str, Outcome] | None) -> None:
            done = [identity for identity, outcome in (outcomes or {}).items() if outcome.well]
            for identity in done:
                place.marks.pop(identity, None)
            self.show_all()
            if outcomes:
                left = len(outcomes) - len(done)
                words = f"{many.title}: {len(done)} done" + (f", {left} not; they stay marked" if left else "")
                self.say(words, "bad" if left else "good")

        self.app.push_screen(bulk.BulkScreen(many, self.foresight), ended)

    def _confirm_many(self) -> bulk.Many:
        rows = self.marked_in(frozenset({PENDING}))
        notes = [*self._sight(rows), "One for which there is no connector ends as failed."]
        return bulk.Many(
            "confirm", f"Confirm {_count(rows)} now", f"confirms {_count(rows)}", rows, self._names(rows), notes,
            self.writer.confirm_many, {row.id: as_if.as_confirmed(row, self.desk.now()) for row in rows},
        )  # fmt: skip

    def _cancel_many(self) -> bulk.Many:
        rows = self.marked_in(OPEN)
        look = self.workspace.look()
        costs = {row.id: drafting.cancel_cost(row, look.now, look.zone) for row in rows}
        paid = sum(1 for cost in costs.values() if cost.free is not True)
        notes = [
            *self._sight(rows),
            f"{paid} of them may cost a fee." if paid else "All of them are free to cancel now.",
        ]
        names = self._names(
            rows, lambda row: "free" if drafting.cancel_cost(row, look.now, look.zone).free else "may cost"
        )
        return bulk.Many(
            "cancel", f"Cancel {_count(rows)}", f"cancels {_count(rows)}", rows, names, notes,
            self.writer.cancel_many, {row.id: as_if.as_cancelled(row, look.now) for row in rows},
        )  # fmt: skip

    def _again_many(self) -> bulk.Many:
        rows, now = self.marked_in(AGAIN), self.desk.now()
        copies: list[tuple[Reservation, drafting.Fields]] = []
        moved = 0
        for row in rows:
            copy = drafting.copied(row, now, replaces=self.options.replaces)
            copies.append((row, copy.values))
            moved += bool(copy.notes)
        notes = self._sight(rows)
        if moved:
            notes.append(f"{moved} of the windows have begun; each of them is moved to the next five minutes.")
        notes.append("One whose vehicle has a reservation in its window by now is left out.")
        return bulk.Many(
            "again", f"Book {_count(rows)} again", f"books {_count(rows)}", rows, self._names(rows), notes,
            lambda _rows, progress: self.writer.book_again_many(copies, progress), _as_booked(copies, now),
        )  # fmt: skip

    def _sight(self, rows: Sequence[Reservation]) -> list[str]:
        notes = []
        unseen = self.workspace.out_of_sight(row.id for row in rows)
        if unseen:
            notes.append(f"{unseen} of them {'are' if unseen > 1 else 'is'} out of sight in this list.")
        left = len(self.workspace.place.marks) - len(rows)
        if left:
            notes.append(f"{left} more marked, which this cannot be done to; left out.")
        return notes

    def _names(self, rows: Sequence[Reservation], more: Callable[[Reservation], str] | None = None) -> list[str]:
        look = self.workspace.look()
        return [_told(row, look, more) for row in rows]


def _told(row: Reservation, look: Look, more: Callable[[Reservation], str] | None) -> str:
    window, status = drafting.window_words(row, look.zone), safe(row.status, 10)
    parts = [f"{window:<28}", fit(look.vehicle(row.vehicle_id), 11), f"{status:<9}", more(row) if more else ""]
    return "  ".join(part for part in (*parts, short_id(row.id)) if part)


def _as_booked(copies: Sequence[tuple[Reservation, drafting.Fields]], now: datetime) -> as_if.After:
    made = (as_if.as_new(values, now, like=row, id=f"{as_if.NEW}{place}") for place, (row, values) in enumerate(copies))
    return {row.id: row for row in made if row is not None}


def _count(rows: Sequence[Reservation]) -> str:
    return f"{len(rows)} reservation{'' if len(rows) == 1 else 's'}"
