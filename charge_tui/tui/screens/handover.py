"""The page for whoever takes over, with one free text that is kept until it is cleared."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import TextArea

from charge_tui.clock import Clock
from charge_tui.desk.handover import Handover
from charge_tui.desk.handover_live import LiveHandover
from charge_tui.desk.handover_page import as_markdown
from charge_tui.desk.log_export import Format, new_file
from charge_tui.domain.past_times import EXAMPLES, read_past
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.text import safe
from charge_tui.domain.typed_times import TimeNotUnderstood
from charge_tui.tui.render.handover import page_lines
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import Span, Token
from charge_tui.tui.screens.ask import AskId
from charge_tui.tui.screens.exporting import ExportForm, Target
from charge_tui.tui.screens.log import FOLDER
from charge_tui.tui.timing import Ticker
from charge_tui.tui.widgets.harmless_area import HarmlessArea
from charge_tui.tui.widgets.lines import Lines

_AGAIN: Final = 5.0
_HINTS: Final = (("Tab", "note"), ("E", "write as Markdown"), ("s", "since"), ("C", "clear note"), ("Esc", "back"))
_IN_NOTE: Final = (("Esc", "back to the page"),)


class Note(HarmlessArea):
    """The free text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,tab,shift+tab", "screen.page", show=False, priority=True)]


class HandoverScreen(ModalScreen[None]):
    """The page, made anew every few seconds; the note below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", show=False),
        Binding("tab,n", "note", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll_page(1)", show=False),
        Binding("pageup", "scroll_page(-1)", show=False),
        Binding("g,home", "scroll(-1000000)", show=False),
        Binding("G,end", "scroll(1000000)", show=False),
        Binding("s", "since", show=False),
        Binding("E", "export", show=False),
        Binding("C", "clear", show=False),
    ]

    def __init__(
        self,
        handover: LiveHandover,
        look: Callable[[], Look],
        row: Callable[[str], Row | None],
        clock: Clock,
    ) -> None:
        super().__init__()
        self.handover = handover
        self.look = look
        self._row = row
        self._since: datetime | None = None
        self._page: Handover | None = None
        self._sure = False
        self._said: tuple[str, Token] = ("", "")
        self.heading = Lines(id="handover-title")
        self.text = Lines(id="handover-text")
        self.text.can_focus = True
        self.note = Note(id="handover-note", show_line_numbers=False, soft_wrap=True, tab_behavior="focus")
        self.note.cursor_blink = False
        self.status = Lines(id="handover-status")
        self._ticker = Ticker(clock, _AGAIN, self, self._make_again)

    def compose(self) -> ComposeResult:
        """All of the screen."""
        with Vertical(id="handover"):
            yield self.heading
            yield self.text
            yield self.note
            yield self.status

    def on_mount(self) -> None:
        """Make the page, and make it anew while it is shown."""
        self.text.focus()
        self.note.border_title = "note"
        self._ticker.start()
        self.run_worker(self._begin(), group="handover")

    def on_unmount(self) -> None:
        """Make it no more."""
        self._ticker.stop()

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.call_after_refresh(self.show)

    def on_descendant_focus(self) -> None:
        """Other keys act."""
        self.show()

    def on_key(self, event: events.Key) -> None:
        """Whatever is pressed besides takes the question back."""
        if event.key != "C" and self._sure:
            self._sure = False
            self.say("")

    # -- what is shown ------------------------------------------------------------------------------------------------

    def say(self, text: str, token: Token = "") -> None:
        """Tell something in the status line."""
        self._said = (text, token)
        self.show()

    def show(self) -> None:
        """Show the page as it was made last."""
        width = self.text.size.width
        if not width:
            return
        self.heading.show([(Span(" Handover", "title"), Span("  what the next one has to know", "quiet"))])
        if self._page is not None:
            self.text.show(page_lines(self._page, self.look(), max(20, width - 2), self.plate))
        text, token = self._said
        spans: list[Span] = [Span(" ")]
        for key, words in _IN_NOTE if self.note.has_focus else _HINTS:
            spans += [Span(key, "key"), Span(f" {words}  ", "quiet")]
        self.status.show([(Span(" " + text, token),) if text else tuple(spans)])

    def plate(self, identity: str) -> str | None:
        """The plate of a reservation's vehicle."""
        row = self._row(identity)
        return self.look().names.vehicle(row.vehicle_id) if isinstance(row, Reservation) else None

    async def _begin(self) -> None:
        text = await self.handover.note()
        with self.note.prevent(TextArea.Changed):
            self.note.text = text
        await self._make()

    async def _make(self) -> None:
        self._page = await self.handover.page(self._since)
        if self.is_mounted:
            self.show()

    def _make_again(self) -> None:
        self.run_worker(self._make(), group="handover")

    # -- the note -----------------------------------------------------------------------------------------------------

    def action_note(self) -> None:
        """Type the note."""
        self.note.focus()
        self.say("")

    def action_page(self) -> None:
        """From the note to the page."""
        self.text.focus()
        self.say("")

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self.handover.keep_note(self.note.text)

    def action_clear(self) -> None:
        """Clear the note; asked twice."""
        if not self._sure:
            self._sure = True
            self.say("C again clears the note", "warn")
            return
        self._sure = False
        self.note.text = ""
        self.say("the note is empty")

    # -- the page -----------------------------------------------------------------------------------------------------

    def action_close(self) -> None:
        """Back."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.text.scroll_by(lines)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by screenfuls."""
        self.text.scroll_by(pages * max(1, self.text.size.height - 1))

    def action_since(self) -> None:
        """Ask from when on the page is to tell."""
        self.app.push_screen(AskId("Tell what happened since …", EXAMPLES), self._told_since)

    def _told_since(self, text: str | None) -> None:
        if text is None:
            return
        look = self.look()
        try:
            self._since = read_past(text, zone=look.zone, now=look.now)
        except TimeNotUnderstood as fault:
            self.say(fault.sentence, "warn")
            return
        self._make_again()

    def action_export(self) -> None:
        """Ask where to, and write the page as Markdown."""
        self.run_worker(self._ask_where(), group="export")

    async def _ask_where(self) -> None:
        folder = Path(await self.handover.log.fact(FOLDER) or "~")
        form = ExportForm("Write the handover", Target(folder, Format.MARKDOWN), (Format.MARKDOWN,))
        self.app.push_screen(form, self._chosen)

    def _chosen(self, target: Target | None) -> None:
        if target is not None:
            self.run_worker(self._write(target.folder), group="export")

    async def _write(self, folder: Path) -> None:
        look, book = self.look(), self.look().names
        page = await self.handover.page(self._since)
        text = as_markdown(
            page,
            look.zone,
            lambda one: book.vehicle(one) or book.driver(one) or book.station(one) or book.payment(one),
            self.plate,
        )
        name = f"charge-handover-{page.made.astimezone(look.zone):%Y-%m-%d-%H%M}.md"
        try:
            path = await asyncio.to_thread(_written, folder, name, text)
        except OSError as fault:
            self.say(f"not written: {safe(fault.strerror or str(fault), 200)}", "bad")
            return
        self.handover.given(page.made)
        self._since = page.since
        await self.handover.log.keep_fact(FOLDER, str(folder))
        self.say(f"written: {safe(str(path), 300)}", "good")


def _written(folder: Path, name: str, text: str) -> Path:
    path, file = new_file(folder, name)
    with file:
        file.write(text)
    return path
