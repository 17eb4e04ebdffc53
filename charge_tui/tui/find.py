"""Finding in what is loaded: by id, name, plate and metadata, as a person types it."""

import unicodedata
from functools import lru_cache
from typing import Any

from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.tui.render.look import NameBook


class Finder:
    """Whether a row answers a query.

    Every word of it must be found: in an id or in metadata as it is written, in a name or plate as it is written or
    abbreviated ("mok" finds Maya Okafor, "gh204" GH-204-KT). Case and accents do not matter.
    """

    def __init__(self, query: str, names: NameBook) -> None:
        self.query = query
        self._words = tuple(_folded(query).split())
        self._names = names
        self._by_name: dict[tuple[str, str], bool] = {}

    def matches(self, row: Row) -> bool:
        """Whether every word of the query is found in the row."""
        if not self._words:
            return True
        written = _written(row)
        spoken = self._spoken(row)
        return all(word in written or any(self._fits(word, name) for name in spoken) for word in self._words)

    def _spoken(self, row: Row) -> list[str]:
        if isinstance(row, OddRow):
            return []
        names = (
            self._names.vehicle(row.vehicle_id),
            self._names.driver(row.driver_id),
            self._names.station(row.station_id),
        )
        return [name for name in names if name]

    def _fits(self, word: str, name: str) -> bool:
        known = self._by_name.get((word, name))
        if known is None:
            known = self._by_name[word, name] = abbreviates(word, name)
        return known


def abbreviates(word: str, name: str) -> bool:
    """Whether a word stands in a name, or is made of the beginnings of its parts in their order."""
    folded = _folded(name)
    if word in folded:
        return True
    if len(word) > len(folded):
        return False
    return _begins(word, tuple("".join(char if char.isalnum() else " " for char in folded).split()))


@lru_cache(4096)
def _begins(word: str, parts: tuple[str, ...]) -> bool:
    if not word:
        return True
    for place, part in enumerate(parts):
        shared = 0
        while shared < min(len(word), len(part)) and word[shared] == part[shared]:
            shared += 1
            if _begins(word[shared:], parts[place + 1 :]):
                return True
    return False


@lru_cache(20_000)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _written(row: Row) -> str:
    if isinstance(row, OddRow):
        return _folded(f"{row.id} {row.text('status') or ''}")
    return _reservation_text(
        row.id, row.status, row.driver_id, row.vehicle_id, row.station_id, row.failed_reason, _flat(row)
    )


def _flat(row: Reservation) -> str:
    return "" if not row.metadata else " ".join(_texts(row.metadata))


def _texts(metadata: dict[str, Any]) -> list[str]:
    return [f"{key} {value if isinstance(value, str) else repr(value)}" for key, value in metadata.items()]


def _reservation_text(*parts: str | None) -> str:
    return _folded(" ".join(part for part in parts if part))
