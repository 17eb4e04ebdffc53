"""The desk's screen as far as it shows: truth line, views, table, detail, status, footer."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from charge_tui.clock import Clock
from charge_tui.desk.desk import Desk
from charge_tui.desk.entries import Entry
from charge_tui.desk.writes import Writer
from charge_tui.domain.attention import Severity
from charge_tui.domain.reservation import Row
from charge_tui.tui.attention_list import CLEAR
from charge_tui.tui.commands import BY_ID, COMMANDS, Command, Keymap, When
from charge_tui.tui.model import SORTS, Rule
from charge_tui.tui.options import Options
from charge_tui.tui.recent import Recent
from charge_tui.tui.render import panels, tellings
from charge_tui.tui.render.columns import Placed, place
from charge_tui.tui.render.detail import Seen, detail
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.row import heading, row_line
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cut, width_of
from charge_tui.tui.render.truth import Truth, title, truth_line
from charge_tui.tui.widgets.detail import DetailPane
from charge_tui.tui.widgets.findbar import FindBar
from charge_tui.tui.widgets.lines import Lines
from charge_tui.tui.widgets.table import ReservationTable
from charge_tui.tui.workspace import Workspace

if TYPE_CHECKING:
    from charge_tui.desk.attention.watch import Watch

ACTIVE: Final = 30.0
"""Seconds after a key during which seconds tick on the screen."""
IDLE: Final = 10.0
"""Seconds after a key during which nothing changes its place under the person's hands."""
SETTLING: Final = 5.0
"""Seconds after the open set was read whole during which the rest of the first load comes in."""


