"""Nothing is changed by accident: read-only desks, production, keys on a screen that is too small, leaving."""

import pytest

from charge_tui.desk.policy import WORD
from charge_tui.sandbox import RunningSandbox
from tests.support.forms import AT_ONCE, Dispatcher, a_pending
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36)]
WRITING = (("e", "Edit"), ("n", "New"), ("c", "Confirm"), ("x", "Cancel"))


@pytest.mark.parametrize("size", SIZES)
async def test_a_read_only_desk_says_so_and_no_key_of_it_writes(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=size, read_only=True) as desk:
        await Dispatcher(desk).select(identity, "3")
        assert "READ-ONLY" in desk.pane("truth")
        for key, title in WRITING:
            assert f"{key} {title}" not in desk.pane("footer")
            await desk.press(key)
            assert desk.app.screen is desk.desk_screen
            assert "read-only" in desk.pane("status")
        assert all(one.method == "GET" for one in sandbox.requests)


@pytest.mark.parametrize("size", SIZES)
async def test_production_is_opened_by_its_word_typed_once(
    sandbox: RunningSandbox, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=size, write=True, mode="PRODUCTION") as desk:
        client = desk.desk.client
        monkeypatch.setattr(client, "_mode", "production")
        monkeypatch.setattr(
            desk.writer.journal, "account", desk.writer.journal.account.__class__("x", "h", "production")
        )
        person = Dispatcher(desk)
        await person.select(identity, "3")
        desk.desk_screen.show_edges()
        assert "PRODUCTION" in desk.pane("truth")
        assert "READ-ONLY" in desk.pane("truth")
        await desk.press("x")
        assert "Type PRODUCTION" in " ".join(desk.text.split())
        await desk.type("production")
        await desk.press("enter")
        assert "not the word" in desk.text
        await desk.press("ctrl+u")
        await desk.type(WORD)
        await desk.press("enter")
        await desk.until(lambda: "CANCEL this reservation?" in desk.text, "the question is asked")
        await desk.press("escape")
        assert "READ-ONLY" not in desk.pane("truth")
        question = await person.ask("x")
        await question.yes()


async def test_a_screen_that_is_too_small_writes_nothing(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=(80, 24), retry=AT_ONCE) as desk:
        question = await (await Dispatcher(desk).select(identity, "3")).ask("x")
        await desk.resize(50, 12)
        await desk.press("y")
        assert not [one for one in sandbox.requests if one.method == "POST"]
        await desk.resize(80, 24)
        await question.yes()
        assert sandbox.reservation(identity)["status"] == "cancelled"


async def test_leaving_while_something_is_sent_tells_of_it_first(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, retry=AT_ONCE) as desk:
        question = await (await Dispatcher(desk).select(identity, "3")).ask("x")
        sandbox.order_faults(["latency:1@method=POST"])
        await desk.press("y")
        await desk.until(lambda: question.screen.sending, "it is being sent")
        await desk.press("ctrl+q")
        assert "sen" in question.text
        assert desk.app.is_running
        await Dispatcher(desk).back_at_desk("Cancelled")
