"""The desk's screen as far as it shows: truth line, views, table, detail, status, footer."""

from datetime import datetime
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen

from charge_tui.clock import Clock
from charge_tui.desk.desk import Desk
from charge_tui.desk.entries import Entry
from charge_tui.desk.state import Delta
from charge_tui.desk.writes import Writer
from charge_tui.domain.reservation import Row
from charge_tui.domain.times import floor_minute
from charge_tui.tui.commands import COMMANDS, Command, Keymap, When
from charge_tui.tui.model import SORTS
from charge_tui.tui.options import Options
from charge_tui.tui.render import panels
from charge_tui.tui.render.columns import Placed, place
from charge_tui.tui.render.detail import Seen, detail
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.row import heading, row_line
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cut, width_of
from charge_tui.tui.render.truth import Truth, title, truth_line
from charge_tui.tui.timing import Later, Ticker
from charge_tui.tui.widgets.findbar import FindBar
from charge_tui.tui.widgets.lines import Lines
from charge_tui.tui.widgets.table import ReservationTable
from charge_tui.tui.workspace import Workspace

REST: Final = 0.12
"""Seconds that keys must rest before the detail follows the cursor."""
ACTIVE: Final = 30.0
"""Seconds after a key during which seconds tick on the screen."""
SETTLING: Final = 5.0
"""Seconds after the open set was read whole during which the rest of the first load comes in."""
TOLD: Final = 8.0
"""Seconds that a word about something stays in the status line."""
NARROWEST, LOWEST = 60, 16
"""The smallest screen that shows the desk."""


