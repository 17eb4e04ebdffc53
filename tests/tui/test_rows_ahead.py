"""Rows are made before a scroll brings them in, and are shown as they are by then."""

import random
from unittest.mock import patch

import pytest
from textual.app import ComposeResult

from charge_tui.domain.reservation import Reservation
from charge_tui.tui.ink import Ink, InkedApp
from charge_tui.tui.render.spans import Span, text_of
from charge_tui.tui.screens.showing import ShowingScreen
from charge_tui.tui.themes import DARK
from charge_tui.tui.widgets.table import ReservationTable
from tests.support.at_rest import at_rest, change, standing
from tests.support.counting import Counted, counted
from tests.support.virtual import BACKEND

KEYS = ("down", "down", "down", "down", "up", "pagedown", "pageup", "G", "g", "space", "s", "z", "2", "1")


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


def as_they_are(it: Counted) -> list[str]:
    """The rows on the screen, each worked out anew."""
    desk = it.screen.desk_screen
    return [text_of(desk._row_line(identity)).rstrip() for identity in desk.table.visible_ids]


def as_painted(it: Counted) -> list[str]:
    """The rows on the screen as the table has them, without the blank lines below the last."""
    return it.screen.table.lines[: len(it.screen.desk_screen.table.visible_ids)]


async def test_a_row_that_changes_below_the_screen_comes_in_as_it_is() -> None:
    async with counted(standing(100)) as it:
        await at_rest(it)
        table = it.screen.desk_screen.table
        below = list(table._lines[table.size.height : table.size.height + 3])
        await it.press(*["down"] * 10)
        for subject in below:
            await change(it, subject)
        while not set(below) <= set(table.visible_ids):
            await it.press("down")
        assert as_painted(it) == as_they_are(it)


class Alone(InkedApp):
    """A table of numbered rows, and nothing else."""

    ink = Ink(DARK, False)

    def __init__(self) -> None:
        super().__init__()
        self.words = {f"row {number}": "before" for number in range(60)}
        self.table = ReservationTable(lambda identity: (Span(f"{identity} {self.words[identity]}"),))

    def compose(self) -> ComposeResult:
        """The table."""
        yield self.table


@pytest.mark.parametrize("how", ["touch", "touch_visible"])
async def test_a_row_made_ahead_is_made_again_when_it_may_be_another(how: str) -> None:
    app = Alone()
    async with app.run_test(size=(40, 20)) as pilot:
        app.table.show(list(app.words))
        await pilot.pause()
        for _ in range(5):
            app.table.move(1)
            await pilot.pause()
        assert "row 20" in app.table._painted, "it was made ahead"
        app.words = dict.fromkeys(app.words, "after")
        if how == "touch":
            app.table.touch(["row 20"])
        else:
            app.table.touch_visible()
        app.table.go("row 24")
        assert app.table.visible_ids[-1] == "row 29"
        assert {app.table.render_line(y).text.split()[-1] for y in range(10, 20)} == {"after"}


async def test_whatever_is_pressed_and_happens_each_row_is_as_it_is() -> None:
    chance = random.Random(3)
    async with counted(standing(100)) as it:
        await at_rest(it)
        for _ in range(60):
            await it.press(*[chance.choice(KEYS)] * chance.choice((1, 1, 12)))
            if not chance.randrange(6):
                await change(it, chance.choice(list(it.screen.table.ids)))
            await it.run(seconds=chance.choice((0.1, 0.5, 70)))
            it.screen.desk_screen._look = it.screen.desk_screen.workspace.look()
            assert [line.split() for line in as_painted(it)] == [line.split() for line in as_they_are(it)]


async def test_the_key_that_scrolls_makes_no_more_rows_than_another() -> None:
    async with counted(standing(100)) as it:
        await at_rest(it)
        table = it.screen.desk_screen.table
        await it.press("g")
        made: list[str] = []
        row_line = ShowingScreen._row_line

        def noted(screen: ShowingScreen, identity: str) -> object:
            made.append(identity)
            return row_line(screen, identity)

        scrolled = 0
        with patch.object(table, "_line_of", lambda identity: noted(it.screen.desk_screen, identity)):
            for _ in range(90):
                made.clear()
                top = table._top
                await it.press("down")
                scrolled += table._top != top
                assert len(made) <= 3
        assert scrolled >= 3


async def test_the_keys_at_the_foot_follow_the_cursor_before_a_second_has_passed() -> None:
    async with counted(standing(100)) as it:
        await at_rest(it)
        desk = it.screen.desk_screen
        desk._ticker.stop()
        it.screen.desk.watch = lambda identities: None  # type: ignore[method-assign]  # nor a step of the desk
        seen = set()
        for key in ["down"] * 40 + ["up"] * 40:
            await it.press(key)
            await it.run(seconds=0.3)
            row = desk.shown_row()
            assert isinstance(row, Reservation)
            seen.add(row.status)
            assert ("Move" in it.screen.pane("footer")) == (row.status == "confirmed")
        assert seen == {"pending", "confirmed"}
