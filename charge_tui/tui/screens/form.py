"""The one form: edit, new, book again and move are jobs that it is given."""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from charge_tui.clock import Clock
from charge_tui.desk.desk import Desk
from charge_tui.desk.entries import Draft
from charge_tui.desk.journal import Journal
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.state import Delta
from charge_tui.domain.diff import changes
from charge_tui.domain.drafting import differences, merged, values_of
from charge_tui.domain.lifecycle import CONFIRMED, PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe
from charge_tui.tui.commands import Keymap, keymap
from charge_tui.tui.foresight import Foresight
from charge_tui.tui.jobs import Job, standard_of
from charge_tui.tui.render import forms
from charge_tui.tui.render.look import Look
from charge_tui.tui.screens.conflict import ConflictScreen
from charge_tui.tui.screens.form_view import OFFER_KEYS, FormView
from charge_tui.tui.screens.sending import Sender
from charge_tui.tui.timing import Later

STEP: Final = timedelta(minutes=15)
"""How far one key shifts the window."""
DRAFT_AFTER: Final = 0.5
"""Seconds without a key after which a draft is kept."""
_ENDS: Final = (Kind.DONE, Kind.FAILED, Kind.UNKNOWN)
"""What closes the form: the request left. After everything else it stays as it was typed."""


