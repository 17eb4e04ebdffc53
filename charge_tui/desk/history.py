"""What a desk noticed about each reservation since it was started."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Final

from charge_tui.desk.state import Change

_EACH: Final = 50
_IDS: Final = 2_000


class History:
    """The last changes of the reservations that changed last."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, deque[Change]] = OrderedDict()

    def note(self, change: Change) -> None:
        """Keep a change; the first sight of a reservation is none."""
        if change.before is None:
            return
        self._held.setdefault(change.id, deque(maxlen=_EACH)).append(change)
        self._held.move_to_end(change.id)
        if len(self._held) > _IDS:
            self._held.popitem(last=False)

    def of(self, identity: str) -> tuple[Change, ...]:
        """The changes of one, oldest first."""
        return tuple(self._held.get(identity, ()))

    def forget(self, identities: Iterable[str]) -> None:
        """Nobody needs these any more; each change holds two rows."""
        for identity in identities:
            self._held.pop(identity, None)

    def clear(self) -> None:
        """Begin anew."""
        self._held.clear()
