"""The garbage collector's pauses, kept shorter than a key may wait.

A full collection looks at every object: with 5,000 reservations it holds the screen for a tenth of a second, again and
again while they come in. What the first whole picture consists of lives on anyway, so the collector is told to leave
it alone; what comes later is little, and is looked at as ever.
"""

import gc
from collections.abc import Callable
from typing import Final

from charge_tui.desk.desk import Desk
from charge_tui.desk.state import Delta

FILLING: Final = (20_000, 100, 10)
"""Objects made after which the young are looked at; so many such looks to one at the older, and to one at all."""


class Pauses:
    """Sets the collector for a desk that is being filled; once it is full, all that is there is left alone for good."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._before = gc.get_threshold()
        gc.set_threshold(*FILLING)
        self._unsubscribe: Callable[[], None] | None = desk.subscribe(self._stepped)

    def let_go(self) -> None:
        """The collector is as it was."""
        self._end()
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def _stepped(self, _delta: Delta) -> None:
        if self._desk.feed().complete:
            gc.freeze()
            self._end()
            gc.set_threshold(*self._before)

    def _end(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
