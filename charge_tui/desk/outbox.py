"""What the desk that reads has not written yet, for the next start and for the desks that follow."""

from collections.abc import Iterable
from typing import Final

from charge_tui.desk.facts import Facts
from charge_tui.desk.mirror import Mirror
from charge_tui.desk.shared import Batch, Sights

_SIGHTS_KEPT: Final = 200
"""Lists of sights after which they are written anew in one: each read leaves one."""


class Outbox:
    """Collects between two writes; ``seen`` are monotonic seconds."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._changed: set[str] = set()
        self._dropped: set[str] = set()
        self._seen: dict[str, float] = {}
        self._lists = 0
        self._whole = True

    def __bool__(self) -> bool:
        return bool(self._changed or self._dropped or self._seen or self._whole)

    @property
    def news(self) -> bool:
        """Whether there is anything that a person would see at once."""
        return bool(self._changed)

    def saw(self, identity: str, seen: float) -> None:
        """A row was seen, and may be as it was."""
        self._seen[identity] = seen

    def changed(self, identity: str) -> None:
        """A row is new or different, or what is known of its end."""
        self._changed.add(identity)
        self._dropped.discard(identity)

    def dropped(self, identities: Iterable[str]) -> None:
        """Rows that nobody needs any more."""
        self._dropped.update(identities)
        self._changed.difference_update(self._dropped)

    def rewrite_sights(self) -> None:
        """The sights that were written are not to be trusted: the clock was set, or another desk wrote them."""
        self._whole = True

    def rewrite_all(self) -> None:
        """What was written may be lost."""
        self._changed.update(self._mirror.rows)
        self._whole = True

    def forget(self) -> None:
        """Another desk writes."""
        self._changed.clear()
        self._dropped.clear()
        self._seen.clear()

    def batch(self, drift: float, facts: Facts | None) -> Batch:
        """All of it; the outbox is empty then."""
        whole = self._whole or self._lists >= _SIGHTS_KEPT
        seen = self._mirror.all_seen() if whole else self._seen
        rows = self._mirror.rows
        lists: dict[float, list[str]] = {}
        for identity, at in seen.items():
            lists.setdefault(at, []).append(identity)
        self._lists = 0 if whole else self._lists + len(lists)
        batch = Batch(
            rows=tuple((rows[i], self._mirror.state(i)) for i in self._changed if i in rows),
            dropped=tuple(self._dropped),
            sights=tuple(Sights(at + drift, tuple(ids)) for at, ids in lists.items()),
            all_sights=whole,
            facts=facts,
        )
        self.forget()
        self._whole = False
        return batch
