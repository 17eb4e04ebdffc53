"""What the terminal shows, cell by cell: of what is painted, only the cells that differ go over the wire."""

from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from textual.strip import Strip

Cell = tuple[str, Style | None]
"""A character with what combines with it, and its style; the second cell of a wide one has no character."""

_JOINING: Final = frozenset("\u200d\ufe0f")
_APART: Final = 6
"""Cells alike between two that differ up to which one piece is shorter than two: a move costs as much."""


class Shown:
    """The lines of one terminal as they were written last; one that was written whole is cut into cells when needed."""

    def __init__(self) -> None:
        self._whole: dict[int, Strip] = {}
        self._lines: dict[int, list[Cell | None]] = {}

    def differing(self, y: int, left: int, strip: Strip) -> Iterator[tuple[int, Strip]]:
        """The pieces of a strip to be written, each with its column; the line is taken to show the strip then."""
        whole = self._whole.pop(y, None)
        if left == 0 and (whole == strip or (whole is None and y not in self._lines)):
            self._whole[y] = strip
            if whole is None:
                yield 0, strip
            return
        if whole is not None:
            self._lines[y] = cells_of(whole)
        new = cells_of(strip)
        right = left + len(new)
        line = self._lines.setdefault(y, [])
        line.extend([None] * (right - len(line)))
        old, line[left:right] = line[left:right], new
        if new[:1] == [None]:
            yield left, strip
            return
        if old == new:
            return
        if right < len(line) and (after := line[right]) is not None and not after[0]:
            line[right] = None  # half of a wide character is left there, and the terminal may have blanked it
        if left and old[0] is not None and not old[0][0]:
            line[left - 1] = None
        for begin, end in _runs(old, new):
            yield left + begin, strip if end - begin == len(new) else strip.crop(begin, end)


_SHOWN: Final[WeakKeyDictionary[Console, Shown]] = WeakKeyDictionary()


def shown_on(console: Console) -> Shown:
    """What the terminal of an app shows."""
    return _SHOWN.setdefault(console, Shown())


def forget(console: Console) -> None:
    """The terminal was cleared, or somebody else wrote on it: all is to be written again."""
    _SHOWN.pop(console, None)


def cells_of(strip: Strip) -> list[Cell | None]:
    """A strip's cells; all unknown where characters are joined, whose width together is not that of each."""
    cells: list[Cell | None] = []
    for text, style, control in strip:
        if control:
            continue
        if text.isascii():
            cells += [(char, style) for char in text]
            continue
        if not _JOINING.isdisjoint(text):
            return [None] * strip.cell_length
        for char in text:
            width = cell_len(char)
            if width:
                cells += [(char, style), *[("", style)] * (width - 1)]
            elif cells and (last := cells[-1]) is not None:
                cells[-1] = (last[0] + char, last[1])
    return cells if len(cells) == strip.cell_length else [None] * strip.cell_length


def _runs(old: list[Cell | None], new: list[Cell | None]) -> Iterator[tuple[int, int]]:
    """Where they differ, from and to; runs that are near each other are one, and no wide character is cut."""
    begin = end = -1
    for at, (was, now) in enumerate(zip(old, new, strict=True)):
        if was is now or was == now:
            continue
        if begin < 0 or at - end > _APART:
            if begin >= 0:
                yield _uncut(begin, end, old, new)
            begin = at
        end = at + 1
    if begin >= 0:
        yield _uncut(begin, end, old, new)


def _uncut(begin: int, end: int, old: list[Cell | None], new: list[Cell | None]) -> tuple[int, int]:
    while begin > 0 and (_second(old[begin]) or _second(new[begin])):
        begin -= 1
    while end < len(new) and (_second(old[end]) or _second(new[end])):
        end += 1
    return begin, end


def _second(cell: Cell | None) -> bool:
    return cell is not None and not cell[0]
