"""What thousands of rows have in common is held once: which fields were sent, and the terms of cancelling."""

from typing import Final

from charge_tui.domain.reservation import CancellationPolicy, Location, Reservation, Row

_KINDS_KEPT: Final = 1_000
"""Of rows that differ in what was sent; an API that sends more kinds than that is not served by sharing."""


class Lean:
    """Makes rows share their equal parts. Rows and their parts are never changed once they are made."""

    def __init__(self) -> None:
        self._sent: dict[frozenset[str], set[str]] = {}
        self._policies: dict[tuple[str | None, int | None], CancellationPolicy] = {}

    def share(self, row: Row) -> None:
        """Let a row that will be held use what others have already."""
        if not isinstance(row, Reservation):
            return
        self._share_sent(row)
        if row.location is not None:
            self._share_sent(row.location)
        policy = row.cancellation_policy
        if policy is not None and not policy.model_extra and len(self._policies) < _KINDS_KEPT:
            held = self._policies.setdefault((policy.type, policy.free_until_before), policy)
            if held.model_fields_set == policy.model_fields_set:
                row.__dict__["cancellation_policy"] = held

    def _share_sent(self, model: Reservation | Location) -> None:
        sent = model.model_fields_set
        if len(self._sent) < _KINDS_KEPT:
            object.__setattr__(model, "__pydantic_fields_set__", self._sent.setdefault(frozenset(sent), sent))