class ReservationForm(Sender, FormView):
    """Gives what came of it, or None when it was left; a text that was typed is kept as a draft then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keymap({}).bindings(form=True),
        Binding("escape", "leave", show=False, priority=True),
        Binding("tab", "complete", show=False, priority=True),
        Binding("shift+tab,up", "next_field(-1)", show=False, priority=True),
        Binding("enter,down", "next_field(1)", show=False, priority=True),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        *(Binding(key, f"offer({place})", show=False, priority=True) for place, key in enumerate(OFFER_KEYS)),
    ]

    def __init__(
        self,
        job: Job,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        keymap: Keymap,
        look: Callable[[], Look],
        foresight: Foresight,
    ) -> None:
        super().__init__(job, keymap, look, foresight)
        self._desk = desk
        self._journal = journal
        self._despite = False
        self.sending = False
        self._over = False
        self._keep = Later(clock, DRAFT_AFTER, self, self.keep_draft)
        self._kept: dict[str, str] | None = None

    def on_mount(self) -> None:
        """Ready to type; a draft that was kept is offered by being there."""
        self._unsubscribe = self._desk.subscribe(self._desk_stepped)
        for name, field in self.fields.items():
            field.write(self.sheet.texts[name])
        self.set_focus(next(iter(self.fields.values())).input)
        self.call_after_refresh(self.show)
        self.run_worker(self._take_up_draft(), group="draft")

    def on_unmount(self) -> None:
        """Nothing that was typed is lost, whatever ends the form."""
        self._unsubscribe()
        for name, field in self.fields.items():  # the last key may not have been told of yet
            if self.sheet.texts[name] != field.input.value:
                self.sheet.type(name, field.input.value)
        if not self._over:
            self.keep_draft()

    # -- typing -------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        name = self.name_of(event.input)
        if name is None or self.sheet.texts[name] == event.value:
            return
        self.sheet.type(name, event.value)
        self.refused.pop(name, None)
        self.told_last = ("", "")
        self._despite = False
        if name == "vehicle":
            self._preselect_standard()
        self._touched()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """A field was left: what is wrong with it is told now."""
        name = self.name_of(event.widget)
        if name is not None and not self.sending:
            self.left.add(name)
            self.show()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A field is entered: all of it is on the screen."""
        name = self.name_of(event.widget)
        if name is not None:
            self.fields[name].scroll_visible(animate=False)
            self.show()

    def action_next_field(self, steps: int) -> None:
        """To the next field, or the previous one."""
        names = list(self.fields)
        self.set_focus(self.fields[names[(names.index(self.here()) + steps) % len(names)]].input)

    def action_complete(self) -> None:
        """Take the first choice that fits, or go to the next field."""
        name = self.here()
        found = self.found(name)
        if found and self.sheet.texts[name] != found[0].label and not self.is_whole(name):
            self.fields[name].input.value = found[0].label
            self.fields[name].input.cursor_position = len(found[0].label)
        else:
            self.action_next_field(1)

    def action_offer(self, place: int) -> None:
        """Take one of the offers."""
        if place < len(self.job.offers) and not self.sending:
            self.sheet.put(self.job.offers[place].fields)
            self._write_all()

    def action_scroll(self, pages: int) -> None:
        """Scroll what will be sent."""
        self.pane.scroll_by(pages * max(1, self.pane.size.height - 1))

    async def action_command(self, identity: str) -> None:
        """One of the form's own commands."""
        if self.sending:
            self.tell("It is being sent.", "quiet")
            return
        match identity:
            case "form_save":
                self.save()
            case "form_later" | "form_earlier":
                problem = self.sheet.shift(STEP if identity == "form_later" else -STEP)
                if problem:
                    self.tell(problem, "warn")
                self._write_all()
            case "form_reset":
                self.sheet.reset()
                self.refused.clear()
                self.left.clear()
                self.told_last, self.draft_words = ("", ""), ""
                self.job.wished = {}
                self._write_all()

    def action_leave(self) -> None:
        """Back to the desk; a text that was typed is kept."""
        if self.sending:
            self.tell("It is being sent; the outcome comes in a moment.", "quiet")
            return
        self.keep_draft()
        self.dismiss(None)

    # -- sending ------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Send what the form says, if nothing is certainly wrong with it."""
        self.left |= set(self.fields)
        if self.app.size.width < 60 or self.app.size.height < 16:
            return
        faults = self.sheet.faults()
        if faults:
            first = next(name for name in self.fields if name in faults)
            self.tell(f"Nothing was sent: {forms.label(first)} — {faults[first]}", "bad")
            self.set_focus(self.fields[first].input)
            return
        if self.job.kind in ("edit", "move") and not self.sheet.dirty and not self.job.wished:
            self.tell("There is nothing to send: every field is as it was.", "warn")
            return
        self.sending = True
        self.keep_draft()
        self.tell("sending", "quiet")
        self.run_worker(self._send(), group="send", exit_on_error=True)

    async def _send(self) -> None:
        outcome = await self.job.send(self.job, self._despite)
        self.sending = False
        half_moved = self.job.kind == "move" and self.job.row and outcome.id not in (None, self.job.row.id)
        if outcome.kind in _ENDS or half_moved:
            if outcome.kind is not Kind.UNKNOWN:
                self._journal.drop_draft(self.job.draft)
            self._over = True
            self._keep.cancel()
            self.dismiss(outcome)
        elif outcome.kind is Kind.CONFLICT and isinstance(outcome.row, Reservation):
            self.tell(outcome.sentence, "warn")
            self.app.push_screen(ConflictScreen(outcome, self.keymap), lambda kept: self._chosen(outcome, kept))
        else:
            self._stays(outcome)

    def _stays(self, outcome: Outcome) -> None:
        self._despite = outcome.kind is Kind.TAKEN
        words = outcome.sentence
        if self._despite:
            words += f" {self.keymap.shown('form_save', 1)} again books it all the same."
        field = outcome.field if outcome.field in self.fields else None
        if field:
            self.refused[field] = outcome.sentence
            self.set_focus(self.fields[field].input)
        self.tell(words, "warn" if self._despite or outcome.kind is Kind.UNCHANGED else "bad")

    def _chosen(self, conflict: Outcome, kept: set[str] | None) -> None:
        row = conflict.row
        if kept is None or not isinstance(row, Reservation):
            self.tell("Nothing was sent: the reservation is not as it was shown. Save again to choose.", "warn")
            return
        whole = merged(conflict.was or {}, conflict.theirs or {}, conflict.mine or {}, kept)
        if self.job.kind == "edit":
            self.job.wished = {name: whole[name] for name in self.sheet.names}
            self.sheet.rebase(values_of(row), self.job.wished)
        self.job.row = row
        self.meanwhile = ""
        self._write_all()
        if self.sheet.dirty:
            self.save()
        else:
            self.tell("Nothing is left to send: theirs was chosen throughout.", "warn")

    # -- drafts -------------------------------------------------------------------------------------------------------

    def keep_draft(self) -> None:
        """Keep what was typed, where anything was; forget the draft where nothing is left of it."""
        self._keep.cancel()
        texts = self.sheet.draft()
        if texts == self._kept:
            return
        if texts:
            self._journal.keep_draft(self.job.draft, texts)
        elif self._kept:
            self._journal.drop_draft(self.job.draft)
        self._kept = texts

    @property
    def has_draft(self) -> bool:
        """Whether something that was typed is kept for the next time."""
        return bool(self._kept)

    async def _take_up_draft(self) -> None:
        draft = await self._journal.draft(self.job.draft)
        if draft is not None and not self.sheet.dirty:
            self._restore(draft)

    def _restore(self, draft: Draft) -> None:
        self.sheet.restore(draft.texts)
        self._kept = self.sheet.draft()
        reset = self.keymap.shown("form_reset", 1)
        self.draft_words = f"Your draft of {forms.at_words(draft.at, self.sheet.zone)} is here; {reset} drops it."
        self._write_all()

    # -- what happens meanwhile ---------------------------------------------------------------------------------------

    def _desk_stepped(self, delta: Delta) -> None:
        if self.job.row and any(change.id == self.job.row.id for change in delta.changes):
            self.call_later(self._row_changed)

    def _row_changed(self) -> None:
        shown = self.job.row
        row = self._desk.known(shown.id) if shown else None
        if shown is None or not isinstance(row, Reservation) or self.sending or self.job.kind == "again":
            return
        wanted = PENDING if self.job.kind == "edit" else CONFIRMED
        apart = changes(shown, row)
        if row.status != wanted:
            deed = "edited" if self.job.kind == "edit" else "moved"
            words = f"It is {safe(row.status, 40)} by now and cannot be {deed} any more. Your text is kept."
            self.meanwhile = words
        elif apart:
            told = differences(values_of(shown), values_of(row), self.sheet.zone)
            parts = [f"{forms.label(one.field)} {one.words or 'changed'}" for one in told]
            names = ", ".join(parts) or ", ".join(safe(one.field, 40) for one in apart)
            self.meanwhile = f"Somebody changed it meanwhile: {names}. Saving lays both side by side."
        else:
            self.meanwhile = ""
        self.show()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _touched(self) -> None:
        self._keep.start()
        self.show()

    def _write_all(self) -> None:
        for name, field in self.fields.items():
            field.write(self.sheet.texts[name])
        self._touched()

    def _preselect_standard(self) -> None:
        standard = standard_of(self.sheet.meaning("vehicle"), self.look())
        if self.job.kind == "new" and standard and "connector_type" not in self.left:
            self.sheet.put({"connector_type": standard})
            self.fields["connector_type"].write(self.sheet.texts["connector_type"])
