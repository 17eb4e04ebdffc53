"""The desk on a bad day, while it loads, when it is frozen: it says what it knows and how old that is."""

import string
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.commands import COMMANDS
from tests.support.handclock import HandClock
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen


async def test_while_it_loads_it_says_so(sandbox: RunningSandbox) -> None:
    sandbox.order_faults(["hang"])
    async with Screen.open(sandbox, wait=False) as desk:
        await desk.until_shown("Loading reservations", "LOADING")
        assert desk.table.cursor is None


async def test_without_a_connection_it_says_what_is_wrong_and_recovers_by_itself(sandbox: RunningSandbox) -> None:
    sandbox.stop()
    async with Screen.open(sandbox, wait=False) as desk:
        await desk.until_shown("No picture yet", "OFFLINE", "! ")
        assert "OFFLINE" in desk.app.terminal_title
        await desk.press("exclamation_mark")
        await desk.until_shown("How far this picture can be trusted")
        await desk.press("escape")
        sandbox.start()
        await desk.press("r")
        await desk.until(lambda: desk.desk.feed().complete and desk.table.ids, "rows are there")
        assert "OFFLINE" not in desk.pane("truth")


async def test_a_refused_key_is_told_in_words_and_keeps_the_desk_open(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, key="ch_sk_test_another", wait=False) as desk:
        await desk.until_shown("OFFLINE", "key")
        assert desk.app.is_running
        assert "ch_sk_test_another" not in desk.text


