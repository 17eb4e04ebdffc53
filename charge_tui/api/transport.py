"""The one seam to httpx: an exchange goes in, an answer or a ChargeError comes out."""

import asyncio
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from charge_tui import __version__
from charge_tui.api.answers import read_meta
from charge_tui.api.auth import BoundAuth, is_loopback
from charge_tui.api.decoding import ACCEPTED, body_of
from charge_tui.api.errors import AnswerLost, ChargeError, ForeignUrl, NotReached, Unusable
from charge_tui.api.faults import describe
from charge_tui.api.meta import Answer, Observer, Sent, note_answer
from charge_tui.api.opening import Opening
from charge_tui.clock import Clock
from charge_tui.records import dataclass

MOST_CONNECTIONS: Final = 8
LONGEST_LIFE: Final = 6 * 3600.0
"""Seconds after which a pool of connections is replaced by a new one."""
TROUBLES_IN_A_ROW: Final = 3
"""Transport errors without an answer in between after which a pool is replaced."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one attempt may take, in seconds of real time."""

    connect: float = 5.0
    read: float = 15.0
    """Between two pieces of the answer."""
    write: float = 10.0
    pool: float = 5.0
    total: float = 60.0
    """The whole exchange, so that an answer that drips does not hold a connection for ever."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request that is ready to leave; the same object is sent again by a retry."""

    method: str
    url: httpx.URL
    task: str
    """What is tried, for a person ("cancel reservation res_1"); safe to show."""
    body: bytes | None = None
    idempotency_key: str | None = None

    @property
    def path(self) -> str:
        """The path without its query."""
        return self.url.raw_path.split(b"?", 1)[0].decode("ascii")


class _Pool:
    """One httpx client and the number of exchanges that still use it."""

    def __init__(self, client: httpx.AsyncClient, born: float) -> None:
        self.client = client
        self.born = born
        self.busy = 0


