"""Which account a desk works for, without keeping its key."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from charge_tui.api import ChargeClient
from charge_tui.clock import Clock
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Account
from charge_tui.domain.reservation import Row
from charge_tui.secret import Secret

JOURNAL: Final = "journal.sqlite"
"""The journal's file in the state folder; all accounts share it."""


def digest_of(base_url: str, secret: Secret) -> str:
    """A name for an account that tells nothing of its key."""
    return hashlib.sha256(f"{base_url} {secret.get_secret_value()}".encode()).hexdigest()[:16]


def account_of(client: ChargeClient, secret: Secret) -> Account:
    """Whose journal entries a client's writes are."""
    return Account(digest_of(client.base_url, secret), client.host, client.mode)


def journal_file(state: Path) -> Path:
    """The journal in a state folder."""
    return state / JOURNAL


class BareBench:
    """What a command without a desk works at: a client, the world's time, and the rows that it saw.

    Args:
        client: its observer must be, or tell, ``gauge``.
    """

    def __init__(self, client: ChargeClient, gauge: Gauge, clock: Clock) -> None:
        self.client = client
        self._gauge = gauge
        self._clock = clock
        self._rows: dict[str, Row] = {}

    @property
    def rows(self) -> Mapping[str, Row]:
        """What was seen, by id."""
        return self._rows

    def now(self) -> datetime:
        """World time."""
        return self._gauge.world.now()

    def take(self, rows: tuple[Row, ...], seen: float, source: str) -> None:
        """Keep rows."""
        self._rows.update((row.id, row) for row in rows)

    def take_gone(self, identity: str) -> None:
        """Forget a row."""
        self._rows.pop(identity, None)

    def step_done(self) -> None:
        """Nobody listens."""
