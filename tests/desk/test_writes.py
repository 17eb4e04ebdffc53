"""Writing as a person does it, against the real sandbox over a real socket: what leaves, and what is told of it."""

from datetime import timedelta
from pathlib import Path

from charge_tui.api import ChargeClient
from charge_tui.desk.entries import State
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.policy import WORD, WritePolicy
from charge_tui.desk.recovery import Undo
from charge_tui.domain.drafting import Side, copied, merged, shifted, values_of
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from tests.support.sandbox import SandboxMaker
from tests.support.writing import at_desk, ignore

HALF_AN_HOUR = timedelta(minutes=30)


async def test_an_edit_sends_what_changed_and_takes_the_answer_for_the_truth(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        outcome = await hand.writer.edit(row, shifted(values_of(row), HALF_AN_HOUR))
        assert (outcome.kind, outcome.cause, outcome.id) == (Kind.DONE, "edit", row.id)
        assert outcome.row == hand.see(row.id) == hand.bench.rows[row.id]
        assert hand.see(row.id).ideal_start == row.ideal_start + HALF_AN_HOUR
        (entry,) = await hand.entries()
        assert set(entry.plan.body) == {"ideal_start", "ideal_end"}
        assert entry.plan.before == {name: values_of(row)[name] for name in entry.plan.body}
        assert (entry.state, entry.operator, entry.mode, entry.host) == (State.DONE, "ann", "test", hand.client.host)
        assert entry.request_id == outcome.request_id == sandbox.requests[-1].request_id
        assert hand.keys() == {entry.plan.key}


async def test_nothing_to_change_sends_nothing(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        assert (await hand.writer.edit(row, values_of(row))).kind is Kind.UNCHANGED
        assert hand.posts() == []
        assert await hand.entries() == []


async def test_two_fields_changed_by_another_desk_are_laid_side_by_side(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        mine = shifted(values_of(row), HALF_AN_HOUR)
        theirs = row.ideal_start - HALF_AN_HOUR
        sandbox.edit(row.id, ideal_start=theirs.strftime("%Y-%m-%dT%H:%M:%S.000Z"), connector_type=["Type2"])
        outcome = await hand.writer.edit(row, mine)
        assert outcome.kind is Kind.CONFLICT
        assert hand.posts() == []
        sides = {one.field: one.side for one in outcome.fields}
        assert sides == {"ideal_start": Side.BOTH, "connector_type": Side.THEIRS, "ideal_end": Side.MINE}
        assert isinstance(outcome.row, Reservation)
        assert outcome.was is not None
        assert outcome.theirs is not None
        assert outcome.mine is not None
        chosen = merged(outcome.was, outcome.theirs, outcome.mine, {"ideal_start"})
        again = await hand.writer.edit(outcome.row, chosen)
        assert again.kind is Kind.DONE
        now = hand.see(row.id)
        assert (now.connector_type, now.ideal_end) == (["Type2"], row.ideal_end + HALF_AN_HOUR)
        (entry,) = await hand.entries()
        assert set(entry.plan.body) == {"ideal_end"}


async def test_a_status_that_moved_on_is_told_and_nothing_leaves(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.edit(row.id, status="cancelled")
        for outcome in (
            await hand.writer.edit(row, shifted(values_of(row), HALF_AN_HOUR)),
            await hand.writer.confirm(row),
            await hand.writer.cancel(row),
        ):
            assert outcome.kind is Kind.TOO_LATE
            assert "cancelled" in outcome.sentence
        assert hand.posts() == []


async def test_a_refusal_names_its_field_and_its_request(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        values = values_of(row)
        outcome = await hand.writer.edit(row, values | {"latest_end": values["ideal_start"]})
        assert (outcome.kind, outcome.field) == (Kind.REFUSED, "latest_end")
        assert outcome.request_id
        assert outcome.request_id in outcome.sentence
        assert await hand.states() == [State.REFUSED]
        sandbox.order_faults(["409@count=1,method=POST"])
        assert (await hand.writer.cancel(row)).kind is Kind.REFUSED
        assert hand.see(row.id).status == "pending"


async def test_an_answer_that_is_not_what_was_sent_is_told(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(readings={"metadata-null": "remove", "null-limits": "keep"})
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        limit = (row.ideal_end + HALF_AN_HOUR).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        sandbox.edit(row.id, latest_end=limit)
        outcome = await hand.writer.edit(hand.see(row.id), {"latest_end": None})
        assert outcome.kind is Kind.DONE
        assert [one.field for one in outcome.departures] == ["latest_end"]
        assert "sent none" in outcome.sentence


async def test_a_field_that_changed_without_being_sent_is_told(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(readings={"omitted": "reset"})
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.edit(row.id, latest_end=(row.ideal_end + HALF_AN_HOUR).strftime("%Y-%m-%dT%H:%M:%S.000Z"))
        outcome = await hand.writer.edit(hand.see(row.id), {"connector_type": ["Type2"]})
        assert outcome.kind is Kind.DONE
        assert [one.field for one in outcome.departures] == ["latest_end"]
        assert "Besides what was sent, this changed: latest_end" in outcome.sentence


async def test_a_change_of_no_field_that_is_shown_is_no_conflict(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.edit(row.id, currency="usd")
        assert (await hand.writer.edit(row, {"connector_type": ["Type2"]})).kind is Kind.DONE


async def test_200_with_failed_is_a_failure(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        nowhere = {"latitude": 0.0, "longitude": 0.0, "radius": 1}
        sandbox.edit(row.id, location=nowhere)
        outcome = await hand.writer.confirm(hand.see(row.id))
        assert outcome.kind is Kind.FAILED
        assert "no_available_connectors" in outcome.sentence
        assert await hand.states() == [State.FAILED]


async def test_confirm_and_cancel_do_what_they_say(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        sandbox.edit(row.id, metadata={"note": "changed meanwhile"})
        assert (await hand.writer.cancel(row)).well, "metadata does not change what is cancelled"
        assert hand.see(row.id).status == "cancelled"
        shown = hand.pending()
        moved = (shown.ideal_start + HALF_AN_HOUR).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        sandbox.edit(shown.id, ideal_start=moved)
        assert (await hand.writer.cancel(shown)).kind is Kind.CONFLICT, "another window is another question"


async def test_a_copy_is_booked_once_and_a_colleague_s_is_seen(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        old = hand.pending()
        sandbox.edit(old.id, status="failed", failed_reason="no_available_connectors")
        old = hand.see(old.id)
        values = copied(old, hand.bench.now()).values
        outcome = await hand.writer.book_again(old, values)
        assert outcome.kind is Kind.DONE
        assert hand.see(outcome.id or "").metadata == (old.metadata or {}) | {"replaces": old.id}
        assert await hand.journal.replaced() == {old.id: outcome.id}
        again = await hand.writer.book_again(old, values)
        assert again.kind is Kind.TAKEN
        assert [row.id for row in again.others] == [outcome.id]
        assert len(sandbox.find(vehicle=old.vehicle_id, ideal_start=values["ideal_start"])) == 2


async def test_a_move_books_first_and_then_cancels(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.confirmed()
        values = shifted(copied(row, hand.bench.now()).values, timedelta(hours=2))
        outcome = await hand.writer.move(row, values)
        assert outcome.kind is Kind.DONE
        assert hand.see(row.id).status == "cancelled"
        assert hand.see(outcome.id or "").status == "pending"
        assert [path.rpartition("/")[2] for path in hand.posts()] == ["reservations", "cancel"]


async def test_a_move_that_breaks_in_between_says_what_is_there(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.confirmed()
        values = shifted(copied(row, hand.bench.now()).values, timedelta(hours=2))
        sandbox.order_faults(["409@count=1,path=/v1/reservations/*/cancel"])
        outcome = await hand.writer.move(row, values)
        assert outcome.kind is Kind.REFUSED
        assert f"{outcome.id} is booked, but {row.id} was not cancelled" in outcome.sentence
        assert (hand.see(row.id).status, hand.see(outcome.id or "").status) == ("confirmed", "pending")
        sandbox.order_faults(["400@count=1,method=POST"])
        other = await hand.writer.move(row, shifted(values, timedelta(hours=5)))
        assert other.kind is Kind.REFUSED
        assert f"{row.id} stays as it is" in other.sentence
        assert await hand.states() == [State.DONE, State.REFUSED, State.REFUSED, State.NOT_SENT]


async def test_the_last_edit_is_taken_back_while_nobody_touched_it(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        row = hand.pending()
        wanted = shifted(values_of(row), HALF_AN_HOUR) | {"metadata": {**(row.metadata or {}), "gate": "4"}}
        assert (await hand.writer.edit(row, wanted)).well
        offer = await hand.writer.undoable()
        assert isinstance(offer, Undo)
        assert {one.field: one.words for one in offer.differences} == {
            "ideal_start": "-30m",
            "ideal_end": "-30m",
            "metadata.gate": "removed",
        }
        assert (await hand.writer.undo(offer)).well
        assert values_of(hand.see(row.id)) == values_of(row)
        assert await hand.writer.undoable() == "There is no edit to take back."
        assert (await hand.writer.edit(hand.see(row.id), wanted)).well
        sandbox.edit(row.id, connector_type=["Type2"])
        refused = await hand.writer.undoable(row.id)
        assert isinstance(refused, str)
        assert "somebody changed it since" in refused


async def test_of_forty_marked_three_are_refused_and_each_is_told(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(reservations=400)
    async with at_desk(sandbox) as hand:
        rows = [hand.pending(number) for number in range(40)]
        refused = {rows[number].id for number in (3, 17, 39)}
        sandbox.order_faults([f"409@path=/v1/reservations/{identity}/cancel" for identity in refused])
        seen: list[tuple[int, int]] = []

        def progress(done: int, total: int, outcome: Outcome) -> None:
            seen.append((done, total))

        outcomes = await hand.writer.cancel_many(rows, progress)
        assert seen == [(number, 40) for number in range(1, 41)]
        assert [one.id for one in outcomes] == [row.id for row in rows]
        assert {one.id for one in outcomes if not one.well} == refused
        assert {row.id for row in rows if hand.see(row.id).status == "pending"} == refused
        groups = {entry.plan.group for entry in await hand.entries()}
        assert len(groups) == 1


async def test_a_day_of_failures_is_booked_again(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        rows = [hand.pending(number) for number in range(4)]
        for row in rows:
            sandbox.edit(row.id, status="failed", failed_reason="other")
        copies = [(hand.see(row.id), copied(hand.see(row.id), hand.bench.now()).values) for row in rows]
        outcomes = await hand.writer.book_again_many(copies, ignore)
        assert [one.kind for one in outcomes] == [Kind.DONE] * 4
        again = await hand.writer.book_again_many(copies, ignore)
        assert [one.kind for one in again] == [Kind.TAKEN] * 4


async def test_many_stop_when_the_network_is_gone(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox) as hand:
        rows = [hand.pending(number) for number in range(3)]
        sandbox.stop()
        outcomes = await hand.writer.cancel_many(rows, ignore)
        assert [one.kind for one in outcomes] == [Kind.NOT_SENT] * 3
        assert outcomes[2].sentence.startswith("Not tried")
        assert await hand.entries() == []
        sandbox.start()


async def test_a_read_only_desk_sends_nothing_and_says_why(sandbox: RunningSandbox) -> None:
    async with at_desk(sandbox, policy=WritePolicy(read_only=True)) as hand:
        row = hand.pending()
        outcome = await hand.writer.cancel(row)
        assert outcome.kind is Kind.NOT_SENT
        assert "--read-only" in outcome.sentence
        assert hand.posts() == []


def test_production_opens_with_the_option_and_the_word_both() -> None:
    plain, asked = WritePolicy(), WritePolicy(write=True)
    assert plain.why_closed("test") is None
    assert "--write" in (plain.why_closed("production") or "")
    assert not plain.needs_word("production")
    assert asked.needs_word("production")
    assert not asked.say("production")
    assert asked.closed_for("production")
    assert asked.say(WORD)
    assert not asked.closed_for("production")
    assert WritePolicy(read_only=True, write=True, confirmed=True).closed_for("test")


async def test_a_client_of_production_opens_when_its_policy_does() -> None:
    policy = WritePolicy(write=True)
    async with ChargeClient("ch_sk_live_x", read_only=policy.closed_for) as client:
        assert client.read_only
        policy.say(WORD)
        assert not client.read_only


async def test_an_unwritable_journal_lets_nothing_leave(sandbox: RunningSandbox, tmp_path: Path) -> None:
    blocked = tmp_path / "state"
    blocked.write_text("a file where the folder should be")
    async with at_desk(sandbox, blocked / "journal.sqlite") as hand:
        row = hand.pending()
        for outcome in (
            await hand.writer.edit(row, shifted(values_of(row), HALF_AN_HOUR)),
            await hand.writer.cancel(row),
            await hand.writer.confirm(row),
            await hand.writer.create(copied(row, hand.bench.now()).values),
            await hand.writer.move(hand.confirmed(), copied(row, hand.bench.now()).values),
        ):
            assert outcome.kind is Kind.NOT_SENT
            assert "no write leaves without its journal row" in outcome.sentence
            assert outcome.pauses
        assert hand.posts() == []
        assert [one.code for one in hand.writer.problems(hand.bench.now())] == ["journal"]


async def test_the_same_decision_twice_at_once_leaves_once(sandbox: RunningSandbox) -> None:
    import asyncio

    async with at_desk(sandbox) as hand:
        values = copied(hand.pending(), hand.bench.now()).values
        both = await asyncio.gather(hand.writer.create(values), hand.writer.create(values))
        assert [one.kind for one in both] == [Kind.DONE, Kind.NOT_SENT]
        assert len(hand.posts()) == 1


async def test_a_write_goes_on_when_whoever_asked_for_it_is_gone(sandbox: RunningSandbox) -> None:
    import asyncio

    async with at_desk(sandbox) as hand:
        row = hand.pending()
        asking = asyncio.ensure_future(hand.writer.cancel(row))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await hand.writer.drain()
        assert hand.see(row.id).status == "cancelled"
        assert await hand.states() == [State.DONE]
