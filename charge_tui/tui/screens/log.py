"""The log: what changed and what was done, the newest first; find, narrow, export, and on to the handover page."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from charge_tui.clock import Clock
from charge_tui.desk.log import LogBook
from charge_tui.desk.log_export import Format, export
from charge_tui.desk.log_file import Query
from charge_tui.domain.past_times import EXAMPLES, read_past
from charge_tui.domain.text import safe, short_id
from charge_tui.domain.typed_times import TimeNotUnderstood, read_back
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import Span
from charge_tui.tui.screens.ask import AskId
from charge_tui.tui.screens.exporting import ExportForm, Target
from charge_tui.tui.screens.log_view import LogView
from charge_tui.tui.widgets.findbar import FindBar
from charge_tui.tui.widgets.table import ReservationTable

FOLDER = "export folder"
"""The fact that says which folder a person exported to last."""

_HINTS = (
    ("Enter", "only this one"),
    ("/", "find"),
    ("s", "since"),
    ("E", "export"),
    ("H", "handover"),
    ("Esc", "back"),
)


class LogScreen(LogView):
    """The log with its keys. ``subject`` is the reservation under the desk's cursor, if there is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "command('back')", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("pagedown,right_square_bracket", "page(1)", show=False),
        Binding("pageup,left_square_bracket", "page(-1)", show=False),
        Binding("g,home", "first", show=False),
        Binding("G,end", "last", show=False),
        Binding("slash", "find", show=False),
        Binding("enter", "only", show=False),
        Binding("l", "subject", show=False),
        Binding("s", "since", show=False),
        Binding("E", "export", show=False),
        Binding("H", "handover", show=False),
    ]

    def __init__(
        self,
        log: LogBook,
        look: Callable[[], Look],
        clock: Clock,
        *,
        subject: str | None = None,
        handover: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(log, look, clock)
        self._subject = subject
        self._handover = handover
        self.exporting = False

    # -- moving -------------------------------------------------------------------------------------------------------

    def action_move(self, steps: int) -> None:
        """Some lines on."""
        self.table.move(steps)

    def action_page(self, pages: int) -> None:
        """Some screenfuls on."""
        self.table.move_page(pages)

    def action_first(self) -> None:
        """To the newest."""
        self.table.first()

    def action_last(self) -> None:
        """To the oldest."""
        self.table.last()

    @on(ReservationTable.Moved)
    @on(ReservationTable.Resized)
    def _moved(self) -> None:
        self.show_edges()

    @on(ReservationTable.Opened)
    def _opened(self) -> None:
        self.action_only()

    # -- narrowing ----------------------------------------------------------------------------------------------------

    def action_find(self) -> None:
        """Open the line to type in."""
        self.find_bar.open()
        self.show_edges()

    @on(FindBar.Changed)
    def _find_changed(self, event: FindBar.Changed) -> None:
        self.ask(replace(self.query_for, text=event.query))

    @on(FindBar.Done)
    def _find_done(self) -> None:
        self.action_leave_find()

    def action_leave_find(self) -> None:
        """From the line to type in to what was found."""
        self.find_bar.close(clear=False)
        self.table.focus()

    def action_command(self, _name: str) -> None:
        """One step back: from the search, from what was narrowed, from the log."""
        if self.find_bar.display or self.query_for.text:
            self.find_bar.close(clear=True)
            self.table.focus()
            self.ask(replace(self.query_for, text=""))
        elif self.query_for:
            self.ask(Query())
        else:
            self.dismiss(None)

    def action_only(self) -> None:
        """Only the history of the reservation under the cursor; again: all."""
        entry = self.entry
        if self.query_for.reservation:
            self.ask(replace(self.query_for, reservation=""))
        elif entry is not None and entry.reservation:
            self.ask(replace(self.query_for, reservation=entry.reservation))
        else:
            self.say("this line is of no one reservation", "warn")

    def action_subject(self) -> None:
        """Only the history of the reservation that the desk's cursor is on; again: all."""
        if self.query_for.reservation:
            self.ask(replace(self.query_for, reservation=""))
        elif self._subject:
            self.ask(replace(self.query_for, reservation=self._subject))
        else:
            self.say("no reservation was under the cursor", "warn")

    def action_since(self) -> None:
        """Ask for a moment, and show what happened since."""
        self.app.push_screen(AskId("What happened since …", EXAMPLES), self._since)

    def _since(self, text: str | None) -> None:
        if text is None:
            return
        look = self.look()
        try:
            moment = read_past(text, zone=look.zone, now=look.now)
        except TimeNotUnderstood as fault:
            self.say(fault.sentence, "warn")
            return
        self.ask(replace(self.query_for, since=moment))

    # -- away from here -----------------------------------------------------------------------------------------------

    def action_export(self) -> None:
        """Ask where to, and write what is shown."""
        if not self.exporting:
            self.run_worker(self._ask_where(), group="export")

    async def _ask_where(self) -> None:
        folder = Path(await self.log_book.fact(FOLDER) or "~")
        title = f"Export {len(self.table.ids):,} lines"
        self.app.push_screen(ExportForm(title, Target(folder, Format.CSV)), self._export)

    def _export(self, target: Target | None) -> None:
        if target is not None:
            self.exporting = True
            self.say("writing")
            self.run_worker(self._write(target), group="export")

    async def _write(self, target: Target) -> None:
        look = self.look()
        try:
            path = await export(self.log_book, self.query_for, target.folder, target.form, zone=look.zone, now=look.now)
        except OSError as fault:
            self.say(f"not written: {safe(fault.strerror or str(fault), 200)}", "bad")
            return
        finally:
            self.exporting = False
        await self.log_book.keep_fact(FOLDER, str(target.folder))
        self.say(f"written: {safe(str(path), 300)}", "good")

    def action_handover(self) -> None:
        """The handover page."""
        if self._handover is not None:
            self._handover()

    # -- words --------------------------------------------------------------------------------------------------------

    def title_words(self) -> str:
        """What the log is narrowed to."""
        query, look = self.query_for, self.look()
        parts = []
        if query.reservation:
            parts.append(f"only {short_id(query.reservation, 12, 6)}")
        if query.since:
            parts.append(f"since {read_back(query.since, look.zone)}")
        if query.text:
            parts.append(f"with “{safe(query.text, 40)}”")
        return "  " + " · ".join(parts or ["changes seen, things done, the newest first"])

    def hints(self) -> Sequence[Span]:
        """The keys."""
        spans: list[Span] = []
        for key, words in _HINTS:
            told = "all again" if key == "Enter" and self.query_for.reservation else words
            spans += [Span(key, "key"), Span(f" {told}  ", "quiet")]
        return spans
