"""The wire below HTTP: what a fault does to a connection that no well-behaved response can do.

uvicorn's protocol is taken as it is, except that each request learns its transport. Without one (an ASGI transport in
the same process) a broken connection is a ConnectionResetError for whoever sent the request.
"""

import asyncio
import socket
import struct
from typing import Any, Final

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from charge_tui.clock import Clock

_KEY: Final = "charge.transport"
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class SandboxProtocol(H11Protocol):
    """HTTP/1.1 by h11, with the transport in every request's scope."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner: Any = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[_KEY] = {"transport": self.transport}
            await inner(scope, receive, send)

        self.app = app


class Wire:
    """The connection of one request, to be broken in one of several ways."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._transport: asyncio.Transport | None = scope.get("extensions", {}).get(_KEY, {}).get("transport")
        self._receive = receive
        self._send = send

    async def reset(self) -> None:
        """End the connection with a TCP reset."""
        if self._transport is not None:
            held = self._transport.get_extra_info("socket")
            if held is not None:
                held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self._transport.abort()
        await self._gone()

    async def close(self) -> None:
        """End the connection in order, after what was written."""
        if self._transport is not None:
            self._transport.close()
        await self._gone()

    async def half(self, start: Message, body: bytes) -> None:
        """Send the head of a response and half of its body, then close."""
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await self.close()

    async def silence(self, clock: Clock, seconds: float) -> None:
        """Say nothing for a time or until the other side goes, then close."""
        waiting = asyncio.ensure_future(clock.sleep(seconds))
        leaving = asyncio.ensure_future(self._departure())
        done, still = await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in still:
            task.cancel()
        await asyncio.gather(*still, return_exceptions=True)
        for task in done:
            task.result()
        await self.close()

    async def _gone(self) -> None:
        if self._transport is None:
            raise ConnectionResetError("the sandbox was ordered to break this connection")
        await self._departure()

    async def _departure(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue


def with_length(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    """Response headers with the length of another body."""
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]
