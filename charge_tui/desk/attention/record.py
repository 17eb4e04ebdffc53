"""The record of findings on disk: when each came, how bad it got, and what ended it. Its figures outlive the desk."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final

from charge_tui.desk.attention.figures import How
from charge_tui.desk.store import Store
from charge_tui.desk.store_file import Table
from charge_tui.domain.attention.finding import Finding, Severity
from charge_tui.domain.times import parse_rfc3339, rfc3339
from charge_tui.records import dataclass

RECORD_TABLE: Final = Table(
    "alarm",
    "past findings",
    "CREATE TABLE IF NOT EXISTS alarm (number INTEGER PRIMARY KEY AUTOINCREMENT, account, key, kind, severity, began, "
    "ended, how);"
    "CREATE INDEX IF NOT EXISTS alarm_key ON alarm (account, key, ended);"
    "CREATE INDEX IF NOT EXISTS alarm_began ON alarm (account, began);",
)
_TEN_MINUTES: Final = timedelta(minutes=10)
_OPEN: Final = "account = ? AND key = ? AND ended IS NULL"


@dataclass(frozen=True, slots=True)
class Past:
    """Figures of the findings that began in the last day, at all desks of this user."""

    begun: int = 0
    busiest: int = 0
    """The most that began in 10 minutes."""
    recent: int = 0
    """How many began in the last 10 minutes."""
    severities: dict[Severity, int] = field(default_factory=dict)
    """By the worst severity that they had."""
    oldest: datetime | None = None
    """Since when the oldest one is there that has neither ended nor a verdict."""
    kinds: dict[str, dict[How, int]] = field(default_factory=dict)
    """By kind, what ended how many."""


class Record:
    """Writes the record, without waiting. Of desks that see the same, the first to tell counts.

    Args:
        store: a store of which the file has ``RECORD_TABLE``.
    """

    def __init__(self, store: Store, account: str) -> None:
        self._store = store
        self._account = account

    def begun(self, findings: Iterable[Finding], now: datetime) -> None:
        """Note findings that are shown from now on."""
        rows = [(self._account, _packed(it.key), str(it.kind), int(it.severity), rfc3339(now)) for it in findings]
        self._write(
            "INSERT INTO alarm (account, key, kind, severity, began) SELECT ?1, ?2, ?3, ?4, ?5 "
            "WHERE NOT EXISTS (SELECT 1 FROM alarm WHERE account = ?1 AND key = ?2 AND ended IS NULL)",
            rows,
        )

    def worse(self, findings: Iterable[Finding]) -> None:
        """Note how bad those are that became other ones."""
        rows = [(int(it.severity), self._account, _packed(it.key), int(it.severity)) for it in findings]
        self._write(f"UPDATE alarm SET severity = ? WHERE {_OPEN} AND severity < ?", rows)  # noqa: S608

    def ended(self, findings: Iterable[tuple[Finding, How]], now: datetime) -> None:
        """Note findings that are shown no more."""
        rows = [(rfc3339(now), str(how), self._account, _packed(it.key)) for it, how in findings]
        self._write(f"UPDATE alarm SET ended = ?, how = ? WHERE {_OPEN}", rows)  # noqa: S608

    def others_ended(self, holding: Iterable[str], off: Iterable[str], now: datetime) -> None:
        """Note that those which a former run left open are over, but for the kinds that this desk does not judge."""
        account, here, kinds = self._account, frozenset(map(_packed, holding)), frozenset(off)

        def end(db: sqlite3.Connection) -> None:
            open_now = db.execute("SELECT key, kind FROM alarm WHERE account = ? AND ended IS NULL", (account,))
            over = [key for key, kind in open_now.fetchall() if key not in here and kind not in kinds]
            db.executemany(
                f"UPDATE alarm SET ended = ?, how = ? WHERE {_OPEN}",  # noqa: S608
                [(rfc3339(now), str(How.UNSEEN), account, key) for key in over],
            )

        self._store.later(lambda: self._store.file.change(end))

    def prune(self, now: datetime, days: float) -> None:
        """Forget findings that began longer ago and are over."""
        self._write(
            "DELETE FROM alarm WHERE account = ? AND began < ? AND ended IS NOT NULL",
            [(self._account, rfc3339(now - timedelta(days=days)))],
        )

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            self._store.later(lambda: self._store.file.change(lambda db: db.executemany(statement, rows)))


def past(db: sqlite3.Connection, account: str, now: datetime) -> Past:
    """The figures of the last day. Blocks."""
    since = rfc3339(now - timedelta(days=1))
    rows = db.execute(
        "SELECT kind, severity, began, how FROM alarm WHERE account = ? AND began >= ? ORDER BY began", (account, since)
    ).fetchall()
    severities: dict[Severity, int] = {}
    kinds: dict[str, dict[How, int]] = {}
    times = [parse_rfc3339(began) for _, _, began, _ in rows]
    for kind, severity, _, how in rows:
        severities[Severity(severity)] = severities.get(Severity(severity), 0) + 1
        ends = kinds.setdefault(str(kind), {})
        if how is not None:
            ends[How(how)] = ends.get(How(how), 0) + 1
    oldest = db.execute(
        "SELECT min(began) FROM alarm WHERE account = ?1 AND ended IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM verdict WHERE verdict.account = ?1 AND verdict.key = alarm.key)",
        (account,),
    ).fetchone()[0]
    return Past(
        len(rows), _busiest(times), sum(at > now - _TEN_MINUTES for at in times), severities,
        parse_rfc3339(oldest) if oldest else None, kinds,
    )  # fmt: skip


def _packed(key: str) -> str:
    return json.dumps(key)


def _busiest(times: list[datetime]) -> int:
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - _TEN_MINUTES:
            first += 1
        most = max(most, last - first + 1)
    return most
