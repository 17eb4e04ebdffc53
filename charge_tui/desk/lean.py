"""What thousands of rows have in common is held once: which fields there are and were sent, the terms of cancelling."""

from typing import Final

from charge_tui.domain.reservation import CancellationPolicy, Location, Reservation, Row

_KINDS_KEPT: Final = 1_000
"""Of rows that differ in what was sent; an API that sends more kinds than that is not served by sharing."""

_put: Final = object.__setattr__


class Lean:
    """Makes rows share their equal parts. Rows and their parts are never changed once they are made."""

    def __init__(self) -> None:
        self._sent: dict[frozenset[str], set[str]] = {}
        self._last_sent: dict[type[Reservation | Location], set[str]] = {}
        self._policies: dict[tuple[str | None, int | None], CancellationPolicy] = {}
        self._connectors: dict[tuple[str, ...], list[str]] = {}

    def share(self, row: Row) -> None:
        """Let a row that will be held use what others have already."""
        if not isinstance(row, Reservation):
            return
        held = row.__dict__
        location, policy, connectors = held["location"], held["cancellation_policy"], held["connector_type"]
        if location is not None:
            self._share_sent(location)
            _share_names(location, "latitude")
        if policy is not None and not policy.model_extra and len(self._policies) < _KINDS_KEPT:
            same = self._policies.setdefault((policy.type, policy.free_until_before), policy)
            if same.model_fields_set == policy.model_fields_set:
                held["cancellation_policy"] = same
        if connectors is not None and len(self._connectors) < _KINDS_KEPT:
            held["connector_type"] = self._connectors.setdefault(tuple(connectors), connectors)
        if held["created"] == held["updated"]:
            held["updated"] = held["created"]
        self._share_sent(row)
        _share_names(row, "id")

    def _share_sent(self, model: Reservation | Location) -> None:
        sent, last = model.__pydantic_fields_set__, self._last_sent.get(type(model))
        if sent != last:
            if len(self._sent) >= _KINDS_KEPT:
                return
            self._last_sent[type(model)] = last = self._sent.setdefault(frozenset(sent), sent)
        _put(model, "__pydantic_fields_set__", last)


def _share_names(model: Reservation | Location, first: str) -> None:
    """Let a model hold its values alone: a dict that begins with an attribute shares its names with all of the class.

    pydantic gives each model a dict of its own, which takes three times as much. The one is put in the other's place
    at one go, since a thread that writes the row down may be reading it.
    """
    held = model.__dict__
    empty = object.__new__(type(model))
    _put(empty, first, held[first])
    values = empty.__dict__
    values.update(held)
    _put(model, "__dict__", values)


def _name_all(kind: type[Reservation | Location]) -> None:
    """Have a class know the names of its fields, as it does once an instance was filled attribute by attribute."""
    model = object.__new__(kind)
    for name in kind.model_fields:
        _put(model, name, None)


for _kind in (Reservation, Location):
    _name_all(_kind)
