"""The key: what counts as one, where it may go, and that nothing ever shows it."""

import io
import traceback
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console
from rich.traceback import Traceback

from charge_tui.api import (
    NO_RETRY,
    ChargeClient,
    ChargeError,
    ForeignUrl,
    InsecureBaseUrl,
    KeyMalformed,
    Unusable,
)
from charge_tui.api.auth import BoundAuth, checked_base_url, sealed
from charge_tui.api.errors import Redirected
from charge_tui.secret import Secret
from tests.api.support import KEY, NEW, QUICK, client, page
from tests.support.rawserver import answer, raw, raw_server, unused_port


@pytest.mark.parametrize(
    "key",
    [
        "",
        "ch_sk_test_",
        "sk_test_x",
        "ch_sk_test_a\n",
        " ch_sk_test_a",
        "ch_sk_test_a b",
        "ch_sk_test_é",
        "ch_pk_test_a",
    ],
)
def test_a_malformed_key_is_refused_and_not_told(key: str) -> None:
    with pytest.raises(KeyMalformed) as caught:
        ChargeClient(key)
    assert isinstance(caught.value, ValueError)
    for shown in (str(caught.value), caught.value.sentence, repr(caught.value)):
        assert not key.strip() or key.strip() == "ch_sk_test_" or key.strip() not in shown


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("ch_sk_test_a", "http://api.chargeapi.co/v1"),
        ("ch_sk_test_a", "http://127.0.0.1.example.org/v1"),
        ("ch_sk_test_a", "http://localhost.example.org/v1"),
        ("ch_sk_test_a", "http://0.0.0.0/v1"),
        ("ch_sk_test_a", "http://2130706433/v1"),
        ("ch_sk_test_a", "ftp://127.0.0.1/v1"),
        ("ch_sk_test_a", "https://user:pw@api.chargeapi.co/v1"),
        ("ch_sk_test_a", "https://api.chargeapi.co/v1?"),
        ("ch_sk_test_a", "https://api.chargeapi.co/v1#x"),
        ("ch_sk_test_a", "api.chargeapi.co/v1"),
        ("ch_sk_test_a", ""),
        ("ch_sk_test_a", "https://\n/v1"),
        ("ch_sk_live_a", "http://127.0.0.1/v1"),
        ("ch_sk_live_a", "http://localhost/v1"),
    ],
)
def test_a_base_url_that_would_show_the_key_is_refused(key: str, url: str) -> None:
    with pytest.raises(InsecureBaseUrl):
        ChargeClient(key, url)


@pytest.mark.parametrize(
    ("key", "url", "mode", "host"),
    [
        ("ch_sk_test_a", "https://api.chargeapi.co/v1/", "test", "api.chargeapi.co"),
        ("ch_sk_live_a_B9", "https://api.chargeapi.co/v1", "production", "api.chargeapi.co"),
        ("ch_sk_test_a", "http://127.0.0.1:8484/v1", "test", "127.0.0.1:8484"),
        ("ch_sk_test_a", "http://127.9.9.9/v1", "test", "127.9.9.9"),
        ("ch_sk_test_a", "http://[::1]:8484/v1", "test", "[::1]:8484"),
        ("ch_sk_test_a", "http://localhost:8484/v1", "test", "localhost:8484"),
    ],
)
def test_mode_and_host_come_from_key_and_base_url(key: str, url: str, mode: str, host: str) -> None:
    charge = ChargeClient(Secret(key), url)
    assert (charge.mode, charge.host) == (mode, host)
    assert charge.base_url == url.rstrip("/")
    assert key not in repr(charge)


@given(url=st.text() | st.from_regex(r"https?://[^/]*@?[^/]*(:\d*)?/.*"), key_is_live=st.booleans())
def test_any_text_as_base_url_is_taken_safely_or_refused(url: str, key_is_live: bool) -> None:
    try:
        good = checked_base_url(url, "production" if key_is_live else "test")
    except InsecureBaseUrl:
        return
    assert good.scheme == "https" or (good.host in ("localhost", "::1") or good.host.startswith("127."))
    assert good.scheme == "https" or not key_is_live
    assert not good.userinfo


HOME = httpx.URL("http://127.0.0.1:8484/v1")


def test_the_key_is_put_on_requests_to_its_own_origin_only() -> None:
    auth = BoundAuth(sealed(KEY), HOME)
    request = httpx.Request("GET", "http://127.0.0.1:8484/v1/reservations")
    next(auth.auth_flow(request))
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(auth)
    for url in (
        "https://127.0.0.1:8484/v1/reservations",
        "http://127.0.0.1/v1/reservations",
        "http://127.0.0.2:8484/v1/reservations",
        "http://localhost:8484/v1/reservations",
        "http://a@127.0.0.1:8484/v1/reservations",
        "http://127.0.0.1:8484@example.org/v1/reservations",
    ):
        request = httpx.Request("GET", url)
        with pytest.raises(ForeignUrl):
            next(auth.auth_flow(request))
        assert "authorization" not in request.headers


