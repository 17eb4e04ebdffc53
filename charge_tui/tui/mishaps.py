"""Failures outside the app's own loop, which Python would write over the screen with their values.

A thread that dies leaves a desk that looks alive and is not: that is a crash. A callback that fails, or an object that
cannot be taken apart, does no harm to what is shown: it is kept in the program's log, and the desk goes on.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from typing import Any

from charge_tui.config.logs import LOGGER
from charge_tui.tui.lifeline import terminal_gone

_log = logging.getLogger(f"{LOGGER}.mishaps")


class Mishaps:
    """Catches them while the desk runs.

    Args:
        crash: ends the app with a report; called on the event loop.
        hung_up: the terminal is gone, which is the reason then; called from any thread.
    """

    def __init__(self, crash: Callable[[Exception], None], hung_up: Callable[[], None]) -> None:
        self._crash = crash
        self._hung_up = hung_up
        self._loop: asyncio.AbstractEventLoop | None = None
        self._silent = logging.NullHandler()

    def catch(self) -> None:
        """Begin. To be called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._callback_failed)
        threading.excepthook = self._thread_failed
        sys.unraisablehook = self._unraisable
        # without any handler Python writes the warnings of libraries to standard error, where the screen is drawn
        logging.getLogger().addHandler(self._silent)

    def let_go(self) -> None:
        """The screen is closed: what fails now may be told in the ordinary way."""
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        logging.getLogger().removeHandler(self._silent)

    def _thread_failed(self, failed: threading.ExceptHookArgs) -> None:
        error = failed.exc_value
        if terminal_gone():
            self._hung_up()
        elif isinstance(error, Exception) and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._crash, error)

    def _callback_failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        _log.error("%s", context.get("message", "a callback failed"), exc_info=context.get("exception"))

    def _unraisable(self, failed: "sys.UnraisableHookArgs") -> None:
        _log.error("%s", failed.err_msg or "an error that nobody could be told of", exc_info=failed.exc_value)
