"""What a dispatcher types in a shift: moves, views, the board, pages, verdicts, edits, bookings and cancellations."""

from dataclasses import dataclass
from random import Random
from typing import Final

ESC: Final = "\x1b"
DOWN, END, PAGE_DOWN, PAGE_UP = "\x1b[B", "\x1b[F", "\x1b[6~", "\x1b[5~"
LATER, EARLIER, RESET, SAVE = "\x1b[19~", "\x1b[18~", "\x1b[20~", "\x1b[21~"
"""F8, F7, F9 and F10: the window a quarter of an hour later, earlier, the form as it was, and sent."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that is done, as the keys of it; the desk is in front before it and after it."""

    name: str
    keys: tuple[str, ...]
    often: int = 1


DEEDS: Final = (
    Deed("move", ("j", "j", "j", "k", "j", PAGE_DOWN, PAGE_UP, "G", "g", "j"), 6),
    Deed("views", ("2", "j", "3", "j", "4", "j", "5", "j", "1"), 3),
    Deed("detail", ("j", "\r", "j", "j", "k", "\r"), 4),
    Deed("acknowledge", ("1", "j", "a", "j", "a"), 3),
    Deed("all", ("1", "A", "A")),
    Deed("snooze", ("1", "w", "1", "1", ESC), 2),
    Deed("handled", ("1", "d", "1", ESC), 2),
    Deed("why", ("1", "j", "i", "j", ESC), 2),
    Deed("verdicts", ("W", "j", ESC)),
    Deed("edit", ("3", "j", "e", LATER, LATER, EARLIER, SAVE, ESC, ESC, "1"), 3),
    Deed("edit and think again", ("3", "j", "j", "e", LATER, RESET, ESC, ESC, "1"), 2),
    Deed("confirm", ("3", "j", "c", "y", ESC, "1"), 2),
    Deed("cancel", ("4", "j", "x", "y", ESC, "1")),
    Deed("keep", ("4", "j", "x", "n", ESC, "1")),
    Deed("move a window", ("4", "j", "m", LATER, SAVE, "n", ESC, ESC, "1")),
    Deed("again", ("1", "j", "b", RESET, SAVE, ESC, ESC), 2),
    Deed("new", ("n", DOWN, "a", RESET, ESC, ESC)),
    Deed("fix", ("1", "y", ESC)),
    Deed("undo", ("u", "n", ESC)),
    Deed("board", ("t", "j", "j", "L", "+", "-", ">", "<", "0", "j", "t"), 3),
    Deed("log", ("l", "j", PAGE_DOWN, ESC, ESC), 2),
    Deed("handover", ("H", ESC, ESC)),
    Deed("help", ("?", ESC)),
    Deed("palette", (":", "l", "o", "g", ESC, ESC)),
    Deed("find", ("/", "a", "1", "\r", ESC, ESC), 2),
    Deed("filter", ("f", ESC, ESC)),
    Deed("columns", ("v", ESC, ESC)),
    Deed("raw", ("J", ESC, ESC), 2),
    Deed("problems", ("!", ESC)),
    Deed("unknown", ("U", ESC)),
    Deed("look", ("s", "z", "z", "z", "p", "p", "r"), 2),
    Deed("marks", (" ", "j", " ", "M")),
)


class Routine:
    """Deeds in a seeded order, the frequent ones more often."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def next(self) -> Deed:
        """What is done now."""
        return self._random.choices(DEEDS, weights=[deed.often for deed in DEEDS])[0]
