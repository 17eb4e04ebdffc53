"""From a finding to a sent fix: proposals in the detail, two keys, and which of several reservations is meant."""

from datetime import timedelta

import pytest

from charge_tui.domain.times import rfc3339
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.screens.form import ReservationForm
from tests.support.fixing import Fixing, a_lost, two_at_once
from tests.support.forms import AT_ONCE, FormPage, writes
from tests.support.sandbox import START, SandboxMaker
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36), (200, 60)]
SMALL = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_lost_one_is_booked_again_in_two_keys(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    lost = a_lost(sandbox)
    async with Screen.open(sandbox, size=size) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        await person.press("enter")
        told = await person.read_detail("1 Book again, radius", "resolves 1: lost · creates 0")
        assert desk.text.count("1 Book again") == 1
        assert not writes(sandbox, "/v1/reservations")
        await person.press("y")
        await person.back_at_desk("Booked")
        assert person.keys == 2
        made = person.replacements(sandbox, lost["id"])
        assert len(made) == 1
        assert made[0]["location"]["radius"] > lost["location"]["radius"]
        assert f"→ {made[0]['location']['radius'] / 1000:g} km" in told
        await desk.until(lambda: desk.attention.of(lost["id"]) == (), "the finding is resolved")
        assert desk.desk_screen.table.has_focus


async def test_without_a_proposal_it_takes_a_form_and_no_more_than_five_keys(sandbox: RunningSandbox) -> None:
    lost = a_lost(sandbox)
    async with Screen.open(sandbox) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        await person.press("b")
        await desk.until(lambda: isinstance(desk.app.screen, ReservationForm), "the form is open")
        await person.press("f2", "ctrl+s")
        await person.back_at_desk("Booked")
        assert person.keys <= 5
        assert len(person.replacements(sandbox, lost["id"])) == 1


@pytest.mark.parametrize("size", SMALL)
async def test_from_the_table_a_proposal_is_shown_before_it_is_sent(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    lost = a_lost(sandbox)
    async with Screen.open(sandbox, size=size) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        await person.press("y")
        question = await person.shown_first()
        for words in ("resolves 1: lost · creates 0", lost["id"], "radius +", "y books it", "e changes it first"):
            assert words in question.text
        assert not writes(sandbox, "/v1/reservations")
        await desk.press("enter")
        assert "Enter does not say yes" in question.text
        await person.press("y")
        await person.back_at_desk("Booked")
        assert len(person.replacements(sandbox, lost["id"])) == 1


async def test_a_number_sends_another_one_only_while_the_detail_has_the_focus(sandbox: RunningSandbox) -> None:
    lost = sandbox.edit(a_lost(sandbox, "payment_failed")["id"], payment_method="pm_" + "x" * 32)
    async with Screen.open(sandbox) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        await person.press("2")
        assert desk.desk_screen.workspace.view.name == "all"
        await desk.press("1")
        await person.at_finding(lost["id"])
        await desk.until(lambda: desk.desk.names.known("payment"), "payment methods are known")
        await person.press("enter")
        await person.read_detail("1 Book again, pay with")
        await person.press("1")
        await person.back_at_desk("Booked")
        made = person.replacements(sandbox, lost["id"])
        assert len(made) == 1
        assert made[0]["payment_method"] != lost["payment_method"]
        assert desk.desk_screen.workspace.view.name == "attention"


async def test_a_number_that_no_proposal_has_opens_its_view(sandbox: RunningSandbox) -> None:
    lost = a_lost(sandbox, "other")
    async with Screen.open(sandbox) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        await person.press("enter")
        await person.read_detail("1 Book again")
        count = desk.desk_screen.detail.choices
        assert 1 <= count <= 3
        await person.press("4")
        assert desk.desk_screen.workspace.view.name == "confirmed"
        assert not writes(sandbox, "/v1/reservations")


async def test_a_proposal_is_changed_in_the_ordinary_form(sandbox: RunningSandbox) -> None:
    lost = a_lost(sandbox)
    async with Screen.open(sandbox) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        await person.press("y")
        await person.shown_first()
        await person.press("e")
        await desk.until(lambda: isinstance(desk.app.screen, ReservationForm), "the form is open")
        form = FormPage(desk)
        radius = form.screen.sheet.values["location"]["radius"]
        assert radius > lost["location"]["radius"]
        await form.press("f8")
        await form.save()
        await person.back_at_desk("Booked")
        made = person.replacements(sandbox, lost["id"])
        assert made[0]["location"]["radius"] == radius
        assert made[0]["ideal_start"] > lost["ideal_start"]


async def test_a_colleague_who_booked_meanwhile_is_told_of_and_nothing_is_booked_twice(
    sandbox: RunningSandbox,
) -> None:
    lost = a_lost(sandbox)
    async with Screen.open(sandbox, refresh=0) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        there = sandbox.create(vehicle=lost["vehicle"], ideal_start=lost["ideal_start"], ideal_end=lost["ideal_end"])
        await person.press("enter")
        await person.read_detail("1 Book again")
        await person.press("y")
        question = await person.shown_first()
        await desk.until(lambda: there["id"] in question.text, "the other one is told of")
        assert "books it all the same" in question.text
        assert not writes(sandbox, "/v1/reservations")
        await person.press("escape")
        await person.back_at_desk()
        assert person.replacements(sandbox, lost["id"]) == []


async def test_one_that_changed_meanwhile_is_shown_as_it_is_before_it_is_edited(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox()
    first, second = two_at_once(sandbox)
    later = rfc3339(START + timedelta(hours=30, minutes=75))
    sandbox.edit(second, ideal_start=later, ideal_end=rfc3339(START + timedelta(hours=32)), latest_end=None)
    async with Screen.open(sandbox, refresh=0) as desk:
        person = await Fixing(desk).at_finding(first)
        await person.press("enter")
        await person.read_detail("1 Edit", "later", "resolves 1: booked twice")
        sandbox.edit(second, ideal_end=rfc3339(START + timedelta(hours=33)))
        await person.press("y")
        question = await person.shown_first()
        await desk.until(lambda: "was changed since it was shown" in question.text, "the change is shown")
        assert sandbox.reservation(second)["ideal_start"] == later
        await person.press("y")
        await desk.until(lambda: sandbox.reservation(second)["ideal_start"] > later, "it is sent after all")


async def test_cancelling_as_a_proposal_asks_with_its_cost(sandbox: RunningSandbox) -> None:
    first, second = two_at_once(sandbox)
    async with Screen.open(sandbox) as desk:
        person = await Fixing(desk).at_finding(first)
        await person.press("enter")
        await person.read_detail("1 Cancel", "resolves 1: booked twice")
        await person.press("y")
        question = await person.shown_first()
        assert "cannot be undone" in question.text
        assert sandbox.reservation(second)["status"] == "pending"
        await person.press("y")
        await person.back_at_desk("Cancelled")
        assert person.keys == 3
        assert sandbox.reservation(second)["status"] == "cancelled"
        assert sandbox.reservation(first)["status"] == "pending"


@pytest.mark.parametrize("size", SMALL)
async def test_on_a_pair_an_action_asks_which_one_is_meant(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    first, second = two_at_once(sandbox)
    async with Screen.open(sandbox, size=size) as desk:
        person = await Fixing(desk).at_finding(first)
        await person.press("x")
        told = await person.asked_which()
        assert "Cancel: which one?" in told
        assert first[-4:] in told
        assert second[-4:] in told
        await person.press("9")
        await person.press("2")
        await desk.until(lambda: second in desk.text, "the question is about the second")
        await person.press("y")
        await person.back_at_desk("Cancelled")
        assert sandbox.reservation(second)["status"] == "cancelled"
        assert sandbox.reservation(first)["status"] == "pending"


async def test_in_another_view_a_row_of_a_pair_is_meant_by_itself(sandbox: RunningSandbox) -> None:
    first, _ = two_at_once(sandbox)
    async with Screen.open(sandbox) as desk:
        person = await Fixing(desk).at_finding(first)
        await person.select(first, "3")
        question = await person.ask("x")
        assert first in question.text


async def test_a_desk_that_may_only_read_shows_proposals_and_sends_none(sandbox: RunningSandbox) -> None:
    lost = a_lost(sandbox)
    async with Screen.open(sandbox, read_only=True, retry=AT_ONCE) as desk:
        person = await Fixing(desk).at_finding(lost["id"])
        await person.press("enter")
        await person.read_detail("1 Book again")
        await person.press("y")
        question = await person.shown_first()
        await desk.until(lambda: "read-only" in question.text.lower(), "it says why not")
        assert not writes(sandbox, "/v1/reservations")
