"""Somebody works at the board: opens it, walks, zooms, changes lanes, edits and cancels from it."""

from datetime import timedelta
from typing import Any

import pytest
from textual.geometry import Region

from charge_tui.domain.reservation import OddRow
from charge_tui.domain.times import rfc3339
from charge_tui.sandbox import RunningSandbox
from tests.support.boards import Boarder
from tests.support.forms import Dispatcher
from tests.support.handclock import HandClock
from tests.support.sandbox import START, SandboxMaker
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36), (200, 60)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_board_opens_on_the_cursors_reservation_and_closes_again(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    async with Screen.open(sandbox, size=size, view="confirmed") as desk:
        await desk.press("j", "j")
        chosen = desk.table.cursor
        person = await Boarder(desk).open()
        assert person.cursor == chosen
        assert "by station" in person.lines[1]
        assert "▼" in person.lines[1]
        assert "given" in person.lines[-1]
        assert person.focus == "board"
        await desk.press("escape")
        assert not desk.desk_screen.boarding
        assert desk.table.cursor == chosen
        assert desk.table.line_of(chosen or "")
        assert person.focus == "table"


async def test_the_cursor_walks_lines_and_bars(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(120, 36)) as desk:
        person = await Boarder(desk).open()
        await desk.press("L", "g")
        assert "by vehicle" in person.lines[1]
        assert person.line == 0
        await desk.press("j", "j")
        assert person.line == 2
        await desk.press("k")
        assert person.line == 1
        await desk.press("G")
        assert person.line == len(person.board.state.plan.lines) - 1
        await desk.press("g")
        line = next(line for line in person.board.state.plan.lines if len(line.bars) > 1)
        while person.cursor not in {bar.id for bar in line.bars}:
            await desk.press("j")
        while person.cursor != line.bars[0].id:
            await desk.press("left")
        await desk.press("right")
        assert person.cursor == line.bars[1].id
        await desk.press("left")
        assert person.cursor == line.bars[0].id
        await desk.until(lambda: desk.desk_screen.detail_of == person.cursor, "the detail follows")
        assert person.cursor in desk.pane("detail")


async def test_past_the_last_one_shown_the_hours_go_along(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(120, 36)) as desk:
        person = await Boarder(desk).open()
        await desk.press("plus", "plus", "g")
        assert person.board.state.zoom == 2
        before = person.board.state.hours
        for _ in range(300):
            if person.board.state.hours != before:
                break
            here = person.cursor
            await desk.press("right")
            if person.cursor == here:
                assert "nothing later" in desk.pane("status")
                await desk.press("j")
        assert person.board.state.hours.start > before.start
        assert person.board.state.in_sight
        await desk.press("0")
        assert person.board.state.hours == before


async def test_hours_scroll_and_zoom_and_the_cursor_never_stays_behind(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(120, 36)) as desk:
        person = await Boarder(desk).open()
        begin = person.board.state.hours.start
        for _ in range(6):
            await desk.press("greater_than_sign")
            assert person.cursor in person.board.state.plan.places
        assert person.board.state.hours.start > begin
        for key, hours in (("minus", 24), ("plus", 12), ("plus", 6), ("plus", 2), ("plus", 2)):
            await desk.press(key)
            assert person.board.state.zoom == hours
            assert person.cursor in person.board.state.plan.places
            assert f"{hours} hours" in desk.pane("status")
        await desk.press("0", *["less_than_sign"] * 16)
        assert "nothing in these hours" in desk.text
        assert "the cursor is at other hours" in desk.pane("status")
        await desk.press("0")
        assert person.cursor in person.board.state.plan.places


async def test_lanes_by_station_vehicle_and_driver(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(200, 60)) as desk:
        await desk.until(lambda: not desk.desk.names.wanted, "every name is known")
        person = await Boarder(desk).open()
        chosen = person.cursor
        row = desk.desk.known(chosen)
        look = desk.desk_screen.workspace.look()
        names = {"vehicle": look.vehicle(row.vehicle_id), "driver": look.driver(row.driver_id)}  # type: ignore[union-attr]
        for kind in ("vehicle", "driver", "station"):
            await desk.press("L")
            assert f"by {kind}" in person.lines[1]
            assert person.cursor == chosen
            lane = person.board.state.plan.lines[person.line].lane
            assert lane.label == names.get(kind, lane.label)
            assert f"a lane for each {kind}" in desk.pane("status")


async def test_the_uppermost_line_always_names_its_lane(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(80, 17), view="pending") as desk:
        person = await Boarder(desk).open()
        await desk.press("G")
        plan, top = person.board.state.plan, person.board.state.top
        assert plan.lines[top].number > 0
        assert plan.lines[top].lane.label[:8] in person.lines[2]
        assert person.lines[3].startswith(" " * 12)


async def test_it_is_cancelled_from_the_board(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="confirmed") as desk:
        person = await Boarder(desk).open()
        cancelled = person.cursor
        question = await Dispatcher(desk).ask("x")
        assert cancelled in question.text
        await question.yes()
        await Dispatcher(desk).back_at_desk("Cancelled", cancelled)
        await desk.until(lambda: cancelled not in person.board.state.plan.places, "it left the board")
        assert sandbox.reservation(cancelled)["status"] == "cancelled"
        assert person.cursor != cancelled
        assert person.focus == "board"


async def test_a_pending_one_is_edited_from_the_board_and_its_bar_moves(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="pending") as desk:
        person = await Boarder(desk).open()
        edited = person.cursor
        before = sandbox.reservation(edited)["ideal_start"]
        bar = person.board.state.plan.lines[person.line].lane
        await desk.press("e")
        await desk.until_shown("Ctrl+S")
        await desk.press("f8", "ctrl+s")
        await desk.until(lambda: sandbox.reservation(edited)["ideal_start"] != before, "it was sent")
        await Dispatcher(desk).back_at_desk()
        moved = sandbox.reservation(edited)["ideal_start"]
        await desk.until(
            lambda: any(rfc3339(bar.row.ideal_start) == moved
                        for line in person.board.state.plan.lines for bar in line.bars if bar.id == edited),
            "its bar moved",
        )  # fmt: skip
        assert person.cursor == edited
        assert bar.key == person.board.state.plan.lines[person.line].lane.key


async def test_marks_are_made_on_the_board_one_after_the_other(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="confirmed") as desk:
        person = await Boarder(desk).open()
        first = person.cursor
        await desk.press("space")
        second = person.cursor
        assert second != first
        await desk.press("space")
        assert set(desk.desk_screen.workspace.place.marks) == {first, second}
        assert "2 marked" in desk.pane("status")
        assert sum(line.count("●") for line in person.lines[2:-1]) == 2


async def test_the_cursor_stays_with_its_reservation_over_a_refresh(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(120, 36), view="pending") as desk:
        person = await Boarder(desk).open()
        await desk.press("j", "j", "j", "right")
        chosen, y = person.cursor, person.line - person.board.state.top
        others = [row["id"] for row in sandbox.find(status="pending") if row["id"] != chosen]
        later = rfc3339(START + timedelta(hours=3))
        for identity in others[:5]:
            sandbox.edit(identity, ideal_start=rfc3339(START + timedelta(hours=1)), ideal_end=later)
        await desk.press("r")
        await desk.until(
            lambda: rfc3339(desk.desk.known(others[4]).ideal_end) == later,  # type: ignore[union-attr]
            "the changes are here",
        )
        await desk.pilot.pause()
        assert person.cursor == chosen
        assert person.line - person.board.state.top == y


async def test_views_find_and_filters_say_what_stands_on_the_board(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(120, 36)) as desk:
        person = await Boarder(desk).open()
        await desk.press("4")
        confirmed = {row["id"] for row in sandbox.find(status="confirmed")}
        assert set(person.board.state.plan.places) <= confirmed
        await desk.press("slash", *"zzqq", "enter")
        assert not person.board.state.plan.lines
        assert "nothing to show" in desk.text
        assert person.focus == "board"
        await desk.press("escape")
        assert desk.desk_screen.boarding
        assert person.board.state.plan.lines


async def test_rows_that_cannot_be_read_are_left_out_and_counted(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="pending", size=(120, 36)) as desk:
        person = await Boarder(desk).open()
        assert "unreadable" not in desk.pane("status")
        sandbox.order_faults(["odd"])
        await desk.press("r")
        await desk.until_shown("unreadable, left out")
        odd = {one for one in desk.table.ids if isinstance(desk.desk.known(one), OddRow)}
        assert odd
        assert f"{len(odd)} unreadable, left out" in desk.pane("status")
        assert not odd & set(person.board.state.plan.places)


async def test_nothing_is_painted_where_nothing_is_new(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(reservations=200, traffic=False)
    clock = HandClock()
    async with Screen.open(sandbox, size=(120, 36), clock=clock) as desk:
        await desk.settle()
        person = await Boarder(desk).open()
        await desk.settle()
        painted: list[object] = []
        refresh = person.board.refresh

        def told(*regions: Any, **more: Any) -> Any:
            painted.extend(regions)
            return refresh(*regions, **more)

        person.board.refresh = told  # type: ignore[method-assign]
        await clock.advance(20.0)
        await desk.quiesce()
        assert not painted
        await desk.press("j")
        assert len(painted) == 2
        painted.clear()
        sandbox.advance(by=120.0)
        await desk.press("r")
        await desk.settle()
        assert painted
        lines = {region.y for region in painted if isinstance(region, Region)}
        assert len(lines) < person.board.size.height


async def test_keys_of_the_board_say_where_they_belong(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.press("plus")
        assert "that is a key of the board; t opens it" in desk.pane("status")
        person = await Boarder(desk).open()
        await desk.press("s")
        assert "orders its lanes by what starts first" in desk.pane("status")
        assert "Lanes" in desk.pane("footer")
        await desk.press("t")
        assert person.focus == "table"


async def test_a_click_selects_a_bar_and_another_one_opens_it(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(120, 36), view="confirmed") as desk:
        person = await Boarder(desk).open()
        line = person.board.state.plan.lines[2]
        x = person.lines[4].index("█")
        await desk.click("#board", x + 1, 4)
        assert person.cursor in {bar.id for bar in line.bars}
        assert person.focus == "board"
        await desk.click("#board", x + 1, 4)
        assert person.focus == "detail"
        await desk.wheel_down("#board")
        await desk.press("escape")
        assert person.focus == "board"


async def test_the_board_in_ascii(make_sandbox: SandboxMaker) -> None:
    async with Screen.open(make_sandbox(), size=(120, 36), ascii_only=True) as desk:
        person = await Boarder(desk).open()
        assert desk.text.isascii()
        assert any("###" in line for line in person.lines)
        assert any("===" in line for line in person.lines)