class Transport:
    """Sends requests to one origin, each in a task of its own.

    A caller that is cancelled leaves its exchange to end by itself: cancelling a request inside httpcore leaves a dead
    slot in the pool (encode/httpcore#1093). For the rest, pools are mortal: a new one takes over after a PoolTimeout,
    three transport errors in a row, six hours, or ``renew``; the old one is closed when its last exchange has ended.
    """

    def __init__(
        self,
        base_url: httpx.URL,
        auth: BoundAuth,
        *,
        clock: Clock,
        observer: Observer,
        timeouts: Timeouts,
        version: str | None,
        tls: ssl.SSLContext,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._host = base_url.host
        self._loopback = is_loopback(base_url.host)
        self._auth = auth
        self._clock = clock
        self._observer = observer
        self._timeouts = timeouts
        self._tls = tls
        self._transport = transport
        self._headers = {
            "User-Agent": f"charge-tui/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED,
        }
        if version is not None:
            self._headers["Charge-Version"] = version
        self._slots = asyncio.Semaphore(MOST_CONNECTIONS)
        self._exchanges: set[asyncio.Task[Answer]] = set()
        self._closings: set[asyncio.Task[None]] = set()
        self._pool: _Pool | None = None
        self._troubles = 0
        self._closed = False

    async def exchange(self, outgoing: Outgoing, attempt: int) -> Answer:
        """Send once and read the whole answer, of whatever status.

        Raises:
            NotReached, AnswerLost, ForeignUrl, Unusable: as their classes say.
        """
        await self._slots.acquire()
        if self._closed:
            self._slots.release()
            raise Unusable("the client is closed.", task=outgoing.task)
        task = asyncio.get_running_loop().create_task(self._exchange(outgoing, attempt))
        self._exchanges.add(task)
        task.add_done_callback(self._ended)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled() and not _is_being_cancelled():
                raise AnswerLost(self._host, "the client was closed", task=outgoing.task, again=False) from None
            raise

    def renew(self, reason: str) -> None:
        """Let the next exchange open connections of its own; those under way keep theirs until they end."""
        old, self._pool, self._troubles = self._pool, None, 0
        if old is not None:
            self._observer.renewed(reason)
            if old.busy == 0:
                self._close_later(old)

    async def aclose(self) -> None:
        """End what is under way, close every connection, refuse whatever comes later."""
        self._closed = True
        for task in self._exchanges:
            task.cancel()
        await asyncio.gather(*self._exchanges, return_exceptions=True)
        old, self._pool = self._pool, None
        if old is not None:
            await old.client.aclose()
        await asyncio.gather(*self._closings)

    def _ended(self, task: asyncio.Task[Answer]) -> None:
        self._exchanges.discard(task)
        self._slots.release()
        if not task.cancelled():
            task.exception()

    async def _exchange(self, outgoing: Outgoing, attempt: int) -> Answer:
        pool = self._fit_pool(outgoing.task)
        pool.busy += 1
        try:
            return await self._send(pool, outgoing, attempt)
        finally:
            pool.busy -= 1
            if pool.busy == 0 and pool is not self._pool:
                await pool.client.aclose()

    async def _send(self, pool: _Pool, outgoing: Outgoing, attempt: int) -> Answer:
        sent_at = self._clock.monotonic()
        self._observer.sending(Sent(outgoing.method, outgoing.path, attempt, sent_at))
        fault: ChargeError
        try:
            async with asyncio.timeout(self._timeouts.total):
                response, body, flaw = await self._round_trip(pool.client, outgoing)
        except TimeoutError:
            fault = AnswerLost(self._host, f"not whole after {self._timeouts.total:g} s", task=outgoing.task)
            if pool is self._pool:
                self.renew("an exchange had to be broken off")
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ForeignUrl) as error:
            fault = describe(error, self._host, outgoing.task)
            self._count(pool, error, fault)
        else:
            self._troubles = 0
            meta = read_meta(
                outgoing.method, outgoing.path, response.status_code, response.headers, len(body),
                sent_at=sent_at, received_at=self._clock.monotonic(), loopback=self._loopback,
            )  # fmt: skip
            note_answer(meta)
            self._observer.answered(meta)
            return Answer(meta, response.headers, body, outgoing.task, flaw)
        # Raised out here, the error has no context, and so no traceback that reaches into frames which hold the key.
        raise fault

    async def _round_trip(
        self, client: httpx.AsyncClient, outgoing: Outgoing
    ) -> tuple[httpx.Response, bytes, str | None]:
        headers = {}
        if outgoing.body is not None:
            headers["Content-Type"] = "application/json"
        if outgoing.idempotency_key is not None:
            headers["Idempotency-Key"] = outgoing.idempotency_key
        opening = Opening()
        request = client.build_request(
            outgoing.method,
            outgoing.url,
            headers=headers,
            content=outgoing.body,
            extensions={"trace": opening.trace} if outgoing.url.scheme == "https" else None,
        )
        try:
            response = await client.send(request, stream=True)
        except asyncio.CancelledError:
            await opening.give_up()
            raise
        try:
            return response, *await body_of(response)
        finally:
            await response.aclose()

    def _count(self, pool: _Pool, error: Exception, fault: ChargeError) -> None:
        if pool is not self._pool:
            return
        if isinstance(error, httpx.PoolTimeout):
            self.renew("no connection of the pool was free")
        elif isinstance(fault, NotReached | AnswerLost):
            self._troubles += 1
            if self._troubles >= TROUBLES_IN_A_ROW:
                self.renew(f"{TROUBLES_IN_A_ROW} transport errors in a row")

    def _fit_pool(self, task: str) -> _Pool:
        now = self._clock.monotonic()
        if self._pool is not None and now - self._pool.born >= LONGEST_LIFE:
            self.renew("the connections were six hours old")
        if self._pool is None:
            self._pool = _Pool(self._client(task), now)
        return self._pool

    def _client(self, task: str) -> httpx.AsyncClient:
        try:
            return self._built()
        except (ValueError, ImportError, httpx.InvalidURL):
            reason = "the proxy that the environment names cannot be used: HTTPS_PROXY, ALL_PROXY"
        raise NotReached(self._host, reason, task=task, again=False)

    def _built(self) -> httpx.AsyncClient:
        times = self._timeouts
        return httpx.AsyncClient(
            auth=self._auth,
            headers=self._headers,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            # Fewer kept alive than allowed makes httpcore close idle connections whenever more than those are open.
            limits=httpx.Limits(
                max_connections=MOST_CONNECTIONS,
                max_keepalive_connections=MOST_CONNECTIONS,
                keepalive_expiry=15.0,
            ),
            timeout=httpx.Timeout(connect=times.connect, read=times.read, write=times.write, pool=times.pool),
            trust_env=not self._loopback,
            verify=self._tls,
            transport=self._transport,
        )

    def _close_later(self, pool: _Pool) -> None:
        task = asyncio.get_running_loop().create_task(pool.client.aclose())
        self._closings.add(task)
        task.add_done_callback(self._closings.discard)


def _is_being_cancelled() -> bool:
    caller = asyncio.current_task()
    return caller is not None and caller.cancelling() > 0
