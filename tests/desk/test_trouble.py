"""How long the desk waits after a read that failed, and what it says meanwhile."""

import random

import pytest

from charge_tui.api import Meta
from charge_tui.api.errors import AuthenticationFailed, NotReached, RateLimited, ServerFault
from charge_tui.desk.state import Gravity
from charge_tui.desk.trouble import LONGEST_WAIT, REFUSED_EVERY, Trouble
from tests.support.reservations import NOON


def meta(status: int) -> Meta:
    return Meta("GET", "/v1/reservations", status, "req_1", None, None, None, 0.0, 0.1, 20)


def trouble(refresh: float = 15.0) -> Trouble:
    return Trouble(refresh, random.Random(1))


def words(state: Trouble) -> list[str]:
    return [problem.words for problem in state.problems()]


def test_three_failed_reads_in_a_row_are_offline_and_one_good_one_ends_it() -> None:
    state = trouble()
    offline = []
    for n in range(3):
        state.failed(NotReached("127.0.0.1:9", "connection refused"), float(n), NOON)
        offline.append(state.offline)
    assert offline == [False, False, True]
    assert words(state) == ["no answer"]
    assert state.answered(90.0) == 90.0
    assert [state.offline, words(state)] == [False, []]


def test_a_refusal_is_an_answer_so_it_takes_the_place_of_no_answer() -> None:
    state = trouble()
    for n in range(3):
        state.failed(NotReached("127.0.0.1:9", "connection refused"), float(n), NOON)
    state.failed(AuthenticationFailed("the key was refused", meta=meta(401)), 3.0, NOON)
    assert [state.offline, words(state)] == [True, ["key refused"]]


def test_waits_grow_and_never_exceed_the_interval() -> None:
    state = trouble()
    waits = []
    for n in range(40):
        state.failed(ServerFault("it broke", meta=meta(500)), float(n), NOON)
        waits.append(state.hold(float(n)))
    assert waits[0] <= 1.0
    assert max(waits) <= 15.0
    assert min(waits[10:]) >= 7.5


@pytest.mark.parametrize(("told", "expected"), [(1.0, 1.0), (600.0, 600.0), (86_400.0, LONGEST_WAIT)])
def test_a_rate_limit_is_obeyed_as_told_and_a_person_cannot_cut_it_short(told: float, expected: float) -> None:
    state = trouble()
    state.failed(RateLimited("too many requests", meta=meta(429), retry_after=told), 0.0, NOON)
    assert state.hold(0.0) == expected
    state.hurry()
    assert state.hold(0.0) == expected
    assert words(state) == ["rate limited"]
    assert not state.offline


def test_a_rate_limit_without_a_time_backs_off_within_the_interval() -> None:
    state = trouble()
    for n in range(10):
        state.failed(RateLimited("too many requests", meta=meta(429)), float(n), NOON)
        assert 0 < state.hold(float(n)) <= 15.0
    assert not state.offline


def test_a_refused_key_is_tried_again_every_five_minutes_and_when_asked() -> None:
    state = trouble()
    state.failed(AuthenticationFailed("the key was refused", meta=meta(401)), 0.0, NOON)
    assert state.offline
    assert state.hold(0.0) == REFUSED_EVERY
    (problem,) = state.problems()
    assert problem.gravity is Gravity.ERROR
    assert "charge-tui doctor" in problem.sentence
    state.hurry()
    assert state.hold(0.0) == 0.0


def test_a_problem_keeps_the_moment_at_which_it_began() -> None:
    state = trouble()
    for n in range(9):
        state.failed(NotReached("host", "no route"), float(n), NOON.replace(minute=n))
    (problem,) = state.problems()
    assert problem.since == NOON.replace(minute=2)
