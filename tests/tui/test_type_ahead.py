"""Keys that come faster than the screen acts on them, as they do over a slow line."""

import pytest
from textual import events
from textual.widgets import Input

from charge_tui.sandbox import RunningSandbox
from tests.support.forms import a_pending
from tests.support.screen import Screen


def at_once(desk: Screen, *keys: str) -> None:
    """Keys that arrive in one piece."""
    for key in keys:
        desk.app.post_message(events.Key("underscore" if key == "_" else key, key if len(key) == 1 else None))


async def test_what_is_typed_behind_the_slash_is_searched_for_and_commands_nothing(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        zone = desk.desk_screen.workspace.zone_word
        at_once(desk, "slash", *"zxz")
        await desk.until(lambda: desk.desk_screen.workspace.find == "zxz", "the search has its text")
        assert len(desk.app.screen_stack) == 1
        assert desk.desk_screen.workspace.zone_word == zone


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_an_id_typed_ahead_is_opened(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=size) as desk:
        at_once(desk, "o", *identity)
        await desk.until(lambda: isinstance(desk.app.focused, Input) and desk.typing.value == identity, "it is typed")
        at_once(desk, "enter")
        await desk.until(lambda: desk.desk_screen.subject == identity, "it is shown")


async def test_an_answer_typed_ahead_answers_the_question(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, view="pending") as desk:
        desk.desk_screen.table.go(identity)
        await desk.pilot.pause()
        at_once(desk, "x", "y")
        await desk.until(lambda: sandbox.reservation(identity)["status"] == "cancelled", "it is cancelled")


async def test_keys_after_a_page_was_closed_are_the_desks_again(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="pending") as desk:
        first = desk.table.cursor
        at_once(desk, "question_mark", "j", "j", "q", "j")
        await desk.until(lambda: desk.table.cursor not in (None, first), "the cursor moved")
        assert desk.table.cursor == desk.table.ids[1]
        assert len(desk.app.screen_stack) == 1
