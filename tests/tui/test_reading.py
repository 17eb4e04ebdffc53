"""Sessions of a user who reads: against a running sandbox, over a real socket, at three sizes."""

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_desk_opens_on_what_needs_a_look_and_walks_with_the_cursor(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    async with Screen.open(sandbox, size=size) as desk:
        await desk.press("g")
        assert desk.table.cursor == desk.table.ids[0]
        assert len(desk.table.ids) == sum(
            1 for row in sandbox.find() if row["status"] in ("pending", "confirmed")
        ) + len([row for row in desk.desk.attention_rows() if row.id not in {r.id for r in desk.desk.open_rows()}])

        await desk.press("j", "j", "down")
        assert desk.table.cursor == desk.table.ids[3]
        await desk.press("k", "up")
        assert desk.table.cursor == desk.table.ids[1]
        await desk.press("G")
        assert desk.table.cursor == desk.table.ids[-1]
        assert desk.pane("status").startswith(f" {len(desk.table.ids)} of {len(desk.table.ids)}")
        await desk.press("g")
        assert desk.table.cursor == desk.table.ids[0]
        await desk.press("pagedown")
        assert desk.table.cursor != desk.table.ids[0]
        await desk.press("pageup")
        assert desk.table.cursor == desk.table.ids[0]


@pytest.mark.parametrize("size", SIZES)
async def test_enter_opens_the_detail_and_comes_back(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    async with Screen.open(sandbox, size=size) as desk:
        await desk.press("j", "enter")
        await desk.until_shown(desk.table.cursor or "", "window", "asked")
        await desk.press("enter")
        assert desk.app.focused is desk.desk_screen.table
        assert desk.table.line_of(desk.table.cursor or "")


async def test_each_view_shows_its_status(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        for key, status in zip(
            "345678", ("pending", "confirmed", "completed", "cancelled", "failed", "expired"), strict=True
        ):
            await desk.press(key)
            expected = {row["id"] for row in sandbox.find(status=status)}
            await desk.until(
                lambda: desk.table.ids and not desk.desk_screen.workspace.place.loading, f"{status} is shown"
            )
            assert set(desk.table.ids) <= expected
            if key in "34":
                assert set(desk.table.ids) == expected


async def test_all_is_paged_by_the_servers_own_urls(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(reservations=120)
    async with Screen.open(sandbox, page_size=20) as desk:
        await desk.press("2")
        await desk.until_shown("page 1 · more")
        first = desk.table.ids
        newest = sorted(sandbox.find(), key=lambda row: row["created"], reverse=True)
        assert [row["created"] for row in newest[:20]] == [
            sandbox.reservation(identity)["created"] for identity in first
        ]
        await desk.press("right_square_bracket")
        await desk.until_shown("page 2 · more")
        assert not set(first) & set(desk.table.ids)
        await desk.press("left_square_bracket")
        await desk.until_shown("page 1 · more")
        assert desk.table.ids == first
        await desk.press("left_square_bracket")
        await desk.until_shown("this is the first page")
        while "last" not in desk.pane("status"):
            await desk.press("right_square_bracket")
            await desk.until(lambda: not desk.desk_screen.workspace.place.loading, "the page has come")
        await desk.press("right_square_bracket")
        await desk.until_shown("this is the last page")


async def test_the_desk_can_begin_with_a_paged_view(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, view="failed") as desk:
        await desk.until(lambda: desk.table.ids, "its page is there")
        assert {sandbox.reservation(identity)["status"] for identity in desk.table.ids} == {"failed"}


async def test_brackets_move_by_a_screenful_where_the_list_is_whole(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(80, 24)) as desk:
        await desk.press("right_square_bracket")
        height = desk.desk_screen.table.size.height
        assert desk.table.cursor == desk.table.ids[height - 1]
        await desk.press("left_square_bracket")
        assert desk.table.cursor == desk.table.ids[0]


async def test_find_shows_matches_only_and_escape_shows_all_again(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.until(lambda: desk.desk.names.known("driver"), "names are known")
        everything = desk.table.ids
        name = next(
            label for row in desk.desk.open_rows() if (label := desk.desk.names.driver(getattr(row, "driver_id", None)))
        )
        await desk.press("slash")
        await desk.type(name.split()[0].lower().encode("ascii", "ignore").decode()[:3])
        assert 0 < len(desk.table.ids) < len(everything)
        assert f"{len(desk.table.ids)} of {len(everything)}" in desk.text
        await desk.press("enter")
        assert desk.app.focused is desk.desk_screen.table
        assert "found in" in desk.pane("status")
        await desk.press("escape")
        assert desk.table.ids == everything


async def test_on_a_narrow_screen_a_search_from_the_detail_shows_what_it_finds(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(80, 24)) as desk:
        identity = desk.table.ids[3]
        await desk.press("enter", "slash")
        await desk.type(identity[4:14])
        await desk.press("enter")
        assert desk.table.ids == [identity]
        assert desk.app.focused is desk.desk_screen.table
        assert desk.desk_screen.table.size.height > 0
        assert desk.table.heading in desk.text


async def test_a_search_without_a_match_says_so(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.press("slash")
        await desk.type("xyzzy")
        await desk.until_shown("Nothing matches 'xyzzy'", "Esc shows all again")
        assert desk.table.cursor is None


async def test_a_reservation_is_opened_by_its_id_wherever_it_is(sandbox: RunningSandbox) -> None:
    identity = sandbox.find(status="completed")[0]["id"]
    async with Screen.open(sandbox) as desk:
        await desk.press("o")
        await desk.type(identity)
        await desk.press("enter")
        await desk.until(lambda: identity in desk.pane("detail"), "it is shown")
        assert "completed" in desk.pane("detail")
        await desk.press("escape")
        await desk.until(lambda: (desk.table.cursor or "-") in desk.pane("detail"), "the cursor's is shown again")


async def test_an_id_that_is_none_is_told_in_words(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.press("o")
        await desk.type("res_nobody")
        await desk.press("enter")
        await desk.until_shown("there is no reservation res_nobody")


async def test_filters_are_those_of_the_api_and_are_told_apart(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.until(lambda: desk.desk.names.known("vehicle"), "names are known")
        vehicle = next(
            row["vehicle"] for row in sandbox.find(status="pending") if desk.desk.names.vehicle(row["vehicle"])
        )
        await desk.press("f", "down")
        await desk.type(vehicle)
        await desk.press("enter")
        await desk.press("3")
        expected = {row["id"] for row in sandbox.find(status="pending", vehicle=vehicle)}
        assert set(desk.table.ids) == expected
        await desk.press("2")
        await desk.until_shown("page 1")
        everything = {row["id"] for row in sandbox.find(vehicle=vehicle)}
        assert set(desk.table.ids) == everything
        await desk.press("F")
        await desk.until(lambda: len(desk.table.ids) > len(everything), "all are shown")


async def test_a_filter_that_means_nobody_keeps_the_form_open(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.press("f")
        await desk.type("zzz")
        await desk.press("enter")
        await desk.until_shown("no driver is called that")
        await desk.press("escape")
        assert desk.app.screen is desk.desk_screen


async def test_sorting_goes_by_column_where_the_list_is_whole_and_says_why_elsewhere(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        cursor = desk.table.cursor
        assert "by urgency" in desk.pane("status")
        await desk.press("s")
        assert "by start" in desk.pane("status")
        await desk.press("s")
        assert "by newest created" in desk.pane("status")
        assert desk.table.cursor == cursor
        created = [desk.desk.rows[identity].created for identity in desk.table.ids]  # type: ignore[union-attr]
        assert created == sorted(created, reverse=True)
        await desk.press("2")
        await desk.until_shown("page 1")
        await desk.press("s")
        assert "the server orders this view" in desk.text


async def test_the_time_zone_goes_round(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        assert "03:00 CEST" in desk.pane("truth")
        await desk.press("z")
        while "UTC" not in desk.pane("truth"):
            await desk.press("z")
        assert "01:00 UTC" in desk.pane("truth")


async def test_the_raw_json_is_what_the_api_sends(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(120, 60)) as desk:
        await desk.press("J")
        await desk.until_shown('"free_cancellation"', '"object": "reservation"', f'"id": "{desk.table.cursor}"')
        await desk.press("escape")
        assert desk.app.screen is desk.desk_screen


async def test_copy_sends_the_id_then_the_json_and_shows_it(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        await desk.press("Y")
        assert desk.app.clipboard == desk.table.cursor
        assert f"clipboard: {desk.table.cursor}" in desk.pane("status")
        await desk.press("Y")
        await desk.until_shown("the JSON")
        assert desk.app.clipboard.startswith('{"id"') or f'"{desk.table.cursor}"' in desk.app.clipboard


async def test_columns_are_chosen_for_the_view(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(200, 60)) as desk:
        assert "Fee" not in desk.table.heading
        await desk.press("v", *("j" for _ in range(12)), "space", "enter")
        assert "Fee" in desk.table.heading
        await desk.press("3")
        assert "Fee" not in desk.table.heading


async def test_help_and_palette_come_from_the_registry(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, size=(120, 60)) as desk:
        await desk.press("question_mark")
        await desk.until_shown("next reservation", "change a pending reservation")
        await desk.press("G")
        await desk.until_shown("read now")
        await desk.press("escape")
        await desk.press("colon")
        await desk.type("expir")
        await desk.until_shown("show expired reservations")
        await desk.press("enter")
        await desk.until(lambda: desk.desk_screen.workspace.view.name == "expired", "the view is open")


async def test_the_mouse_selects_rows_views_and_columns_and_the_wheel_scrolls(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        third = desk.table.ids[2]
        await desk.click("#table", 5, 2)
        assert desk.table.cursor == third
        await desk.click("#sidebar", 4, 3)
        assert desk.desk_screen.workspace.view.name == "confirmed"
        await desk.click("#sidebar", 4, 2)
        assert desk.desk_screen.workspace.view.name == "pending"
        top = desk.desk_screen.table.visible_ids[0]
        cursor = desk.table.cursor
        await desk.wheel_down("#table")
        assert desk.desk_screen.table.visible_ids[0] != top
        assert desk.table.cursor == cursor


async def test_quit_leaves_with_zero(make_sandbox: SandboxMaker) -> None:
    async with Screen.open(make_sandbox(reservations=0, traffic=False)) as desk:
        await desk.press("q", "y")
        assert desk.app.return_code == 0
