"""To which pane of a screen the bytes of a stream went, by the places that the stream itself names."""

import re
from collections.abc import Mapping
from typing import Final

Panes = dict[str, int]
"""Bytes by pane; ``frame`` are those that stand in none: titles, cursor, modes, the marks around frames."""

Area = tuple[int, int, int, int]
"""Left, top, width, height, in cells from 0."""

_PLACE: Final = re.compile(rb"\x1b\[(\d+);(\d+)H")
_OUTSIDE: Final = re.compile(rb"\x1b\[\?[\d$;]+[hlp]|\x1b\][^\x07]*\x07|\x1b\[2[23];2t")


def by_pane(stream: bytes, areas: Mapping[str, Area]) -> Panes:
    """The bytes that follow each cursor movement, for the pane that it leads to, and the movement's own."""
    found: Panes = {}
    outside = sum(len(one) for one in _OUTSIDE.findall(stream))
    rest = _OUTSIDE.sub(b"", stream)
    matches = list(_PLACE.finditer(rest))
    found["frame"] = outside + (matches[0].start() if matches else len(rest))
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(rest)
        empty = end == match.end()  # a frame ends with the cursor's own place, where nothing is written
        pane = "frame" if empty else _pane(int(match[2]) - 1, int(match[1]) - 1, areas)
        found[pane] = found.get(pane, 0) + end - match.start()
    return found


def _pane(x: int, y: int, areas: Mapping[str, Area]) -> str:
    for name, (left, top, width, height) in areas.items():
        if left <= x < left + width and top <= y < top + height:
            return name
    return "elsewhere"
