"""A dispatcher confirms and cancels, one and many, and is told what came of each."""

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.forms import AT_ONCE, Dispatcher, a_pending, writes
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_cancel_names_it_and_its_cost_and_enter_does_not_do_it(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    row = sorted(sandbox.find(status="confirmed"), key=lambda one: one["ideal_start"])[-1]
    async with Screen.open(sandbox, size=size) as desk:
        person = Dispatcher(desk)
        question = await (await person.select(row["id"], "4")).ask("x")
        for words in ("CANCEL this reservation?", row["id"], "window", "cost", "y cancels it"):
            assert words in question.text
        await desk.press("enter", "x", "space")
        assert not writes(sandbox, f"/v1/reservations/{row['id']}/cancel")
        await desk.press("escape")
        await person.back_at_desk()
        question = await person.ask("x")
        await question.yes()
        await person.back_at_desk("Cancelled", row["id"])
        assert sandbox.reservation(row["id"])["status"] == "cancelled"


@pytest.mark.parametrize("size", SIZES)
async def test_a_confirm_that_ends_as_failed_is_shown_as_a_failure(
    make_sandbox: SandboxMaker, size: tuple[int, int]
) -> None:
    sandbox = make_sandbox()
    async with Screen.open(sandbox, size=size) as desk:
        person = Dispatcher(desk)
        well = failed = 0
        for identity in [row["id"] for row in sandbox.find(status="pending")][:12]:
            question = await (await person.select(identity, "3")).ask("c")
            assert "Confirm now?" in question.text
            await question.yes()
            status = sandbox.reservation(identity)["status"]
            if status == "confirmed":
                await person.back_at_desk("Confirmed")
                well += 1
            else:
                assert status == "failed"
                assert "It was not confirmed: it is failed" in question.text
                await desk.press("enter")
                await person.back_at_desk("not confirmed")
                failed += 1
            if well and failed:
                break
        assert well


async def test_the_question_keeps_the_reservation_of_the_key_press(sandbox: RunningSandbox) -> None:
    first, other = a_pending(sandbox, 0), a_pending(sandbox, 1)
    async with Screen.open(sandbox, refresh=0.2) as desk:
        person = Dispatcher(desk)
        question = await (await person.select(first, "3")).ask("x")
        desk.desk_screen.table.go(other)
        await desk.pilot.pause()
        await question.yes()
        await person.back_at_desk("Cancelled", first)
        assert sandbox.reservation(other)["status"] == "pending"


async def test_a_question_about_something_that_changed_is_asked_again(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, refresh=0) as desk:
        person = Dispatcher(desk)
        question = await (await person.select(identity, "3")).ask("x")
        row = sandbox.reservation(identity)
        sandbox.edit(
            identity, ideal_end=row["ideal_end"].replace("2026-05", "2026-06"), connector_type=["Type2", "CCS"]
        )
        await question.yes()
        assert "changed since it was shown" in question.text
        assert "This is how it is now" in question.text
        assert not writes(sandbox, f"/v1/reservations/{identity}/cancel")
        await question.yes()
        await person.back_at_desk("Cancelled")


async def test_what_cannot_be_done_is_not_in_the_footer_and_its_key_says_why(sandbox: RunningSandbox) -> None:
    row = sandbox.find(status="completed")[0]
    async with Screen.open(sandbox, page_size=100) as desk:
        await Dispatcher(desk).select(row["id"], "5")
        for key, title in (("e", "Edit"), ("c", "Confirm"), ("x", "Cancel"), ("m", "Move"), ("b", "Book again")):
            assert f"{key} {title}" not in desk.pane("footer")
            await desk.press(key)
            await desk.until(lambda: "this one is completed" in desk.pane("status"), f"{key} says why")
            await desk.press("j", "k")
        assert "n New" in desk.pane("footer")


@pytest.mark.parametrize("size", SIZES)
async def test_forty_marked_of_which_three_are_refused_stay_marked(
    make_sandbox: SandboxMaker, size: tuple[int, int]
) -> None:
    sandbox = make_sandbox(reservations=400, open=80)
    async with Screen.open(sandbox, size=size, refresh=0, retry=AT_ONCE) as desk:
        person = Dispatcher(desk)
        await desk.press("3", "g", *["space"] * 40)
        assert "40 marked" in desk.pane("status")
        marked = list(desk.desk_screen.workspace.place.marks)
        assert marked == desk.table.ids[:40]
        assert desk.table.line_of(desk.table.cursor or "")[:1] == " "
        sandbox.order_faults(["409@method=POST,after=5,count=3"])
        bulk = await person.ask_many("x")
        assert "Cancel 40 reservations" in bulk.text
        await desk.press("enter")
        assert "Enter does not say yes" in bulk.text
        await bulk.yes()
        assert "3 did not work out; they stay marked" in bulk.text
        assert "40 of 40 · 37 done, 3 not" in bulk.text
        assert bulk.text.count("req_") == 3
        await desk.press("escape")
        await person.back_at_desk("37 done", "3 not")
        refused = [identity for identity in marked if sandbox.reservation(identity)["status"] == "pending"]
        assert refused == marked[5:8]
        assert list(desk.desk_screen.workspace.place.marks) == refused
        sandbox.clear_faults()
        bulk = await person.ask_many("x")
        await bulk.yes()
        await desk.press("escape")
        await person.back_at_desk("3 done")
        assert not desk.desk_screen.workspace.place.marks


async def test_marks_survive_a_refresh_and_the_question_counts_those_out_of_sight(sandbox: RunningSandbox) -> None:
    one, two = a_pending(sandbox, 0), a_pending(sandbox, 1)
    async with Screen.open(sandbox, refresh=0.2) as desk:
        person = Dispatcher(desk)
        await desk.press("3")
        await person.mark(one, two)
        sandbox.create()
        count = len(desk.table.ids)
        await desk.until(lambda: len(desk.table.ids) > count, "the new one is there")
        assert "2 marked" in desk.pane("status")
        await desk.press("slash")
        await desk.type(one[-10:])
        await desk.press("enter")
        assert desk.table.ids == [one]
        bulk = await person.ask_many("c")
        assert "1 of them is out of sight" in bulk.text
        await desk.press("n", "M")
        assert "marked" not in desk.pane("status")
        await desk.press("M")
        await desk.until_shown("nothing is marked")


async def test_a_days_failures_are_booked_again_together(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(reservations=300)
    async with Screen.open(sandbox, size=(80, 24), page_size=100, retry=AT_ONCE) as desk:
        person = Dispatcher(desk)
        await desk.press("7")
        await desk.until(lambda: desk.table.ids, "the page is there")
        await desk.press("asterisk")
        lost = list(desk.table.ids)
        bulk = await person.ask_many("b")
        assert f"Book {len(lost)} reservations again" in bulk.text
        await bulk.yes()
        await desk.press("escape")
        await person.back_at_desk("done")
        copies = [row for row in sandbox.find() if (row["metadata"] or {}).get("replaces") in lost]
        left = list(desk.desk_screen.workspace.place.marks)
        assert len(copies) + len(left) == len(lost)
        assert copies
