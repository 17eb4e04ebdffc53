"""What ``doctor`` tells of the findings of the last day: how many came, how bad, and which cleared by themselves."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from charge_tui.desk.attention.figures import How
from charge_tui.desk.attention.record import Past, past
from charge_tui.domain.times import seconds_between, span
from charge_tui.headless.checkup import Finding

_MANY: Final = 10
"""New findings in 10 minutes that nobody can follow [EEMUA 191]."""


def alarm_findings(store: Path, account: str, now: datetime) -> Iterator[Finding]:
    """The figures of one account's findings, from a store that is there."""
    try:
        db = sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)
        try:
            found = past(db, account, now)
        finally:
            db.close()
    except (sqlite3.Error, ValueError) as fault:
        yield Finding("attention", "findings", "warn", f"cannot be read: {fault}", "the desk mends it when it starts")
        return
    yield _coming(found)
    if found.begun:
        shares = (
            f"{severity.word} {found.severities.get(severity, 0) / found.begun:.0%}"
            for severity in sorted(found.severities, reverse=True)
        )
        yield Finding("attention", "by severity", "ok", ", ".join(shares))
        yield Finding("attention", "cleared by itself", "ok", "; ".join(_alone(found)))
    if found.oldest:
        waits = span(max(0.0, seconds_between(found.oldest, now)))
        yield Finding("attention", "oldest", "ok", f"not acknowledged for {waits}")


def _coming(found: Past) -> Finding:
    text = f"{found.begun} new in 24 h, {found.recent} in the last 10 min, at most {found.busiest} in 10 min"
    if found.busiest < _MANY:
        return Finding("attention", "findings", "ok", text)
    return Finding("attention", "findings", "warn", text, "raise a threshold, or switch a finding off, in [attention]")


def _alone(found: Past) -> Iterator[str]:
    for kind, ends in sorted(found.kinds.items()):
        over = sum(ends.values())
        yield f"{kind} {ends.get(How.ALONE, 0)} of {over}"
