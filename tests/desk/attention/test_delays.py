"""A finding comes when it was seen twice, stays a while after it ended, and does neither twice."""

from datetime import timedelta

from charge_tui.domain.attention.finding import Kind, Severity
from tests.support.handdesk import HandDesk, lost, right, wrong
from tests.support.reservations import NOON, reservation


def test_the_first_look_shows_at_once_what_it_finds() -> None:
    assert HandDesk(wrong()).shown() == ["wrong window:res_1"]


def test_after_it_a_finding_shows_when_it_was_seen_twice() -> None:
    desk = HandDesk(right()).looked()
    desk.pass_(10)
    desk.see(wrong().model_copy(update={"updated": NOON + timedelta(seconds=70)}))
    assert desk.shown() == []
    desk.pass_(4)
    assert desk.shown() == []
    desk.pass_(1)
    assert desk.shown() == ["wrong window:res_1"]


def test_one_sight_is_not_two_however_often_it_is_looked_at() -> None:
    desk = HandDesk(right()).looked()
    desk.see(wrong().model_copy(update={"updated": NOON + timedelta(seconds=70)}))
    desk.pass_(119, seen=False)
    assert desk.shown() == []
    desk.pass_(1, seen=False)
    assert desk.shown() == ["wrong window:res_1"], "the second sight may never come while the network is away"


def test_a_critical_one_shows_at_once() -> None:
    desk = HandDesk(reservation(starts_in=1200)).looked().until(NOON + timedelta(seconds=1200))
    assert desk.finding("not confirmed:res_1").severity is Severity.CRITICAL


def test_a_failure_needs_no_second_sight_for_it_is_final() -> None:
    desk = HandDesk(reservation(starts_in=1800)).looked()
    desk.see(lost(limit=4 * 3600))
    assert desk.finding("lost:res_1").severity is Severity.HIGH
    assert desk.shown() == ["lost:res_1"]


def test_a_flicker_is_never_shown() -> None:
    desk = HandDesk(right()).looked()
    desk.see(wrong().model_copy(update={"updated": NOON + timedelta(seconds=70)}))
    desk.see(right().model_copy(update={"updated": NOON + timedelta(seconds=80)}))
    desk.pass_(200)
    assert desk.shown() == []
    assert desk.watch.figures().kinds == {}


def test_one_that_ended_stays_for_half_a_minute_and_is_called_over() -> None:
    desk = HandDesk(wrong()).looked()
    desk.see(right())
    desk.pass_(29)
    assert desk.shown() == ["wrong window:res_1"]
    assert desk.watch.is_over("wrong window:res_1")
    desk.pass_(1)
    assert desk.shown() == []


def test_one_that_comes_back_meanwhile_is_the_same_one() -> None:
    desk = HandDesk(wrong()).looked()
    desk.see(right())
    desk.pass_(20)
    desk.see(wrong().model_copy(update={"updated": NOON + timedelta(seconds=70)}))
    desk.pass_(60)
    assert desk.shown() == ["wrong window:res_1"]
    assert not desk.watch.is_over("wrong window:res_1")
    assert desk.watch.figures().kinds[Kind.WRONG_WINDOW].begun == 1


def test_what_a_write_of_this_desk_resolved_goes_at_once() -> None:
    desk = HandDesk(wrong()).looked()
    desk.see(right(), source="write")
    assert desk.shown() == []


def test_an_odd_row_and_one_that_is_gone_leave_nothing_behind() -> None:
    desk = HandDesk(wrong()).looked()
    desk.desk.take_gone("res_1")
    desk.desk.step_done()
    desk.rows.clear()
    desk.pass_(31)
    assert desk.shown() == []
    assert desk.watch.engine.findings == {}
