"""The record of findings: what a doctor reads of them when no desk runs."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from charge_tui.desk.attention.figures import How
from charge_tui.desk.attention.record import Past, past
from charge_tui.desk.desk_store import desk_store
from charge_tui.desk.picture import Inline
from charge_tui.desk.store import Store
from charge_tui.domain.attention.finding import Severity
from tests.support.clocks import StoppedClock
from tests.support.handdesk import HandDesk, lost, right, waiting, wrong
from tests.support.reservations import NOON, reservation


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    store = desk_store(path, writer=Inline())
    try:
        yield store
    finally:
        store.close()


def record(path: Path, desk: HandDesk) -> Past:
    db = sqlite3.connect(path)
    try:
        return past(db, "test", desk.now)
    finally:
        db.close()


async def test_the_record_says_how_many_came_how_bad_and_what_ended_them(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    with opened(path) as store:
        desk = HandDesk(wrong("res_1"), wrong("res_2"), waiting("res_3"), store=store).looked()
        await desk.watch.acknowledge(("wrong window:res_2",))
        desk.see(right("res_1"), right("res_2")).pass_(40)
        desk.until(NOON + timedelta(seconds=400))
        found = record(path, desk)
        assert (found.begun, found.recent, found.busiest) == (3, 3, 3)
        assert found.severities == {Severity.HIGH: 3}, "the worst that each had"
        assert found.kinds == {"wrong window": {How.ALONE: 1, How.DEALT: 1}, "not confirmed": {}}
        assert found.oldest == NOON
        desk.until(NOON + timedelta(seconds=1200 + 5400))
        desk.see(waiting("res_3", status="expired", updated=desk.now)).pass_(40)
        found = record(path, desk)
        assert found.kinds["not confirmed"] == {How.RAN_OUT: 1}
        assert desk.shown() == []
        assert (found.recent, found.oldest) == (0, None)


async def test_two_desks_that_see_the_same_write_it_once(tmp_path: Path) -> None:
    path, clock = tmp_path / "desk.sqlite", StoppedClock()
    with opened(path) as one, opened(path) as other:
        ana = HandDesk(lost(), store=one, clock=clock).looked()
        ben = HandDesk(lost(), store=other, clock=clock).looked()
        for desk in (ana, ben):
            desk.see(reservation("res_1", status="cancelled", updated=desk.now)).pass_(31)
        assert record(path, ana).kinds == {"lost": {How.ALONE: 1}}


async def test_what_was_over_when_a_desk_looked_again_is_not_said_to_be_there(tmp_path: Path) -> None:
    path, clock = tmp_path / "desk.sqlite", StoppedClock()
    with opened(path) as store:
        HandDesk(wrong("res_1"), wrong("res_2"), store=store, clock=clock).looked()
    clock.at += 600
    with opened(path) as store:
        desk = HandDesk(right("res_1"), wrong("res_2"), store=store, clock=clock).looked()
        found = record(path, desk)
        assert found.kinds == {"wrong window": {How.UNSEEN: 1}}
        assert found.begun == 2


async def test_the_record_forgets_what_is_old_and_over(tmp_path: Path) -> None:
    path, clock = tmp_path / "desk.sqlite", StoppedClock()
    with opened(path) as store:
        desk = HandDesk(wrong("res_1"), wrong("res_2", starts_in=200 * 86_400), store=store, clock=clock).looked()
        desk.see(right("res_1")).pass_(40)
    clock.at += 100 * 86_400
    with opened(path) as store:
        HandDesk(wrong("res_2", starts_in=200 * 86_400), store=store, clock=clock).looked()
        db = sqlite3.connect(path)
        assert db.execute("SELECT key FROM alarm").fetchall() == [('"wrong window:res_2"',)]
        db.close()
