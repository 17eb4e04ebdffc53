"""What a form looks like: its fields, what is said about them, what will be sent, and its keys."""

from collections.abc import Callable, Iterable
from typing import Final

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.screen import ModalScreen

from charge_tui.desk.outcome import Outcome
from charge_tui.domain.text import safe, short_id
from charge_tui.tui.choices import Choice, matching
from charge_tui.tui.commands import Keymap
from charge_tui.tui.foresight import Foresight
from charge_tui.tui.jobs import Job
from charge_tui.tui.render import forms
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cells
from charge_tui.tui.sheet import IDENTITIES
from charge_tui.tui.widgets.field import Field
from charge_tui.tui.widgets.lines import Lines

OFFER_KEYS: Final = ("f2", "f3", "f4", "f5")
WIDE: Final = 116
"""Columns from which on fields and what will be sent stand side by side."""


class FormView(ModalScreen[Outcome | None]):
    """Shows a job. ``ReservationForm`` adds what can be done."""

    def __init__(self, job: Job, keymap: Keymap, look: Callable[[], Look], foresight: Foresight) -> None:
        super().__init__()
        self.job = job
        self.foresight = foresight
        self.sheet = job.sheet
        self.keymap = keymap
        self.look = look
        self.fields = {name: Field(name, forms.label(name), forms.HINTS[name]) for name in self.sheet.names}
        self.heading = Lines(id="form-title")
        self.pane = Lines(id="form-pane")
        self.foot = Lines(id="form-foot")
        self.scroller = VerticalScroll(*self.fields.values(), id="form-fields", can_focus=False)
        self.left: set[str] = set()
        self.told_last: tuple[str, Token] = ("", "")
        self.refused: dict[str, str] = {}
        self.meanwhile = ""
        self.draft_words = ""

    def compose(self) -> ComposeResult:
        """Fields, what will be sent, keys."""
        with Vertical(id="form"):
            yield self.heading
            with Container(id="form-body"):
                yield self.scroller
                yield self.pane
            yield self.foot

    def on_screen_suspend(self) -> None:
        """A question opens over it."""
        self.add_class("-covered")

    def on_screen_resume(self) -> None:
        """It is in front again."""
        self.remove_class("-covered")

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.call_after_refresh(self.show)

    def tell(self, text: str, token: Token) -> None:
        """Say something in the form."""
        self.told_last = (text, token)
        self.pane.scroll_line(0)
        self.show()

    def show(self) -> None:
        """Show everything as it is now."""
        if not self.is_attached or not self.pane.size.width:
            return
        faults, here = self.sheet.faults(), self.here()
        for name, field in self.fields.items():
            told = name in self.left
            focused = name == here
            width = field.note.size.width or 40
            note = forms.field_note(
                self.sheet,
                name,
                told_faults=told,
                focused=focused,
                found=self.found(name) if focused else (),
                width=width,
            )
            if name in self.refused:
                note = forms.told_lines(self.refused[name], "bad", width)
            faulty = name in self.refused or (told and name in faults)
            field.show(changed=self.sheet.changed(name), faulty=faulty, note=note)
        self.heading.show([(Span(self.job.title, "title"), Span(f"  {self._about()}", "quiet"))])
        self._show_pane()
        self.foot.show([self._keys_line()])

    def _about(self) -> str:
        about, row = self.job.about, self.job.row
        if row is not None and cells(f"{self.job.title}  {about}") > self.heading.size.width:
            return about.replace(safe(row.id, 60), short_id(row.id))
        return about

    def _show_pane(self) -> None:
        width = self.pane.size.width
        now = self.look().now
        lines = self._sentences(((self.meanwhile, "warn"), self.told_last), width)
        lines += self.foresight.lines(self.job.after(now), width)
        notes: list[tuple[str, Token]] = [(note, "quiet") for note in self.job.notes]
        lines += self._sentences(((self.draft_words, "accent"), *notes), width)
        if self.job.offers:
            lines += forms.offer_lines(self.job.offers, [key.upper() for key in OFFER_KEYS], width)
        if lines:
            lines.append(BLANK)
        if self.sheet.new:
            sent = forms.body_lines(self.sheet, now, width)
            lines.append((Span("will be booked", "head"),))
        else:
            sent = forms.difference_lines(self.sheet.differences(), self.sheet, now, width)
            lines.append((Span("will be sent" if self.job.kind == "edit" else "will be different", "head"),))
        lines += sent or [(Span("nothing yet", "quiet"),)]
        if self.app.size.width < WIDE:
            self.query_one("#form").styles.height = "100%"
            most = max(5, self.app.size.height - (14 if not self.sheet.new else 16))
            height = min(len(lines), most)
            if self.pane.styles.height is None or self.pane.styles.height.value != height:
                self.pane.styles.height = height
        else:
            self.pane.styles.height = "100%"
            self.query_one("#form").styles.height = min(self.app.size.height, max(2 * len(self.fields), 18) + 7)
        self.pane.show(lines)

    def _sentences(self, told: Iterable[tuple[str, Token]], width: int) -> list[Line]:
        return [line for text, token in told if text for line in forms.told_lines(text, token, width)]

    def _keys_line(self) -> Line:
        keys = self.keymap
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

    def name_of(self, widget: object) -> str | None:
        """The field of a line to type in."""
        return next((name for name, field in self.fields.items() if field.input is widget), None)

    def here(self) -> str:
        """The field that has the focus."""
        return self.name_of(self.focused) or next(iter(self.fields))

    def found(self, name: str) -> list[Choice]:
        """What a field's text can mean, where it is a name or an id."""
        if name not in IDENTITIES:
            return []
        return matching(self.sheet.texts[name], self.sheet.choices.get(name, ()), 5)

    def is_whole(self, name: str) -> bool:
        """Whether a field holds a whole name or id."""
        typed = self.sheet.texts[name].strip().casefold()
        return any(typed in (one.label.casefold(), one.id.casefold()) for one in self.sheet.choices.get(name, ()))
