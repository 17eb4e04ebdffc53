"""How often and how often at once: the rate limit, and two requests with one Idempotency-Key."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from charge_tui.sandbox.errors import RATE_LIMIT, ApiError
from charge_tui.sandbox.instants import SECOND, http_date
from charge_tui.sandbox.service import Sandbox

_MINUTE: Final = 60.0


def retry_after(sandbox: Sandbox, seconds: float) -> dict[str, str]:
    """The Retry-After header as it is read: seconds, a date by the world's clock, or none [unknown].

    The wait is in real seconds; a date lies that wait ahead on the world's clock at its rate.
    """
    form = sandbox.readings["retry-after"]
    if form == "none":
        return {}
    if form == "date":
        ahead = seconds * (sandbox.options.speed or 1) * SECOND
        return {"Retry-After": http_date(sandbox.now() + round(ahead))}
    return {"Retry-After": f"{seconds:g}"}


class RateLimit:
    """Requests counted over the last real minute, where a limit is set."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._times: deque[float] = deque()

    def check(self) -> None:
        """Count a request; 429 ``rate_limit_exceeded`` when it is one too many."""
        limit = self._sandbox.readings["rate-limit"]
        if limit == "off":
            return
        now = self._sandbox.clock.monotonic()
        while self._times and now - self._times[0] >= _MINUTE:
            self._times.popleft()
        if len(self._times) >= int(limit):
            wait = max(1.0, -(-(self._times[0] + _MINUTE - now) // 1))
            headers = retry_after(self._sandbox, wait)
            raise ApiError(429, "Too many requests.", "rate_limit_exceeded", type=RATE_LIMIT, headers=headers)
        self._times.append(now)


class InFlight:
    """The Idempotency-Keys of requests that are under way."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._keys: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def turn(self, key: str | None) -> AsyncIterator[bool]:
        """Hold a key while its request is answered; yields False when another holds it and waiting is not the way."""
        if key is None:
            yield True
            return
        while (other := self._keys.get(key)) is not None:
            if self._sandbox.readings.is_("idempotency-concurrent", "409"):
                yield False
                return
            await other.wait()
        done = self._keys[key] = asyncio.Event()
        try:
            yield True
        finally:
            del self._keys[key]
            done.set()
