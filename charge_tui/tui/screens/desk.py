"""The desk's screen with what can be done on it: each command of the registry is a method here, ``do_`` and its id."""

from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.binding import BindingType

from charge_tui.api.errors import ChargeError
from charge_tui.domain.text import safe
from charge_tui.tui.ahead import Walks
from charge_tui.tui.commands import BY_ID, Command, keymap
from charge_tui.tui.model import SORTS
from charge_tui.tui.screens.boarding import BoardingScreen
from charge_tui.tui.shown import forget
from charge_tui.tui.views import VIEWS
from charge_tui.tui.widgets.lines import Lines
from charge_tui.tui.widgets.table import ReservationTable

if TYPE_CHECKING:
    from charge_tui.desk.log import LogBook


_WALKING: Final = ("down", "up", "page_down", "page_up", "board_right", "board_left")
"""The commands whose keys are held down."""


class DeskScreen(BoardingScreen, Walks):
    """What can be done. Whatever asks the API runs beside the keys; its failure is one calm line."""

    BINDINGS: ClassVar[list[BindingType]] = [*keymap({}).bindings()]

    _copied = ""

    async def action_command(self, identity: str) -> None:
        """Do a command of the registry; one that cannot act now says why."""
        if self.has_class("-too-small") and identity not in ("quit", "suspend", "help"):
            return
        command = BY_ID[identity]
        if command not in self.possible():
            self.say(self.why_not(command) or self._why_not(command.when), "warn")
            return
        if identity.startswith("view_"):
            self.open_view(identity.removeprefix("view_"))
            return
        act: Callable[[], Coroutine[Any, Any, None] | None] = getattr(self, f"do_{identity}")
        result = act()
        if result is not None:
            await result

    def walk(self, key: str) -> bool:
        """Move the cursor, where one can be moved and the keys are not those of a text."""
        command = self._walking.get(key)
        walks = self.home.has_focus or self.detail.has_focus
        if command is None or not walks or self.has_class("-too-small") or not self.cases()[command.when]:
            return False
        self.touched()
        act: Callable[[], None] = getattr(self, f"do_{command.id}")
        if self.app.message_queue_size or self.home is not self.table:
            act()
            return True
        with self.table.prevent(ReservationTable.Moved):
            act()
        self.follow()  # a single key has the row and its place in the list painted in one frame
        return True

    @cached_property
    def _walking(self) -> dict[str, Command]:
        return {key: BY_ID[name] for name in _WALKING for key in self.keymap.keys[name].split(",")}

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
            self.settle_order()
            self.home.first()

    def do_bottom(self) -> None:
        """To the last row or line."""
        if self.detail.has_focus:
            self.detail.scroll_line(len(self.detail.lines))
            self.show_status()
        else:
            self.home.last()

    def _move(self, steps: int) -> None:
        if self.detail.has_focus:
            self.detail.scroll_by(steps)
            self.show_status()
        else:
            self.home.move(steps)

    def _move_page(self, pages: int) -> None:
        if self.detail.has_focus:
            self.detail.scroll_by(pages * max(1, self.detail.size.height - 1))
            self.show_status()
        else:
            self.home.move_page(pages)

    def do_next_pane(self) -> None:
        """Between table and detail."""
        self.do_open()

    def do_previous_pane(self) -> None:
        """Between table and detail."""
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
        from charge_tui.tui.screens.columns import ColumnsForm

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
        from charge_tui.tui.screens.raw import RawPage

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
        from charge_tui.tui.screens.raw import copied

        text = copied(text)
        self.app.copy_to_clipboard(text)
        self.say(f"sent to the terminal's clipboard: the JSON, {len(text):,} characters; J shows it")

    # -- the desk -----------------------------------------------------------------------------------------------------

    def do_refresh(self) -> None:
        """Read now."""
        self.desk.refresh()
        forget(self.app.console)  # whatever another program wrote over the screen is gone with this key
        self.refresh()
        self.say("reading")
        self.settle_order()
        page = self.workspace.place.page
        if not self.workspace.view.held and (page is None or page.number == 1):
            self.load_page(quietly=page is not None)

    def do_log(self) -> None:
        """What changed and what was done."""
        from charge_tui.tui.screens.log import LogScreen

        log = self.logbook
        if log is not None:
            self.app.push_screen(
                LogScreen(log, self.workspace.look, self.clock, subject=self.subject, handover=self.do_handover)
            )

    def do_handover(self) -> None:
        """The page for whoever takes over."""
        from charge_tui.desk.handover_live import LiveHandover
        from charge_tui.tui.screens.handover import HandoverScreen

        log = self.logbook
        if log is not None:
            made = LiveHandover(self.desk, self.attention, self.writer.journal, log)
            self.app.push_screen(HandoverScreen(made, self.workspace.look, self.desk.known, self.clock))

    @property
    def logbook(self) -> "LogBook | None":
        """The log of this desk; None where none is kept."""
        from charge_tui.tui.app import ChargeApp

        return self.app.logbook if isinstance(self.app, ChargeApp) else None

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
        from charge_tui.tui.screens.problems import ProblemsPage

        own = (*self.keymap.problems, *self.options.problems)
        self.app.push_screen(ProblemsPage(self.desk.feed, self.clock, self.workspace.zone, own))

    def do_mouse(self) -> None:
        """Take the mouse or leave it."""
        from charge_tui.tui.app import ChargeApp

        if isinstance(self.app, ChargeApp):
            on = self.app.toggle_mouse()
            self.say("the mouse acts here" if on else "the mouse is the terminal's: select text with it")

    def do_help(self) -> None:
        """All keys."""
        from charge_tui.tui.screens.help import HelpPage

        self.app.push_screen(HelpPage(self.keymap))

    def do_palette(self) -> None:
        """Find a command by its name."""
        from textual.command import CommandPalette

        from charge_tui.tui.screens.palette import Commands

        self.app.push_screen(CommandPalette(providers=[Commands], placeholder="type a command"))

    def do_suspend(self) -> None:
        """To the shell; fg comes back."""
        self.app.action_suspend_process()

    async def do_quit(self) -> None:
        """Leave; what waits for an answer, or is under way, is told of first."""
        await self.app.action_quit()

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
