"""The way between a program and the sandbox in a simulation: it takes time, it breaks, and it keeps account.

The server's part of a request is a task of the server: it goes on when the one who asked is dead or has given up.
"""

import asyncio
import gzip
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx
from starlette.applications import Starlette

from charge_tui.desk.budget import Share
from charge_tui.desk.gauge import _SHARE
from charge_tui.sandbox.service import Sandbox
from tests.support.simulation_life import Life

_ID: Final = re.compile(rb'"id":"(res_\w+)"')
_KEY: ContextVar[str | None] = ContextVar("key", default=None)
_LIST: Final = "/v1/reservations"


@dataclass(frozen=True, slots=True)
class Effect:
    """One change that the world made because a program asked for it."""

    key: str
    verb: str
    id: str
    at: float
    """World seconds, as the server counts."""


@dataclass(slots=True)
class Asked:
    """One request as it left a program. Times are real seconds."""

    at: float
    share: Share
    method: str
    path: str
    key: str | None
    status: int = 0
    """What came back; 0 for nothing."""
    hold: float = 0.0
    """Seconds of quiet that the answer asked for."""
    came: float = 0.0
    """When the answer arrived."""


@dataclass
class Account:
    """What the server has seen, as opposed to what programs believe."""

    effects: list[Effect] = field(default_factory=list)
    served: dict[str, float] = field(default_factory=dict)
    """When each reservation was last in an answer that arrived, in real seconds."""
    odd: set[str] = field(default_factory=set)
    """Reservations of which the last answer that arrived was spoilt."""
    keys: dict[str, str] = field(default_factory=dict)
    """Idempotency-Keys that arrived, with the path they came to."""


