"""What every call has in common: the base URL, read-only, repetition, the check of the status."""

from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import TypeVar
from uuid import UUID

import httpx

from charge_tui.api import bodies
from charge_tui.api.answers import checked
from charge_tui.api.errors import Unusable, WriteBlocked
from charge_tui.api.meta import Answer, Observer
from charge_tui.api.pages import checked_page_url
from charge_tui.api.retry import RetryPolicy, persist
from charge_tui.api.transport import Outgoing, Transport
from charge_tui.clock import Clock
from charge_tui.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Session:
    """A client's parts, as its resources need them."""

    base_url: httpx.URL
    transport: Transport
    is_read_only: Callable[[], bool]
    retry: RetryPolicy
    clock: Clock
    rng: Random
    observer: Observer

    async def get(
        self,
        path: str,
        read: Callable[[Answer], T],
        *,
        task: str,
        query: bodies.Query | None = None,
        retry: RetryPolicy | None = None,
    ) -> T:
        """GET below the base URL."""
        return await self._call(Outgoing("GET", self._url(path, query or []), task), read, retry)

    async def get_page(
        self, url: str, path: str, read: Callable[[Answer], T], *, task: str, retry: RetryPolicy | None = None
    ) -> T:
        """GET a URL that the API returned for the list at ``path``.

        Raises:
            ForeignUrl: it does not lead there.
        """
        return await self._call(Outgoing("GET", checked_page_url(url, self._url(path, []), task), task), read, retry)

    async def post(
        self,
        path: str,
        body: bytes,
        read: Callable[[Answer], T],
        *,
        task: str,
        idempotency_key: str | None,
        retry: RetryPolicy | None = None,
    ) -> T:
        """POST below the base URL, with an idempotency key in any case."""
        key = bodies.idempotency_key(idempotency_key) if idempotency_key is not None else self._new_key()
        return await self._call(Outgoing("POST", self._url(path, []), task, body, key), read, retry)

    async def _call(self, outgoing: Outgoing, read: Callable[[Answer], T], retry: RetryPolicy | None) -> T:
        if outgoing.method != "GET" and self.is_read_only():
            raise WriteBlocked("this client is read-only.", task=outgoing.task)

        async def once(attempt: int) -> T:
            return read(checked(await self.transport.exchange(outgoing, attempt), self.clock.now()))

        return await persist(
            once,
            retry or self.retry,
            idempotency_key=outgoing.idempotency_key,
            clock=self.clock,
            rng=self.rng,
            observer=self.observer,
        )

    def _url(self, path: str, query: bodies.Query) -> httpx.URL:
        try:
            url = _parsed(f"{self.base_url}{path}")
            return url.copy_with(params=httpx.QueryParams(tuple(query))) if query else url
        except httpx.InvalidURL:
            raise Unusable("an id or a filter is too long for a URL.") from None

    def _new_key(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))


@lru_cache(maxsize=32)
def _parsed(text: str) -> httpx.URL:
    return httpx.URL(text)