class _Net(httpx.AsyncBaseTransport):
    """Notes where each request would go, as the network would see it."""

    def __init__(self) -> None:
        self.went: list[tuple[str, str, int | None, bool]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        self.went.append((url.scheme, url.host, url.port, "authorization" in request.headers))
        return httpx.Response(200, json=page())


async def _follow(url: str) -> list[tuple[str, str, int | None, bool]]:
    net = _Net()
    async with client(str(HOME), transport=net) as charge:
        try:
            await charge.reservations.page(url=url)
        except ForeignUrl:
            assert net.went == []
    return net.went


urls = st.one_of(
    st.text(),
    st.builds(
        "{}://{}{}{}/v1/reservations{}".format,
        st.sampled_from(["http", "https", "HTTP", "ftp", ""]),
        st.sampled_from(["", "user@", "127.0.0.1:8484@", "a:b@", "\\@", "%40"]),
        st.sampled_from(["127.0.0.1", "127.0.0.1.", "localhost", "example.org", "127.0.0.1%00.example.org", "[::1]"]),
        st.sampled_from([":8484", ":80", "", ":8484:80", ":08484", ":"]),
        st.sampled_from(["?page=x", "/../../x?page=x", "", "#x", "/res_1", "%2f..?page=x"]) | st.text(),
    ),
)


@given(url=urls)
@example(url="http://127.0.0.1:8484/v1/reservations?page=page_x&limit=10")
@example(url="http://127.0.0.1:8484\\@example.org/v1/reservations?page=x")
async def test_no_page_url_takes_the_key_to_another_origin(url: str) -> None:
    for went in await _follow(url):
        assert went == ("http", "127.0.0.1", 8484, True)


async def test_the_returned_url_is_followed_exactly_as_given() -> None:
    async with raw_server([answer(page())]) as server, client(server.base_url) as charge:
        await charge.reservations.page(url=f"{server.base_url}/reservations?page=page_a%2Bb&status=pending&limit=10")
    assert server.seen[0].target == "/v1/reservations?page=page_a%2Bb&status=pending&limit=10"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
async def test_a_redirect_is_never_followed(status: int) -> None:
    async with raw_server([answer(page())]) as other:
        there = f"{other.base_url}/reservations"
        redirect = answer(b"", status, [("Location", there)])
        async with raw_server([redirect]) as server, client(server.base_url) as charge:
            with pytest.raises(Redirected) as caught:
                await charge.reservations.page()
        assert caught.value.location == there
        assert len(server.seen) == 1
        assert other.seen == []


async def _all_errors() -> AsyncIterator[ChargeError]:
    scripts = [
        answer(f"Bearer {KEY} is wrong", 400),
        answer({"message": f"No such key: {KEY}", "code": KEY, "request": KEY}, 401),
        answer({"message": "no"}, 500),
        answer(f"<html>{KEY}", 200),
        answer(b"", 302, [("Location", f"http://example.org/{KEY}")]),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        raw(b"\x00\x01 garbage\r\n\r\n"),
        raw(end="reset"),
        raw(end="hang"),
    ]
    for script in scripts:
        times = QUICK if script.end == "hang" else None
        async with raw_server([script]) as server, client(server.base_url, retry=NO_RETRY, timeouts=times) as charge:
            for call in (charge.reservations.page, lambda: charge.reservations.create(**NEW)):
                with pytest.raises(ChargeError) as caught:
                    await call()
                yield caught.value
    async with client(f"http://127.0.0.1:{unused_port()}/v1", retry=NO_RETRY) as charge:
        for url in (None, "http://example.org/v1/reservations"):
            with pytest.raises(ChargeError) as caught:
                await charge.reservations.page(url=url)
            yield caught.value
    with pytest.raises(InsecureBaseUrl) as insecure:
        client("http://example.org/v1")
    yield insecure.value
    with pytest.raises(Unusable) as unusable:
        ChargeClient(KEY, version="é")
    yield unusable.value


async def test_no_error_shows_the_key_not_even_with_the_locals_of_its_frames() -> None:
    count = 0
    async for error in _all_errors():
        count += 1
        frames = traceback.walk_tb(error.__traceback__)
        library = [frame for frame, _ in frames if "tests" not in frame.f_code.co_filename]
        shown = [str(error), repr(error), error.sentence, "".join(traceback.format_exception(error))]
        shown += [repr(value) for frame in library for value in frame.f_locals.values()]
        for text in shown:
            assert KEY not in text, text
    assert count > 20


async def test_a_traceback_with_locals_as_a_crashing_program_prints_it_is_free_of_the_key() -> None:
    async with raw_server([answer(f"{KEY}", 500)]) as server, client(server.base_url, retry=NO_RETRY) as charge:
        with pytest.raises(ChargeError) as caught:
            await charge.reservations.cancel("res_1")
    output = io.StringIO()
    assert caught.tb.tb_next is not None
    below_this_test = caught.tb.tb_next
    trace = Traceback.from_exception(
        caught.type, caught.value, below_this_test, show_locals=True, locals_max_string=10_000
    )
    Console(file=output, width=400).print(trace)
    assert "OutcomeUnknown" in output.getvalue()
    assert KEY not in output.getvalue()