class Server:
    """The sandbox with an account of its own. ``real`` tells the real time."""

    def __init__(self, app: Starlette, real: Callable[[], float]) -> None:
        self.app = app
        self.real = real
        self.sandbox: Sandbox = app.state.sandbox
        self.account = Account()
        self.context: Context = copy_context()
        self._note_effects()

    def _note_effects(self) -> None:
        calls = self.sandbox.reservations
        for verb in ("create", "update", "confirm", "cancel"):
            setattr(calls, verb, self._noting(verb, getattr(calls, verb)))

    def _noting(self, verb: str, call: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        def noted(*args: Any) -> dict[str, Any]:
            document = call(*args)
            key = _KEY.get()
            if key is not None:
                self.account.effects.append(Effect(key, verb, str(document["id"]), self.sandbox.now() / 1000))
            return document

        return noted


@dataclass
class Trouble:
    """What is wrong with the network itself at present."""

    cut: str = ""
    """refused, dns, tls, silent (packets are dropped); empty while it works."""
    lag: tuple[float, float] = (0.02, 0.3)
    """Between which seconds one way takes."""


class Wire(httpx.AsyncBaseTransport):
    """A program's transport.

    Args:
        announces: whether the sandbox's own headers get through; without them it is as the real API.
    """

    def __init__(self, server: Server, life: Life, trouble: Trouble, rng: Random, *, announces: bool) -> None:
        self.asked: list[Asked] = []
        self.count = 0
        self.answered = 0
        """Answers that are on their way back."""
        self._server = server
        self._life = life
        self._trouble = trouble
        self._rng = rng
        self._announces = announces

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = request.headers.get("idempotency-key")
        asked = Asked(self._server.real(), _SHARE.get(), request.method, request.url.path, key)
        self.asked.append(asked)
        self.count += 1
        times = request.extensions["timeout"]
        await self._connected(times["connect"])
        body = b"".join([piece async for piece in request.stream])  # type: ignore[union-attr]
        exchange = _Exchange(self._server, request, body)
        context = self._server.context.copy()
        context.run(_KEY.set, key)
        await asyncio.sleep(self._lag())
        self._life.on_death.append(exchange.left.set)
        serving = asyncio.get_running_loop().create_task(exchange.run(), context=context)
        try:
            done, _ = await asyncio.wait({serving}, timeout=times["read"])
            if not done:
                raise httpx.ReadTimeout("no answer", request=request)
            await self._on_its_way()
            if self._trouble.cut:
                raise httpx.ReadError("broken", request=request)
        finally:
            exchange.left.set()
            self._life.on_death.remove(exchange.left.set)
        return self._arrived(asked, exchange, request)

    async def _on_its_way(self) -> None:
        self.answered += 1
        try:
            await asyncio.sleep(self._lag())
        finally:
            self.answered -= 1

    def _lag(self) -> float:
        return self._rng.uniform(*self._trouble.lag)

    async def _connected(self, patience: float) -> None:
        cut = self._trouble.cut
        if cut == "silent":
            await asyncio.sleep(patience)
            raise httpx.ConnectTimeout("no connection")
        if cut == "dns":
            raise httpx.ConnectError("no name") from socket.gaierror(-3, "Temporary failure in name resolution")
        if cut == "tls":
            untrusted = ssl.SSLCertVerificationError("certificate has expired")
            untrusted.verify_message = "certificate has expired"
            raise httpx.ConnectError("no trust") from untrusted
        if cut:
            raise httpx.ConnectError("refused")

    def _arrived(self, asked: Asked, exchange: "_Exchange", request: httpx.Request) -> httpx.Response:
        if exchange.broken and not exchange.status:
            raise httpx.ReadError("the connection was broken", request=request)
        asked.status = exchange.status
        headers = [pair for pair in exchange.headers if self._announces or not pair[0].startswith(b"charge-sandbox")]
        asked.came = self._server.real()
        told = dict(headers).get(b"retry-after", b"")
        asked.hold = float(told) if exchange.status == 429 and told.isdigit() else 0.0
        if exchange.broken:
            return httpx.Response(exchange.status, headers=headers, stream=_Half(exchange.body), request=request)
        self._note_served(exchange)
        return httpx.Response(exchange.status, headers=headers, content=exchange.body, request=request)

    def _note_served(self, exchange: "_Exchange") -> None:
        if exchange.status >= 300 or not exchange.path.startswith(_LIST):
            return
        account, faults = self._server.account, exchange.faults
        packed = dict(exchange.headers).get(b"content-encoding") == b"gzip"
        body = gzip.decompress(exchange.body) if packed else exchange.body
        found = [identity.decode() for identity in _ID.findall(body)]
        account.served.update(dict.fromkeys(found, exchange.at))
        if "odd" in faults:
            account.odd.update(found)
        elif account.odd:
            account.odd.difference_update(found)


class _Half(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


class _Exchange:
    """The server's part of one request."""

    def __init__(self, server: Server, request: httpx.Request, body: bytes) -> None:
        self.left = asyncio.Event()
        """Set when the one who asked is gone."""
        self.path = request.url.path
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.broken = False
        self.at = 0.0
        self.faults: frozenset[str] = frozenset()
        self._server = server
        self._request = request
        self._asked: bytes | None = body

    async def run(self) -> None:
        url = self._request.url
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": self._request.method,
            "headers": [(name.lower(), value) for name, value in self._request.headers.raw], "scheme": url.scheme,
            "path": url.path, "raw_path": url.raw_path.split(b"?")[0], "query_string": url.query,
            "server": (url.host, url.port), "client": ("127.0.0.1", 1), "root_path": "",
        }  # fmt: skip
        self.faults = frozenset(fault.kind for fault in self._server.sandbox.faults.ordered)
        try:
            await self._server.app(scope, self._receive, self._send)
        except ConnectionResetError:
            self.broken = True

    async def _receive(self) -> dict[str, Any]:
        if self._asked is not None:
            body, self._asked = self._asked, None
            key = _KEY.get()
            if key is not None:
                self._server.account.keys.setdefault(key, self.path)
            return {"type": "http.request", "body": body, "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers, self.at = message["status"], list(message["headers"]), self._server.real()
        else:
            self.body += message.get("body", b"")
