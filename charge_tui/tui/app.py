"""The Textual app: themes, styles, the desk's screen, and what it does about its own failures."""

import asyncio
from datetime import tzinfo
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.theme import BUILTIN_THEMES
from textual.worker import WorkerFailed

from charge_tui.clock import Clock
from charge_tui.config.crash import crash_line, report_crash
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.desk import Desk
from charge_tui.desk.log import LogBook
from charge_tui.desk.writes import Writer
from charge_tui.domain.attention.finding import Severity
from charge_tui.resources import styles
from charge_tui.tui.ahead import InOrder
from charge_tui.tui.commands import Keymap, keymap
from charge_tui.tui.driver import SturdyDriver
from charge_tui.tui.ink import Ink, InkedApp
from charge_tui.tui.letgo import let_closed_pages_go
from charge_tui.tui.narrow import paint_narrowly
from charge_tui.tui.options import Options
from charge_tui.tui.screens.desk import DeskScreen
from charge_tui.tui.screens.sending import Sender
from charge_tui.tui.sheets import OnceParsed
from charge_tui.tui.shown import forget
from charge_tui.tui.themes import PALETTES, palette


class ChargeApp(InkedApp):
    """The desk in a terminal."""

    TITLE = "charge"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "told_how_to_quit", show=False, priority=True)]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - not declared as a class variable by Textual
        (0, "-narrow"),
        (116, "-wide"),
    ]

    def __init__(
        self,
        desk: Desk,
        writer: Writer,
        watch: Watch,
        clock: Clock,
        options: Options,
        driver: type[Driver] | None = None,
        logbook: LogBook | None = None,
    ) -> None:
        let_closed_pages_go()
        paint_narrowly()
        self.keymap: Keymap = keymap(options.keys)
        super().__init__(driver_class=driver, css_path=sorted(styles().glob("*.tcss")), ansi_color=True)
        self.stylesheet = OnceParsed(variables=self.get_css_variables())
        self.desk = desk
        self.writer = writer
        self.attention = watch
        self.logbook = logbook
        self.clock = clock
        self.options = options
        self.animation_level = "none"
        self.ink = Ink(palette(options.theme, self.no_color), options.ascii)
        self.terminal_title = ""
        self.mouse_on = options.mouse
        for name in BUILTIN_THEMES:
            self.unregister_theme(name)
        for one in PALETTES.values():
            self.register_theme(one.theme())
        self.theme = options.theme
        self._keys_in_order = InOrder(self, super().on_event)
        self._leaving = False
        self._desk_screen: DeskScreen | None = None
        self._polling: asyncio.Task[None] | None = None
        self._logging: asyncio.Task[None] | None = None

    def get_default_screen(self) -> DeskScreen:
        """The desk's screen."""
        self._desk_screen = DeskScreen(self.desk, self.writer, self.attention, self.clock, self.options, self.keymap)
        return self._desk_screen

    def on_mount(self) -> None:
        """Show what is known from the last time; what is read anew follows the first picture."""
        if self.options.ascii:
            self.add_class("-ascii")
        self.set_keymap(self.keymap.changed())
        self.theme_changed_signal.subscribe(self, lambda _theme: self._repaint())
        self.app_suspend_signal.subscribe(self, lambda _app: self.desk.stand_aside())
        self.app_resume_signal.subscribe(self, lambda _app: self._resumed())
        if self.logbook is not None:
            self._logging = asyncio.create_task(self.logbook.run(), name="log")
            self._logging.add_done_callback(self._polling_ended)
        self.desk.load_saved()
        self.run_worker(self._open_journal(), group="journal")

    def _resumed(self) -> None:
        self.terminal_title = ""  # a shell has had the terminal, and gave it its own
        self.desk.come_back()
        self.screen.refresh(layout=True)
        self._repaint()

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes wait for what the key before them opens; what a resized terminal shows is not known."""
        if isinstance(event, events.Resize):
            forget(self.console)
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._keys_in_order.take(event)
        else:
            await super().on_event(event)

    @property
    def zone(self) -> tzinfo:
        """The zone in which the desk shows times."""
        return self._desk_screen.workspace.zone if self._desk_screen else self.options.zone

    async def _open_journal(self) -> None:
        """Open the journal, and settle what an earlier run left behind; what stays unknown is told."""
        await self.writer.journal.open()
        await self.attention.open()
        if self._desk_screen is not None:
            await self._desk_screen.settle_at_start()

    async def stop_reading(self) -> None:
        """End the reading and keep the picture; returns when both are done."""
        await self.desk.stop()
        if self._polling is not None:
            await asyncio.gather(self._polling, return_exceptions=True)
        if self.logbook is not None and self._logging is not None:
            self.logbook.stop()
            await asyncio.gather(self._logging, return_exceptions=True)

    def set_terminal_title(self, title: str) -> None:
        """Set the terminal's title, if it is another one."""
        if title == self.terminal_title:
            return
        self.terminal_title = title
        if isinstance(self._driver, SturdyDriver):
            self._driver.set_title(self.ink.text(title))

    def picture_stands(self) -> None:
        """The first picture can be painted: it takes the place of the screen that was left, and reading begins."""
        if isinstance(self._driver, SturdyDriver) and self._driver.release():
            self.screen.refresh()
        if self._polling is None:
            self.call_after_refresh(self._begin_to_read)

    def _begin_to_read(self) -> None:
        if self._polling is None and not self._exit:
            self._polling = asyncio.create_task(self.desk.run(), name="desk")
            self._polling.add_done_callback(self._polling_ended)

    @property
    def holding(self) -> bool:
        """Whether nothing that is painted would be shown yet."""
        return isinstance(self._driver, SturdyDriver) and self._driver.holding

    def exit(
        self, result: None = None, return_code: int = 0, message: Any = None
    ) -> None:  # what Textual has it return, a type variable bound to nothing here
        """Leave; what stands on the desk is the first thing that the next start shows."""
        if self._desk_screen is not None and self._desk_screen.is_running:
            self._desk_screen.keep()
        super().exit(result, return_code, message)

    def toggle_mouse(self) -> bool:
        """Take the mouse or leave it to the terminal; whether it is taken now."""
        self.mouse_on = not self.mouse_on
        if isinstance(self._driver, SturdyDriver):
            self._driver.set_mouse(self.mouse_on)
        return self.mouse_on

    async def action_quit(self) -> None:
        """Leave; a write under way and a critical finding without an answer are told of first, and again goes on."""
        if isinstance(self.screen, Sender) and self.screen.sending and not self._leaving:
            self._leaving = True
            self.screen.action_leave()
            return
        from charge_tui.tui.screens.leaving import LeaveScreen

        waiting = self.attention.queue().fresh.get(Severity.CRITICAL, 0)
        if waiting and not isinstance(self.screen, LeaveScreen):
            self.push_screen(LeaveScreen(waiting), self._left)
            return
        self.exit()

    def _left(self, leave: bool | None) -> None:
        if leave:
            self.exit()

    def action_told_how_to_quit(self) -> None:
        """Say which key quits, since this one does not."""
        if isinstance(self.screen, DeskScreen):
            self.screen.say(f"{self.keymap.shown('quit', 1)} leaves the desk")

    def _repaint(self) -> None:
        self.ink = Ink(palette(self.theme, self.no_color), self.options.ascii)
        for screen in self.screen_stack:
            screen.query("*").refresh()

    def _polling_ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._handle_exception(error)

    def crash(self, error: Exception) -> None:
        """End because of a failure of the program that Textual has not seen. To be called on the event loop."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """A failure of the program: leave with one line and a report without private data, never with locals."""
        self._return_code = 1
        if self._exception is None:
            cause = error.error if isinstance(error, WorkerFailed) else None
            self._exception = cause if isinstance(cause, Exception) else error
            self._exception_event.set()
        self._fatal_error()

    def _fatal_error(self) -> None:
        error = self._exception or RuntimeError("no exception")
        folder = self.options.log
        report = report_crash(error, folder) if folder else None
        self._exit_renderables.append(Text(crash_line(error, report)))
        self._close_messages_no_wait()
