"""A confirm that is answered 402: the reservation failed by it, and the journal says so."""

from charge_tui.desk.entries import State
from charge_tui.desk.outcome import Kind
from tests.support.sandbox import SandboxMaker
from tests.support.writing import at_desk


async def test_a_confirm_that_fails_with_402_is_told_as_failed(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(readings={"confirm-failure-status": "402"})
    identity = str(sandbox.find(status="pending")[0]["id"])
    sandbox.edit(identity, location={"latitude": 0.0, "longitude": 0.0, "radius": 1})
    async with at_desk(sandbox) as hand:
        outcome = await hand.writer.confirm(hand.see(identity))
        assert outcome.kind is Kind.FAILED
        assert hand.see(identity).status == "failed"
        assert await hand.states() == [State.FAILED]


async def test_a_402_after_which_nothing_can_be_read_is_unknown_until_it_can(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(readings={"confirm-failure-status": "402"})
    identity = str(sandbox.find(status="pending")[0]["id"])
    sandbox.edit(identity, location={"latitude": 0.0, "longitude": 0.0, "radius": 1})
    async with at_desk(sandbox) as hand:
        row = hand.see(identity)
        sandbox.order_faults(["reset@method=GET,after=1"])
        outcome = await hand.writer.confirm(row)
        assert outcome.kind is Kind.UNKNOWN, "the row could not be read again"
        sandbox.clear_faults()
        await hand.writer.settle_open_rows()
        assert await hand.states() == [State.FAILED]
