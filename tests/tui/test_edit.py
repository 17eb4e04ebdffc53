"""A dispatcher edits: against a real sandbox, over a real socket, at the two sizes that are used most."""

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.forms import AT_ONCE, Dispatcher, Wire, a_pending, writes
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_an_end_half_an_hour_later_leaves_as_that_one_field(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    identity, wire = a_pending(sandbox), Wire()
    before = sandbox.reservation(identity)
    async with Screen.open(sandbox, size=size, transport=wire) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        assert "nothing yet" in form.pane
        await form.type("ideal_end", "+30m")
        assert "UTC" in form.note("ideal_end")
        assert "+30m" in form.pane
        await form.save()
        await person.back_at_desk("Saved", identity)
        assert [one.url.path for one in wire.posts] == [f"/v1/reservations/{identity}"]
        after = sandbox.reservation(identity)
        assert wire.posts[0].read() == b'{"ideal_end":"%s"}' % after["ideal_end"].encode()
        assert {name for name in after if after[name] != before[name]} == {"ideal_end", "updated"}


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_window_moves_with_one_key(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=size) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.press("ctrl+down", "f8", "f7")
        assert form.pane.count("+15m") == 2
        await form.press("ctrl+up")
        assert "nothing yet" in form.pane
        await form.press("ctrl+s")
        assert "every field is as it was" in form.pane
        assert not writes(sandbox, f"/v1/reservations/{identity}")


async def test_every_field_can_be_changed_and_limits_cleared(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    sandbox.edit(identity, earliest_start=None, latest_end=None, metadata={"note": "gate 4", "old": "yes"})
    async with Screen.open(sandbox, size=(80, 24)) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        start = form.text("ideal_start")
        await form.type("earliest_start", start[:16])
        await form.type("connector_type", "ccs type2")
        await form.type("location", "52.1, 4.9, 2.5km")
        await form.type("metadata", "note=[red]gate 9[/]; new=1")
        await form.save()
        await person.back_at_desk("Saved")
        after = sandbox.reservation(identity)
        assert after["connector_type"] == ["CCS", "Type2"]
        assert after["location"] == {"latitude": 52.1, "longitude": 4.9, "radius": 2500}
        assert after["metadata"] == {"note": "[red]gate 9[/]", "new": "1"}
        assert after["earliest_start"]

        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("earliest_start", "none")
        assert "cleared" in form.pane
        await form.save()
        await person.back_at_desk("Saved")
        assert sandbox.reservation(identity)["earliest_start"] is None


async def test_what_is_certainly_wrong_is_told_as_the_field_is_left_and_not_sent(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=(80, 24)) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("ideal_start", "half past nine")
        await form.press("down")
        assert form.is_faulty("ideal_start")
        assert "Understood: 14:30" in form.note("ideal_start")
        await form.type("ideal_start", "")
        await form.type("location", "95, 4, 1500")
        await form.type("metadata", "no pair")
        await form.press("up")
        assert form.is_faulty("metadata")
        await form.save()
        assert "Nothing was sent: start" in form.pane
        await form.press("ctrl+r")
        await form.type("ideal_end", "-9h")
        await form.press("down")
        assert "after the start" in form.note("ideal_end")
        await form.save()
        assert form.is_open
        assert not writes(sandbox, f"/v1/reservations/{identity}")


async def test_text_that_cannot_travel_is_refused_at_the_field(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox) as desk:
        form = await (await Dispatcher(desk).select(identity, "3")).open_form("e")
        for text in ("note=\ud83d", "note=\x1b]0;x\x07", "key=ch_sk_test_abcdefgh"):
            await form.type("metadata", text)
            await form.press("up", "down")
            assert form.is_faulty("metadata"), text
            assert "\x1b]0" not in desk.text


async def test_a_doubled_hour_asks_and_a_missing_one_is_refused(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(reservations=60)
    identity = a_pending(sandbox)
    async with Screen.open(sandbox) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("ideal_end", "2026-10-25 02:30")
        await form.save()
        assert "comes twice that night" in form.note("ideal_end")
        await form.type("ideal_end", "2026-10-25 02:30 second")
        assert "01:30 UTC" in form.note("ideal_end")
        await form.type("ideal_end", "2027-03-28 02:30")
        await form.press("down")
        assert "does not exist" in form.note("ideal_end")


async def test_a_refusal_stands_at_its_field_with_its_request_and_the_text_stays(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, size=(80, 24), retry=AT_ONCE) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("connector_type", "Tesla")
        assert "Not documented: Tesla" in form.note("connector_type")
        await form.save()
        assert form.is_open
        assert "req_" in form.pane
        assert form.is_faulty("connector_type")
        assert form.text("connector_type") == "Tesla"
        sandbox.order_faults(["409@method=POST,count=1"])
        await form.type("connector_type", "Type2")
        await form.save()
        assert form.is_open
        assert "req_" in form.pane
        assert form.text("connector_type") == "Type2"
        await form.save()
        await person.back_at_desk("Saved")
        assert sandbox.reservation(identity)["connector_type"] == ["Type2"]


async def test_a_form_whose_reservation_changes_says_so_at_once_and_keeps_the_text(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, refresh=0.2) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("metadata", "note=mine")
        sandbox.edit(identity, connector_type=["Type2", "CHAdeMO"])
        await desk.until(lambda: "Somebody changed it meanwhile: connectors" in form.pane, "the form says so")
        sandbox.edit(identity, status="cancelled")
        await desk.until(lambda: "cannot be edited any more" in form.pane, "the form says so")
        assert form.text("metadata") == "note=mine"
        await form.save()
        assert form.is_open
        assert not writes(sandbox, f"/v1/reservations/{identity}")


@pytest.mark.parametrize("size", SIZES)
async def test_two_desks_on_two_fields_end_with_what_the_person_chose(
    sandbox: RunningSandbox, size: tuple[int, int]
) -> None:
    identity = a_pending(sandbox)
    sandbox.edit(identity, connector_type=["CCS"], metadata={"note": "old"})
    async with Screen.open(sandbox, size=size, refresh=0) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("connector_type", "CCS, Type2")
        await form.type("metadata", "note=mine")
        sandbox.edit(identity, connector_type=["CHAdeMO"], metadata={"note": "theirs"}, latest_end=None)
        await form.save()
        conflict = await form.conflict()
        for words in ("was", "theirs", "mine", "CHAdeMO", "CCS, Type2", "choose"):
            assert words in conflict.text
        await desk.press("enter", "ctrl+s")
        assert "Choose first: connectors" in conflict.text
        await desk.press("t", "m", "ctrl+s")
        await person.back_at_desk("Saved")
        after = sandbox.reservation(identity)
        assert after["connector_type"] == ["CHAdeMO"]
        assert after["metadata"] == {"note": "mine"}
        assert writes(sandbox, f"/v1/reservations/{identity}") == [200]


async def test_a_conflict_that_is_left_sends_nothing_and_keeps_the_text(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    async with Screen.open(sandbox, refresh=0) as desk:
        form = await (await Dispatcher(desk).select(identity, "3")).open_form("e")
        await form.type("connector_type", "Type2, CCS")
        sandbox.edit(identity, connector_type=["CHAdeMO", "Type2"])
        await form.save()
        await form.conflict()
        await desk.press("escape")
        assert form.text("connector_type") == "Type2, CCS"
        assert "Nothing was sent" in form.pane
        assert not writes(sandbox, f"/v1/reservations/{identity}")


async def test_undo_shows_what_it_sends_and_sends_it(sandbox: RunningSandbox) -> None:
    identity = a_pending(sandbox)
    before = sandbox.reservation(identity)
    async with Screen.open(sandbox, size=(80, 24)) as desk:
        person = Dispatcher(desk)
        await desk.press("u")
        await desk.until_shown("There is no edit to take back")
        form = await (await person.select(identity, "3")).open_form("e")
        await form.press("f8")
        await form.save()
        await person.back_at_desk("Saved")
        assert "u Undo" in desk.pane("footer")
        question = await person.ask("u")
        assert "-15m" in question.text
        await desk.press("enter")
        assert "Enter does not say yes" in question.text
        await question.yes()
        await person.back_at_desk("Saved")
        after = sandbox.reservation(identity)
        assert (after["ideal_start"], after["ideal_end"]) == (before["ideal_start"], before["ideal_end"])


async def test_what_is_typed_survives_escape_and_the_end_of_the_desk(
    sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    identity, file = a_pending(sandbox), tmp_path_factory.mktemp("state") / "journal.sqlite"
    async with Screen.open(sandbox, journal=file) as desk:
        person = Dispatcher(desk)
        form = await (await person.select(identity, "3")).open_form("e")
        await form.type("ideal_end", "+20m")
        meant = form.note("ideal_end")
        await form.press("escape")
        await person.back_at_desk("kept as a draft")
        form = await person.open_form("e")
        assert "Your draft of" in form.pane
        assert form.note("ideal_end") == meant
        await form.type("metadata", "note=half a")
    async with Screen.open(sandbox, journal=file) as desk:
        form = await (await Dispatcher(desk).select(identity, "3")).open_form("e")
        await desk.until(lambda: form.text("metadata") == "note=half a", "the draft is there")
        await form.press("ctrl+r")
        assert "nothing yet" in form.pane
        await form.press("escape")
        form = await Dispatcher(desk).open_form("e")
        assert "draft" not in form.pane
