"""What time it is where the reservations live, and how far that may be wrong."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.worldclock import WorldClock
from tests.support.clocks import StoppedClock
from tests.support.reservations import NOON


def test_without_a_word_from_the_server_it_is_our_own_time() -> None:
    clock = StoppedClock(100.0)
    world = WorldClock(clock)
    assert world.now() == clock.now()
    assert world.skew() is None


@given(st.integers(-7200, 7200))
def test_countdowns_follow_the_servers_date_to_a_second_or_two(ahead: int) -> None:
    clock = StoppedClock()
    world = WorldClock(clock)
    for _ in range(5):
        clock.at += 15
        date = (clock.now() + timedelta(seconds=ahead)).replace(microsecond=0)
        world.observe(date=date, world_now=None, rate=None, sent=clock.at, received=clock.at)
    skew = world.skew()
    assert skew is not None
    assert abs(skew - ahead) <= 1
    assert abs((world.now() - clock.now()).total_seconds() - ahead) <= 2


def test_one_odd_date_among_five_sets_no_clock() -> None:
    clock = StoppedClock()
    world = WorldClock(clock)
    for ahead in (0, 0, 86_400, 0, 0):
        date = clock.now() + timedelta(seconds=ahead)
        world.observe(date=date, world_now=None, rate=None, sent=clock.at, received=clock.at)
    assert world.now() == clock.now()


def test_an_announced_world_is_counted_on_at_its_own_rate() -> None:
    clock = StoppedClock()
    world = WorldClock(clock)
    there = NOON - timedelta(days=30)
    world.observe(date=there, world_now=there, rate=60.0, sent=0.0, received=0.0)
    clock.at = 10.0
    assert world.now() == there + timedelta(minutes=10)
    assert world.real(600.0) == 10.0
    assert world.skew() is None


def test_a_world_that_was_advanced_is_noticed_at_once() -> None:
    clock = StoppedClock()
    world = WorldClock(clock)
    jumps: list[float] = []
    world.on_jump = jumps.append
    world.observe(date=None, world_now=NOON, rate=1.0, sent=0.0, received=0.0)
    clock.at = 1.0
    world.observe(date=None, world_now=NOON + timedelta(hours=6), rate=1.0, sent=1.0, received=1.0)
    assert [round(jump) for jump in jumps] == [6 * 3600 - 1]
    assert world.now() == NOON + timedelta(hours=6)


def test_a_slow_answer_does_not_make_the_clock_jitter() -> None:
    clock = StoppedClock()
    world = WorldClock(clock)
    world.observe(date=None, world_now=NOON, rate=1.0, sent=0.0, received=0.0)
    clock.at = 10.0
    world.observe(date=None, world_now=NOON + timedelta(seconds=9), rate=1.0, sent=6.0, received=10.0)
    assert world.now() == NOON + timedelta(seconds=10)


def test_a_world_that_stands_still_never_gets_anywhere() -> None:
    world = WorldClock(StoppedClock())
    world.observe(date=None, world_now=NOON, rate=0.0, sent=0.0, received=0.0)
    assert world.real(60.0) == float("inf")


def test_the_time_that_a_machine_slept_is_counted() -> None:
    clock = StoppedClock()
    world = WorldClock(clock)
    world.observe(date=None, world_now=NOON, rate=1.0, sent=0.0, received=0.0)
    world.suspended(8 * 3600.0)
    assert world.now() == NOON + timedelta(hours=8)


def test_the_time_is_a_guess_until_an_answer_has_come() -> None:
    world = WorldClock(StoppedClock())
    told = [world.sure]
    world.observe(date=None, world_now=None, rate=None, sent=0.0, received=0.0)
    told.append(world.sure)
    world.suspended(0.0)
    told.append(world.sure)
    assert told == [False, True, False], "somebody may have set the clock"
