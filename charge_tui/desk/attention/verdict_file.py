"""The verdicts in the desk's store: what stands, and the history of what was said. Every function blocks.

Text is kept inside JSON: a name or a reason with characters that SQLite cannot hold comes back as it was.
"""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from charge_tui.desk.attention.record import RECORD_TABLE
from charge_tui.desk.attention.state import Said, Verdict
from charge_tui.desk.attention.terms import Standing
from charge_tui.desk.store_file import Table
from charge_tui.domain.attention.finding import Severity
from charge_tui.domain.times import parse_rfc3339, rfc3339
from charge_tui.records import dataclass

VERDICT_TABLES: Final = (
    Table(
        "verdict",
        "verdicts",
        "CREATE TABLE IF NOT EXISTS verdict (account, key, at, body, PRIMARY KEY (account, key)) WITHOUT ROWID;",
    ),
    Table(
        "ruling",
        "past verdicts",
        "CREATE TABLE IF NOT EXISTS ruling (number INTEGER PRIMARY KEY AUTOINCREMENT, account, at, body);"
        "CREATE INDEX IF NOT EXISTS ruling_at ON ruling (account, at);",
        looks=lambda row: str(row[3]).startswith("{"),
    ),
    RECORD_TABLE,
)
"""The tables that the store file needs for verdicts and for the record of findings."""
_KEY: Final = re.compile(r"ch_sk_(?:test|live)_\w+")


@dataclass(frozen=True, slots=True)
class Ruling:
    """One thing that a person said, for the log and the handover; it stays when the verdict has ended."""

    at: datetime
    """World time in UTC."""
    by: str
    what: str
    """acknowledged, handled, snoozed, taken back or woken."""
    key: str
    severity: Severity
    subjects: tuple[str, ...]
    until: datetime | None = None
    reason: str = ""


Given = Mapping[str, tuple[Standing | None, Standing | None]]
"""By key what stands from now on and what stood before; None for nothing."""


def write(db: sqlite3.Connection, account: str, given: Given, rulings: Sequence[Ruling]) -> None:
    """Keep verdicts and their history. A newer one of another desk is not removed."""
    for key, (now, before) in given.items():
        if now is not None:
            row = (account, _packed(key), rfc3339(now.verdict.at), _packed(_body(now)))
            db.execute("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?)", row)
        elif before is not None:
            where = (account, _packed(key), rfc3339(before.verdict.at))
            db.execute("DELETE FROM verdict WHERE account = ? AND key = ? AND at <= ?", where)
    rows = [(account, rfc3339(ruling.at), _packed(_told(ruling))) for ruling in rulings]
    db.executemany("INSERT INTO ruling (account, at, body) VALUES (?, ?, ?)", rows)


def version(db: sqlite3.Connection) -> int:
    """A number that is another one after any other desk wrote to the file."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def standing(db: sqlite3.Connection, account: str) -> dict[str, Standing]:
    """What stands, by the finding's key; one that cannot be read is left out, so that its finding is awake."""
    found: dict[str, Standing] = {}
    for key, at, body in db.execute("SELECT key, at, body FROM verdict WHERE account = ?", (account,)):
        try:
            one = _read(json.loads(key), parse_rfc3339(at), json.loads(body))
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
        found[one.verdict.key] = one
    return found


def rulings(db: sqlite3.Connection, account: str, since: datetime | None, limit: int) -> list[Ruling]:
    """What was said since a moment, the newest first."""
    query = "SELECT at, body FROM ruling WHERE account = ? AND at >= ? ORDER BY number DESC LIMIT ?"
    found: list[Ruling] = []
    for at, body in db.execute(query, (account, rfc3339(since) if since else "", limit)):
        try:
            held = json.loads(body)
            found.append(
                Ruling(
                    parse_rfc3339(at), str(held["by"]), str(held["what"]), str(held["key"]), Severity(held["severity"]),
                    tuple(map(str, held["subjects"])), _moment(held["until"]), str(held["reason"]),
                )
            )  # fmt: skip
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return found


def prune(db: sqlite3.Connection, now: datetime, days: float) -> int:
    """Forget what was said longer ago; how many."""
    return db.execute("DELETE FROM ruling WHERE at < ?", (rfc3339(now - timedelta(days=days)),)).rowcount


def _body(one: Standing) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "said": str(verdict.said),
        "severity": int(verdict.severity),
        "by": verdict.by,
        "until": rfc3339(verdict.until) if verdict.until else None,
        "reason": verdict.reason,
        "subjects": list(one.subjects),
        "facts": one.facts,
    }


def _read(key: str, at: datetime, held: dict[str, Any]) -> Standing:
    verdict = Verdict(
        Said(held["said"]), key, Severity(held["severity"]), str(held["by"]), at, _moment(held["until"]),
        str(held["reason"]),
    )  # fmt: skip
    return Standing(verdict, tuple(map(str, held["subjects"])), str(held["facts"]))


def _told(ruling: Ruling) -> dict[str, Any]:
    return {
        "by": ruling.by,
        "what": ruling.what,
        "key": ruling.key,
        "severity": int(ruling.severity),
        "subjects": list(ruling.subjects),
        "until": rfc3339(ruling.until) if ruling.until else None,
        "reason": ruling.reason,
    }


def _moment(value: Any) -> datetime | None:
    return None if value is None else parse_rfc3339(value)


def _packed(value: object) -> str:
    return _KEY.sub("ch_sk_...", json.dumps(value, separators=(",", ":")))
