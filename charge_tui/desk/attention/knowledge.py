"""What the rules need to know about a reservation beyond the row: what this desk saw happen to it, and who did it."""

from datetime import datetime
from typing import Final

from charge_tui.desk.entries import Entry, State
from charge_tui.desk.journal import Journal
from charge_tui.desk.state import Change
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import CANCELLED, OPEN, may_follow
from charge_tui.domain.text import safe

_WINDOW: Final = frozenset({"ideal_start", "ideal_end", "earliest_start", "latest_end"})
_WRITE: Final = "write"


class Knowledge:
    """By reservation: when its window changed, an odd turn of its status, whether somebody else cancelled it."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal
        self._replaced: dict[str, str] = {}
        self._window: dict[str, datetime] = {}
        self._odd: dict[str, str] = {}
        self._unsure: set[str] = set()
        self._elsewhere: set[str] = set()

    def note(self, change: Change) -> None:
        """Learn from a change that the desk noticed."""
        if change.before is None or change.after is None:
            return
        if _WINDOW & {one.field for one in change.fields}:
            self._window[change.id] = change.at
        before, after = status_of(change.before), status_of(change.after)
        if not may_follow(before, after):
            self._odd[change.id] = f"{safe(before, 20)}, then {safe(after, 20)}"
        if after == CANCELLED and before in OPEN and change.source != _WRITE:
            (self._elsewhere if self._journal is None else self._unsure).add(change.id)

    def forget(self, identity: str) -> None:
        """It is of no more interest."""
        self._window.pop(identity, None)
        self._odd.pop(identity, None)
        self._unsure.discard(identity)
        self._elsewhere.discard(identity)

    def window_changed(self, identity: str) -> datetime | None:
        """World time at which this desk saw its wanted window or its limits change."""
        return self._window.get(identity)

    def odd_turn(self, identity: str) -> str | None:
        """A change of its status that the lifecycle does not have, in words."""
        return self._odd.get(identity)

    def elsewhere(self, identity: str) -> bool:
        """Whether it was cancelled before this desk's eyes, and not by an entry of the journal."""
        return identity in self._elsewhere

    @property
    def unsure(self) -> bool:
        """Whether there is a cancellation about which the journal was not asked yet."""
        return bool(self._unsure)

    async def consult(self) -> tuple[dict[str, str], set[str]]:
        """Ask the journal: which copies are new to us, and who turns out to be cancelled elsewhere."""
        if self._journal is None:
            return {}, set()
        replaced = await self._journal.replaced()
        new = {old: copy for old, copy in replaced.items() if self._replaced.get(old) != copy}
        self._replaced |= new
        asked = set(self._unsure)
        foreign = {identity for identity in asked if not any(map(_cancels, await self._journal.of(identity)))}
        foreign &= self._unsure
        self._unsure -= asked
        self._elsewhere |= foreign
        return new, foreign


def _cancels(entry: Entry) -> bool:
    return entry.plan.verb == "cancel" and entry.state in (State.OPEN, State.UNKNOWN, State.DONE)
