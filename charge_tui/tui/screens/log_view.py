"""The log's lines on a screen: their numbers are held, the lines themselves are read as they come into view."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from charge_tui.clock import Clock
from charge_tui.desk.log import LogBook
from charge_tui.desk.log_entry import LogEntry
from charge_tui.desk.log_file import Query
from charge_tui.tui.numbered import Numbered
from charge_tui.tui.render import log as render
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cut
from charge_tui.tui.timing import Ticker
from charge_tui.tui.widgets.findbar import FindBar
from charge_tui.tui.widgets.lines import Lines
from charge_tui.tui.widgets.table import ReservationTable

_AROUND: Final = 100
_KEPT: Final = 2_000
_DEEDS_EVERY: Final = 5
_FULL: Final = 3
_TOLD: Final = 8.0


class LogView(ModalScreen[None]):
    """Shows what a query wants, the newest first; new lines come in above and move nothing under the cursor."""

    def __init__(self, log: LogBook, look: Callable[[], Look], clock: Clock) -> None:
        super().__init__()
        self.log_book = log
        self.look = look
        self.clock = clock
        self.query_for = Query()
        self.heading = Lines(id="log-title")
        self.columns = Lines(id="log-head")
        self.table = ReservationTable(self._line_of, id="log-table")
        self.full = Lines(id="log-full")
        self.find_bar = FindBar(id="find")
        self.status = Lines(id="log-status")
        self._entries: dict[str, LogEntry] = {}
        self._version = -1
        self._total = 0
        self._wanted = False
        self._anew = False
        """Whether another query than the one that is shown was asked for."""
        self._reading = asyncio.Lock()
        self._ticks = 0
        self._said: tuple[str, Token, float] = ("", "", 0.0)
        self._ticker = Ticker(clock, 1.0, self, self._tick)

    def compose(self) -> ComposeResult:
        """All of the screen."""
        with Vertical(id="log"):
            yield self.heading
            yield self.columns
            yield self.table
            yield self.full
            yield self.find_bar
            yield self.status

    def on_mount(self) -> None:
        """Read, and look again each second."""
        self.table.focus()
        self._ticker.start()
        self.run_worker(self._begin(), group="log")

    def on_unmount(self) -> None:
        """Look no more."""
        self._ticker.stop()

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def entry(self) -> LogEntry | None:
        """The line under the cursor, as far as it was read."""
        return self._entries.get(self.table.cursor or "")

    def ask(self, query: Query) -> None:
        """Show what another query wants."""
        self.query_for = query
        self.run_worker(self._read(anew=True), group="log")

    def say(self, text: str, token: Token = "") -> None:
        """Tell something in the status line, for some seconds."""
        self._said = (text, token, self.clock.monotonic())
        self.show_edges()

    def show_edges(self) -> None:
        """Show what stands around the lines."""
        width = self.heading.size.width
        if not width:
            return
        self.heading.show([(Span(" Log", "title"), Span(cut(self.title_words(), width - 5), "quiet"))])
        self.columns.show([render.heading(self.table.size.width)])
        entry = self.entry
        self.full.show(render.full(entry, self.look(), self.full.size.width, _FULL) if entry else [BLANK])
        place = self.table.place
        where = f" {'' if place is None else f'{place + 1:,} of '}{len(self.table.ids):,}"
        found = f" found in {self._total:,}" if self.query_for else ""
        spans = [Span(where + found + "  ", "quiet"), *self.hints()]
        text, token, _ = self._said
        if text:
            spans = [Span(where + found + "  ", "quiet"), Span(text, token)]
        self.status.show([tuple(spans)])
        if self.find_bar.display:
            self.find_bar.tell(len(self.table.ids), self._total)

    def title_words(self) -> str:
        """What the log is narrowed to."""
        return ""

    def hints(self) -> Sequence[Span]:
        """The keys."""
        return ()

    # -- reading ------------------------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        await self.log_book.take_deeds()
        await self._read(anew=True)

    async def _read(self, *, anew: bool = False) -> None:
        """Read what is asked for now; of several that were asked for meanwhile only the last is read."""
        self._anew = self._anew or anew
        async with self._reading:
            query, version = self.query_for, self.log_book.version
            if self._anew or version != self._version:
                self._version = version
                await self._read_now(query)

    async def _read_now(self, query: Query) -> None:
        numbers = await self.log_book.numbers(query)
        if query != self.query_for:
            return
        total = await self.log_book.count() if query else len(numbers)
        if query != self.query_for or not self.is_mounted:
            return
        self._total = total
        anew, self._anew = self._anew, False
        ids = Numbered(numbers)
        first = ids[:_AROUND] if anew else self._near(self.table.visible_ids)
        entries = await self.log_book.lines([int(one) for one in first])
        self._entries = {str(entry.number): entry for entry in entries}
        self.table.set_empty(render.empty(bool(query)))
        self.table.show(ids, anew=anew)
        self.table.touch_visible()
        self.show_edges()

    def _line_of(self, identity: str) -> Line:
        entry = self._entries.get(identity)
        if entry is None:
            self._want()
            return (Span("  …", "quiet"),)
        return render.log_line(entry, self.look(), self.table.size.width)

    def _want(self) -> None:
        if not self._wanted:
            self._wanted = True
            self.call_later(lambda: self.run_worker(self._read_visible(), group="log"))

    async def _read_visible(self) -> None:
        self._wanted = False
        missing = [int(one) for one in self._near(self.table.visible_ids) if one not in self._entries]
        if not missing:
            return
        entries = await self.log_book.lines(missing)
        if len(self._entries) > _KEPT:
            self._entries.clear()
        self._entries |= {str(entry.number): entry for entry in entries}
        self.table.touch_visible()
        self.show_edges()

    def _near(self, visible: Sequence[str]) -> list[str]:
        ids = self.table.ids
        if not visible:
            return list(ids[:_AROUND])
        place = ids.index(visible[0])
        return list(ids[max(0, place - _AROUND // 2) : place + len(visible) + _AROUND // 2])

    def _tick(self) -> None:
        if self._said[0] and self.clock.monotonic() - self._said[2] >= _TOLD:
            self.say("")
        self._ticks += 1
        self.run_worker(self._look_again(), group="log-tick", exclusive=False)

    async def _look_again(self) -> None:
        if self._ticks % _DEEDS_EVERY == 0:
            await self.log_book.take_deeds()
        if self.log_book.version != self._version:
            await self._read()
