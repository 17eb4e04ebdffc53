"""Answers that say no, or say nothing of use: the class, the members, and the sentence for a person."""

import gzip
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.api import (
    NO_RETRY,
    AnswerLost,
    AnswerUnreadable,
    APIError,
    AuthenticationFailed,
    ChargeError,
    Conflict,
    InvalidRequest,
    Meta,
    NotFound,
    NotReached,
    PermissionDenied,
    RateLimited,
    Refused,
    ServerFault,
)
from charge_tui.api.answers import checked, http_date, retry_after
from charge_tui.api.decoding import BODY_LIMIT
from charge_tui.api.meta import Answer
from charge_tui.domain.reservation import OddRow, Reservation
from charge_tui.domain.text import safe
from tests.api.support import QUICK, QuickClock, client, page, reservation
from tests.support.rawserver import Reply, answer, raw, raw_server, unused_port

DOCUMENTED = {
    "code": "reservation_not_found",
    "doc_url": "https://docs.chargeapi.co/errors#reservation_not_found",
    "message": "Reservation not found.",
    "object": "error",
    "param": "reservation",
    "request": "req_kwXoIIXGvOoNZYW2mZp0zVZomHFwUbbY",
    "status": 404,
    "type": "invalid_request_error",
}

PACKED = gzip.compress(json.dumps(reservation()).encode(), mtime=0)


async def _fail(reply: Reply) -> ChargeError:
    times = QUICK if reply.end == "hang" else None
    async with raw_server([reply]) as server, client(server.base_url, retry=NO_RETRY, timeouts=times) as charge:
        with pytest.raises(ChargeError) as caught:
            await charge.reservations.retrieve("res_1")
    return caught.value


async def test_the_documented_error_object_is_read_whole() -> None:
    error = await _fail(answer(DOCUMENTED, 404))
    assert isinstance(error, NotFound)
    assert (error.status, error.type, error.code) == (404, "invalid_request_error", "reservation_not_found")
    assert (error.param, error.message) == ("reservation", "Reservation not found.")
    assert error.doc_url == "https://docs.chargeapi.co/errors#reservation_not_found"
    assert error.request_id == "req_kwXoIIXGvOoNZYW2mZp0zVZomHFwUbbY"
    assert error.sentence == (
        "Could not read reservation res_1: the API says “Reservation not found.” "
        "(404 reservation_not_found, at reservation). Request req_kwXoIIXGvOoNZYW2mZp0zVZomHFwUbbY."
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequest),
        (401, AuthenticationFailed),
        (402, InvalidRequest),
        (403, PermissionDenied),
        (404, NotFound),
        (409, Conflict),
        (418, InvalidRequest),
        (422, InvalidRequest),
        (429, RateLimited),
        (500, ServerFault),
        (502, ServerFault),
        (599, ServerFault),
    ],
)
async def test_each_status_has_its_class(status: int, kind: type[APIError]) -> None:
    error = await _fail(answer({"message": "No."}, status))
    assert type(error) is kind
    assert isinstance(error, Refused) == (status < 500)
    assert error.meta is not None
    assert error.meta.status == status


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>\n  Bad  gateway\x1b[31m", b"[1]", b"null", b'{"message": 7}', b"\xff\xfe"]
)
async def test_an_error_body_of_another_shape_falls_back_to_the_status_line(body: bytes) -> None:
    error = await _fail(answer(body, 502, [("Request-Id", "req_1")]))
    assert isinstance(error, ServerFault)
    assert (error.code, error.message, error.param) == (None, None, None)
    assert "502 Bad Gateway" in error.sentence
    assert error.sentence.endswith("Request req_1.")
    assert error.sentence == safe(error.sentence, 1000)
    if b"html" in body:
        assert "Bad gateway" in error.sentence


async def test_a_wrapped_error_object_is_read_too() -> None:
    error = await _fail(answer({"error": {"message": "Quota", "code": None}}, 400))
    assert isinstance(error, InvalidRequest)
    assert (error.message, error.code) == ("Quota", None)


texts = st.none() | st.integers() | st.text(st.characters(codec=None)) | st.lists(st.text())


@given(
    fields=st.dictionaries(st.sampled_from([*DOCUMENTED, "error"]), texts),
    status=st.integers(400, 599),
    header=st.none() | st.text(),
)
def test_any_error_object_gives_a_sentence_that_is_safe_to_show(
    fields: dict[str, Any], status: int, header: str | None
) -> None:
    body = json.dumps(fields).encode()
    meta = Meta("GET", "/v1/reservations", status, None, None, None, None, 0.0, 0.0, len(body))
    headers = {} if header is None else {"retry-after": header}
    with pytest.raises(APIError) as caught:
        checked(Answer(meta, headers, body, "list reservations"), QuickClock().now())
    error = caught.value
    assert error.status == status
    assert str(status) in error.sentence
    assert error.sentence == safe(error.sentence, 10_000)
    assert error.retry_after is None or error.retry_after >= 0


