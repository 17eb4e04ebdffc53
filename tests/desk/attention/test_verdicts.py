"""What a person says about a finding: how long it holds, what ends it, what it needs."""

from datetime import timedelta

import pytest

from charge_tui.desk.attention.judging import VerdictRefused
from charge_tui.desk.attention.state import Said
from charge_tui.domain.attention.finding import Severity
from charge_tui.domain.reservation import Reservation
from tests.support.clocks import StoppedClock
from tests.support.handdesk import HandDesk, lost, right, waiting, wrong
from tests.support.reservations import NOON

WRONG = "wrong window:res_1"
LOST = "lost:res_1"
WAITING = "not confirmed:res_1"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


async def test_an_acknowledged_one_sinks_below_the_fresh_under_the_name_of_who_took_it() -> None:
    desk = HandDesk(wrong(), waiting("res_2")).looked()
    assert desk.shown() == [WRONG, "not confirmed:res_2"]
    await desk.watch.acknowledge((WRONG,))
    assert desk.shown() == ["not confirmed:res_2", WRONG]
    verdict = desk.watch.queue().entries[1].verdict
    assert verdict is not None
    assert (verdict.said, verdict.by, verdict.at) == (Said.ACKNOWLEDGED, "Ana", desk.now)
    assert desk.watch.queue().waiting == 1


async def test_taken_back_it_is_fresh_again() -> None:
    desk = HandDesk(wrong()).looked()
    await desk.watch.acknowledge((WRONG,))
    await desk.watch.take_back(WRONG)
    assert desk.fresh() == [WRONG]


@pytest.mark.parametrize(
    ("row", "key", "after"), [(lost(), LOST, 30), (wrong(starts_in=20_000), WRONG, 120)], ids=["critical", "high"]
)
async def test_a_critical_one_comes_back_after_half_an_hour_and_a_high_one_after_two(
    row: Reservation, key: str, after: float
) -> None:
    desk = HandDesk(row).looked()
    await desk.watch.acknowledge((key,))
    desk.until(NOON + minutes(after) - timedelta(seconds=1))
    assert (desk.shown(), desk.fresh()) == ([key], [])
    desk.until(NOON + minutes(after))
    assert desk.fresh() == [key]


async def test_a_medium_one_stays_acknowledged_until_it_gets_worse() -> None:
    desk = HandDesk(waiting()).looked().pass_(60)
    assert desk.finding(WAITING).severity is Severity.MEDIUM
    await desk.watch.acknowledge((WAITING,))
    desk.until(NOON + timedelta(seconds=299))
    assert desk.fresh() == []
    desk.until(NOON + timedelta(seconds=300))
    assert desk.finding(WAITING).severity is Severity.HIGH
    assert desk.fresh() == [WAITING]


async def test_other_facts_undo_an_acknowledgement_and_wake_a_snoozed_one() -> None:
    for said in (Said.ACKNOWLEDGED, Said.SNOOZED):
        desk = HandDesk(wrong()).looked()
        if said is Said.SNOOZED:
            await desk.watch.snooze(WRONG, None, "driver knows")
        else:
            await desk.watch.acknowledge((WRONG,))
        assert desk.fresh() == []
        desk.see(wrong(late=1800, updated=NOON + minutes(1)))
        assert desk.fresh() == [WRONG]
        desk.see(wrong(updated=NOON + minutes(2)))
        assert desk.fresh() == [WRONG], "what was undone does not come back with the old facts"


async def test_a_verdict_ends_with_its_finding_and_one_that_comes_back_is_fresh() -> None:
    desk = HandDesk(wrong()).looked()
    await desk.watch.acknowledge((WRONG,))
    desk.see(right()).pass_(31)
    assert desk.shown() == []
    desk.see(wrong(updated=NOON + minutes(5))).pass_(30)
    assert desk.fresh() == [WRONG]


async def test_a_finding_that_flickers_within_the_off_delay_keeps_its_verdict() -> None:
    desk = HandDesk(wrong()).looked()
    await desk.watch.acknowledge((WRONG,))
    desk.see(right()).pass_(10)
    desk.see(wrong(updated=NOON + minutes(5))).pass_(60)
    assert (desk.shown(), desk.fresh()) == ([WRONG], [])


async def test_a_snoozed_one_is_out_of_sight_and_comes_back_at_its_time() -> None:
    desk = HandDesk(wrong()).looked()
    await desk.watch.snooze(WRONG, desk.now + minutes(15), "phoned")
    assert (desk.shown(), desk.snoozed()) == ([], [WRONG])
    desk.until(NOON + minutes(15) - timedelta(seconds=1))
    assert desk.shown() == []
    desk.until(NOON + minutes(15))
    assert (desk.fresh(), desk.snoozed()) == ([WRONG], [])


async def test_a_snooze_wakes_when_asked() -> None:
    desk = HandDesk(wrong()).looked()
    await desk.watch.snooze(WRONG, None, "phoned")
    await desk.watch.wake(WRONG)
    assert desk.fresh() == [WRONG]


