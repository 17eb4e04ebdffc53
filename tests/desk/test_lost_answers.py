"""An answer that is lost: found out by reading, or listed, or sent again with its own key; one effect in every case."""

from datetime import timedelta
from pathlib import Path

import pytest

from charge_tui.desk.entries import Plan, State
from charge_tui.desk.outcome import Kind
from charge_tui.domain.drafting import copied, create_body, shifted, values_of
from charge_tui.sandbox import RunningSandbox
from tests.support.sandbox import SandboxMaker
from tests.support.writing import Hand, at_desk

LOST = "lost@count=3,method=POST"
"""All three attempts of one write take effect, or repeat it, and get no answer."""
SILENT = "reset@count=3,method=POST"
"""All three attempts are broken off before anything is done."""
DEAF = "reset@method=GET"
"""And nothing can be read."""
HALF_AN_HOUR = timedelta(minutes=30)


def effects(hand: Hand, identity: str) -> int:
    """How often a vehicle is booked for the window of a reservation."""
    row = hand.sandbox.reservation(identity)
    return len(hand.sandbox.find(vehicle=row["vehicle"], ideal_start=row["ideal_start"]))


async def test_an_edit_that_took_effect_is_found_by_reading(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.order_faults([LOST])
        outcome = await hand.writer.edit(row, shifted(values_of(row), HALF_AN_HOUR))
        assert outcome.kind is Kind.DONE
        assert hand.see(row.id).ideal_start == row.ideal_start + HALF_AN_HOUR
        (entry,) = await hand.entries()
        assert (entry.state, entry.settled) == (State.DONE, "read")
        assert hand.keys() == {entry.plan.key}
        assert len(hand.posts()) == 3
        assert hand.writer.unknown == ()


async def test_a_cancel_that_took_effect_is_found_by_reading(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.confirmed()
        sandbox.order_faults([LOST])
        assert (await hand.writer.cancel(row)).kind is Kind.DONE
        assert hand.see(row.id).status == "cancelled"


async def test_a_create_that_took_effect_is_found_among_the_vehicle_s(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        values = shifted(copied(hand.pending(), hand.bench.now()).values, timedelta(hours=3))
        sandbox.order_faults([LOST])
        outcome = await hand.writer.create(values)
        assert outcome.kind is Kind.DONE
        assert effects(hand, outcome.id or "") == 1
        (entry,) = await hand.entries()
        assert (entry.plan.reservation, entry.settled) == (outcome.id, "read")


async def test_a_twin_that_was_there_before_is_not_taken_for_the_new_one(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        values = shifted(copied(hand.pending(), hand.bench.now()).values, timedelta(hours=3))
        first = await hand.writer.create(values)
        sandbox.order_faults([SILENT])
        second = await hand.writer.create(values)
        assert second.kind is Kind.UNKNOWN
        assert second.id is None
        assert effects(hand, first.id or "") == 1


@pytest.mark.parametrize("verb", ["edit", "cancel", "create"])
async def test_what_had_no_effect_stays_unknown_and_goes_out_again_with_its_own_key(
    sandbox: RunningSandbox, verb: str
) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        values = shifted(copied(row, hand.bench.now()).values, timedelta(hours=3))
        sandbox.order_faults([SILENT])
        if verb == "edit":
            outcome = await hand.writer.edit(row, shifted(values_of(row), HALF_AN_HOUR))
        else:
            outcome = await (hand.writer.cancel(row) if verb == "cancel" else hand.writer.create(values))
        assert outcome.kind is Kind.UNKNOWN
        assert outcome.entry is not None
        assert [one.number for one in hand.writer.unknown] == [outcome.entry]
        assert [one.code for one in hand.writer.problems(hand.bench.now())] == ["unknown"]
        again = await hand.writer.retry(outcome.entry)
        assert again.kind is Kind.DONE
        (entry,) = await hand.entries()
        assert (entry.state, entry.settled) == (State.DONE, "retry")
        assert hand.keys() == {entry.plan.key}
        assert hand.writer.unknown == ()
        assert (await hand.writer.retry(outcome.entry)).kind is Kind.NOT_SENT, "it is settled"


async def test_nothing_is_claimed_while_nothing_can_be_read(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.order_faults([LOST, f"{DEAF},after=1"])
        outcome = await hand.writer.cancel(row)
        assert outcome.kind is Kind.UNKNOWN
        sandbox.clear_faults()
        (settled,) = await hand.writer.settle_open_rows()
        assert settled.kind is Kind.DONE
        assert hand.writer.unknown == ()
        assert await hand.writer.settle_open_rows() == ()


async def test_a_booking_of_unknown_outcome_is_never_made_a_second_time(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        old = hand.pending()
        values = shifted(copied(old, hand.bench.now()).values, timedelta(hours=3))
        sandbox.order_faults([SILENT])
        first = await hand.writer.create(values)
        for again in (
            await hand.writer.create(values),
            await hand.writer.book_again(old, values | {"connector_type": ["Type2"]}),
            await hand.writer.move(old, values),
        ):
            assert (again.kind, again.entry) == (Kind.UNKNOWN, first.entry)
        assert len(hand.keys()) == 1
        made = await hand.writer.retry(first.entry or 0)
        assert made.kind is Kind.DONE
        assert effects(hand, made.id or "") == 1


async def test_a_lost_confirm_is_still_seen_after_a_cancel(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.order_faults([LOST, f"{DEAF},after=1"])
        assert (await hand.writer.confirm(row)).kind is Kind.UNKNOWN
        sandbox.clear_faults()
        assert (await hand.writer.cancel(hand.see(row.id))).kind is Kind.DONE
        (found,) = await hand.writer.settle_open_rows()
        assert (found.kind, found.sentence) == (Kind.DONE, "It was confirmed, and is cancelled by now.")


async def test_looking_ends_at_the_first_that_cannot_be_reached(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        for number in range(3):
            sandbox.order_faults([SILENT])
            assert (await hand.writer.cancel(hand.pending(number))).kind is Kind.UNKNOWN
        sandbox.stop()
        assert [one.kind for one in await hand.writer.settle_open_rows()] == [Kind.UNKNOWN]
        assert len(hand.writer.unknown) == 3
        sandbox.start()
        assert len(await hand.writer.settle_open_rows()) == 3


async def test_a_key_that_is_nearly_a_day_old_is_never_sent_again(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.order_faults([SILENT])
        outcome = await hand.writer.edit(row, values_of(row) | {"metadata": {"gate": "4"}})
        sent = len(hand.posts())
        sandbox.edit(row.id, metadata={"gate": "9"})
        hand.clock.ahead = timedelta(hours=23, minutes=1)
        assert not hand.writer.can_retry(hand.writer.unknown[0])
        refused = await hand.writer.retry(outcome.entry or 0)
        assert refused.kind is Kind.UNKNOWN
        assert "23 hours" in refused.sentence
        assert len(hand.posts()) == sent
        decided = await hand.writer.decide(outcome.entry or 0, happened=False)
        assert decided.kind is Kind.VOID
        assert hand.writer.unknown == ()
        (entry,) = await hand.entries()
        assert entry.settled == "person"


async def test_a_retry_does_not_overwrite_what_somebody_changed_since(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.order_faults([SILENT])
        outcome = await hand.writer.edit(row, values_of(row) | {"connector_type": ["Type2"]})
        sandbox.edit(row.id, connector_type=["CHAdeMO"])
        sent = len(hand.posts())
        assert (await hand.writer.retry(outcome.entry or 0)).kind is Kind.UNKNOWN
        assert len(hand.posts()) == sent
        assert hand.see(row.id).connector_type == ["CHAdeMO"]


async def test_ten_minutes_later_what_is_not_there_is_not_coming(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.order_faults([SILENT])
        await hand.writer.edit(row, shifted(values_of(row), HALF_AN_HOUR))
        assert [one.kind for one in await hand.writer.settle_open_rows()] == [Kind.UNKNOWN]
        hand.clock.ahead = timedelta(minutes=11)
        assert [one.kind for one in await hand.writer.settle_open_rows()] == [Kind.VOID]


async def test_a_conflict_after_a_lost_answer_is_looked_into(sandbox: RunningSandbox) -> None:
    """The second attempt of a cancel may be told that it is cancelled already: by the first one."""
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.order_faults(["lost@count=1,method=POST", "409@count=1,after=1,method=POST"])
        assert (await hand.writer.cancel(row)).kind is Kind.DONE


async def test_an_odd_answer_is_an_answer(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.order_faults(["html:200@count=3,method=POST"])
        outcome = await hand.writer.cancel(row)
        assert outcome.kind in (Kind.DONE, Kind.UNKNOWN)
        assert (outcome.kind is Kind.DONE) == (hand.see(row.id).status == "cancelled")


async def test_the_next_desk_settles_what_a_killed_one_left(make_sandbox: SandboxMaker, tmp_path: Path) -> None:
    sandbox, path = make_sandbox(), tmp_path / "journal.sqlite"
    async with at_desk(sandbox, path, token="first") as hand:
        row, other = hand.pending(0), hand.pending(1)
        sandbox.order_faults([LOST, f"{DEAF},after=1"])
        assert (await hand.writer.cancel(row)).kind is Kind.UNKNOWN
        sandbox.order_faults([f"{SILENT}"])
        assert (await hand.writer.cancel(other)).kind is Kind.UNKNOWN
        sandbox.clear_faults()
    async with at_desk(sandbox, path, token="second") as next_hand:
        outcomes = await next_hand.writer.settle_open_rows()
        assert {one.id: one.kind for one in outcomes} == {row.id: Kind.DONE, other.id: Kind.UNKNOWN}
        assert (await next_hand.writer.retry(next_hand.writer.unknown[0].number)).kind is Kind.DONE
        assert len(next_hand.keys()) == 2


async def test_two_desks_share_a_journal_and_leave_each_other_s_writes_alone(
    make_sandbox: SandboxMaker, tmp_path: Path
) -> None:
    sandbox, path = make_sandbox(), tmp_path / "journal.sqlite"
    async with at_desk(sandbox, path, token="one") as one, at_desk(sandbox, path, token="two", operator="bob") as two:
        row = one.pending()
        plan = (await one.writer.edit(row, shifted(values_of(row), HALF_AN_HOUR))).entry
        assert plan == 1
        (entry,) = await one.journal.begin(Plan("cancel", "cancel", {}, "key-in-flight", row.id))
        assert two.journal.is_under_way(entry)
        assert await two.writer.settle_open_rows() == ()
        assert (await two.writer.retry(entry.number)).sentence == "Another desk has it under way."
        assert isinstance(await two.writer.undoable(), str), "the last edit is ann's, not bob's"
        one.journal.close()
        assert [found.kind for found in await two.writer.settle_open_rows()] == [Kind.UNKNOWN]


async def test_a_move_that_a_crash_cut_in_two_is_finished_in_its_order(
    make_sandbox: SandboxMaker, tmp_path: Path
) -> None:
    sandbox, path = make_sandbox(), tmp_path / "journal.sqlite"
    async with at_desk(sandbox, path, token="killed") as first:
        row = first.confirmed()
        body = create_body(shifted(copied(row, first.bench.now()).values, timedelta(hours=2)))
        await first.journal.begin(
            Plan("create", "move", body, "key-1", None, None, body, row.id, "move-1"),
            Plan(
                "cancel", "move", {}, "key-2", row.id, {"status": "confirmed"}, {"status": "cancelled"}, group="move-1"
            ),
        )
    async with at_desk(sandbox, path, token="next") as hand:
        assert [one.kind for one in await hand.writer.settle_open_rows()] == [Kind.UNKNOWN, Kind.UNKNOWN]
        booking, ending = sorted(one.number for one in hand.writer.unknown)
        early = await hand.writer.retry(ending)
        assert early.kind is Kind.UNKNOWN
        assert "not known to be booked" in early.sentence
        assert hand.posts() == []
        assert (await hand.writer.retry(booking)).kind is Kind.DONE
        assert (await hand.writer.retry(ending)).kind is Kind.DONE
        assert hand.see(row.id).status == "cancelled"
        assert [path.rpartition("/")[2] for path in hand.posts()] == ["reservations", "cancel"]


async def test_the_cancel_of_a_move_that_booked_nothing_is_never_sent(
    make_sandbox: SandboxMaker, tmp_path: Path
) -> None:
    sandbox, path = make_sandbox(), tmp_path / "journal.sqlite"
    async with at_desk(sandbox, path, token="killed") as first:
        row = first.confirmed()
        body = create_body(shifted(copied(row, first.bench.now()).values, timedelta(hours=2)))
        await first.journal.begin(
            Plan("create", "move", body, "key-1", None, None, body, row.id, "move-1"),
            Plan(
                "cancel", "move", {}, "key-2", row.id, {"status": "confirmed"}, {"status": "cancelled"}, group="move-1"
            ),
        )
    async with at_desk(sandbox, path, token="next") as hand:
        hand.clock.ahead = timedelta(minutes=11)
        for _ in range(2):
            await hand.writer.settle_open_rows()
        assert await hand.states() == [State.VOID, State.NOT_SENT]
        assert hand.see(row.id).status == "confirmed"