async def test_nobody_listens() -> None:
    port = unused_port()
    async with client(f"http://127.0.0.1:{port}/v1", retry=NO_RETRY) as charge:
        with pytest.raises(NotReached) as caught:
            await charge.reservations.page()
    assert caught.value.sentence == (
        "Could not list reservations: 127.0.0.1 could not be reached (the connection was refused)."
    )


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (raw(end="close"), "cut off"),
        (raw(end="reset"), "reset"),
        (raw(end="hang"), "no answer in time"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), "cut off"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", end="hang"), "no answer in time"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"), "cut off"),
        (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "not HTTP"),
        (raw(b"HTTP/1.1 abc OK\r\n\r\n"), "not HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), "not HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\nA: " + b"a" * 200_000 + b"\r\n\r\n"), "not HTTP"),
    ],
    ids=["closed", "reset", "hang", "half", "stalled", "half chunk", "ssh", "status", "length", "long header"],
)
async def test_an_answer_that_does_not_come_whole_is_lost(reply: Reply, reason: str) -> None:
    error = await _fail(reply)
    assert isinstance(error, AnswerLost), error
    assert reason in error.sentence


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (answer("<html><b>Log in"), "is not JSON, beginning “<html><b>Log in”"),
        (answer(b"", 204), "is not JSON, and empty"),
        (answer("[]"), "is no whole reservation"),
        (answer({"id": "res_1"}), "is no whole reservation (created missing"),
        (answer(b"this is not gzip", 200, [("Content-Encoding", "gzip")]), "the answer (200) has a broken compression"),
        (answer(PACKED[:-9], 200, [("Content-Encoding", "gzip")]), "the answer (200) has a broken compression"),
        (answer(b"", 200, [("Content-Encoding", "gzip")]), "is not JSON, and empty"),
        (answer(PACKED, 200, [("Content-Encoding", "br")]), "has a compression that was not asked for"),
        (answer(PACKED, 200, [("Content-Encoding", "gzip, gzip")]), "has a compression that was not asked for"),
    ],
)
async def test_an_answer_that_cannot_be_read_says_how(reply: Reply, problem: str) -> None:
    error = await _fail(reply)
    assert isinstance(error, AnswerUnreadable)
    assert problem in error.sentence


@pytest.mark.parametrize("status", [401, 503])
async def test_a_body_that_cannot_be_read_does_not_hide_the_status(status: int) -> None:
    for reply in (
        answer(b"this is not gzip", status, [("Content-Encoding", "gzip")]),
        answer(b"x" * (BODY_LIMIT + 1), status),
    ):
        error = await _fail(reply)
        assert isinstance(error, APIError)
        assert error.status == status


async def test_a_body_is_read_up_to_its_limit_and_no_further() -> None:
    big = b" " * (BODY_LIMIT - 2)
    async with raw_server([answer(b"{}" + big)]) as server, client(server.base_url) as charge:
        assert len(await charge.reservations.raw("res_1")) == BODY_LIMIT
        server.script = lambda _: raw(b"HTTP/1.1 200 OK\r\n\r\n{}", *[b" " * 65536] * 96, end="hang")
        with pytest.raises(AnswerUnreadable, match="5 MB") as caught:
            await charge.reservations.raw("res_1")
        assert caught.value.meta is not None
        await server.until(lambda s: s.open <= 1)
        server.script = lambda _: answer(page())
        assert (await charge.reservations.page()).rows == ()


async def test_a_compressed_answer_is_read_as_it_was() -> None:
    pieces = [PACKED[at : at + 7] for at in range(0, len(PACKED), 7)]
    for coding in ("gzip", "GZip", "x-gzip"):
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode()
        async with raw_server([raw(head, *pieces)]) as server, client(server.base_url) as charge:
            assert (await charge.reservations.retrieve("res_1")).id == "res_1"
            assert server.seen[0].headers["accept-encoding"] == "gzip"


