"""Finding in what is loaded: by id, name, plate and metadata, as a person types it."""

from functools import lru_cache
from typing import Any

from textual.fuzzy import FuzzySearch

from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.tui.render.look import NameBook


class Finder:
    """Whether a row answers a query. Every word of it must be found: in a name or plate with letters left out
    between ("mok" finds Maya Okafor), in an id or in metadata as it is written. Case does not matter.
    """

    def __init__(self, query: str, names: NameBook) -> None:
        self.query = query
        self._words = tuple(query.casefold().split())
        self._names = names
        self._search = FuzzySearch(case_sensitive=False)
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
            self._names.vehicle(row.vehicle_id) if row.vehicle_id else None,
            self._names.driver(row.driver_id) if row.driver_id else None,
            self._names.station(row.station_id) if row.station_id else None,
        )
        return [name for name in names if name]

    def _fits(self, word: str, name: str) -> bool:
        known = self._by_name.get((word, name))
        if known is None:
            folded = name.casefold()
            fits = word in folded or (_in_order(word, folded) and self._search.match(word, folded)[0] > 0)
            known = self._by_name[word, name] = fits
        return known


def _in_order(word: str, text: str) -> bool:
    rest = iter(text)
    return all(char in rest for char in word)


def _written(row: Row) -> str:
    if isinstance(row, OddRow):
        return f"{row.id} {row.text('status') or ''}".casefold()
    return _reservation_text(
        row.id, row.status, row.driver_id, row.vehicle_id, row.station_id, row.failed_reason, _flat(row)
    )


def _flat(row: Reservation) -> str:
    return "" if not row.metadata else " ".join(_texts(row.metadata))


def _texts(metadata: dict[str, Any]) -> list[str]:
    return [f"{key} {value if isinstance(value, str) else repr(value)}" for key, value in metadata.items()]


@lru_cache(20_000)
def _reservation_text(*parts: str | None) -> str:
    return " ".join(part for part in parts if part).casefold()
