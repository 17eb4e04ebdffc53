"""Connections over days: cancelled callers, pools that are replaced, the end of a client, proxies, TLS."""

import asyncio
import ssl
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from charge_tui.api import (
    NO_RETRY,
    AnswerLost,
    ChargeClient,
    ChargeError,
    NotReached,
    OutcomeUnknown,
    Timeouts,
    Unusable,
)
from charge_tui.api.transport import MOST_CONNECTIONS
from tests.api.support import KEY, NEW, QuickClock, Recorder, client, page, reservation
from tests.support.rawserver import Reply, Seen, answer, raw, raw_server

TLS = Path(__file__).parent / "tls"


async def _cancelled(call: Coroutine[Any, Any, Any], after: Coroutine[Any, Any, Any]) -> None:
    task = asyncio.create_task(call)
    await after
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_storm_of_cancelled_callers_leaves_the_pool_sound() -> None:
    rng = Random(3)
    async with raw_server([answer(page(reservation()))]) as server, client(server.base_url) as charge:
        for _ in range(60):
            calls = [asyncio.create_task(charge.reservations.page()) for _ in range(12)]
            for _ in range(rng.randrange(12)):
                await asyncio.sleep(0)
            for call in calls:
                if rng.random() < 0.8:
                    call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
        pages = await asyncio.gather(*(charge.reservations.page(retry=NO_RETRY) for _ in range(3 * MOST_CONNECTIONS)))
        assert all(len(p.rows) == 1 for p in pages)
        assert server.open <= MOST_CONNECTIONS
    await server.until(lambda s: s.open == 0)


async def test_a_request_outlives_its_cancelled_caller() -> None:
    go_on = asyncio.Event()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
    async with raw_server([Reply((go_on.wait, head, b"{}"))]) as server:
        observer = Recorder()
        async with client(server.base_url, observer=observer) as charge:
            await _cancelled(charge.reservations.raw("res_1"), server.until(lambda s: len(s.seen) == 1))
            go_on.set()
            assert await charge.reservations.raw("res_2") == "{}"
        assert len(observer.answers) == 2