async def test_what_follows_the_compressed_body_is_neither_read_into_it_nor_kept() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    async with raw_server([raw(head, PACKED, b"junk")]) as server, client(server.base_url) as charge:
        assert (await charge.reservations.retrieve("res_1")).id == "res_1"
        server.script = lambda _: raw(head, PACKED, *[b"j" * 65536] * 96, end="hang")
        with pytest.raises(AnswerUnreadable, match="5 MB"):
            await charge.reservations.retrieve("res_1")


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_unpacked_to_its_end() -> None:
    bomb = gzip.compress(b" " * (20 * BODY_LIMIT))
    whole = gzip.compress(b"{}" + b" " * (BODY_LIMIT - 2))
    packed = [("Content-Encoding", "gzip")]
    async with raw_server([answer(whole, 200, packed)]) as server, client(server.base_url) as charge:
        assert len(await charge.reservations.raw("res_1")) == BODY_LIMIT
        server.script = lambda _: answer(bomb, 200, packed)
        tracemalloc.start()
        try:
            with pytest.raises(AnswerUnreadable, match="5 MB"):
                await charge.reservations.raw("res_1")
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert most < 6 * BODY_LIMIT
        server.script = lambda _: answer(page())
        assert (await charge.reservations.page()).rows == ()


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206, 299])
async def test_any_2xx_is_a_success(status: int) -> None:
    async with raw_server([answer(reservation(), status)]) as server, client(server.base_url) as charge:
        assert (await charge.reservations.confirm("res_1")).id == "res_1"


async def test_one_reservation_can_be_had_sound_odd_or_raw() -> None:
    text = '{"id": "res_1", "note": "\\ud800", "n": 1.50}'
    async with raw_server([answer(text)]) as server, client(server.base_url) as charge:
        assert await charge.reservations.raw("res_1") == text
        row = await charge.reservations.retrieve_row("res_1")
        assert isinstance(row, OddRow)
        assert row.id == "res_1"
        server.script = lambda _: answer(reservation(driver={"id": "drv_1", "name": "Maya"}))
        sound = await charge.reservations.retrieve("res_1", expand=["driver"])
        assert isinstance(sound, Reservation)
        assert sound.driver_id == "drv_1"
    assert server.seen[-1].target == "/v1/reservations/res_1?expand=driver"


async def test_what_the_headers_tell_stands_in_the_meta() -> None:
    headers = [
        ("Date", "Wed, 01 Apr 2026 03:14:00 GMT"),
        ("Charge-Sandbox-Now", "2026-04-01T03:14:00.250Z"),
        ("Charge-Sandbox-Rate", "60"),
        ("X-Request-Id", "req_1"),
    ]
    async with raw_server([answer(page(), 200, headers)]) as server, client(server.base_url) as charge:
        meta = (await charge.reservations.page()).meta
        server.script = lambda _: answer(page(), 200, [("Date", "soon"), ("Charge-Sandbox-Rate", "-inf")])
        bare = (await charge.reservations.page()).meta
    assert (meta.method, meta.path, meta.status, meta.request_id) == ("GET", "/v1/reservations", 200, "req_1")
    assert str(meta.date) == "2026-04-01 03:14:00+00:00"
    assert str(meta.world_now) == "2026-04-01 03:14:00.250000+00:00"
    assert meta.rate == 60.0
    assert (bare.date, bare.world_now, bare.rate, bare.request_id) == (None, None, None, None)


def _meta(date: str | None, rate: float | None = None) -> Meta:
    return Meta("GET", "/", 429, None, http_date(date), None, rate, 0.0, 0.0, 0)


@pytest.mark.parametrize(
    ("value", "date", "rate", "seconds"),
    [
        (None, None, None, None),
        ("7", None, None, 7.0),
        (" 7 ", None, None, 7.0),
        ("0.5", None, None, 0.5),
        ("-1", None, None, None),
        ("nan", None, None, None),
        ("1e999", None, None, None),
        ("soon", None, None, None),
        ("Thu, 02 Apr 2026 00:00:30 GMT", "Thu, 02 Apr 2026 00:00:10 GMT", None, 20.0),
        ("Thu, 02 Apr 2026 00:00:00 GMT", "Thu, 02 Apr 2026 00:00:10 GMT", None, 0.0),
        ("Wed, 01 Apr 2026 00:00:30 GMT", None, None, 30.0),
        ("Thu, 02 Apr 2026 00:10:00 GMT", "Thu, 02 Apr 2026 00:00:00 GMT", 60.0, 10.0),
    ],
)
def test_retry_after_is_read_in_both_forms(
    value: str | None, date: str | None, rate: float | None, seconds: float | None
) -> None:
    assert retry_after(value, _meta(date, rate), QuickClock().now()) == seconds


@given(text=st.text())
def test_no_header_makes_the_reading_of_dates_fail(text: str) -> None:
    at = http_date(text)
    assert at is None or at.tzinfo is not None
    wait = retry_after(text, _meta(text), QuickClock().now())
    assert wait is None or wait >= 0
