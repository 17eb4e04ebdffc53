"""The sandbox as an ASGI application: the routes, and around them the gate that every request passes.

The gate lets the world catch up, checks host and key, works the ordered faults, and writes the headers of every answer:
``Date``, ``Charge-Sandbox-Now`` and ``Charge-Sandbox-Rate`` (all by the world's clock), ``Request-Id``.
"""

import hmac
import logging
import re
from dataclasses import dataclass, field
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from charge_tui.clock import Clock
from charge_tui.sandbox import control, routes
from charge_tui.sandbox.errors import API, PERMISSION, ApiError, unauthenticated
from charge_tui.sandbox.faults import Fault
from charge_tui.sandbox.instants import SECOND, http_date, stamp
from charge_tui.sandbox.limits import InFlight, RateLimit, retry_after
from charge_tui.sandbox.mischief import FOREIGN, spoil
from charge_tui.sandbox.options import SandboxOptions
from charge_tui.sandbox.packing import PACKED, WORTH_PACKING, packed, takes_gzip
from charge_tui.sandbox.service import Logged, Sandbox, sandbox_of
from charge_tui.sandbox.transport import Wire, with_length
from charge_tui.sandbox.world import World

VERSION: Final = "2026-03-01"
"""The only value of Charge-Version that is documented [docs]."""

_HOST: Final = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_SPOILING: Final = ("odd", "hostile", "foreign-next", "loop-next", "empty-next", "huge")
_LOGGER: Final = logging.getLogger("charge_tui.sandbox")

_HTML: Final = (
    b"<!doctype html>\n<html><head><title>Gateway</title></head>\n"
    b"<body><h1>The upstream server did not answer</h1><p>Please try again later.</p></body></html>\n"
)


def create_app(world: World, clock: Clock, options: SandboxOptions | None = None) -> Starlette:
    """The application over a world, on any clock; ``app.state.sandbox`` is the Sandbox.

    Without ``options`` the world stands still until it is advanced. All waiting goes through the clock.
    """
    return app_of(sandbox_of(world, clock, options or SandboxOptions(speed=0)))


def app_of(sandbox: Sandbox) -> Starlette:
    """The application over a sandbox."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        body = error.body(request.state.request_id)
        return Response(body, error.status, error.headers, media_type="application/json")

    async def no_route(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        message = "There is nothing at this path." if error.status_code == 404 else str(error.detail) + "."
        return await refused(request, ApiError(error.status_code, message, headers=dict(error.headers or {})))

    app = Starlette(
        routes=[*routes.routes(sandbox), *control.routes(sandbox)],
        exception_handlers={ApiError: refused, HTTPException: no_route},
        middleware=[Middleware(_Gate, sandbox=sandbox)],
    )
    app.router.redirect_slashes = False
    app.state.sandbox = sandbox
    return app


@dataclass
class _Answer:
    """What the routes answered, held back until the faults have had their say."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def put(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        named = {"content-type": kind, "content-length": str(len(body))} | headers
        self.status, self.body = status, body
        self.headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in named.items()]


