"""What a watch knows beyond the rows: changed windows, odd turns, who cancelled, what was booked in whose place."""

from datetime import timedelta

from charge_tui.desk.attention.watch import Watch
from charge_tui.domain.attention.finding import Mark
from tests.support.handdesk import HandDesk, lost, waiting
from tests.support.reservations import NOON, reservation


def marks(desk: HandDesk, identity: str = "res_1") -> set[Mark]:
    return {marked.mark for marked in desk.watch.marks(identity)}


def test_a_window_that_was_moved_closer_is_given_its_grace_from_then_on() -> None:
    desk = HandDesk(waiting(starts_in=7200)).looked()
    desk.pass_(60).see(waiting(starts_in=1500, updated=NOON + timedelta(seconds=60)))
    desk.pass_(290)
    assert desk.shown() == []
    desk.pass_(60)
    assert desk.shown() == ["not confirmed:res_1"]


def test_a_turn_that_the_lifecycle_does_not_have_is_a_mark_not_a_crash() -> None:
    desk = HandDesk(reservation(status="completed")).looked()
    desk.see(reservation(status="pending", updated=NOON + timedelta(seconds=5)))
    assert marks(desk) == {Mark.ODD_DATA}
    assert any("completed, then pending" in marked.words for marked in desk.watch.marks("res_1"))


def test_cancelled_by_somebody_else_is_a_mark_and_by_this_desk_is_none() -> None:
    for source, expected in (("poll", {Mark.CANCELLED_ELSEWHERE}), ("write", set())):
        desk = HandDesk(reservation()).looked()
        desk.see(reservation(status="cancelled", updated=NOON + timedelta(seconds=5)), source=source)
        assert marks(desk) == expected


def test_one_that_was_cancelled_before_this_desk_looked_is_no_news() -> None:
    assert marks(HandDesk(reservation(status="cancelled")).looked()) == set()


def test_a_booking_in_its_place_resolves_a_lost_one_at_once_when_it_was_made_here() -> None:
    desk = HandDesk(lost()).looked()
    assert desk.shown() == ["lost:res_1"]
    copy = waiting("res_2", starts_in=1800, vehicle="veh_res_1", created=NOON, metadata={"replaces": "res_1"})
    assert "lost:res_1" in {finding.key for finding in desk.watch.what_if({"res_2": copy}).resolves}
    desk.see(copy, source="write")
    assert "lost:res_1" not in desk.shown()


def test_listeners_are_told_until_they_leave() -> None:
    desk = HandDesk().looked()
    told: list[Watch] = []
    leave = desk.watch.subscribe(lambda: told.append(desk.watch))
    desk.see(lost())
    assert told
    leave()
    told.clear()
    desk.see(lost("res_2"))
    assert told == []
    assert not desk.watch.tick()


def test_a_row_that_the_desk_forgot_is_forgotten_here() -> None:
    desk = HandDesk(lost()).looked()
    desk.rows.clear()
    desk.desk.mirror.prune(desk.now + timedelta(days=3), timedelta(hours=24))
    desk.pass_(120)
    assert desk.shown() == []
    assert desk.watch.of("res_1") == ()