class ShowingScreen(Screen[None]):
    """The panes, and what stands in them. ``PictureScreen`` adds when they are shown anew."""

    def __init__(
        self, desk: Desk, writer: Writer, watch: "Watch", clock: Clock, options: Options, keymap: Keymap
    ) -> None:
        super().__init__()
        self.desk = desk
        self.writer = writer
        self.attention = watch
        self.clock = clock
        self.options = options
        self.keymap = keymap
        self.workspace = Workspace(desk, watch, view=options.view, zone=options.zone, zone_name=options.zone_name)
        self.recent = Recent()
        self.truth = Lines(id="truth")
        self.tabs = Lines(id="tabs")
        self.sidebar = Lines(id="sidebar")
        self.head = Lines(id="head")
        self.table = ReservationTable(self._row_line, id="table")
        self.detail = DetailPane(id="detail")
        self.find_bar = FindBar(id="find")
        self.status = Lines(id="status")
        self.footer = Lines(id="footer")
        self.notice = Lines(id="too-small")
        self.detail_of: str | None = None
        self.pinned: Row | None = None
        self._look: Look = self.workspace.look()
        self._columns: tuple[Placed, ...] = ()
        self._truth_looks: object = None
        self._untouched = True
        self._whole_at: float | None = None
        self._touched_at = clock.monotonic()
        self._said: tuple[str, Token, float] = ("", "", 0.0)

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
        self.table.show(space.lines, cursor=cursor, anew=anew, from_top=space.urgent)
        over = tellings.over_words(space.urgency.dropped())
        if over:
            self.say(over)
        self.table.set_empty(self._empty())
        self.show_status()

    def show_detail(self) -> None:
        """Show the reservation under the cursor in full."""
        identity, row = self.subject, self.shown_row()
        anew = identity != self.detail_of
        self.detail_of = identity
        if anew and identity:
            self.desk.watch([identity])
        if row is None or identity is None or not self.detail.size.width:
            self.detail.show([BLANK], from_top=True)
            self.forget_fixes()
            return
        seen = Seen(
            age=self.desk.age(identity),
            standing=self.workspace.standing(identity),
            history=self.desk.history(identity),
            seconds=self._ticking(),
            deeds=self.deeds_of(identity),
            fixes=self.fix_lines(identity, self.detail.size.width),
        )
        self.detail.show(detail(row, self._look, self.detail.size.width, seen), from_top=anew)

    def shown_row(self) -> Row | None:
        """The reservation that the detail shows, as it is now."""
        if self.pinned:
            return self.desk.known(self.pinned.id) or self.pinned
        identity = self.subject
        return None if identity is None else self.workspace.row(identity)

    def fix_lines(self, identity: str, width: int) -> list[Line]:
        """What can be done about a reservation's finding."""
        return []

    def forget_fixes(self) -> None:
        """Nothing is shown about which something could be done."""

    def deeds_of(self, identity: str) -> tuple[Entry, ...]:
        """What this desk did to a reservation, as far as that is known here."""
        return ()

    def show_truth(self) -> None:
        """Show how far all of it can be trusted, on the screen and in the terminal's title."""
        truth, width = self._truth(), self.truth.size.width
        looks = None if truth.seconds else (width, truth.looks())
        if looks is not None and (looks, self._title()) == self._truth_looks:
            return
        self.truth.show([truth_line(truth, width)])
        self.show_title(truth)
        self._truth_looks = looks, self._title()

    def show_edges(self) -> None:
        """Show what stands around the table: truth line, views, status, footer."""
        space = self.workspace
        self.show_truth()
        counts = space.counts()
        if self.sidebar.size.width:
            width, queue = self.sidebar.size.width, space.urgency.queue
            self.sidebar.show(panels.sidebar(space.view, counts, space.filters, self._look, width, queue))
        if self.tabs.size.width:
            self.tabs.show([panels.tabs(space.view, counts, self.tabs.size.width, space.urgency.queue)])
        if not space.ids:
            self.table.set_empty(self._empty())
        self.show_status()
        self.show_footer()

    def show_footer(self) -> None:
        """Show the keys that make sense now."""
        self.footer.show([panels.footer(self.keymap.hints(self.possible(foot=True)), self.footer.size.width)])

    @property
    def at_work(self) -> bool:
        """Whether somebody pressed a key so recently that nothing may change its place under his hands."""
        return not self._untouched and self.clock.monotonic() - self._touched_at < IDLE

    def show_title(self, truth: Truth) -> None:
        """Set the terminal's title."""
        from charge_tui.tui.app import ChargeApp

        if isinstance(self.app, ChargeApp):
            self.app.set_terminal_title(title(truth))

    def _title(self) -> str:
        from charge_tui.tui.app import ChargeApp

        return self.app.terminal_title if isinstance(self.app, ChargeApp) else ""

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
        space = self.workspace
        if isinstance(identity, Rule):
            if identity == CLEAR:
                return tellings.clear_line(space.next_start(), space.zone)
            return tellings.coming_rule(self.table.size.width)
        row = space.row(identity)
        if row is None:
            return BLANK
        mark = Span("●", "accent") if identity in space.place.marks else Span(" ")
        standing = replace(space.standing(identity), changed=self.recent.of(identity))
        return (mark, *row_line(row, self._columns, self._look, standing))

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
            critical=space.urgency.queue.fresh.get(Severity.CRITICAL, 0),
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
            parts.append(f"by {SORTS[space.place.sort][0]}")
        elif space.place.page:
            page = space.place.page
            parts.append(f"page {page.number:,}" + (" · more" if page.next_url else " · last"))
        if space.place.loading:
            parts.append("loading")
        if space.place.marks:
            parts.append(f"{len(space.place.marks):,} marked")
        if space.filters:
            parts.append(panels.filter_words(space.filters, self._look))
        return [Span(" · ".join(parts), "quiet"), *self._waiting()]

    def _waiting(self) -> list[Span]:
        """What of the queue is not in sight: what came since its order was shown, a flood, what is snoozed."""
        space, spans = self.workspace, []
        if not space.urgent:
            return []
        queue, (new, critical) = space.urgency.queue, space.urgency.news()
        if queue.flood:
            spans.append(Span(tellings.flood_words(queue.flooded), "warn"))
        if new and space.urgency.behind:
            told = f"{tellings.news_words(new, critical, ' above')}, {self.keymap.shown('top', 1)} shows"
            spans.append(Span(told, "bad" if critical else "warn"))
        if queue.snoozed:
            lists = f", {self.keymap.shown('verdicts', 1)} lists" if "verdicts" in BY_ID else ""
            spans.append(Span(f"{len(queue.snoozed):,} snoozed{lists}", "quiet"))
        return [one for span in spans for one in (Span(" · ", "quiet"), span)]

    def _empty(self) -> list[Line]:
        space = self.workspace
        return panels.empty(
            space.view, self.desk.feed(), find=space.find, filters=panels.filter_words(space.filters, self._look),
            loading=space.place.loading, fault=space.place.fault, snoozed=len(space.urgency.queue.snoozed),
            key_of=lambda command: self.keymap.shown(command, 1),
        )  # fmt: skip

    @property
    def subject(self) -> str | None:
        """The reservation that is shown in full and acted on: one opened by its id, else the one under the cursor."""
        return self.pinned.id if self.pinned else self.table.cursor