class _Gate:
    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self.app = app
        self.sandbox = sandbox
        self.in_flight = InFlight(sandbox)
        self.rate = RateLimit(sandbox)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = self.sandbox.request_id()
        scope.setdefault("state", {})["request_id"] = request_id
        key = headers.get("idempotency-key") if scope["method"] == "POST" else None
        async with self.in_flight.turn(key) as clear:
            answer, faults = await self._answer(scope, receive, headers, request_id, clear)
            await self._send(scope, receive, send, answer, faults, request_id)

    async def _answer(
        self, scope: Scope, receive: Receive, headers: Headers, request_id: str, clear: bool
    ) -> tuple[_Answer | None, list[Fault]]:
        """What to answer, None when the connection breaks before anything was done."""
        answer, faults = _Answer(), list[Fault]()
        try:
            self._check_host(headers)
            faults = self.sandbox.faults.strike(scope["method"], scope["path"])
            for fault in faults:
                if fault.kind == "latency":
                    await self.sandbox.clock.sleep(fault.value or 0)
            self.sandbox.sync()
            if any(fault.kind in ("reset", "hang") for fault in faults):
                return None, faults
            if (instead := self._instead(faults)) is not None:
                return instead, faults
            self._check_key(headers)
            self._check_version(headers)
            self.rate.check()
            if not clear:
                raise ApiError(409, "A request with this Idempotency-Key is under way.", "idempotency_key_in_use")
            await self.app(scope, receive, answer.take)
        except ApiError as error:
            answer.put(error.status, error.body(request_id), "application/json", error.headers)
        except Exception:
            _LOGGER.exception("the sandbox failed at %s %s", scope["method"], scope["path"])
            failure = ApiError(500, "The sandbox has failed; its log says where.", type=API)
            answer.put(500, failure.body(request_id), "application/json", {})
        return answer, faults

    async def _send(
        self, scope: Scope, receive: Receive, send: Send, answer: _Answer | None, faults: list[Fault], request_id: str
    ) -> None:
        wire = Wire(scope, receive, send)
        kinds = {fault.kind: fault for fault in faults}
        silent = answer is None or "lost" in kinds
        self._log(scope, 0 if silent or answer is None else answer.status, request_id)
        if answer is None:
            if "reset" in kinds:
                await wire.reset()
            else:
                await wire.silence(self.sandbox.clock, kinds["hang"].value or 0)
            return
        if silent:
            await wire.close()
            return
        for kind in _SPOILING:
            if kind in kinds:
                asked = f"{scope['scheme']}://{Headers(scope=scope).get('host')}{_path(scope)}"
                answer.body = spoil(kind, answer.body, self.sandbox.world.seed, self.sandbox.served, asked)
                answer.headers = with_length(answer.headers, len(answer.body))
        if len(answer.body) > WORTH_PACKING and takes_gzip(Headers(scope=scope).get("accept-encoding", "")):
            answer.body = packed(answer.body)
            answer.headers = [*with_length(answer.headers, len(answer.body)), *PACKED]
        own = self._own_headers(request_id, kinds.get("skew"))
        start = {"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, *own]}
        if "half" in kinds:
            await wire.half(start, answer.body)
            return
        await send(start)
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    def _instead(self, faults: list[Fault]) -> _Answer | None:
        """The answer that a fault gives in place of the API's."""
        answer = _Answer()
        for fault in faults:
            if fault.status is not None:
                wait = fault.value if fault.value is not None else 5.0 if fault.status == 429 else None
                error = ordered_error(fault.status)
                error.headers = {} if wait is None else retry_after(self.sandbox, wait)
                answer.put(error.status, error.body("req_" + "0" * 32), "application/json", error.headers)
                return answer
            if fault.kind == "html":
                answer.put(int(fault.value or 502), _HTML, "text/html; charset=utf-8", {})
                return answer
            if fault.kind == "redirect":
                answer.put(307, b"", "text/plain", {"Location": FOREIGN + "/v1/reservations"})
                return answer
        return None

    def _check_host(self, headers: Headers) -> None:
        if not _HOST.fullmatch(headers.get("host", "")):
            raise ApiError(421, "This sandbox answers to 127.0.0.1 and localhost only.", type=PERMISSION)

    def _check_key(self, headers: Headers) -> None:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key:
            raise unauthenticated("No key was sent: use Authorization: Bearer and the sandbox's key.")
        if key.startswith("ch_sk_live_"):
            raise unauthenticated("This is a sandbox: never send it a live key. Revoke that one if it may have leaked.")
        if not hmac.compare_digest(key.encode(), self.sandbox.key.encode()):
            raise unauthenticated("The key is not this sandbox's.")

    def _check_version(self, headers: Headers) -> None:
        version = headers.get("charge-version")
        if version not in (None, VERSION) and self.sandbox.readings.is_("unknown-version", "reject"):
            raise ApiError(400, "Unknown Charge-Version.", param="Charge-Version")

    def _own_headers(self, request_id: str, skew: Fault | None) -> list[tuple[bytes, bytes]]:
        readings, now = self.sandbox.readings, self.sandbox.now()
        shown = now + round((skew.value or 0) * SECOND if skew else 0)
        named = {"charge-sandbox-now": stamp(now), "charge-sandbox-rate": f"{self.sandbox.options.speed:g}"}
        if readings.is_("date-header", "on"):
            named["date"] = http_date(shown)
        if readings.is_("request-id-header", "on"):
            named["request-id"] = request_id
        if readings.is_("version-echo", "on"):
            named["charge-version"] = VERSION
        return [(name.encode(), value.encode()) for name, value in named.items()]

    def _log(self, scope: Scope, status: int, request_id: str) -> None:
        key = Headers(scope=scope).get("idempotency-key")
        self.sandbox.log(Logged(scope["method"], _path(scope), status, key, request_id))


def ordered_error(status: int) -> ApiError:
    """The error object of an ordered status."""
    if status == 401:
        return unauthenticated("The key is not valid.")
    if status == 403:
        return ApiError(403, "The key does not permit this.", type=PERMISSION)
    if status == 429:
        return ApiError(429, "Too many requests.", "rate_limit_exceeded", type="rate_limit_error")
    if status >= 500:
        return ApiError(status, "Charge has failed.", type=API)
    codes = {404: "reservation_not_found", 409: "reservation_invalid_state"}
    return ApiError(
        status, "The request was refused by an ordered fault.", codes.get(status, "reservation_invalid_input")
    )


def _path(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else scope["path"]
    return f"{path}?{query}" if query else str(path)
