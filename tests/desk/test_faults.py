"""Each trouble in turn: the desk stays up, says what is so, keeps what it knows, and recovers by itself."""

from pathlib import Path

import pytest

from charge_tui.api import ForeignUrl, NotFound
from charge_tui.api.transport import Timeouts
from charge_tui.desk.state import Freshness
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from tests.support.live import live_desk
from tests.support.sandbox import SandboxMaker


def pending_id(sandbox: RunningSandbox) -> str:
    return str(sandbox.find(status="pending")[0]["id"])


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("503", "no answer"),
        ("500:1", "no answer"),
        ("502", "no answer"),
        ("403", "no answer"),
        ("reset", "no answer"),
        ("hang", "no answer"),
        ("half", "no answer"),
        ("html", "no answer"),
        ("html:200", "no answer"),
        ("huge", "no answer"),
        ("redirect", "list cut off"),
        ("latency:0.9", "no answer"),
        ("401", "key refused"),
        ("429:1", "rate limited"),
        ("429", "rate limited"),
    ],
)
async def test_trouble_is_named_and_survived(sandbox: RunningSandbox, fault: str, word: str) -> None:
    async with live_desk(sandbox) as live:
        await live.loaded()
        before = live.open_on_desk()
        sandbox.order_faults([fault])
        await live.until(lambda: word in {problem.words for problem in live.feed.problems}, f"the words {word!r}")
        assert live.open_on_desk() == before
        assert all(problem.sentence.endswith(".") for problem in live.feed.problems)
        if word == "no answer":
            await live.until(lambda: live.feed.freshness is Freshness.OFFLINE, "the word OFFLINE")
        changed = pending_id(sandbox)
        sandbox.edit(changed, status="failed", failed_reason="other")
        sandbox.clear_faults()
        if fault == "401":
            live.desk.refresh()
        await live.until(lambda: live.status(changed) == "failed", "the failure that nobody could see meanwhile")
        await live.fresh()
        await live.until(lambda: not live.problems(), "that nothing is wrong any more")


async def test_answers_that_are_merely_slow_are_waited_for(sandbox: RunningSandbox) -> None:
    sandbox.order_faults(["latency:0.1"])
    async with live_desk(sandbox) as live:
        await live.fresh()
        assert live.problems() == set()


async def test_a_server_that_fails_now_and_then_is_lived_with(sandbox: RunningSandbox) -> None:
    sandbox.order_faults(["503@p=0.3", "reset@p=0.1", "half@p=0.1"])
    async with live_desk(sandbox) as live:
        await live.loaded()
        changed = pending_id(sandbox)
        sandbox.edit(changed, status="cancelled")
        await live.until(lambda: live.status(changed) == "cancelled", "the change, in spite of the failures")


@pytest.mark.parametrize("fault", ["foreign-next", "loop-next"])
async def test_a_list_that_leads_astray_is_not_followed(make_sandbox: SandboxMaker, fault: str) -> None:
    sandbox = make_sandbox(reservations=500, open=250)
    async with live_desk(sandbox) as live:
        await live.loaded()
        sandbox.order_faults([fault])
        await live.until(lambda: "feed" in live.problems(), "the list said to be cut off")
        await live.until(lambda: live.feed.freshness is Freshness.STALE, "the picture said to be stale")
        sandbox.clear_faults()
        await live.fresh()
        assert live.problems() == set()
    assert all(entry.path.startswith("/v1/") for entry in sandbox.requests)


