"""Rows that are known by numbers, however many: an id, or the place of one, is made when it is asked for."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, overload

_REMEMBERED: Final = 4_096


class Numbered(Sequence[str]):
    """Ids in their order. ``places`` tells where each stands, from 0."""

    def __init__(self, numbers: "array[int]") -> None:
        self._numbers = numbers
        self._near: dict[str, int] = {}
        self.places: Mapping[str, int] = _Places(self)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self._noted(place) for place in range(*at.indices(len(self._numbers)))]
        return self._noted(range(len(self._numbers))[at])

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return map(str, self._numbers)

    def __contains__(self, id: object) -> bool:
        return id in self.places

    def index(self, id: str, start: int = 0, stop: int | None = None) -> int:
        """The place of an id.

        Raises:
            ValueError: it is not among them.
        """
        place = self.places.get(id)
        if place is None or not start <= place < (len(self) if stop is None else stop):
            raise ValueError(id)
        return place

    def place(self, id: str) -> int:
        """The same; those that were asked for last are found at once.

        Raises:
            KeyError: it is not among them.
        """
        known = self._near.get(id)
        if known is not None:
            return known
        try:
            place = self._numbers.index(int(id))
        except (TypeError, ValueError, OverflowError):
            raise KeyError(id) from None
        if str(self._numbers[place]) != id:
            raise KeyError(id)
        return self._remember(id, place)

    def _noted(self, place: int) -> str:
        id = str(self._numbers[place])
        self._remember(id, place)
        return id

    def _remember(self, id: str, place: int) -> int:
        if len(self._near) >= _REMEMBERED:
            self._near.clear()
        self._near[id] = place
        return place


class _Places(Mapping[str, int]):
    def __init__(self, ids: Numbered) -> None:
        self._ids = ids

    def __getitem__(self, id: str) -> int:
        return self._ids.place(id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
