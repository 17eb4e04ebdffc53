"""Much at once is told as one thing; the bell rings for the critical alone, and seldom."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.attention.flood import BELL_EVERY, Bell
from charge_tui.domain.attention.finding import Kind, Severity
from charge_tui.domain.reservation import Row
from tests.support.handdesk import HandDesk, lost, waiting, wrong
from tests.support.reservations import NOON, reservation


def failing(count: int, *, minute: float = 0, first: int = 0) -> list[Row]:
    """So many that failed in that minute, with hours left for a replacement: high."""
    at = NOON + timedelta(minutes=minute)
    return [
        lost(f"res_{n}", limit=9 * 3600, updated=at, created=NOON - timedelta(minutes=n), payment_method=f"pm_{n}")
        for n in range(first, first + count)
    ]


def test_the_first_look_after_a_start_is_no_flood_whatever_it_finds() -> None:
    desk = HandDesk(*failing(30)).looked().pass_(60)
    queue = desk.watch.queue()
    assert (queue.flood, len(queue.entries)) == (False, 30)


def test_what_failed_before_the_start_and_is_found_on_looking_back_is_no_flood_either() -> None:
    desk = HandDesk().looked().pass_(60)
    desk.see(*failing(30, minute=-30)).pass_(10)
    assert not desk.watch.queue().flood


def test_ten_new_in_ten_minutes_are_a_flood_until_fewer_than_five_came_in_ten() -> None:
    desk = HandDesk().looked()
    desk.see(*failing(9, minute=1))
    assert not desk.watch.queue().flood
    desk.pass_(120)
    desk.see(*failing(1, minute=2, first=9))
    queue = desk.watch.queue()
    assert queue.flood
    assert {finding.lead for finding in queue.flooded} == {f"res_{n}" for n in range(10)}
    desk.pass_(470)
    assert desk.watch.queue().flood
    desk.pass_(20)
    assert not desk.watch.queue().flood
    assert desk.watch.queue().flooded == ()
    assert len(desk.watch.queue().entries) == 10


def test_the_bell_rings_once_for_a_critical_one_and_for_nothing_else() -> None:
    desk = HandDesk(lost("res_old"), waiting()).looked()
    assert desk.watch.to_ring() is None, "whoever has just come sees it"
    desk.see(wrong("res_2")).pass_(60)
    assert desk.watch.to_ring() is None
    desk.see(lost("res_3", updated=desk.now))
    rung = desk.watch.to_ring()
    assert rung is not None
    assert (rung.lead, rung.severity) == ("res_3", Severity.CRITICAL)
    assert desk.watch.to_ring() is None


async def test_the_bell_waits_for_its_minute_and_forgets_what_was_taken_meanwhile() -> None:
    desk = HandDesk().looked()
    desk.see(lost("res_1", updated=desk.now))
    assert desk.watch.to_ring() is not None
    desk.see(lost("res_2", updated=desk.now))
    desk.see(lost("res_3", updated=desk.now))
    await desk.watch.acknowledge(("lost:res_2",))
    desk.pass_(59)
    assert desk.watch.to_ring() is None
    desk.pass_(1)
    rung = desk.watch.to_ring()
    assert rung is not None
    assert rung.lead == "res_3"


def test_no_bell_in_a_flood() -> None:
    desk = HandDesk().looked()
    desk.see(*failing(10))
    desk.see(lost("res_c", updated=desk.now))
    assert desk.watch.queue().flood
    assert desk.watch.to_ring() is None


@given(st.lists(st.tuples(st.floats(0, 90), st.frozensets(st.sampled_from("abcdef")), st.booleans()), max_size=60))
def test_the_bell_never_rings_twice_in_a_minute_nor_twice_for_what_stays(
    steps: list[tuple[float, frozenset[str], bool]],
) -> None:
    bell, now, rang = Bell(), 0.0, list[float]()
    there, told = frozenset[str](), frozenset[str]()
    for pause, critical, silent in steps:
        now += pause
        new = bell.rings(critical, now, silent=silent)
        assert new <= critical
        assert not new & (told & there)
        assert not (new and silent)
        if new:
            rang.append(now)
        there, told = critical, (critical if silent or new else told & critical)
    assert all(later - earlier >= BELL_EVERY for earlier, later in pairwise(rang))


def test_the_figures_say_how_many_came_how_bad_and_what_became_of_them() -> None:
    desk = HandDesk(wrong("res_1")).looked()
    desk.see(*failing(3))
    figures = desk.watch.figures()
    assert figures.recent == 3
    assert figures.severities == {Severity.HIGH: 4}
    assert figures.oldest == NOON
    desk.see(reservation("res_1", status="cancelled", updated=desk.now)).pass_(30)
    course = desk.watch.figures().kinds[Kind.WRONG_WINDOW]
    assert (course.begun, course.ended, course.alone, course.share) == (1, 1, 1, 1.0)