async def test_a_caller_that_is_cancelled_while_it_queues_sends_nothing() -> None:
    go_on = asyncio.Event()
    reply = Reply((go_on.wait, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
    async with raw_server([reply]) as server, client(server.base_url) as charge:
        first = [asyncio.create_task(charge.reservations.raw(f"res_{n}")) for n in range(MOST_CONNECTIONS)]
        await _cancelled(charge.reservations.cancel("res_x"), server.until(lambda s: len(s.seen) == MOST_CONNECTIONS))
        go_on.set()
        await asyncio.gather(*first)
        await charge.reservations.raw("res_last")
    assert "POST" not in {seen.method for seen in server.seen}


async def test_a_waiting_caller_can_be_cancelled_between_two_attempts() -> None:
    class Forever(QuickClock):
        def __init__(self) -> None:
            super().__init__()
            self.asleep = asyncio.Event()

        async def sleep(self, seconds: float) -> None:
            self.asleep.set()
            await asyncio.Event().wait()

    clock = Forever()
    async with raw_server([answer({}, 503)]) as server, client(server.base_url, clock=clock) as charge:
        await _cancelled(charge.reservations.raw("res_1"), clock.asleep.wait())
    assert len(server.seen) == 1


async def test_connections_are_used_again() -> None:
    async with raw_server([answer(page())]) as server, client(server.base_url) as charge:
        for _ in range(5):
            await charge.reservations.page()
    assert server.accepted == 1


async def test_a_connection_that_the_server_closed_is_replaced_without_a_word() -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    async with raw_server([Reply((body,), "close")]) as server, client(server.base_url, retry=NO_RETRY) as charge:
        for number in range(3):
            await charge.reservations.raw("res_1")
            await server.until(lambda s, n=number: s.accepted == n + 1 and s.open == 0)  # type: ignore[misc]


async def test_reset_opens_new_connections_and_lets_old_requests_end() -> None:
    go_on = asyncio.Event()
    slow = Reply((go_on.wait, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))

    def script(seen: Seen) -> Reply:
        return slow if seen.target.endswith("slow") else answer({})

    observer = Recorder()
    async with raw_server(script) as server, client(server.base_url, observer=observer) as charge:
        under_way = asyncio.create_task(charge.reservations.raw("slow"))
        await server.until(lambda s: len(s.seen) == 1)
        charge.reset("the clock jumped")
        assert await charge.reservations.raw("res_2") == "{}"
        assert server.open == 2
        go_on.set()
        assert await under_way == "{}"
        await server.until(lambda s: s.open == 1)
        charge.reset("again")
        await server.until(lambda s: s.open == 0)
    assert observer.renewals == ["the clock jumped", "again"]
    assert [seen.connection for seen in server.seen] == [1, 2]


async def test_three_transport_errors_in_a_row_replace_the_pool_and_an_answer_in_between_forgives() -> None:
    observer = Recorder()
    lost, fine = raw(end="reset"), answer(page())
    script = [lost, lost, fine, lost, lost, lost, fine]
    async with raw_server(script) as server, client(server.base_url, observer=observer, retry=NO_RETRY) as charge:
        renewals: list[int] = []
        for _ in script:
            with suppress(AnswerLost):
                await charge.reservations.page()
            renewals.append(len(observer.renewals))
    assert renewals == [0, 0, 0, 0, 0, 1, 1]


async def test_an_answer_of_any_status_is_no_transport_error() -> None:
    observer = Recorder()
    async with raw_server([answer({}, 503)]) as server, client(server.base_url, observer=observer) as charge:
        for _ in range(2):
            with pytest.raises(ChargeError):
                await charge.reservations.page()
    assert len(server.seen) == 8
    assert observer.renewals == []


async def test_connections_are_replaced_after_six_hours() -> None:
    clock, observer = QuickClock(), Recorder()
    async with (
        raw_server([answer(page())]) as server,
        client(server.base_url, clock=clock, observer=observer) as charge,
    ):
        for hours in (0, 5, 0.9, 0.2, 5.9, 0.2):
            clock.at += hours * 3600
            await charge.reservations.page()
    assert len(observer.renewals) == 2
    assert server.accepted == 3


class _Poisoned(httpx.AsyncBaseTransport):
    """A pool whose slots are all dead, as a real one would need a bug of httpcore to be."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.PoolTimeout("no slot", request=request)


async def test_a_pool_without_a_free_connection_is_replaced() -> None:
    observer = Recorder()
    charge = client("http://127.0.0.1:1/v1", observer=observer, retry=NO_RETRY, transport=_Poisoned())
    async with charge:
        with pytest.raises(NotReached, match="no connection was free"):
            await charge.reservations.create(**NEW)
    assert observer.renewals == ["no connection of the pool was free"]


async def test_more_callers_than_connections_wait_their_turn() -> None:
    seen, hasty = Recorder(), Timeouts(pool=0.001)
    async with raw_server([answer(page())]) as server, client(server.base_url, observer=seen, timeouts=hasty) as charge:
        await asyncio.gather(*(charge.reservations.page(retry=NO_RETRY) for _ in range(10 * MOST_CONNECTIONS)))
    assert server.accepted <= MOST_CONNECTIONS
    assert seen.renewals == []


async def test_an_answer_that_drips_is_broken_off() -> None:
    observer = Recorder()
    closed = asyncio.Event()

    async def pause() -> None:
        await asyncio.wait_for(closed.wait(), 0.02)

    async def drop() -> None:
        try:
            await pause()
        except TimeoutError:
            return

    drip: list[Any] = [piece for _ in range(1000) for piece in (b"x", drop)]
    timeouts = Timeouts(read=2.0, total=0.3)
    async with raw_server([raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", *drip)]) as server:
        async with client(server.base_url, timeouts=timeouts, retry=NO_RETRY, observer=observer) as charge:
            with pytest.raises(AnswerLost, match=r"not whole after 0\.3 s"):
                await charge.reservations.page()
            server.script = lambda _: answer(page())
            await charge.reservations.page()
        closed.set()
    assert observer.renewals == ["an exchange had to be broken off"]


async def test_closing_breaks_off_what_is_under_way_and_says_so() -> None:
    async with raw_server([raw(end="hang")]) as server:
        charge = client(server.base_url)
        read = asyncio.create_task(charge.reservations.page())
        write = asyncio.create_task(charge.reservations.cancel("res_1"))
        queued = [asyncio.create_task(charge.reservations.page()) for _ in range(2 * MOST_CONNECTIONS)]
        await server.until(lambda s: len(s.seen) == MOST_CONNECTIONS)
        await charge.aclose()
        with pytest.raises(AnswerLost, match="closed"):
            await read
        with pytest.raises(OutcomeUnknown, match="closed"):
            await write
        ends = await asyncio.gather(*queued, return_exceptions=True)
        assert {type(end) for end in ends} == {AnswerLost, Unusable}
        await server.until(lambda s: s.open == 0)
        await charge.aclose()


async def test_a_handshake_that_is_broken_off_leaves_no_connection_behind() -> None:
    greeted, gone = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        greeted.set()
        await reader.read()
        gone.set()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    charge = client(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", retry=NO_RETRY)
    under_way = asyncio.create_task(charge.reservations.raw("res_1"))
    await greeted.wait()
    await charge.aclose()
    with pytest.raises(AnswerLost):
        await under_way
    await asyncio.wait_for(gone.wait(), 10)
    server.close()


async def test_cookies_are_not_kept() -> None:
    async with (
        raw_server([answer(page(), 200, [("Set-Cookie", "a=b; Path=/")])]) as server,
        client(server.base_url) as charge,
    ):
        await charge.reservations.page()
        await charge.reservations.page()
    assert "cookie" not in server.seen[1].headers


async def test_a_proxy_of_the_environment_is_not_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_server([answer(b"", 418)]) as proxy, raw_server([answer(page())]) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with client(server.base_url) as charge:
            await charge.reservations.page()
    assert proxy.seen == []


async def test_a_proxy_of_the_environment_is_used_for_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_server([raw(b"HTTP/1.1 403 No\r\n\r\n")]) as proxy:
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        async with client("https://api.example.org/v1", retry=NO_RETRY) as charge:
            with pytest.raises(NotReached, match="proxy"):
                await charge.reservations.page()
    assert [(seen.method, seen.target) for seen in proxy.seen] == [("CONNECT", "api.example.org:443")]
    assert KEY not in str(proxy.seen)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1", "nonsense://"])
async def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.delenv("all_proxy", raising=False)
    async with client("https://api.example.org/v1") as charge:
        with pytest.raises(NotReached, match="ALL_PROXY"):
            await charge.reservations.page()


def test_missing_certificates_of_the_environment_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    with pytest.raises(Unusable, match="SSL_CERT_FILE"):
        ChargeClient(KEY)


def _server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    return context


async def test_an_unknown_certificate_is_told_in_words_and_not_tried_again() -> None:
    observer = Recorder()
    async with raw_server([answer(page())], tls=_server_tls()) as server:
        charge = client(f"https://127.0.0.1:{server.port}/v1", observer=observer)
        with pytest.raises(NotReached, match="certificate is not valid"):
            await charge.reservations.page()
        await charge.aclose()
    assert len(observer.sent) == 1
    assert server.seen == []


async def test_a_certificate_of_the_given_file_is_trusted_even_for_a_live_key() -> None:
    async with raw_server([answer(page())], tls=_server_tls()) as server:
        url = f"https://127.0.0.1:{server.port}/v1"
        live = ChargeClient("ch_sk_live_x", url, tls_ca=str(TLS / "certificate.pem"))
        async with live as charge:
            await charge.reservations.page()
    assert server.seen[0].headers["authorization"] == "Bearer ch_sk_live_x"


def test_a_file_of_certificates_that_is_none_is_told() -> None:
    for path in ("/nowhere.pem", __file__):
        with pytest.raises(Unusable, match="certificates"):
            ChargeClient(KEY, tls_ca=path)
