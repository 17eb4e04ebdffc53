"""Answers that are lost, and desks that die in between: every intent has one effect, and what is not known is said."""

from pathlib import Path

import pytest

from charge_tui.desk.entries import State
from charge_tui.sandbox import RunningSandbox
from tests.support.forms import AT_ONCE, Dispatcher, a_pending
from tests.support.screen import Screen
from tests.tui.test_book import fill_from, seed

SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_create_whose_every_answer_is_lost_ends_as_one_reservation(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    body = seed("create-reservation")["body"]
    before = {row["id"] for row in sandbox.find()}
    async with Screen.open(sandbox, size=size, retry=AT_ONCE) as desk:
        person = Dispatcher(desk)
        form = await person.open_form("n")
        await fill_from(
            form, body | {"ideal_start": "2026-04-03T01:15:19.251Z", "ideal_end": "2026-04-03T02:45:43.318Z"}
        )
        sandbox.order_faults(["lost@method=POST"])
        await form.save()
        await person.back_at_desk("It was booked")
        assert len({row["id"] for row in sandbox.find()} - before) == 1
        assert not desk.writer.unknown


@pytest.mark.parametrize("size", SIZES)
async def test_an_edit_and_a_cancel_whose_answers_are_lost_are_found_by_reading(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=size, retry=AT_ONCE) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("connector_type", "CCS, Type2, CHAdeMO")
        sandbox.order_faults(["lost@method=POST"])
        await form.save()
        await person.back_at_desk("It took effect")
        assert sandbox.reservation(identity)["connector_type"] == ["CCS", "Type2", "CHAdeMO"]
        question = await person.ask("x")
        await question.yes()
        await person.back_at_desk("It is cancelled")
        assert sandbox.reservation(identity)["status"] == "cancelled"
        entries = await desk.writer.journal.recent()
        assert [(one.plan.verb, one.state) for one in entries] == [("cancel", State.DONE), ("update", State.DONE)]


@pytest.mark.parametrize("size", SIZES)
async def test_what_stays_unknown_is_on_the_truth_line_and_is_sent_again_with_its_key(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=size, retry=AT_ONCE, refresh=0) as desk:
        person = Dispatcher(desk)
        question = await (await person.select(identity, "3")).ask("x")
        sandbox.order_faults(["reset@method=POST"])
        await question.yes()
        assert "Esc back to the desk" in question.text
        await desk.press("escape")
        await person.back_at_desk("outcome unknown")
        await desk.until(lambda: "1 outcome unknown" in desk.pane("truth"), "the truth line tells of it")
        assert "U Unknown outcomes" in desk.pane("footer")
        assert sandbox.reservation(identity)["status"] == "pending"
        page = await person.unknown()
        assert identity in page.text
        await page.press("l")
        assert "still pending" in page.text
        sandbox.clear_faults()
        await page.press("s")
        assert "Every write is settled" in page.text
        await desk.press("escape")
        assert sandbox.reservation(identity)["status"] == "cancelled"
        keys = {one.idempotency_key for one in sandbox.requests if one.method == "POST"}
        assert len(keys) == 1
        await desk.until(lambda: "unknown" not in desk.pane("truth"), "the truth line is quiet")


async def test_a_person_decides_only_when_asked_twice(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, retry=AT_ONCE, refresh=0) as desk:
        person = Dispatcher(desk)
        question = await (await person.select(identity, "3")).ask("x")
        sandbox.order_faults(["reset@method=POST"])
        await question.yes()
        await desk.press("escape")
        await person.back_at_desk("outcome unknown")
        page = await person.unknown()
        await page.press("v")
        assert "Are you sure that it had no effect" in page.text
        assert desk.writer.unknown
        await page.press("enter", "v")
        assert not desk.writer.unknown
        assert "Tess says that it had no effect" in page.text


async def test_an_unknown_edit_closes_the_form_and_keeps_its_text(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, retry=AT_ONCE, refresh=0) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("metadata", "note=gate 7")
        sandbox.order_faults(["reset@method=POST"])
        await form.save()
        await person.back_at_desk("outcome unknown")
        form = await person.open_form("e")
        await desk.until(lambda: form.text("metadata") == "note=gate 7", "the draft is there")


async def test_without_a_connection_nothing_leaves_and_the_form_stays(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, retry=AT_ONCE, refresh=0) as desk:
        form = await (await Dispatcher(desk).select(identity, "3")).open_form("e")
        await form.press("f8")
        sandbox.stop()
        await form.save()
        assert form.is_open
        assert "Nothing was sent" in form.pane
        sandbox.start()
        await form.save()
        await Dispatcher(desk).back_at_desk("Saved")


async def test_what_was_done_from_here_stands_in_the_detail(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=(200, 60)) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.press("f8")
        await form.save()
        await person.back_at_desk("Saved")
        await desk.until(lambda: "done from here" in desk.pane("detail"), "the detail tells of it")
        assert "edit by Tess: Saved." in desk.pane("detail")


async def test_a_state_folder_that_cannot_be_written_refuses_every_write(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, journal=tmp_path / "file" / "journal.sqlite") as desk:
        form = await (await Dispatcher(desk).select(identity, "3")).open_form("e")
        await form.press("f8")
        await form.save()
        assert form.is_open
        assert not [one for one in sandbox.requests if one.method == "POST"]
        await form.press("escape")
        await desk.until(lambda: "journal not writable" in desk.pane("truth"), "the truth line tells of it")
