"""A server that shows a wrong certificate for a while, over a real TLS socket: told in words, and made good."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from charge_tui.desk.state import Freshness
from charge_tui.sandbox import RunningSandbox
from tests.support.live import live_desk

TLS = Path(__file__).parent.parent / "api" / "tls"


@asynccontextmanager
async def in_front(sandbox: RunningSandbox, tls: ssl.SSLContext) -> AsyncIterator[int]:
    """A port on which the sandbox is reached through TLS, each connection for one request."""

    under_way: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            inner, outer = await asyncio.open_connection("127.0.0.1", sandbox.port)
            ends.append(outer)
            head, _, rest = request.partition(b"\r\n")
            outer.write(head + b"\r\nConnection: close\r\n" + rest)
            while piece := await inner.read(65_536):
                writer.write(piece)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            for end in ends:
                end.close()
            await asyncio.gather(*(end.wait_closed() for end in ends), return_exceptions=True)

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(carry(reader, writer))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls, ssl_shutdown_timeout=1)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        # A desk that ends in the middle of a handshake says no goodbye on that connection, and sends nothing on it.
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def test_a_wrong_certificate_is_told_and_the_right_one_is_found_again(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "certificate.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    async with in_front(sandbox, context) as port, live_desk(sandbox, base_url=f"https://127.0.0.1:{port}/v1") as live:
        await live.fresh()
        held = live.open_on_desk()
        context.load_cert_chain(TLS / "stranger.pem", TLS / "stranger-key.pem")
        await live.until(lambda: live.feed.freshness is Freshness.OFFLINE, "the word OFFLINE")
        (problem,) = live.feed.problems
        assert "certificate is not valid" in problem.sentence
        assert live.open_on_desk() == held
        served = sandbox.sandbox.served
        tried = live.feed.requests_last_minute
        await live.until(lambda: live.feed.requests_last_minute > tried + 3, "it tried again and again")
        assert sandbox.sandbox.served == served, "nothing is sent to a stranger, the key least of all"
        changed = str(sandbox.find(status="pending")[0]["id"])
        sandbox.edit(changed, status="failed", failed_reason="other")
        context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
        await live.until(lambda: live.status(changed) == "failed", "what happened meanwhile")
        await live.fresh()
        assert live.problems() == set()
