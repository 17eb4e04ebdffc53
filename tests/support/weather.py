"""A wire that can be cut, and what stands at the other end of it: for what no server can do to its client."""

import errno
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from charge_tui.clock import Clock


def _unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network") from OSError(errno.ENETUNREACH, "Network is unreachable")


def _nameless(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no name") from socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def _mistrusted(request: httpx.Request) -> httpx.Response:
    cause = ssl.SSLCertVerificationError("certificate verify failed")
    cause.verify_message = "certificate has expired"
    raise httpx.ConnectError("no trust") from cause


def _silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("silence", request=request)


def _proxy(status: int) -> Callable[[httpx.Request], httpx.Response]:
    page = "<!doctype html><html><title>Sign in</title><body>Guest network</body></html>"
    return lambda request: httpx.Response(status, html=page)


OUTAGES: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "the network is unreachable": _unreachable,
    "its name could not be resolved": _nameless,
    "its certificate is not valid: certificate has expired": _mistrusted,
    "no answer in time": _silent,
    "is not JSON": _proxy(200),
    "502": _proxy(502),
}
"""What happens to every request, by words that the desk must find for it."""


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """The way to a server; ``spoilt`` answers, or fails, in its place."""

    server: httpx.AsyncBaseTransport
    clock: Clock | None = None
    spoilt: Callable[[httpx.Request], httpx.Response] | None = None
    sent: list[tuple[float, str]] = field(default_factory=list)
    """Every request with its moment on the clock."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request, or spoil it."""
        self.sent.append((self.clock.monotonic() if self.clock else 0.0, request.url.raw_path.decode()))
        if self.spoilt is not None:
            return self.spoilt(request)
        return await self.server.handle_async_request(request)
