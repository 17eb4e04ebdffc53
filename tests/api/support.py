"""What the client's tests share: documents, a clock that never waits, a client that is quick to give up."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx

from charge_tui.api import ChargeClient, ChargeError, Meta, Observer, RetryPolicy, Sent, Timeouts

KEY = "ch_sk_test_5ecret5ecret5ecret"
"""The key of these tests; no message, repr or traceback may show it."""

QUICK = Timeouts(read=0.3)
"""For answers that never come."""


def reservation(identity: str = "res_1", **fields: Any) -> dict[str, Any]:
    """A reservation with the seven fields that are always there, and whatever else is given."""
    return {
        "id": identity,
        "object": "reservation",
        "created": "2026-04-01T00:45:21.538Z",
        "ideal_end": "2026-04-01T03:15:19.626Z",
        "ideal_start": "2026-04-01T01:45:20.858Z",
        "status": "pending",
        "updated": "2026-04-01T01:19:37.903Z",
    } | fields


def page(*rows: Any, after: Any = None, before: Any = None) -> dict[str, Any]:
    """A page as the API sends it."""
    return {"data": list(rows), "next_page_url": after, "previous_page_url": before}


NEW: dict[str, Any] = {
    "driver": "drv_1",
    "vehicle": "veh_1",
    "ideal_start": datetime(2026, 4, 1, 12, 0, tzinfo=UTC),
    "ideal_end": datetime(2026, 4, 1, 13, 30, 0, 250_999, tzinfo=UTC),
    "connector_type": ["CCS"],
    "location": {"latitude": 48.85, "longitude": 2.35, "radius": 1500},
}
"""What a create needs."""


class QuickClock:
    """Sleeps in no time, and remembers for how long."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """A wall time that goes with the monotonic one."""
        return datetime(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=self.at - 1000.0)

    def monotonic(self) -> float:
        """Seconds."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.at += seconds


class Recorder(Observer):
    """Remembers all that it is told."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.answers: list[Meta] = []
        self.retries: list[tuple[int, float, ChargeError]] = []
        self.failures: list[ChargeError] = []
        self.renewals: list[str] = []

    def sending(self, request: Sent) -> None:
        self.sent.append(request)

    def answered(self, meta: Meta) -> None:
        self.answers.append(meta)

    def retrying(self, attempt: int, seconds: float, error: ChargeError) -> None:
        self.retries.append((attempt, seconds, error))

    def failed(self, error: ChargeError) -> None:
        self.failures.append(error)

    def renewed(self, reason: str) -> None:
        self.renewals.append(reason)


def client(
    base_url: str,
    *,
    clock: QuickClock | None = None,
    observer: Observer | None = None,
    retry: RetryPolicy | None = None,
    read_only: bool = False,
    version: str | None = None,
    timeouts: Timeouts | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    seed: int = 1,
) -> ChargeClient:
    """A client that waits in no time between its attempts."""
    return ChargeClient(
        KEY,
        base_url,
        clock=clock or QuickClock(),
        rng=Random(seed),
        observer=observer,
        retry=retry,
        read_only=read_only,
        version=version,
        timeouts=timeouts,
        transport=transport,
    )
