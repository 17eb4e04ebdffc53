"""What the terminal is told of a critical finding: a bell, and a notification of its own where it has them.

Both are off unless the settings ask for them. When to ring is the watch's to say.
"""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from textual.app import App

from charge_tui.domain.attention.finding import Finding
from charge_tui.domain.attention.words import why
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.text import safe, short_id
from charge_tui.tui.driver import SturdyDriver
from charge_tui.tui.render.look import Look

if TYPE_CHECKING:
    from charge_tui.desk.attention.watch import Watch

BELL: Final = "\x07"
_END: Final = "\x1b\\"
"""Ends an escape sequence without the bell's byte."""
_TITLE: Final = "charge"


class Alarm:
    """Tells the terminal, in one write for each finding."""

    def __init__(self, watch: "Watch", row: Callable[[str], Row | None], *, bell: bool, notify: bool) -> None:
        self._watch = watch
        self._row = row
        self._bell = bell
        self._notify = notify

    def look(self, app: App[object], look: Look) -> None:
        """Ring if there is something to ring for."""
        if not (self._bell or self._notify):
            return
        finding = self._watch.to_ring()
        driver = app._driver
        if finding is None or not isinstance(driver, SturdyDriver):
            return
        words = alarm_words(finding, self._plate(finding, look))
        driver.sound((BELL if self._bell else "") + (notification(words, os.environ) if self._notify else ""))

    def _plate(self, finding: Finding, look: Look) -> str:
        row = self._row(finding.lead)
        return look.vehicle(row.vehicle_id) if isinstance(row, Reservation) else ""


def alarm_words(finding: Finding, vehicle: str) -> str:
    """The notification: what is wrong, and with which vehicle."""
    return f"{finding.severity.word}: {why(finding)}, {vehicle or short_id(finding.lead)}"


def notification(words: str, env: Mapping[str, str]) -> str:
    """The escape sequence that asks a terminal to notify: OSC 777 where that is the one it knows, else OSC 9.

    Nothing for the Linux console, which has neither. Whatever the words hold, the sequence ends where it should.
    """
    term = env.get("TERM", "")
    if term == "linux":
        return ""
    bare = safe(words, 120).replace(";", ",")
    if env.get("VTE_VERSION") or term.startswith(("rxvt", "foot")):
        return f"\x1b]777;notify;{_TITLE};{bare}{_END}"
    return f"\x1b]9;{_TITLE}: {bare}{_END}"
