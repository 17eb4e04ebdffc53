"""The one form: edit, new, book again and move are jobs that it is given."""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.screen import ModalScreen
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
from charge_tui.tui.choices import Choice, matching
from charge_tui.tui.commands import Keymap, keymap
from charge_tui.tui.jobs import Job, standard_of
from charge_tui.tui.render import forms
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token
from charge_tui.tui.screens.conflict import ConflictScreen
from charge_tui.tui.sheet import IDENTITIES
from charge_tui.tui.timing import Later
from charge_tui.tui.widgets.field import Field
from charge_tui.tui.widgets.lines import Lines

STEP: Final = timedelta(minutes=15)
"""How far one key shifts the window."""
DRAFT_AFTER: Final = 0.5
"""Seconds without a key after which a draft is kept."""
OFFER_KEYS: Final = ("f2", "f3", "f4", "f5")
_ENDS: Final = (Kind.DONE, Kind.FAILED, Kind.UNKNOWN)
"""What closes the form: the request left. After everything else it stays as it was typed."""


class ReservationForm(ModalScreen[Outcome | None]):
    """Gives what came of it, or None when it was left; a text that was typed is kept as a draft then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keymap({}).bindings(form=True),
        Binding("escape", "leave", show=False, priority=True),
        Binding("tab", "complete", show=False, priority=True),
        Binding("shift+tab", "next_field(-1)", show=False, priority=True),
        Binding("enter", "next_field(1)", show=False, priority=True),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        *(Binding(key, f"offer({place})", show=False, priority=True) for place, key in enumerate(OFFER_KEYS)),
    ]

    def __init__(
        self, job: Job, desk: Desk, journal: Journal, clock: Clock, keymap: Keymap, look: Callable[[], Look]
    ) -> None:
        super().__init__()
        self.job = job
        self.sheet = job.sheet
        self._desk = desk
        self._journal = journal
        self._keymap = keymap
        self._look = look
        self.fields = {name: Field(name, forms.label(name), forms.HINTS[name]) for name in self.sheet.names}
        self.heading = Lines(id="form-title")
        self.pane = Lines(id="form-pane")
        self.foot = Lines(id="form-foot")
        self.scroller = VerticalScroll(*self.fields.values(), id="form-fields", can_focus=False)
        self._left: set[str] = set()
        self._told: tuple[str, Token] = ("", "")
        self._refused: dict[str, str] = {}
        self._changed_meanwhile = ""
        self._draft_words = ""
        self._despite = False
        self.sending = False
        self._over = False
        self._keep = Later(clock, DRAFT_AFTER, self, self.keep_draft)
        self._kept: dict[str, str] | None = None

    def compose(self) -> ComposeResult:
        """Fields, what will be sent, keys."""
        with Vertical(id="form"):
            yield self.heading
            with Container(id="form-body"):
                yield self.scroller
                yield self.pane
            yield self.foot

    def on_mount(self) -> None:
        """Ready to type; a draft that was kept is offered by being there."""
        self._unsubscribe = self._desk.subscribe(self._desk_stepped)
        for name, field in self.fields.items():
            field.write(self.sheet.texts[name])
        next(iter(self.fields.values())).input.focus()
        self.call_after_refresh(self.show)
        self.run_worker(self._take_up_draft(), group="draft")

    def on_unmount(self) -> None:
        """Nothing that was typed is lost, whatever ends the form."""
        self._unsubscribe()
        if not self._over:
            self.keep_draft()

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.call_after_refresh(self.show)

    # -- typing -------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        name = self._name_of(event.input)
        if name is None or self.sheet.texts[name] == event.value:
            return
        self.sheet.type(name, event.value)
        self._refused.pop(name, None)
        self._told = ("", "")
        self._despite = False
        if name == "vehicle":
            self._preselect_standard()
        self._touched()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """A field was left: what is wrong with it is told now."""
        name = self._name_of(event.widget)
        if name is not None and not self.sending:
            self._left.add(name)
            self.show()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A field is entered: all of it is on the screen."""
        name = self._name_of(event.widget)
        if name is not None:
            self.fields[name].scroll_visible(animate=False)
            self.show()

    def action_next_field(self, steps: int) -> None:
        """To the next field, or the previous one."""
        names = list(self.fields)
        self.fields[names[(names.index(self._here()) + steps) % len(names)]].input.focus()

    def action_complete(self) -> None:
        """Take the first choice that fits, or go to the next field."""
        name = self._here()
        found = self._found(name)
        if found and self.sheet.texts[name] != found[0].label and not self._is_whole(name):
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
                self._refused.clear()
                self._left.clear()
                self._told, self._draft_words = ("", ""), ""
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
        self._left.update(self.fields)
        if self.app.size.width < 60 or self.app.size.height < 16:
            return
        faults = self.sheet.faults()
        if faults:
            first = next(name for name in self.fields if name in faults)
            self.tell(f"Nothing was sent: {forms.label(first)} — {faults[first]}", "bad")
            self.fields[first].input.focus()
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
            self.app.push_screen(ConflictScreen(outcome, self._keymap), lambda kept: self._chosen(outcome, kept))
        else:
            self._stays(outcome)

    def _stays(self, outcome: Outcome) -> None:
        self._despite = outcome.kind is Kind.TAKEN
        words = outcome.sentence
        if self._despite:
            words += f" {self._keymap.shown('form_save', 1)} again books it all the same."
        field = outcome.field if outcome.field in self.fields else None
        if field:
            self._refused[field] = outcome.sentence
            self.fields[field].input.focus()
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
        self._changed_meanwhile = ""
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
        reset = self._keymap.shown("form_reset", 1)
        self._draft_words = f"Your draft of {forms.at_words(draft.at, self.sheet.zone)} is here; {reset} drops it."
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
            self._changed_meanwhile = words
        elif apart:
            told = differences(values_of(shown), values_of(row), self.sheet.zone)
            parts = [f"{forms.label(one.field)} {one.words or 'changed'}" for one in told]
            names = ", ".join(parts) or ", ".join(safe(one.field, 40) for one in apart)
            self._changed_meanwhile = f"Somebody changed it meanwhile: {names}. Saving lays both side by side."
        else:
            self._changed_meanwhile = ""
        self.show()

    # -- showing ------------------------------------------------------------------------------------------------------

    def tell(self, text: str, token: Token) -> None:
        """Say something in the form."""
        self._told = (text, token)
        self.show()

    def show(self) -> None:
        """Show everything as it is now."""
        if not self.is_attached or not self.pane.size.width:
            return
        faults, here = self.sheet.faults(), self._here()
        for name, field in self.fields.items():
            told = name in self._left
            focused = name == here
            width = field.note.size.width or 40
            note = forms.field_note(
                self.sheet,
                name,
                told_faults=told,
                focused=focused,
                found=self._found(name) if focused else (),
                width=width,
            )
            if name in self._refused:
                note = forms.told_lines(self._refused[name], "bad", width)
            faulty = name in self._refused or (told and name in faults)
            field.show(changed=self.sheet.changed(name), faulty=faulty, note=note)
        about = f"  {self.job.about}" if self.job.about else ""
        self.heading.show([(Span(self.job.title, "title"), Span(about, "quiet"))])
        self._show_pane()
        self.foot.show([self._keys_line()])

    def _show_pane(self) -> None:
        width = self.pane.size.width
        lines: list[Line] = []
        sentences = (
            (self._changed_meanwhile, "warn"), self._told, (self._draft_words, "accent"),
            *((note, "quiet") for note in self.job.notes),
        )  # fmt: skip
        for text, token in sentences:
            if text:
                lines += forms.told_lines(text, token, width)
        if self.job.offers:
            lines += forms.offer_lines(self.job.offers, [key.upper() for key in OFFER_KEYS], width)
        if lines:
            lines.append(BLANK)
        now = self._look().now
        if self.sheet.new:
            sent = forms.body_lines(self.sheet, now, width)
            lines.append((Span("will be booked", "head"),))
        else:
            sent = forms.difference_lines(self.sheet.differences(), self.sheet, now, width)
            lines.append((Span("will be sent" if self.job.kind == "edit" else "will be different", "head"),))
        lines += sent or [(Span("nothing yet", "quiet"),)]
        if self.app.size.width < 116:
            self.query_one("#form").styles.height = "100%"
            most = max(5, self.app.size.height - (14 if not self.sheet.new else 16))
            height = min(len(lines), most)
            if self.pane.styles.height is None or self.pane.styles.height.value != height:
                self.pane.styles.height = height
        else:
            self.pane.styles.height = "100%"
            self.query_one("#form").styles.height = min(self.app.size.height, max(2 * len(self.fields), 18) + 7)
        self.pane.show(lines)

    def _keys_line(self) -> Line:
        keys = self._keymap
        verb = {"edit": "save", "new": "book", "again": "book", "move": "go on"}[self.job.kind]
        later, earlier = keys.shown("form_later", 2).split()[-1], keys.shown("form_earlier", 2).split()[-1]
        told = [
            (keys.shown("form_save", 1), verb),
            ("Esc", "keep draft" if self.sheet.dirty else "back"),
            (f"{earlier} {later}", "window ±15m"),
            ("Tab", "next"),
            (keys.shown("form_reset", 1), "as it was"),
            ("PgDn", "scroll"),
        ]
        spans: list[Span] = []
        for key, words in told:
            spans += [Span(key, "key"), Span(f" {words}  ", "quiet")]
        return tuple(spans)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _touched(self) -> None:
        self._keep.start()
        self.show()

    def _write_all(self) -> None:
        for name, field in self.fields.items():
            field.write(self.sheet.texts[name])
        self._touched()

    def _preselect_standard(self) -> None:
        standard = standard_of(self.sheet.meaning("vehicle"), self._look())
        if self.job.kind == "new" and standard and "connector_type" not in self._left:
            self.sheet.put({"connector_type": standard})
            self.fields["connector_type"].write(self.sheet.texts["connector_type"])

    def _name_of(self, widget: object) -> str | None:
        return next((name for name, field in self.fields.items() if field.input is widget), None)

    def _here(self) -> str:
        return self._name_of(self.focused) or next(iter(self.fields))

    def _found(self, name: str) -> list[Choice]:
        if name not in IDENTITIES:
            return []
        return matching(self.sheet.texts[name], self.sheet.choices.get(name, ()), 5)

    def _is_whole(self, name: str) -> bool:
        typed = self.sheet.texts[name].strip().casefold()
        return any(typed in (one.label.casefold(), one.id.casefold()) for one in self.sheet.choices.get(name, ()))
