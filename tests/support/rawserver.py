"""A TCP server that answers with exact bytes: for what no well-behaved HTTP server would send."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

End = Literal["keep", "close", "reset", "hang"]


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    connection: int


@dataclass(frozen=True)
class Reply:
    """Pieces to send one after the other, and what follows them; an awaitable piece is waited for instead."""

    pieces: tuple[bytes | Callable[[], Awaitable[object]], ...] = ()
    end: End = "keep"


def raw(*pieces: bytes | Callable[[], Awaitable[object]], end: End = "close") -> Reply:
    """Exact bytes, then the end of the connection."""
    return Reply(pieces, end)


def answer(body: bytes | str | Any = b"", status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Reply:
    """A well-formed answer; anything but bytes and text becomes JSON."""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    head = [
        f"HTTP/1.1 {status} Status",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return Reply(("\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body,))


Script = Callable[[Seen], Reply]


@dataclass
class RawServer:
    """What it was asked, and which of its connections are open."""

    script: Script
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    accepted: int = 0
    open: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def base_url(self) -> str:
        """As a client takes it."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def until(self, state: Callable[["RawServer"], bool]) -> None:
        """Return once the server is in a state."""
        async with self._changed:
            await self._changed.wait_for(lambda: state(self))

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self.open += 1
        number = self.accepted
        await self._tell()
        try:
            while (request := await _request(reader, number)) is not None:
                self.seen.append(request)
                await self._tell()
                if not await _reply(self.script(request), reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self.open -= 1
            await self._tell()


@asynccontextmanager
async def raw_server(script: Script | Iterable[Reply], tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    """A server on loopback; a list of replies is given out in order, the last one again and again."""
    server = RawServer(script if callable(script) else _in_turn(script))
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(server._serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listener = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def unused_port() -> int:
    """A port of loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _in_turn(replies: Iterable[Reply]) -> Script:
    waiting = list(replies)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


async def _request(reader: asyncio.StreamReader, connection: int) -> Seen | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method, target, headers, body, connection)


async def _reply(reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    for piece in reply.pieces:
        if isinstance(piece, bytes):
            writer.write(piece)
            await writer.drain()
        else:
            await piece()
    if reply.end == "hang":
        await reader.read()
    elif reply.end == "reset":
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return reply.end == "keep"
