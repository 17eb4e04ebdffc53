"""What thousands of rows have in common is held once: which fields there are and were sent, the terms of cancelling."""

from typing import Final

from charge_tui.domain.reservation import CancellationPolicy, Location, Reservation, Row

_KINDS_KEPT: Final = 1_000
"""Of rows that differ in what was sent; an API that sends more kinds than that is not served by sharing."""


class Lean:
    """Makes rows share their equal parts. Rows and their parts are never changed once they are made."""

    def __init__(self) -> None:
        self._sent: dict[frozenset[str], set[str]] = {}
        self._policies: dict[tuple[str | None, int | None], CancellationPolicy] = {}
        self._connectors: dict[tuple[str, ...], list[str]] = {}

    def share(self, row: Row) -> None:
        """Let a row that will be held use what others have already."""
        if not isinstance(row, Reservation):
            return
        held = row.__dict__
        self._share_sent(row)
        if row.location is not None:
            self._share_sent(row.location)
            _share_names(row.location)
        policy, connectors = held["cancellation_policy"], held["connector_type"]
        if policy is not None and not policy.model_extra and len(self._policies) < _KINDS_KEPT:
            same = self._policies.setdefault((policy.type, policy.free_until_before), policy)
            if same.model_fields_set == policy.model_fields_set:
                held["cancellation_policy"] = same
        if connectors is not None and len(self._connectors) < _KINDS_KEPT:
            held["connector_type"] = self._connectors.setdefault(tuple(connectors), connectors)
        if held["created"] == held["updated"]:
            held["updated"] = held["created"]
        _share_names(row)

    def _share_sent(self, model: Reservation | Location) -> None:
        sent = model.model_fields_set
        if len(self._sent) < _KINDS_KEPT:
            object.__setattr__(model, "__pydantic_fields_set__", self._sent.setdefault(frozenset(sent), sent))


def _share_names(model: Reservation | Location) -> None:
    """Let a model hold its values alone: a dict that was filled by attributes shares the names with all of its class.

    pydantic gives each model a dict of its own, which takes three times as much.
    """
    held = model.__dict__
    object.__delattr__(model, "__dict__")
    for name, value in held.items():
        object.__setattr__(model, name, value)
