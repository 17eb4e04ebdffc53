"""Repetition: what is sent again, after how long, and what a POST that failed is known to have done."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.api import (
    NO_RETRY,
    AnswerLost,
    AnswerUnreadable,
    AuthenticationFailed,
    ChargeClient,
    ChargeError,
    Conflict,
    InvalidRequest,
    NotFound,
    NotReached,
    OutcomeUnknown,
    RateLimited,
    Redirected,
    Refused,
    RetryPolicy,
    ServerFault,
)
from charge_tui.domain.reservation import Reservation
from tests.api.support import NEW, QUICK, QuickClock, Recorder, client, page, reservation
from tests.support.rawserver import RawServer, Reply, answer, raw, raw_server, unused_port

Call = Callable[[ChargeClient], Awaitable[Any]]

OK = answer(reservation())
LOST = raw(end="reset")
HALF = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
SILENT = raw(end="hang")
HTML = answer("<html>")


def fault(status: int, headers: tuple[tuple[str, str], ...] = (), **fields: Any) -> Reply:
    """An error of the API."""
    return answer({"object": "error", "message": "No.", **fields}, status, headers)


async def _read(charge: ChargeClient) -> Any:
    return await charge.reservations.retrieve("res_1")


async def _create(charge: ChargeClient) -> Any:
    return await charge.reservations.create(**NEW)


async def _run(call: Call, *replies: Reply, **settings: Any) -> tuple[Any, RawServer]:
    times = QUICK if SILENT in replies else None
    async with raw_server(replies) as server, client(server.base_url, timeouts=times, **settings) as charge:
        try:
            return await call(charge), server
        except ChargeError as error:
            return error, server


@pytest.mark.parametrize("trouble", [LOST, HALF, SILENT, fault(429), fault(500), fault(502), fault(503), fault(504)])
@pytest.mark.parametrize("call", [_read, _create])
async def test_trouble_that_passes_is_not_seen_by_the_caller(call: Call, trouble: Reply) -> None:
    got, server = await _run(call, trouble, trouble, trouble, OK)
    assert isinstance(got, Reservation)
    assert len(server.seen) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
@pytest.mark.parametrize("call", [_read, _create])
async def test_a_refusal_is_raised_at_once(call: Call, status: int) -> None:
    got, server = await _run(call, fault(status), OK)
    assert isinstance(got, Refused)
    assert len(server.seen) == 1


async def test_a_read_that_never_succeeds_ends_with_its_last_error() -> None:
    for trouble, kind in ((LOST, AnswerLost), (fault(503), ServerFault), (fault(429), RateLimited)):
        got, server = await _run(_read, trouble)
        assert type(got) is kind
        assert len(server.seen) == 4


async def test_a_read_of_html_is_not_repeated_but_a_write_is() -> None:
    got, server = await _run(_read, HTML, OK)
    assert isinstance(got, AnswerUnreadable)
    assert len(server.seen) == 1
    got, server = await _run(_create, HTML, OK)
    assert isinstance(got, Reservation)
    assert len(server.seen) == 2


async def test_every_attempt_of_a_write_has_the_same_key_and_the_same_bytes() -> None:
    _, server = await _run(_create, LOST, HALF, fault(503), OK)
    assert len({(seen.target, seen.headers["idempotency-key"], seen.body) for seen in server.seen}) == 1
    assert len(server.seen) == 4


async def test_keys_come_from_the_given_randomness() -> None:
    keys = [(await _run(_create, OK, seed=seed))[1].seen[0].headers["idempotency-key"] for seed in (1, 1, 2)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("trouble", [LOST, HALF, SILENT, fault(500), fault(503), HTML])
async def test_a_write_whose_answer_stays_lost_has_an_unknown_outcome(trouble: Reply) -> None:
    got, server = await _run(_create, trouble)
    assert isinstance(got, OutcomeUnknown)
    assert got.attempts == len(server.seen) == 4
    assert got.idempotency_key == server.seen[0].headers["idempotency-key"]
    assert isinstance(got.last, AnswerLost | ServerFault | AnswerUnreadable)
    assert got.__cause__ is got.last
    assert got.sentence.startswith("It is unknown whether this took effect: create a reservation. Sent 4 times;")
    assert got.idempotency_key in got.sentence


@pytest.mark.parametrize("last", [fault(401), fault(403), fault(409), fault(429), fault(400, code="x_invalid_state")])
async def test_a_lost_attempt_stays_in_doubt_when_the_next_is_turned_away(last: Reply) -> None:
    got, _ = await _run(_create, LOST, last)
    assert isinstance(got, OutcomeUnknown)
    assert isinstance(got.last, Refused)


async def test_a_lost_attempt_is_settled_by_the_refusal_of_the_request_itself() -> None:
    got, _ = await _run(_create, LOST, fault(400, code="reservation_invalid_input"))
    assert type(got) is InvalidRequest
    got, _ = await _run(_create, fault(503), fault(404, code="driver_not_found"))
    assert type(got) is NotFound


@pytest.mark.parametrize(
    ("trouble", "kind"), [(fault(429), RateLimited), (fault(409), Conflict), (fault(401), AuthenticationFailed)]
)
async def test_a_write_that_was_only_turned_away_did_nothing(trouble: Reply, kind: type[ChargeError]) -> None:
    got, _ = await _run(_create, trouble)
    assert type(got) is kind


async def test_a_write_that_never_got_a_connection_did_nothing() -> None:
    observer = Recorder()
    async with client(f"http://127.0.0.1:{unused_port()}/v1", observer=observer) as charge:
        with pytest.raises(NotReached):
            await _create(charge)
    assert len(observer.sent) == 4


@pytest.mark.parametrize(
    ("status", "kind"), [(302, OutcomeUnknown), (303, OutcomeUnknown), (307, Redirected), (308, Redirected)]
)
async def test_a_redirected_write_did_nothing_only_if_the_redirect_says_so(
    status: int, kind: type[ChargeError]
) -> None:
    got, server = await _run(_create, answer(b"", status, [("Location", "http://127.0.0.1/")]))
    assert type(got) is kind
    assert len(server.seen) == 1


async def test_a_write_that_answers_with_half_a_reservation_is_in_doubt_and_shows_it() -> None:
    got, server = await _run(_create, answer({"id": "res_9", "status": "pending"}, 201))
    assert isinstance(got, OutcomeUnknown)
    assert isinstance(got.last, AnswerUnreadable)
    assert got.last.row == {"id": "res_9", "status": "pending"}
    assert len(server.seen) == 1


async def test_without_retries_there_is_one_attempt() -> None:
    for settings in ({"retry": NO_RETRY}, {"retry": RetryPolicy(retries=0)}):
        got, server = await _run(_create, LOST, OK, **settings)
        assert isinstance(got, OutcomeUnknown)
        assert (got.attempts, len(server.seen)) == (1, 1)
        assert "Sent once" in got.sentence


async def test_a_call_may_bring_its_own_policy() -> None:
    async with raw_server([LOST, OK]) as server, client(server.base_url) as charge:
        with pytest.raises(AnswerLost):
            await charge.reservations.page(retry=NO_RETRY)
    assert len(server.seen) == 1


async def test_retry_after_is_waited_for_in_both_forms_and_never_cut_short() -> None:
    clock = QuickClock()
    date = [("Date", "Wed, 01 Apr 2026 00:00:00 GMT"), ("Retry-After", "Wed, 01 Apr 2026 00:01:30 GMT")]
    replies = (fault(429, (("Retry-After", "120"),)), answer({}, 503, date), fault(429, (("Retry-After", "0"),)), OK)
    got, _ = await _run(_read, *replies, clock=clock)
    assert isinstance(got, Reservation)
    first, second, third = clock.slept
    assert 120 <= first <= 120.5
    assert 90 <= second <= 90.5
    assert 0 <= third <= 0.5


async def test_a_longer_retry_after_is_left_to_the_caller() -> None:
    clock = QuickClock()
    got, server = await _run(_read, fault(429, (("Retry-After", "121"),)), OK, clock=clock)
    assert isinstance(got, RateLimited)
    assert got.retry_after == 121
    assert (clock.slept, len(server.seen)) == ([], 1)
    got, _ = await _run(_read, fault(429, (("Retry-After", "121"),)), OK, retry=RetryPolicy(longest_wait=900))
    assert isinstance(got, Reservation)


@given(seed=st.integers(), attempt=st.integers(1, 40), policy=st.builds(RetryPolicy, st.just(40), st.floats(0, 10)))
def test_the_drawn_wait_lies_below_a_doubling_ceiling(seed: int, attempt: int, policy: RetryPolicy) -> None:
    wait = policy.wait(attempt, AnswerLost("h", "r"), Random(seed))
    assert wait is not None
    assert 0 <= wait <= min(policy.ceiling, policy.base * 2 ** (attempt - 1))


async def test_every_repetition_can_be_seen() -> None:
    observer = Recorder()
    clock = QuickClock()
    await _run(_create, LOST, fault(503), OK, observer=observer, clock=clock)
    assert [sent.attempt for sent in observer.sent] == [1, 2, 3]
    assert [meta.status for meta in observer.answers] == [503, 200]
    assert [(attempt, type(error)) for attempt, _, error in observer.retries] == [(1, AnswerLost), (2, ServerFault)]
    assert [seconds for _, seconds, _ in observer.retries] == clock.slept
    assert observer.failures == []
    got, _ = await _run(_create, LOST, observer=observer)
    assert observer.failures == [got]


KINDS: dict[str, Reply] = {
    "ok": OK,
    "lost": LOST,
    "half": HALF,
    "html": HTML,
    "429": fault(429),
    "500": fault(500),
    "503": fault(503, (("Retry-After", "3"),)),
    "400": fault(400),
    "401": fault(401),
    "409": fault(409, code="charging_session_conflict"),
    "302": answer(b"", 302),
    "odd": answer({"id": "res_1"}),
    "garbage": raw(b"\x16\x03\x01 not http\r\n\r\n"),
}
DONE_NOTHING = {"429", "400", "401", "409"}
"""Answers of a server that did not carry out the request; any other may have."""


@given(names=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=6), seed=st.integers())
async def test_any_sequence_of_troubles_keeps_one_key_and_tells_the_truth(names: list[str], seed: int) -> None:
    got, server = await _run(_create, *[KINDS[name] for name in names], seed=seed)
    assert len({(seen.headers["idempotency-key"], seen.body) for seen in server.seen}) == 1
    given_out = [names[min(number, len(names) - 1)] for number in range(len(server.seen))]
    assert 1 <= len(given_out) <= 4
    doubtful = any(name not in DONE_NOTHING for name in given_out)
    if isinstance(got, Reservation):
        assert given_out[-1] == "ok"
    elif isinstance(got, OutcomeUnknown):
        assert doubtful
        assert got.idempotency_key == server.seen[0].headers["idempotency-key"]
    else:
        assert isinstance(got, Refused)
        assert not doubtful or given_out[-1] == "400"


async def test_a_page_is_repeated_like_any_read() -> None:
    async with raw_server([LOST, answer(page(reservation()))]) as server, client(server.base_url) as charge:
        assert [r.id async for r in charge.reservations.list()] == ["res_1"]