class PictureScreen(Screen[None]):
    """What is seen. ``DeskScreen`` adds what can be done."""

    class Stepped(Message):
        """The desk did one step."""

        def __init__(self, delta: Delta) -> None:
            super().__init__()
            self.delta = delta

    def __init__(self, desk: Desk, writer: Writer, clock: Clock, options: Options, keymap: Keymap) -> None:
        super().__init__()
        self.desk = desk
        self.writer = writer
        self.clock = clock
        self.options = options
        self.keymap = keymap
        self.workspace = Workspace(desk, view=options.view, zone=options.zone, zone_name=options.zone_name)
        self.truth = Lines(id="truth")
        self.tabs = Lines(id="tabs")
        self.sidebar = Lines(id="sidebar")
        self.head = Lines(id="head")
        self.table = ReservationTable(self._row_line, id="table")
        self.detail = Lines(id="detail")
        self.detail.can_focus = True
        self.find_bar = FindBar(id="find")
        self.status = Lines(id="status")
        self.footer = Lines(id="footer")
        self.notice = Lines(id="too-small")
        self.detail_of: str | None = None
        self.pinned: Row | None = None
        self._look: Look = self.workspace.look()
        self._columns: tuple[Placed, ...] = ()
        self._untouched = True
        self._whole_at: float | None = None
        self._minute: datetime = floor_minute(self._look.now)
        self._touched_at = clock.monotonic()
        self._said: tuple[str, Token, float] = ("", "", 0.0)
        self._later = Later(clock, REST, self, self.show_detail)
        self._ticker = Ticker(clock, 1.0, self, self.tick)

    def compose(self) -> ComposeResult:
        """Everything is there at every size; the style sheets say what is shown where."""
        yield self.truth
        yield self.tabs
        with Horizontal(id="body"):
            yield self.sidebar
            with Vertical(id="middle"):
                yield self.head
                yield self.table
            yield self.detail
        yield self.find_bar
        yield self.status
        yield self.footer
        yield self.notice

    def on_mount(self) -> None:
        """Begin to follow the desk and the clock."""
        self._unsubscribe = self.desk.subscribe(self._desk_stepped)
        self.workspace.rebuild()
        self._ticker.start()
        self.table.focus()
        for problem in (*self.keymap.problems, *self.options.problems)[:1]:
            self.say(problem, "warn")

    def on_unmount(self) -> None:
        """Stop following them."""
        self._unsubscribe()
        self._ticker.stop()
        self._later.cancel()

    def _desk_stepped(self, delta: Delta) -> None:
        self.post_message(self.Stepped(delta))

    # -- what happened ------------------------------------------------------------------------------------------------

    @on(Stepped)
    def _stepped(self, event: Stepped) -> None:
        change = self.workspace.absorb(event.delta)
        self._look = self.workspace.look()
        if change.order:
            self.show_rows()
        if change.touched:
            self.table.touch(change.touched)
        if event.delta.names and not self.workspace.frozen:
            self.table.touch_visible()
        changed = {one.id for one in event.delta.changes}
        if not self.workspace.frozen and (self.detail_of in changed or event.delta.names):
            self.show_detail()
        self.show_edges()

    @on(ReservationTable.Moved)
    def _moved(self, event: ReservationTable.Moved) -> None:
        self.workspace.place.cursor = event.id
        self.pinned = None
        self.show_status()
        self._later.start()

    def on_key(self, _event: events.Key) -> None:
        """Somebody is there: seconds tick."""
        self._touched_at = self.clock.monotonic()
        self._untouched = False

    def on_resize(self, event: events.Resize) -> None:
        """Another size: other columns, other panes."""
        width, height = event.size
        self.set_class(width < NARROWEST or height < LOWEST, "-too-small")
        self.notice.show(panels.too_small(width, height, NARROWEST, LOWEST))
        self.call_after_refresh(self.show_all)

    @on(ReservationTable.Resized)
    def _table_resized(self) -> None:
        """Choose the columns anew: under a form the layout follows later than the terminal's new size."""
        self.show_all()

    def tick(self) -> None:
        """A second has passed."""
        if self.workspace.freeze_is_over(self.clock.monotonic()):
            self.thaw()
        self._look = self.workspace.look()
        minute = floor_minute(self._look.now)
        if minute != self._minute:
            self._minute = minute
            if not self.workspace.frozen:
                self._let_go_of_what_is_over()
                self.table.touch_visible()
        if self._said[0] and self.clock.monotonic() - self._said[2] >= TOLD:
            self._said = ("", "", 0.0)
        if not self.workspace.frozen and not self._later.waiting:
            self.show_detail()
        self.show_edges()

    def _let_go_of_what_is_over(self) -> None:
        over = self.workspace.drop_over()
        if over:
            self.show_rows()
            what = "a lost reservation is over" if over == 1 else f"{over} lost reservations are over"
            self.say(f"{what}, and no longer here: 7 and 8 have all of them")

    # -- showing ------------------------------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Show everything as it is now."""
        self._look = self.workspace.look()
        self.show_columns()
        self.show_rows()
        self.show_detail()
        self.show_edges()

    def show_columns(self) -> None:
        """Choose the columns that fit, and paint every row anew."""
        self._columns = place(self.workspace.place.columns, self.table.size.width - 2)
        own = self.workspace.place
        sorted_by = own.sort if self.workspace.view.held else None
        self.head.show([heading(self._columns, sorted_by, own.descending != SORTS[own.sort][1])])
        self.table.repaint_all()

    def show_rows(self, *, anew: bool = False) -> None:
        """Show the rows of the view; ``anew`` where they are those of another one.

        While the picture is still being loaded and nobody has pressed a key, the cursor stays on the first row.
        """
        space = self.workspace
        cursor = space.place.cursor if anew else space.ids[0] if self._still_loading() and space.ids else None
        self.table.show(list(space.ids), cursor=cursor, anew=anew)
        self.table.set_empty(self._empty())
        self.show_status()

    def show_detail(self) -> None:
        """Show the reservation under the cursor in full."""
        identity = self.subject
        row = self.pinned and (self.desk.known(self.pinned.id) or self.pinned)
        if row is None and identity is not None:
            row = self.workspace.row(identity)
        anew = identity != self.detail_of
        self.detail_of = identity
        if anew and identity:
            self.desk.watch([identity])
        if row is None or identity is None or not self.detail.size.width:
            self.detail.show([BLANK], from_top=True)
            return
        seen = Seen(
            self.desk.age(identity), self.desk.leaving(identity), self.desk.history(identity), self._ticking(),
            self.deeds_of(identity),
        )  # fmt: skip
        self.detail.show(detail(row, self._look, self.detail.size.width, seen), from_top=anew)

    def deeds_of(self, identity: str) -> tuple[Entry, ...]:
        """What this desk did to a reservation, as far as that is known here."""
        return ()

    def show_edges(self) -> None:
        """Show what stands around the table: truth line, views, status, footer."""
        space = self.workspace
        truth = self._truth()
        self.truth.show([truth_line(truth, self.truth.size.width)])
        counts = space.counts()
        if self.sidebar.size.width:
            self.sidebar.show(panels.sidebar(space.view, counts, space.filters, self._look, self.sidebar.size.width))
        if self.tabs.size.width:
            self.tabs.show([panels.tabs(space.view, counts, self.tabs.size.width)])
        if not space.ids:
            self.table.set_empty(self._empty())
        self.show_status()
        self.footer.show([panels.footer(self.keymap.hints(self.possible(foot=True)), self.footer.size.width)])
        self.show_title(truth)

    def show_title(self, truth: Truth) -> None:
        """Set the terminal's title."""
        from charge_tui.tui.app import ChargeApp

        if isinstance(self.app, ChargeApp):
            self.app.set_terminal_title(title(truth))

    def show_status(self) -> None:
        """Show where the cursor is, and what was said last."""
        width = self.status.size.width
        where: Line = tuple(self._where())
        text, token, _ = self._said
        room = width - width_of(where) - 3
        if text and room >= 12:
            words = cut(text, room)
            where = (*where, Span(" " * (width - width_of(where) - len(words) - 1)), Span(words, token))
        elif text:
            where = (Span(" " + cut(text, width - 2), token),)
        self.status.show([where])
        if self.find_bar.display:
            self.find_bar.tell(len(self.workspace.ids), self.workspace.total)

    def say(self, text: str, token: Token = "") -> None:
        """Tell something in the status line, for some seconds."""
        self._said = (text, token, self.clock.monotonic())
        self.show_status()

    def thaw(self) -> None:
        """End the freeze."""
        self.workspace.thaw()
        self.show_all()

    def possible(self, *, foot: bool = False) -> list[Command]:
        """The commands that make sense now; with ``foot`` those of them that the footer tells of."""
        cases = self.cases()
        return [one for one in COMMANDS if cases[one.when] and (not foot or cases[one.foot])]

    def cases(self) -> dict[When, bool]:
        """What is the case now, of all that commands ask for."""
        space = self.workspace
        return {
            "always": True,
            "row": self.subject is not None,
            "paged": not space.view.held,
            "held": space.view.held,
            "filtered": bool(space.filters),
            "form": False,
        }

    # -- inside -------------------------------------------------------------------------------------------------------

    def _row_line(self, identity: str) -> Line:
        row = self.workspace.row(identity)
        if row is None:
            return BLANK
        mark = Span("●", "accent") if identity in self.workspace.place.marks else Span(" ")
        return (mark, *row_line(row, self._columns, self._look, self.desk.leaving(identity)))

    def _still_loading(self) -> bool:
        if self._whole_at is None and self.desk.feed().complete:
            self._whole_at = self.clock.monotonic()
        return self._untouched and (self._whole_at is None or self.clock.monotonic() - self._whole_at < SETTLING)

    def _ticking(self) -> bool:
        return self.clock.monotonic() - self._touched_at < ACTIVE

    def _truth(self) -> Truth:
        space, feed = self.workspace, self.desk.feed()
        return Truth(
            mode=self.options.mode,
            host=self.options.host,
            feed=feed,
            now=self._look.now,
            zone=space.zone,
            needs=space.needs(),
            deadline=space.next_deadline(),
            paused=space.held_back,
            frozen=space.frozen,
            seconds=self._ticking(),
            read_only=self.writer.policy.why_closed(self.desk.client.mode) is not None,
        )

    def _where(self) -> list[Span]:
        if self.detail.has_focus and len(self.detail.lines) > self.detail.size.height:
            last = min(len(self.detail.lines), self.detail.offset_y + self.detail.size.height)
            down, up = (self.keymap.shown(command, 1) for command in ("down", "up"))
            where = f" lines {self.detail.offset_y + 1}–{last} of {len(self.detail.lines)} · {down} {up} scroll"
            return [Span(f"{where} · {self.keymap.shown('open', 1)} back", "quiet")]
        space, shown = self.workspace, len(self.workspace.ids)
        at = self.table.place
        place = "" if at is None else f"{at + 1:,} of "
        parts = [f" {place}{shown:,}" if shown or space.find else " none"]
        if space.find:
            parts[0] += f" found in {space.total:,}"
        if space.view.held and shown:
            parts.append(f"by {SORTS[space.place.sort][0] if space.place.sort != 'in' else 'start'}")
        elif space.place.page:
            page = space.place.page
            parts.append(f"page {page.number:,}" + (" · more" if page.next_url else " · last"))
        if space.place.loading:
            parts.append("loading")
        if space.place.marks:
            parts.append(f"{len(space.place.marks):,} marked")
        if space.filters:
            parts.append(panels.filter_words(space.filters, self._look))
        return [Span(" · ".join(parts), "quiet")]

    def _empty(self) -> list[Line]:
        space = self.workspace
        return panels.empty(
            space.view, self.desk.feed(), find=space.find, filters=panels.filter_words(space.filters, self._look),
            loading=space.place.loading, fault=space.place.fault,
            key_of=lambda command: self.keymap.shown(command, 1),
        )  # fmt: skip

    @property
    def subject(self) -> str | None:
        """The reservation that is shown in full and acted on: one opened by its id, else the one under the cursor."""
        return self.pinned.id if self.pinned else self.table.cursor
