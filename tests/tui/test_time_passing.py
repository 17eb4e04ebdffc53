"""What time alone does to the screen."""

from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen


async def test_what_can_no_longer_be_saved_leaves_attention_and_is_told(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(traffic=False)
    async with Screen.open(sandbox, refresh=1.0) as desk:
        lost = [i for i in desk.table.ids if sandbox.reservation(i)["status"] == "failed"]
        assert lost
        sandbox.advance(by=12 * 3600)
        await desk.press("r")
        await desk.until(lambda: not set(lost) & set(desk.table.ids), "the lost ones of the morning are gone")
        assert all(desk.desk.known(i) is not None for i in lost)
        await desk.until_shown("7 and 8 have all of them")
