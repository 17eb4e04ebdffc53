"""Fifty reservations fail at once, and a dispatcher deals with all of them by marking and booking again."""

from tests.support.forms import Dispatcher
from tests.support.sandbox import SandboxMaker
from tests.tui.test_attention import shift


async def test_fifty_failures_are_booked_again_in_three_keys(make_sandbox: SandboxMaker) -> None:
    async with shift(make_sandbox, 50, size=(120, 36)) as desk:
        desk.fail(*desk.made)
        await desk.until(lambda: "flood: 50 new in 10 min" in desk.status(), "the flood is told in one line")
        await desk.until(lambda: set(desk.queue) >= set(desk.made), "all of them are in the queue")
        assert "50 need you" in desk.screen.pane("truth")

        await desk.press("asterisk")
        bulk = await Dispatcher(desk.screen).ask_many("b")
        assert "Book 50 reservations again" in bulk.text
        assert "resolves 50" in bulk.text
        await bulk.yes()
        await desk.press("enter")

        replaced = {row["metadata"].get("replaces") for row in desk.sandbox.find(status="pending")}
        assert replaced >= set(desk.made)
        await desk.until(lambda: not set(desk.queue) & set(desk.made), "nothing of it needs a person any more")
        assert not [line for line in desk.lines if "lost" in line and "cleared" not in line]
