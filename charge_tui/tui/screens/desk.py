"""The desk's screen with what can be done on it: each command of the registry is a method here, ``do_`` and its id."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.command import CommandPalette

from charge_tui.api.errors import ChargeError, NotFound
from charge_tui.desk.budget import Share
from charge_tui.desk.state import Filters
from charge_tui.domain.text import safe
from charge_tui.tui.commands import BY_ID, keymap
from charge_tui.tui.model import SORTS
from charge_tui.tui.screens.ask import AskId, Choice, told_apart
from charge_tui.tui.screens.columns import ColumnsForm
from charge_tui.tui.screens.filter import KINDS, FilterForm
from charge_tui.tui.screens.help import HelpPage
from charge_tui.tui.screens.palette import Commands
from charge_tui.tui.screens.picture import PictureScreen
from charge_tui.tui.screens.problems import ProblemsPage
from charge_tui.tui.screens.raw import RawPage
from charge_tui.tui.views import VIEWS
from charge_tui.tui.widgets.findbar import FindBar
from charge_tui.tui.widgets.lines import Lines
from charge_tui.tui.widgets.table import ReservationTable


class DeskScreen(PictureScreen):
    """What can be done. Whatever asks the API runs beside the keys; its failure is one calm line."""

    BINDINGS: ClassVar[list[BindingType]] = [*keymap({}).bindings()]

    _page_asked = 0
    _page_at = 0.0
    _copied = ""

    async def action_command(self, identity: str) -> None:
        """Do a command of the registry; one that cannot act now says why."""
        if self.has_class("-too-small") and identity not in ("quit", "suspend", "help"):
            return
        command = BY_ID[identity]
        if command not in self.possible():
            self.say(self._why_not(command.when), "warn")
            return
        if identity.startswith("view_"):
            self.open_view(identity.removeprefix("view_"))
            return
        act: Callable[[], Coroutine[Any, Any, None] | None] = getattr(self, f"do_{identity}")
        result = act()
        if result is not None:
            await result

    # -- views and pages ----------------------------------------------------------------------------------------------

    def open_view(self, name: str) -> None:
        """Show another view."""
        ask_server = self.workspace.open_view(name)
        self._close_find()
        self.show_columns()
        self.show_rows(anew=True)
        self.show_edges()
        if ask_server and self.workspace.place.page is None:
            self.load_page()

    def load_page(self, url: str | None = None, number: int = 1, *, quietly: bool = False) -> None:
        """Ask the server for a page of the present view, and show it unless another one was asked for since."""
        self._page_asked += 1
        self._page_at = self.clock.monotonic()
        if not quietly:
            self.workspace.place.loading = True
            self.show_edges()
        self.run_worker(self._load_page(self._page_asked, url, number, quietly), group="page")

    async def _load_page(self, asked: int, url: str | None, number: int, quietly: bool) -> None:
        space = self.workspace
        view, place = space.view, space.place
        try:
            share = Share.QUIET if quietly else Share.PERSON
            page = await self.desk.page(status=view.status, filters=space.filters, url=url, number=number, share=share)
        except ChargeError as error:
            if asked == self._page_asked and space.view is view:
                place.loading = False
                if not quietly:
                    place.fault = safe(error.sentence, 300) if place.page is None else ""
                    self.say(f"page not read: {safe(error.sentence, 200)}", "bad")
                self.show_edges()
            return
        if asked != self._page_asked or space.view is not view or space.frozen:
            place.loading = False
            return
        if quietly and space.same_page(page):
            return
        space.take_page(page)
        self.show_rows(anew=not quietly)
        self.show_edges()

    def tick(self) -> None:
        """A second has passed; page 1 of a view that the server pages is read again in turn."""
        super().tick()
        place, every = self.workspace.place, self.options.refresh
        due = every > 0 and self.clock.monotonic() - self._page_at >= every
        shown = not self.workspace.view.held and place.page and place.page.number == 1 and not self.workspace.frozen
        if due and shown and self.desk.spare():
            self.load_page(quietly=True)

    def do_next_page(self) -> None:
        """The server's next page, or a screenful down."""
        page = self.workspace.place.page
        if self.workspace.view.held:
            self.table.move_page(1)
        elif page and page.next_url:
            self.load_page(page.next_url, page.number + 1)
        elif page:
            self.say("this is the last page")

    def do_previous_page(self) -> None:
        """The server's previous page, or a screenful up."""
        page = self.workspace.place.page
        if self.workspace.view.held:
            self.table.move_page(-1)
        elif page and page.previous_url:
            self.load_page(page.previous_url, max(1, page.number - 1))
        elif page:
            self.say("this is the first page")

    # -- moving -------------------------------------------------------------------------------------------------------

    def do_down(self) -> None:
        """One row or line down."""
        self._move(1)

    def do_up(self) -> None:
        """One row or line up."""
        self._move(-1)

    def do_page_down(self) -> None:
        """A screenful down."""
        self._move_page(1)

    def do_page_up(self) -> None:
        """A screenful up."""
        self._move_page(-1)

    def do_top(self) -> None:
        """To the first row or line."""
        if self.detail.has_focus:
            self.detail.scroll_line(0)
            self.show_status()
        else:
            self.table.first()

    def do_bottom(self) -> None:
        """To the last row or line."""
        if self.detail.has_focus:
            self.detail.scroll_line(len(self.detail.lines))
            self.show_status()
        else:
            self.table.last()

    def _move(self, steps: int) -> None:
        if self.detail.has_focus:
            self.detail.scroll_by(steps)
            self.show_status()
        else:
            self.table.move(steps)

    def _move_page(self, pages: int) -> None:
        if self.detail.has_focus:
            self.detail.scroll_by(pages * max(1, self.detail.size.height - 1))
            self.show_status()
        else:
            self.table.move_page(pages)

    def do_open(self) -> None:
        """The detail, or back to the table."""
        if self.detail.has_focus:
            self.do_back()
            return
        self.add_class("-detail-open")
        self.detail.focus()
        self.call_after_refresh(self.show_detail)

    def do_next_pane(self) -> None:
        """Between table and detail."""
        self.do_open()

    def do_previous_pane(self) -> None:
        """Between table and detail."""
        self.do_open()

    def do_back(self) -> None:
        """One step back: from the search, from the detail."""
        if self.find_bar.display or self.workspace.find:
            self._close_find()
            self.workspace.set_find("")
            self.show_rows()
            self.show_edges()
        self.pinned = None
        self.remove_class("-detail-open")
        self.table.focus()

    # -- finding ------------------------------------------------------------------------------------------------------

    def do_find(self) -> None:
        """Open the line to type in."""
        self.add_class("-finding")
        self.find_bar.open()
        self.show_status()

    @on(FindBar.Changed)
    def _find_changed(self, event: FindBar.Changed) -> None:
        self.workspace.set_find(event.query)
        self.show_rows()
        self.show_edges()

    @on(FindBar.Done)
    def _find_done(self) -> None:
        self.action_leave_find()

    def action_leave_find(self) -> None:
        """From the line to type in to what was found."""
        self.find_bar.close(clear=False)
        self.remove_class("-finding")
        self.table.focus()

    def _close_find(self) -> None:
        self.find_bar.close(clear=True)
        self.remove_class("-finding")

    def do_filter(self) -> None:
        """Open the form of the API's filters."""
        self.app.push_screen(FilterForm(self.workspace.filters, self._choices()), self._filtered)

    def do_clear_filter(self) -> None:
        """Show all again."""
        self._filtered(Filters())

    def _filtered(self, filters: Filters | None) -> None:
        if filters is None or filters == self.workspace.filters:
            return
        if self.workspace.set_filters(filters):
            self.load_page()
        self.show_rows(anew=True)
        self.show_edges()

    def _choices(self) -> dict[str, list[Choice]]:
        look = self.workspace.look()
        labels = {"driver": look.driver, "vehicle": look.vehicle, "station": look.station}
        known = self.desk.names.known
        return {kind: told_apart([Choice(one.id, labels[kind](one.id)) for one in known(kind)]) for kind in KINDS}

    def do_open_id(self) -> None:
        """Ask for an id and show that reservation."""
        self.app.push_screen(AskId("Open a reservation by its id", "res_…"), self._open_id)

    def _open_id(self, identity: str | None) -> None:
        if identity:
            self.run_worker(self._read_and_open(identity), group="read")

    async def _read_and_open(self, identity: str) -> None:
        shown = safe(identity, 60)
        try:
            row = await self.desk.read(identity)
        except NotFound:
            self.say(f"there is no reservation {shown}", "warn")
            return
        except ChargeError as error:
            self.say(f"{shown} not read: {safe(error.sentence, 200)}", "bad")
            return
        self.table.go(row.id)
        self.pinned = None if self.table.cursor == row.id else row
        self.show_detail()
        if not self.detail.has_focus:
            self.do_open()

    # -- looking ------------------------------------------------------------------------------------------------------

    def do_sort(self) -> None:
        """By the next column."""
        self._sort(None)

    def _sort(self, column: str | None) -> None:
        space = self.workspace
        if not space.view.held:
            self.say("the server orders this view: newest created first", "warn")
            return
        if column is not None and column not in SORTS:
            self.say("that column has no order")
            return
        space.sort_by(column)
        self.show_columns()
        self.show_rows()

    def do_columns(self) -> None:
        """Open the form of the columns."""
        space = self.workspace
        self.app.push_screen(ColumnsForm(space.place.columns, space.view.columns), self._columns_chosen)

    def _columns_chosen(self, keys: tuple[str, ...] | None) -> None:
        if keys is not None:
            self.workspace.place.columns = keys
            self.show_columns()

    def do_zone(self) -> None:
        """Times in the next zone."""
        word = self.workspace.next_zone()
        self.show_all()
        self.say(f"times in {safe(word, 40)}")

    def do_raw(self) -> None:
        """The JSON under the cursor."""
        identity = self.subject
        if identity:
            self.run_worker(self._show_raw(identity), group="read")

    async def _show_raw(self, identity: str) -> None:
        try:
            text = await self.desk.raw(identity)
        except ChargeError as error:
            self.say(f"JSON not read: {safe(error.sentence, 200)}", "bad")
            return
        self.app.push_screen(RawPage(identity, text))

    async def do_copy(self) -> None:
        """Copy the id; again, the JSON."""
        identity = self.subject or ""
        if self._copied != identity:
            self._copied = identity
            self.app.copy_to_clipboard(safe(identity, 200))
            self.say(f"sent to the terminal's clipboard: {safe(identity, 100)}")
            return
        self._copied = ""
        self.run_worker(self._copy_json(identity), group="read")

    async def _copy_json(self, identity: str) -> None:
        try:
            text = await self.desk.raw(identity)
        except ChargeError as error:
            self.say(f"JSON not read: {safe(error.sentence, 200)}", "bad")
            return
        self.app.copy_to_clipboard(text)
        self.say(f"sent to the terminal's clipboard: the JSON, {len(text):,} characters; J shows it")

    # -- the desk -----------------------------------------------------------------------------------------------------

    def do_refresh(self) -> None:
        """Read now."""
        self.desk.refresh()
        self.say("reading")
        page = self.workspace.place.page
        if not self.workspace.view.held and (page is None or page.number == 1):
            self.load_page(quietly=page is not None)

    def do_pause(self) -> None:
        """Freeze, or go on."""
        if self.workspace.frozen:
            self.thaw()
            self.say("going on")
        else:
            self.workspace.freeze(self.clock.monotonic())
            self.say(f"order and paint are frozen for 10 minutes; {self.keymap.shown('pause', 1)} goes on")
        self.show_edges()

    def do_problems(self) -> None:
        """What is wrong, in full."""
        own = (*self.keymap.problems, *self.options.problems)
        self.app.push_screen(ProblemsPage(self.desk.feed, self.workspace.zone, own))

    def do_mouse(self) -> None:
        """Take the mouse or leave it."""
        from charge_tui.tui.app import ChargeApp

        if isinstance(self.app, ChargeApp):
            on = self.app.toggle_mouse()
            self.say("the mouse acts here" if on else "the mouse is the terminal's: select text with it")

    def do_help(self) -> None:
        """All keys."""
        self.app.push_screen(HelpPage(self.keymap))

    def do_palette(self) -> None:
        """Find a command by its name."""
        self.app.push_screen(CommandPalette(providers=[Commands], placeholder="type a command"))

    def do_suspend(self) -> None:
        """To the shell; fg comes back."""
        self.app.action_suspend_process()

    def do_quit(self) -> None:
        """Leave."""
        self.app.exit()

    # -- the mouse ----------------------------------------------------------------------------------------------------

    @on(ReservationTable.Opened)
    def _opened(self) -> None:
        self.do_open()

    @on(Lines.Pressed)
    async def _pressed(self, event: Lines.Pressed) -> None:
        kind, _, name = event.action.partition(":")
        if kind == "view" and any(view.name == name for view in VIEWS):
            self.open_view(name)
        elif kind == "sort":
            self._sort(name)
        elif kind == "command":
            await self.action_command(name)

    def _why_not(self, when: str) -> str:
        return {
            "row": "there is no reservation under the cursor",
            "held": "the server orders this view: newest created first",
            "paged": "this view is one list",
            "filtered": "no filter is set",
        }.get(when, "that cannot be done now")
