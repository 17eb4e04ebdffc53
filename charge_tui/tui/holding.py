"""An order that stays put under a person's hands, while the one it should have goes on changing. Pure."""

from collections.abc import Sequence
from typing import Generic, TypeVar

Line = TypeVar("Line")


class Holding(Generic[Line]):
    """What is shown, in the order in which it was shown last, and what should be shown.

    While it is held, no line moves, none leaves, and none comes in; ``take`` is the moment at which all that happens.
    """

    def __init__(self) -> None:
        self._shown: tuple[Line, ...] = ()
        self._wanted: tuple[Line, ...] = ()

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines to show, in order."""
        return self._shown

    @property
    def behind(self) -> bool:
        """Whether another order waits."""
        return self._shown != self._wanted

    @property
    def over(self) -> frozenset[Line]:
        """The lines that are shown though they should not be any more."""
        return frozenset(self._shown) - frozenset(self._wanted)

    @property
    def waiting(self) -> frozenset[Line]:
        """The lines that should be shown and are not yet."""
        return frozenset(self._wanted) - frozenset(self._shown)

    def offer(self, wanted: Sequence[Line], *, held: bool) -> bool:
        """Say what should be shown now; True if what is shown is different after. Nothing shown is nothing to hold."""
        self._wanted = tuple(wanted)
        return False if held and self._shown else self.take()

    def take(self) -> bool:
        """Show what should be shown; True if that is another order."""
        different = self.behind
        self._shown = self._wanted
        return different
