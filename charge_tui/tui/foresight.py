"""What a write would do to the findings, asked before it is sent. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Final

from charge_tui.desk.desk import Desk
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe, short_id
from charge_tui.domain.times import window
from charge_tui.domain.windows import end, start
from charge_tui.tui.render.fixes import what_if_lines
from charge_tui.tui.render.spans import Line

if TYPE_CHECKING:
    from charge_tui.desk.attention.watch import Watch
    from charge_tui.domain.attention.as_if import After

ONCE_CONFIRMED: Final = "once confirmed"
"""What the findings after a confirmation depend on: it may fail."""


class Foresight:
    """Answers for whoever shows what will be sent.

    Args:
        watch: keeps the findings.
        zone: the zone to show times in, asked each time.
    """

    def __init__(self, desk: Desk, watch: Watch, zone: Callable[[], tzinfo]) -> None:
        self._desk = desk
        self._watch = watch
        self._zone = zone

    def lines(self, after: After, width: int, *, when: str = "") -> list[Line]:
        """What would be resolved and created, as lines; none where nothing would be written."""
        if not after or all(row is None and self._desk.known(identity) is None for identity, row in after.items()):
            return []
        return what_if_lines(self._watch.what_if(after), self._named, width, when=when)

    def _named(self, identity: str) -> str:
        row = self._desk.known(identity)
        if not isinstance(row, Reservation):
            return short_id(identity)
        return f"{window(start(row), end(row), self._zone())} {safe(row.status, 12)} {short_id(identity)}"
