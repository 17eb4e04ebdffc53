"""The terminal driver with what days in a terminal ask for: bad mouse bytes, a terminal that goes away, a title."""

from collections.abc import Callable
from typing import Final

from textual.drivers.linux_driver import LinuxDriver

from charge_tui.domain.text import safe
from charge_tui.early import EARLY, TAKE
from charge_tui.tui.lifeline import terminal_gone
from charge_tui.tui.shown import forget

_COMMAND: Final = "\x1b]"
"""What begins with it sets the title and the like, and paints nothing."""


class SturdyDriver(LinuxDriver):
    """Outlives bytes that are no UTF-8, such as old mouse reports after a terminal was reattached."""

    hung_up: Callable[[], None] | None = None
    """Called from the input thread when the terminal is gone."""
    _taken = False
    _held: list[str] | None = None
    _kept = False

    def _run_input_thread(self) -> None:
        """Let what ends it be told as every failure is; Textual prints a traceback, and ends as if all were well."""
        self.run_input_thread()

    def run_input_thread(self) -> None:
        """Read input until told to stop."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                self._enable_mouse_support()
            except OSError:
                if self.hung_up is not None:
                    self.hung_up()
                return

    def _sigtstp_application(self, *_: object) -> None:
        """Stop between two turns of the loop: at other moments the lock of the output may be held by what it stops."""
        self._loop.call_soon_threadsafe(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        """Come back after a suspend; the same signal follows a hang-up, and then there is nothing to come back to."""
        if terminal_gone():
            if self.hung_up is not None:
                self.hung_up()
            return
        if self._taken:
            self._loop.call_soon_threadsafe(self._take_again)
        else:
            super()._sigcont_application()

    def _take_again(self) -> None:
        """After a stop that came unasked, in which somebody else may have had the terminal and changed its modes."""
        if self._taken:
            self.suspend_application_mode()
            self._must_signal_resume = True
            self.resume_application_mode()

    def write(self, data: str) -> None:
        """Write to the terminal, while there is one: the queue of a writer that has died fills up and blocks."""
        if self._held is not None:
            self._held.append(data)
        elif self._writer_thread is not None and self._writer_thread.is_alive() and not (self._kept and data == TAKE):
            super().write(data)

    def start_application_mode(self) -> None:
        """Take the terminal, and keep the title that it has.

        Where a screen that was left stands on it already, it stays until ``release``: the terminal is not switched a
        second time, which would clear it, and what is painted meanwhile is held.
        """
        forget(self._app.console)
        self._kept = EARLY.taken
        before = EARLY.hand_over()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._taken = True
        self.write("\x1b[22;2t")
        if before is not None:
            self.attrs_before = before
            self._held = []
        self._kept = False

    @property
    def holding(self) -> bool:
        """Whether what is painted is not shown, since the screen that was left still stands."""
        return self._held is not None

    def release(self) -> bool:
        """Let the desk paint; whether it has to paint all of itself, since what it painted so far was not shown."""
        held, self._held = self._held, None
        if held is not None:
            forget(self._app.console)
        self.write("".join(data for data in held or () if data.startswith(_COMMAND)))
        return held is not None

    def stop_application_mode(self) -> None:
        """Give the terminal back with its title."""
        self.release()
        if self._taken:
            self.write("\x1b[23;2t")
        self._taken = False
        super().stop_application_mode()

    def set_title(self, title: str) -> None:
        """Set the terminal's title, while the terminal is the desk's."""
        if self._taken:
            self.write(f"\x1b]2;{safe(title, 120)}\x07")

    def sound(self, sequence: str) -> None:
        """Send a bell or a notification at once; ``sequence`` is made by ``bell`` of clean text."""
        if sequence and self._taken:
            self.write(sequence)
            self.flush()

    def set_mouse(self, on: bool) -> None:
        """Take the mouse, or leave it to the terminal."""
        if on:
            self._mouse = True
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()
            self.write("\x1b[?1016l")
            self._mouse_pixels = False
            self._mouse = False
        self.flush()