async def test_empty_pages_with_a_next_link_are_followed(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(reservations=300, open=150)
    async with live_desk(sandbox) as live:
        await live.loaded()
        sandbox.order_faults(["empty-next@count=2,path=/v1/reservations"])
        await live.fresh()


async def test_odd_rows_are_shown_as_far_as_they_can_be_and_the_others_are_sound(sandbox: RunningSandbox) -> None:
    async with live_desk(sandbox) as live:
        await live.loaded()
        sound = len(live.desk.open_rows())
        sandbox.order_faults(["odd"])
        await live.until(lambda: "odd" in live.problems(), "odd rows said to be odd")
        assert len(live.desk.rows) >= sound
        sandbox.clear_faults()
        await live.until(lambda: live.feed.freshness is Freshness.FRESH, "a fresh picture")


async def test_a_clock_that_is_off_is_told(sandbox: RunningSandbox, make_sandbox: SandboxMaker) -> None:
    running = make_sandbox(speed=1.0)
    async with live_desk(running) as live:
        await live.loaded()
        assert "skew" not in live.problems()
        running.order_faults(["skew:300"])
        await live.until(lambda: "skew" in live.problems(), "the clock said to be off")
        running.clear_faults()
        await live.until(lambda: "skew" not in live.problems(), "the clock said to be right")


async def test_hostile_text_changes_nothing_but_text(sandbox: RunningSandbox) -> None:
    sandbox.order_faults(["hostile"])
    async with live_desk(sandbox) as live:
        await live.loaded()
        assert set(live.open_on_desk()) == set(live.open_in_world())
        assert any(isinstance(row, Reservation) and row.metadata for row in live.desk.open_rows())


async def test_a_server_that_is_restarted_is_found_again(sandbox: RunningSandbox) -> None:
    async with live_desk(sandbox) as live:
        await live.loaded()
        sandbox.stop()
        await live.until(lambda: live.feed.freshness is Freshness.OFFLINE, "the word OFFLINE")
        changed = pending_id(sandbox)
        sandbox.edit(changed, status="cancelled")
        sandbox.start()
        await live.until(lambda: live.status(changed) == "cancelled", "what happened in the meantime")
        await live.fresh()


async def test_a_desk_that_starts_without_a_server_opens_and_comes_to_life(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox()
    sandbox.stop()
    async with live_desk(sandbox) as live:
        await live.until(lambda: live.feed.freshness is Freshness.OFFLINE, "the word OFFLINE")
        assert live.desk.open_rows() == []
        sandbox.start()
        await live.fresh()


async def test_a_reservation_that_the_api_lost_is_told_of(sandbox: RunningSandbox) -> None:
    async with live_desk(sandbox) as live:
        await live.loaded()
        lost = pending_id(sandbox)
        sandbox.order_faults([f"404@path=/v1/reservations/{lost}"])
        with pytest.raises(NotFound):
            await live.desk.read(lost)
        assert live.desk.leaving(lost)
        assert live.desk.known(lost) is not None


async def test_the_last_picture_is_shown_with_its_age_until_the_api_answers(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.sqlite"
    async with live_desk(sandbox, picture=picture) as live:
        await live.fresh()
        held = live.open_on_desk()
    changed = pending_id(sandbox)
    sandbox.edit(changed, status="failed", failed_reason="payment_failed")
    sandbox.stop()
    async with live_desk(sandbox, picture=picture) as live:
        assert live.feed.freshness is Freshness.SAVED
        assert live.open_on_desk() == held
        assert live.feed.age is not None
        assert live.feed.age > 0
        sandbox.start()
        await live.until(lambda: live.status(changed) == "failed", "what failed while the desk was away")
        told = [change for change in live.changes if change.id == changed and change.before]
        assert told, "what failed while the desk was away is told as a change"


async def test_requests_stay_under_the_budget(sandbox: RunningSandbox) -> None:
    async with live_desk(sandbox, refresh=0.05, budget=30) as live:
        await live.loaded()
        await live.until(lambda: live.feed.requests_last_minute >= 28, "the budget nearly used up")
        assert live.feed.requests_last_minute <= 30


async def test_a_page_that_a_person_turned_to_and_that_leads_astray_is_a_fault_of_the_feed(
    make_sandbox: SandboxMaker,
) -> None:
    sandbox = make_sandbox()
    async with live_desk(sandbox, refresh=30.0) as live:
        await live.loaded()
        sandbox.order_faults(["foreign-next@path=/v1/reservations"])
        page = await live.desk.page(status=None)
        assert page.next_url is not None
        with pytest.raises(ForeignUrl):
            await live.desk.page(status=None, url=page.next_url, number=2)
        assert "feed" in live.problems()


async def test_a_read_that_takes_long_says_so(sandbox: RunningSandbox) -> None:
    patient = Timeouts(connect=5, read=20, write=5, pool=5, total=20)
    async with live_desk(sandbox, timeouts=patient) as live:
        await live.loaded()
        sandbox.order_faults(["hang:8@count=1"])
        await live.until(lambda: live.feed.activity.startswith("reading "), "the read under way is told")
