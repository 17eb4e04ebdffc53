"""A dispatcher books: new ones, copies of lost ones, and another window for a confirmed one."""

import json
from pathlib import Path
from typing import Any

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.forms import AT_ONCE, Dispatcher, FormPage, Wire, writes
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36)]
SEEDS = Path(__file__).parents[1] / "sandbox" / "seeds"


def seed(name: str) -> dict[str, Any]:
    """The request of a seed."""
    found: dict[str, Any] = json.loads((SEEDS / f"{name}.json").read_text())
    return found


async def fill_from(form: FormPage, body: dict[str, Any]) -> None:
    """Type what a seed sends, as a person writes it."""
    place = body.get("location")
    texts = {
        "driver": body.get("driver"), "vehicle": body.get("vehicle"), "ideal_start": body.get("ideal_start"),
        "ideal_end": body.get("ideal_end"), "latest_end": body.get("latest_end"),
        "connector_type": ", ".join(body.get("connector_type", ())),
        "location": ", ".join(str(place[key]) for key in ("latitude", "longitude", "radius")) if place else "",
        "payment_method": body.get("payment_method"),
    }  # fmt: skip
    for name, text in texts.items():
        if text:
            await form.type(name, text)


@pytest.mark.parametrize("size", SIZES)
async def test_what_leaves_the_form_of_a_new_one_is_exactly_the_seed(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    wire, body = Wire(), seed("create-reservation")["body"]
    async with Screen.open(sandbox, size=size, transport=wire, retry=AT_ONCE) as desk:
        person = Dispatcher(desk)
        form = await person.open_form("n")
        await form.save()
        assert form.is_faulty("driver")
        assert "Nothing was sent" in form.pane
        await fill_from(form, body)
        await form.save()
        if form.is_open:
            assert "open in this window" in form.pane
            await form.save()
        await person.back_at_desk("Booked")
        assert json.loads(wire.posts[0].read()) == body
        assert wire.posts[0].url.path == "/v1/reservations"
        assert len([one for one in wire.posts if one.method == "POST"]) == 1


async def test_what_leaves_the_form_of_an_edit_is_exactly_the_seed(sandbox: RunningSandbox) -> None:
    wire, wanted = Wire(), seed("update-reservation")
    identity = wanted["path"].rsplit("/", 1)[-1]
    async with Screen.open(sandbox, transport=wire) as desk:
        person = Dispatcher(desk)
        if identity not in {row["id"] for row in sandbox.find(status="pending")}:
            identity = sandbox.find(status="pending")[0]["id"]
        form = await (await person.select(identity, "3")).open_form("e")
        await fill_from(form, wanted["body"])
        await form.type(
            "metadata", "; ".join(f"{key}={value}" for key, value in wanted["body"].get("metadata", {}).items())
        )
        before = sandbox.reservation(identity)
        await form.save()
        await person.back_at_desk("Saved")
        sent = json.loads(wire.posts[0].read())
        gone = {key: None for key in before["metadata"] or {} if key not in wanted["body"].get("metadata", {})}
        expected = {key: value for key, value in wanted["body"].items() if key == "metadata" or before[key] != value}
        if gone or "metadata" in expected:
            expected["metadata"] = wanted["body"].get("metadata", {}) | gone
        assert sent == expected


@pytest.mark.parametrize("size", SIZES)
async def test_driver_and_vehicle_are_chosen_by_name_and_the_connector_is_the_vehicles_own(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    async with Screen.open(sandbox, size=size) as desk:
        person = Dispatcher(desk)
        names = desk.desk.names
        await desk.until(lambda: names.known("vehicle") and names.known("driver"), "names are known")
        vehicle = next(one for one in names.known("vehicle") if getattr(one, "charging_standard", None) == "Type2")
        driver = next(one for one in names.known("driver") if getattr(one, "name", None))
        form = await person.open_form("n")
        await form.type("driver", (names.driver(driver.id) or "")[:-2])
        assert form.note("driver").startswith("Tab")
        await form.press("tab")
        assert "drv_" in form.note("driver")
        await form.type("vehicle", vehicle.id)
        assert vehicle.id in form.note("vehicle")
        assert form.text("connector_type") == "Type2"
        await form.type("ideal_start", "tomorrow 9:00")
        await form.type("ideal_end", "tomorrow 10:30")
        await form.type("location", "48.8698, 2.3319, 1500")
        assert "CEST" in form.note("ideal_start")
        await form.save()
        if form.is_open:
            await form.save()
        await person.back_at_desk("Booked")
        made = sandbox.find(vehicle=vehicle.id)[0]
        assert made["connector_type"] == ["Type2"]
        assert made["ideal_start"] == "2026-04-02T07:00:00.000Z"


async def test_a_name_that_nobody_has_is_refused_at_its_field(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        form = await Dispatcher(desk).open_form("n")
        await form.type("driver", "Nobody Atall")
        await form.press("down")
        assert form.is_faulty("driver")
        assert "Ids begin with drv_" in form.note("driver")


def a_failed(sandbox: RunningSandbox, reason: str) -> str:
    """A failed reservation whose reason is that, so that it is on the first page."""
    return str(sandbox.create(status="failed", failed_reason=reason)["id"])


@pytest.mark.parametrize("size", SIZES)
async def test_a_lost_one_is_booked_again_wider_and_names_the_old_one(
    make_sandbox: SandboxMaker, size: tuple[int, int]
) -> None:
    sandbox = make_sandbox()
    lost = next(row for row in sandbox.find(status="failed") if row["failed_reason"] == "no_available_connectors")
    radius = lost["location"]["radius"]
    async with Screen.open(sandbox, size=size, page_size=100) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(lost["id"], "7")).open_form("b")
        assert "F2" in form.pane
        assert "radius" in form.pane
        await form.press("f2")
        await form.save()
        if form.is_open:
            assert "open in this window" in form.pane
            await form.save()
        await person.back_at_desk("Booked")
        made = [row for row in sandbox.find() if (row["metadata"] or {}).get("replaces") == lost["id"]]
        assert len(made) == 1
        assert made[0]["location"]["radius"] > radius
        assert made[0]["ideal_start"] > "2026-04-01T01:00:00.000Z"
        await desk.press("3")
        assert made[0]["id"] in desk.table.ids


async def test_a_colleague_who_booked_first_is_told_of_before_anything_leaves(sandbox: RunningSandbox) -> None:
    lost = sandbox.find(status="cancelled")[0]
    async with Screen.open(sandbox, page_size=100) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(lost["id"], "6")).open_form("b")
        values = form.screen.sheet.values
        there = sandbox.create(
            vehicle=lost["vehicle"], ideal_start=values["ideal_start"], ideal_end=values["ideal_end"]
        )
        await form.save()
        assert form.is_open
        assert there["id"] in form.pane
        assert not writes(sandbox, "/v1/reservations")
        await form.save()
        await person.back_at_desk("Booked")
        assert len(writes(sandbox, "/v1/reservations")) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_a_confirmed_one_is_moved_by_one_question_with_both_costs(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    old = sorted(sandbox.find(status="confirmed"), key=lambda row: row["ideal_start"])[-1]
    async with Screen.open(sandbox, size=size) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(old["id"], "4")).open_form("m")
        await form.save()
        assert "nothing to send" in form.pane
        await form.press("f8", "f8")
        question = await person.ask("ctrl+s")
        for words in ("1 book the new window", "2 then cancel the old one", "cost", old["id"]):
            assert words in question.text
        await desk.press("enter")
        assert "Enter does not say yes" in question.text
        await question.yes()
        await person.back_at_desk("Moved")
        assert sandbox.reservation(old["id"])["status"] == "cancelled"
        made = [row for row in sandbox.find(status="pending") if (row["metadata"] or {}).get("replaces") == old["id"]]
        assert len(made) == 1


async def test_a_move_whose_second_half_is_refused_says_what_is_there(sandbox: RunningSandbox) -> None:
    old = sorted(sandbox.find(status="confirmed"), key=lambda row: row["ideal_start"])[-1]
    async with Screen.open(sandbox, retry=AT_ONCE) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(old["id"], "4")).open_form("m")
        await form.press("f8")
        sandbox.order_faults(["409@path=/v1/reservations/*/cancel"])
        question = await person.ask("ctrl+s")
        await question.yes()
        assert "is booked, but" in question.text
        await desk.press("escape")
        await person.back_at_desk()
        assert sandbox.reservation(old["id"])["status"] == "confirmed"
        assert len(writes(sandbox, "/v1/reservations")) == 1
