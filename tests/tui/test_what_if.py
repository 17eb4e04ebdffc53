"""Forms and questions say what they would do to the findings, before anything is sent."""

from datetime import timedelta

import pytest

from charge_tui.domain.times import rfc3339
from charge_tui.sandbox import RunningSandbox
from tests.support.fixing import Fixing, a_lost, two_at_once
from tests.support.forms import Dispatcher, writes
from tests.support.sandbox import START
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_form_follows_what_is_typed(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    first, second = two_at_once(sandbox)
    async with Screen.open(sandbox, size=size) as desk:
        person = await Fixing(desk).at_finding(first)
        form = await (await person.select(second, "3")).open_form("e")
        assert "resolves" not in form.pane
        await form.type("ideal_end", "+3h")
        assert "resolves 0 · creates 0" in form.pane
        begins = START + timedelta(hours=33)
        await form.type("ideal_end", rfc3339(begins + timedelta(hours=1)))
        await form.type("ideal_start", rfc3339(begins))
        assert "resolves 1: booked twice · creates 0" in form.pane
        assert "resolves 1: booked twice · creates 0" in " ".join(desk.text.split())
        assert not writes(sandbox, f"/v1/reservations/{second}")


@pytest.mark.parametrize("size", SIZES)
async def test_a_booking_that_collides_with_a_confirmed_one_says_so_before_it_is_sent(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    there = sorted(sandbox.find(status="confirmed"), key=lambda row: row["ideal_start"])[-1]
    lost = a_lost(sandbox, vehicle=there["vehicle"], driver=there["driver"])
    async with Screen.open(sandbox, size=size) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        form = await person.open_form("b")
        await form.type("ideal_end", there["ideal_end"])
        await form.type("ideal_start", there["ideal_start"])
        assert "creates a high: booked twice with" in form.pane
        assert there["id"][-4:] in form.pane
        assert "creates a high: booked twice" in " ".join(desk.text.split())
        assert not writes(sandbox, "/v1/reservations")


async def test_a_new_one_says_nothing_before_it_could_be_sent(sandbox: RunningSandbox) -> None:
    pending = sandbox.find(status="pending")[0]
    async with Screen.open(sandbox) as desk:
        form = await Dispatcher(desk).open_form("n")
        await form.type("vehicle", pending["vehicle"])
        assert "resolves" not in form.pane
        await form.type("driver", pending["driver"])
        await form.type("ideal_start", pending["ideal_start"])
        await form.type("ideal_end", pending["ideal_end"])
        await form.type("location", "48.8698, 2.3319, 1500")
        await form.type("connector_type", "CCS")
        assert "resolves 0 · creates 1: booked twice" in form.pane


@pytest.mark.parametrize("size", SIZES)
async def test_a_question_says_it_too(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    first, second = two_at_once(sandbox)
    async with Screen.open(sandbox, size=size) as desk:
        person = await Fixing(desk).at_finding(first)
        question = await (await person.select(second, "3")).ask("x")
        assert "resolves 1: booked twice · creates 0" in question.text
        await desk.press("escape")
        question = await person.ask("c")
        assert "once confirmed resolves" in question.text
        assert "creates a high: booked twice" in question.text


async def test_a_question_about_many_says_what_all_of_them_do_together(sandbox: RunningSandbox) -> None:
    lost = [a_lost(sandbox)["id"], a_lost(sandbox, "other")["id"]]
    async with Screen.open(sandbox, size=(120, 50)) as desk:
        person = Fixing(desk)
        for identity in lost:
            await person.at_finding(identity)
            await desk.press("space")
        page = await person.ask_many("b")
        assert "resolves 2: lost" in page.text