async def test_a_snooze_never_outlasts_five_minutes_before_its_time() -> None:
    desk = HandDesk(wrong()).looked()
    due = desk.finding(WRONG).due
    assert desk.watch.snooze_limits(desk.finding(WRONG)) == due - minutes(5)
    await desk.watch.snooze(WRONG, desk.now + minutes(600), "phoned")
    verdict = desk.watch.queue().snoozed[0].verdict
    assert verdict is not None
    assert verdict.until == due - minutes(5)
    desk.until(due - minutes(5))
    with pytest.raises(VerdictRefused, match="too near"):
        await desk.watch.snooze(WRONG, desk.now + minutes(5), "phoned")
    assert desk.fresh() == [WRONG]


async def test_once_its_time_is_past_a_snooze_is_half_an_hour_at_most_and_far_ahead_eight_hours() -> None:
    desk = HandDesk(wrong("res_2", starts_in=80_000)).looked()
    far = desk.finding("wrong window:res_2")
    assert desk.watch.snooze_limits(far) == desk.now + minutes(480)
    desk = HandDesk(waiting(starts_in=1200)).looked().until(NOON + timedelta(seconds=1200 + 5400))
    stuck = desk.finding(WAITING)
    assert stuck.due == desk.now
    assert desk.watch.snooze_limits(stuck) == desk.now + minutes(30)


async def test_critical_and_high_ones_are_snoozed_with_a_reason_and_nothing_is_handled_without_one() -> None:
    desk = HandDesk(wrong(), waiting("res_2")).looked().pass_(30)
    for reason in ("", "  "):
        with pytest.raises(VerdictRefused, match="with a reason"):
            await desk.watch.snooze(WRONG, None, reason)
        with pytest.raises(VerdictRefused, match="how it was handled"):
            await desk.watch.handled("not confirmed:res_2", reason)
    await desk.watch.snooze("not confirmed:res_2", None)
    assert desk.snoozed() == ["not confirmed:res_2"]


async def test_a_handled_one_ends_only_when_its_facts_get_worse() -> None:
    desk = HandDesk(waiting()).looked().pass_(60)
    await desk.watch.handled(WAITING, "phoned")
    desk.until(NOON + timedelta(seconds=1300))
    assert desk.finding(WAITING).severity is Severity.CRITICAL
    assert desk.fresh() == [], "time alone does not make the facts worse"
    desk = HandDesk(wrong()).looked()
    await desk.watch.handled(WRONG, "phoned")
    desk.see(wrong(late=1800, updated=NOON + minutes(1)))
    assert desk.fresh() == [WRONG]


async def test_all_shown_but_the_critical_ones_are_acknowledged_at_once_and_can_be_undone() -> None:
    desk = HandDesk(lost("res_9"), wrong(), waiting("res_2")).looked()
    await desk.watch.acknowledge(("not confirmed:res_2",))
    undo = await desk.watch.acknowledge_all(desk.shown())
    assert (len(undo), desk.fresh()) == (1, ["lost:res_9"])
    desk.pass_(10)
    await desk.watch.undo_all(undo)
    assert desk.fresh() == ["lost:res_9", WRONG], "what was acknowledged before stays so"
    again = await desk.watch.acknowledge_all(desk.shown())
    desk.pass_(11)
    assert await desk.watch.undo_all(again) == ()
    assert desk.fresh() == ["lost:res_9"]


async def test_everything_that_was_said_is_remembered_when_it_is_over() -> None:
    desk = HandDesk(wrong()).looked()
    await desk.watch.snooze(WRONG, desk.now + minutes(15), "Fahrer weiß es")
    await desk.watch.wake(WRONG)
    await desk.watch.handled(WRONG, "phoned")
    desk.see(right()).pass_(31)
    told = await desk.watch.rulings()
    assert [(ruling.what, ruling.by, ruling.reason) for ruling in told] == [
        ("handled", "Ana", "phoned"),
        ("woken", "Ana", "Fahrer weiß es"),
        ("snoozed", "Ana", "Fahrer weiß es"),
    ]
    assert {ruling.subjects for ruling in told} == {("res_1",)}


async def test_a_verdict_counts_from_the_press_on_not_from_the_disk() -> None:
    desk = HandDesk(wrong()).looked()
    told = desk.told
    keeping = desk.watch.acknowledge((WRONG,))
    keeping.send(None)
    assert desk.fresh() == []
    assert desk.told > told
    keeping.close()


async def test_a_wrong_clock_at_the_start_deletes_no_verdict() -> None:
    before = HandDesk(wrong(starts_in=20_000)).looked()
    await before.watch.acknowledge((WRONG,))
    ahead = StoppedClock()
    ahead.wall = 30 * 3600.0
    after = HandDesk(store=before.store, clock=ahead)
    after.desk.clock_jumped(0.0)
    await after.watch.open()
    after.desk.take(tuple(before.rows.values()), 0.0, "poll")
    after.watch.tick()
    assert after.watch.verdicts.of(WRONG) is not None
