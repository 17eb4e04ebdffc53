"""How the program ends when it is told to, or when its terminal is gone: saved, restored, within three seconds."""

import asyncio
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from charge_tui.config.terminal import STDERR, STDIN
from charge_tui.early import EARLY

DEADLINE: Final = 2.0
"""Seconds after which the process ends whatever still hangs."""
WATCH: Final = 1.0
"""Seconds between two looks at the terminal."""
SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
GIVEN_BACK: Final = (
    b"\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l\x1b[<u\x1b[23;2t"
    b"\x1b[?1049l\x1b[?25h"
)
"""What ends all modes that the desk asks a terminal for, and shows the main screen with its cursor and title."""


class Lifeline:
    """Ends the app with 128 + the signal's number. ``leave`` is called with the exit code, once, on the event loop.

    Nothing here waits for the event loop: a paint to a terminal that is gone can block it for ever.
    """

    def __init__(self, leave: Callable[[int], None], *, deadline: float = DEADLINE) -> None:
        self._leave = leave
        self._deadline = deadline
        self._ending = threading.Lock()
        self._timer: threading.Timer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._before: dict[int, Any] = {}
        self._released = threading.Event()
        self._found: list[Any] | None = None

    def hold(self) -> None:
        """Take the signals, and begin to watch the terminal. To be called on the event loop."""
        self._loop = asyncio.get_running_loop()
        with suppress(termios.error, OSError):
            self._found = EARLY.attributes or termios.tcgetattr(STDIN)
        for number in SIGNALS:
            self._before[number] = signal.signal(number, lambda number, _frame: self.end(128 + number))
        threading.Thread(target=self._watch_terminal, name="terminal watch", daemon=True).start()

    def let_go(self) -> None:
        """The app has ended in time."""
        self._released.set()
        for number, before in self._before.items():
            signal.signal(number, before)

    def safe(self) -> None:
        """Everything is saved and closed: the process ends by itself, with its own exit code."""
        if self._timer is not None:
            self._timer.cancel()
        if terminal_gone():
            _write_to_nobody()

    def end(self, code: int) -> None:
        """End with that exit code, by force once the deadline has passed. May be called from any thread."""
        if not self._ending.acquire(blocking=False):
            return
        self._timer = threading.Timer(self._deadline, self._force, (code,))
        self._timer.daemon = True
        self._timer.start()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._leave, code)

    def hung_up(self) -> None:
        """The terminal is gone. May be called from any thread."""
        self.end(128 + signal.SIGHUP)

    def _force(self, code: int) -> None:
        """Something hangs: give the terminal back as far as it takes it, and end."""
        try:
            if self._found is not None:
                _give_back(self._found)
        finally:
            os._exit(code)

    def _watch_terminal(self) -> None:
        while not self._released.wait(WATCH):
            if terminal_gone():
                self.hung_up()
                return


def _write_to_nobody() -> None:
    """What is left in buffers goes nowhere: Python would end with 120 where it cannot be written."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


def _give_back(found: list[Any]) -> None:
    """Put the terminal back without waiting for it: one that is stopped, or gone, takes nothing."""
    with suppress(termios.error, OSError):
        termios.tcsetattr(STDIN, termios.TCSANOW, found)
        if select.select([], [STDERR], [], 0)[1]:
            os.write(STDERR, GIVEN_BACK)


def terminal_gone() -> bool:
    """Whether the terminal that this process was started in has hung up."""
    stdin = sys.__stdin__
    if stdin is None:
        return True
    try:
        descriptor = stdin.fileno()
        termios.tcgetattr(descriptor)
    except (termios.error, OSError, ValueError):
        return True
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(state & select.POLLHUP for _, state in poll.poll(0))