async def test_the_last_picture_is_shown_with_its_age_until_the_api_answers(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.sqlite"
    async with Screen.open(sandbox, picture=picture, view="pending") as desk:
        shown = set(desk.table.ids)
    sandbox.order_faults(["hang"])
    async with Screen.open(sandbox, picture=picture, view="pending", wait=False) as desk:
        await desk.until_shown("SAVED")
        assert set(desk.table.ids) == shown
        sandbox.clear_faults()


async def test_the_page_of_problems_keeps_time_and_does_not_call_an_overdue_answer_well(
    sandbox: RunningSandbox,
) -> None:
    clock = HandClock()
    async with Screen.open(sandbox, clock=clock, refresh=5.0) as desk:
        await desk.settle()
        await desk.press("exclamation_mark")
        await desk.until_shown("FRESH", "Nothing is wrong.")
        sandbox.order_faults(["hang"])
        await clock.advance(26.0)
        await desk.until_shown("STALE", "No error so far, but an answer is overdue.")
        assert "Nothing is wrong." not in desk.text


async def test_a_page_that_cannot_be_read_says_so_and_is_tried_again(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        sandbox.order_faults(["500@path=/v1/reservations"])
        await desk.press("5")
        await desk.until_shown("This page could not be read", "r tries again")
        sandbox.clear_faults()
        await desk.press("r")
        await desk.until(lambda: desk.table.ids, "the page is there")
        assert "could not be read" not in desk.text


async def test_a_page_that_could_not_be_read_comes_by_itself_once_the_api_answers(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, refresh=1.0) as desk:
        sandbox.order_faults(["500@path=/v1/reservations"])
        await desk.press("5")
        await desk.until_shown("This page could not be read")
        await desk.press("right_square_bracket")
        assert "no page was read yet" in desk.pane("status")
        sandbox.clear_faults()
        await desk.until(lambda: desk.table.ids, "the page is there")
        assert "could not be read" not in desk.text


async def test_an_empty_view_is_a_designed_state(make_sandbox: SandboxMaker) -> None:
    async with Screen.open(make_sandbox(reservations=0, traffic=False)) as desk:
        await desk.press("f")
        await desk.type("drv_nobody")
        await desk.press("enter", "3")
        await desk.until_shown("No pending reservations for driver drv_nobody", "F shows all again")


@pytest.mark.parametrize(
    "fault",
    [
        "500",
        "429:1",
        "reset",
        "half",
        "html",
        "foreign-next",
        "loop-next",
        "redirect",
        "huge",
        "odd",
        "hostile",
        "skew:600",
    ],
)
async def test_under_each_fault_it_stays_up_and_recovers(sandbox: RunningSandbox, fault: str) -> None:
    async with Screen.open(sandbox) as desk:
        sandbox.order_faults([fault])
        await desk.press("r", "2")
        await desk.until(lambda: not desk.desk_screen.workspace.place.loading, "the page has come or failed")
        await desk.press("7", "exclamation_mark", "escape", "1")
        assert len(desk.table.ids) > 10
        sandbox.clear_faults()
        await desk.press("r", "2")
        await desk.press("r")
        await desk.until(lambda: "page 1" in desk.pane("status") and desk.table.ids, "the page is read")


async def test_a_change_is_shown_while_cursor_scroll_and_focus_stay(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="pending", refresh=1.0) as desk:
        await desk.press("j", "j", "j")
        await desk.until(lambda: (desk.table.cursor or "-") in desk.pane("detail"), "the detail has followed")
        cursor, line = desk.table.cursor, desk.table.cursor_line()
        above = desk.table.ids[0]
        sandbox.edit(above, status="confirmed")
        await desk.until(lambda: above not in desk.table.ids, "it has left the view")
        assert desk.table.cursor == cursor
        assert desk.table.cursor_line() in (line, line - 1)
        assert desk.app.focused is desk.desk_screen.table


async def test_new_rows_above_leave_the_cursor_on_its_line(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(80, 24), view="pending", refresh=1.0) as desk:
        await desk.press("G", "k")
        cursor, line, count = desk.table.cursor, desk.table.cursor_line(), len(desk.table.ids)
        for _ in range(3):
            sandbox.create(ideal_start="2026-04-01T01:10:00.000Z", ideal_end="2026-04-01T02:10:00.000Z")
        await desk.until(lambda: len(desk.table.ids) == count + 3, "the new ones are there")
        assert (desk.table.cursor, desk.table.cursor_line()) == (cursor, line)


async def test_when_the_row_under_the_cursor_leaves_its_neighbour_is_next(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="pending", refresh=1.0) as desk:
        await desk.press("j", "j")
        _, _, here, below, *_ = desk.table.ids
        sandbox.edit(here, status="cancelled")
        await desk.until(lambda: here not in desk.table.ids, "it has left")
        assert desk.table.cursor == below


async def test_a_freeze_holds_order_and_paint_and_counts_what_happened(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="pending", refresh=1.0) as desk:
        await desk.press("p")
        before = desk.table.ids, desk.table.lines
        first = desk.table.ids[0]
        sandbox.edit(first, status="cancelled")
        await desk.until_shown("PAUSED 1 changed")
        assert (desk.table.ids, desk.table.lines) == before
        assert desk.app.terminal_title.startswith("charge PAUSED")
        await desk.press("p")
        assert first not in desk.table.ids
        assert "PAUSED" not in desk.text


async def test_under_a_freeze_a_person_can_still_go_elsewhere(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.press("p", "4")
        assert set(desk.table.ids) == {row["id"] for row in sandbox.find(status="confirmed")}
        await desk.press("2")
        await desk.until_shown("page 1", "PAUSED")
        assert desk.table.ids


async def test_page_one_of_a_paged_view_is_read_again_quietly(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="attention", refresh=1.0) as desk:
        await desk.press("2")
        await desk.until_shown("page 1")
        await desk.press("j", "j")
        cursor = desk.table.cursor
        new = sandbox.create(ideal_start="2026-04-01T05:10:00.000Z", ideal_end="2026-04-01T06:10:00.000Z")["id"]
        await desk.until(lambda: new in desk.table.ids, "the new one is on the page")
        assert desk.table.cursor == cursor


async def test_a_freeze_ends_by_itself_after_ten_minutes(sandbox: RunningSandbox) -> None:
    clock = HandClock()
    async with Screen.open(sandbox, clock=clock) as desk:
        await desk.press("p")
        await clock.advance(590)
        await desk.pilot.pause()
        assert "PAUSED" in desk.pane("truth")
        await clock.advance(15)
        await desk.pilot.pause()
        assert "PAUSED" not in desk.pane("truth")


async def test_the_detail_follows_when_keys_rest(sandbox: RunningSandbox) -> None:
    clock = HandClock()
    async with Screen.open(sandbox, clock=clock) as desk:
        await desk.settle()
        await desk.press("g")
        await clock.advance(0.2)
        await desk.pilot.pause()
        first = desk.table.cursor or ""
        await desk.press("j")
        assert first in desk.pane("detail")
        await clock.advance(0.1)
        await desk.press("j")
        await clock.advance(0.1)
        await desk.pilot.pause()
        assert first in desk.pane("detail")
        await clock.advance(0.1)
        await desk.pilot.pause()
        assert (desk.table.cursor or "") in desk.pane("detail")


async def test_seconds_tick_only_near_a_key_or_a_deadline(sandbox: RunningSandbox) -> None:
    clock = HandClock()
    async with Screen.open(sandbox, clock=clock, refresh=0) as desk:
        await desk.settle()
        assert "<1m" in desk.pane("truth")
        assert "just now" in desk.pane("detail")
        await desk.press("j")
        await clock.advance(1.0)
        await desk.pilot.pause()
        assert "<1m" not in desk.pane("truth")


async def test_a_desk_that_reads_only_when_asked_says_so(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, refresh=0) as desk:
        await desk.until_shown("REFRESH OFF")


async def test_any_size_between_nothing_and_a_wall_is_survived_and_legible_again(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.press("j", "j")
        cursor = desk.table.cursor
        for width, height in (
            (80, 24),
            (59, 24),
            (20, 5),
            (1, 1),
            (300, 100),
            (115, 16),
            (116, 16),
            (60, 16),
            (120, 36),
        ):
            await desk.resize(width, height)
            await desk.press("j", "k")
            for strip in desk.strips():
                assert strip.cell_length == width
            too_small = width < 60 or height < 16
            assert ("terminal is" in desk.text) == (too_small and width >= 20), (width, height)
        assert desk.table.cursor == cursor
        assert desk.table.line_of(cursor or "")


async def test_a_resize_under_a_form_leaves_the_columns_that_fit(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.resize(80, 24)
        narrow = desk.table.heading
        await desk.resize(120, 36)
        wide = desk.table.heading
        assert "Window" in narrow
        assert narrow != wide
        await desk.press("v")
        await desk.resize(80, 24)
        await desk.press("escape")
        await desk.until(lambda: desk.table.heading == narrow, "the columns fit 80 cells")
        await desk.press("f")
        await desk.resize(50, 12)
        await desk.resize(120, 36)
        await desk.press("escape")
        await desk.until(lambda: desk.table.heading == wide, "the columns fit 120 cells")


async def test_no_key_that_means_nothing_here_ends_the_desk(sandbox: RunningSandbox) -> None:
    signs = {unicodedata.name(sign).lower().replace(" ", "_").replace("-", "_") for sign in string.punctuation}
    bound = {key for command in COMMANDS for key in command.keys.split(",")}
    async with Screen.open(sandbox) as desk:
        await desk.press("at", *sorted(signs - bound))
        assert desk.app.is_running
        await desk.press("enter", "at")
        assert desk.app.focused is desk.desk_screen.detail


async def test_a_screen_that_is_too_small_takes_no_command_but_quit(make_sandbox: SandboxMaker) -> None:
    async with Screen.open(make_sandbox(reservations=0, traffic=False), size=(50, 12)) as desk:
        view = desk.desk_screen.workspace.view.name
        await desk.press("3", "slash", "f", "o")
        assert desk.app.screen is desk.desk_screen
        assert desk.desk_screen.workspace.view.name == view
        await desk.press("q", "y")
        assert desk.app.return_code == 0


class Refreshes:
    """Counts the regions that a widget asks to be painted."""

    def __init__(self, widget: object, patch: pytest.MonkeyPatch) -> None:
        self.regions: list[object] = []
        refresh: Callable[..., object] = widget.refresh  # type: ignore[attr-defined]

        def counted(*regions: object, **how: object) -> object:
            self.regions.append(regions)
            return refresh(*regions, **how)

        patch.setattr(widget, "refresh", counted)


async def test_a_refresh_without_news_paints_nothing_in_the_table(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    async with Screen.open(sandbox, clock=clock) as desk:
        await desk.settle()
        counted = Refreshes(desk.desk_screen.table, monkeypatch)
        requests = len(sandbox.requests)
        for _ in range(60):
            await clock.advance(1.0)
            await desk.quiesce()
        assert len(sandbox.requests) > requests + 5
        assert counted.regions == []


async def test_one_changed_row_paints_one_line(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = HandClock()
    async with Screen.open(sandbox, clock=clock, size=(200, 60), view="pending") as desk:
        await desk.settle()
        counted = Refreshes(desk.desk_screen.table, monkeypatch)
        identity = desk.table.ids[2]
        line = desk.table.line_of(identity)
        other = next(
            row["vehicle"] for row in sandbox.find() if row["vehicle"] != sandbox.reservation(identity)["vehicle"]
        )
        sandbox.edit(identity, vehicle=other)
        while desk.table.line_of(identity) == line:
            await clock.advance(1.0)
            await desk.quiesce()
        assert len(counted.regions) == 1


async def test_a_step_of_the_cursor_paints_two_lines(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = HandClock()
    async with Screen.open(sandbox, clock=clock) as desk:
        await desk.settle()
        await desk.press("g")
        counted = Refreshes(desk.desk_screen.table, monkeypatch)
        await desk.press("j")
        assert len(counted.regions) == 2
