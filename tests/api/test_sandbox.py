"""The client and the sandbox, over a real socket: a script's day, and every trouble that can be ordered."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random
from textwrap import dedent
from typing import Any

import httpx
import pytest

import charge_tui.api
from charge_tui.api import (
    NO_RETRY,
    AnswerLost,
    AnswerUnreadable,
    AuthenticationFailed,
    ChargeClient,
    ChargeError,
    ForeignUrl,
    InvalidRequest,
    NotFound,
    NotReached,
    OutcomeUnknown,
    PageLoop,
    RateLimited,
    Redirected,
    RetryPolicy,
    ServerFault,
    Timeouts,
)
from charge_tui.domain.reservation import OddRow, Reservation, read_row
from charge_tui.sandbox import RunningSandbox, SandboxOptions, build_world, create_app
from tests.api.support import QuickClock, Recorder
from tests.support.sandbox import START


@asynccontextmanager
async def using(sandbox: RunningSandbox, **settings: Any) -> AsyncIterator[ChargeClient]:
    """A client of a sandbox that waits for nothing between attempts."""
    defaults: dict[str, Any] = {"clock": QuickClock(), "rng": Random(1)}
    async with ChargeClient(sandbox.key, sandbox.base_url, **(defaults | settings)) as charge:
        yield charge


def new(sandbox: RunningSandbox) -> dict[str, Any]:
    """What a create needs, with a driver and a vehicle that are there."""
    known = sandbox.find()[0]
    return {
        "driver": known["driver"],
        "vehicle": known["vehicle"],
        "ideal_start": START + timedelta(hours=6),
        "ideal_end": START + timedelta(hours=7, minutes=30),
        "connector_type": ["CCS", "Type2"],
        "location": {"latitude": 48.8698, "longitude": 2.3319, "radius": 1500},
    }


async def test_a_script_does_all_that_the_api_has(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        made = await charge.reservations.create(**new(sandbox), metadata={"trip_id": "7"})
        assert made.status == "pending"
        first = await anext(aiter(charge.reservations.list(status="pending")))
        assert first == made

        changed = await charge.reservations.update(
            made.id, {"metadata": {"note": "gate 4"}, "latest_end": START + timedelta(hours=9)}
        )
        assert changed.metadata == {"trip_id": "7", "note": "gate 4"}
        assert changed.latest_end == START + timedelta(hours=9)
        assert changed.ideal_start == made.ideal_start
        cleared = await charge.reservations.update(made.id, {"latest_end": None})
        assert cleared.latest_end is None

        assert await charge.reservations.retrieve(made.id) == cleared
        decided = await charge.reservations.confirm(made.id)
        assert decided.status in ("confirmed", "failed")
        if decided.status == "confirmed":
            assert (await charge.reservations.cancel(made.id)).status == "cancelled"
            with pytest.raises(ChargeError) as caught:
                await charge.reservations.cancel(made.id)
            assert "reservation_cancel_invalid_state" in caught.value.sentence
            assert caught.value.request_id


async def test_the_script_of_the_documentation_runs(
    sandbox: RunningSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    script = (charge_tui.api.__doc__ or "").partition("\n\n")[2].partition("asyncio.run")[0]
    waiting = sandbox.find(status="pending")
    names: dict[str, Any] = {}
    exec(compile(dedent(script), "charge_tui.api", "exec"), names)
    await names["main"](sandbox.key, sandbox.base_url)
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines()] == [row["id"] for row in waiting]
    after = sandbox.reservation(waiting[-1]["id"])
    assert after["metadata"]["trip_id"] == "7"
    assert after["status"] in ("cancelled", "failed")


async def test_every_page_of_every_status_is_walked_without_gap_or_repeat(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        every: list[dict[str, Any]] = [
            {},
            {"status": "pending"},
            {"status": "confirmed"},
            {"driver": sandbox.find()[0]["driver"]},
        ]
        for filters in every:
            got = [row.id async for row in charge.reservations.list(limit=7, **filters)]
            assert got == [row["id"] for row in sandbox.find(**filters)]
        pages = [page async for page in charge.reservations.list(limit=50).pages()]
        before = pages[1].previous_page_url
        assert before is not None
        assert (await charge.reservations.page(url=before)).rows == pages[0].rows


async def test_names_are_resolved_and_expansion_puts_the_object_in_place(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        row = next(row for row in sandbox.find(status="confirmed") if row["charging_station"])
        driver = await charge.drivers.retrieve(row["driver"])
        vehicle = await charge.vehicles.retrieve(row["vehicle"])
        station = await charge.charging_stations.retrieve(row["charging_station"])
        method = await charge.payment_methods.retrieve(row["payment_method"])
        assert all((driver.name, vehicle.registration_plate, station.name, method.type))
        whole = await charge.reservations.retrieve(row["id"], expand=("driver", "vehicle"))
        assert isinstance(whole.driver, dict)
        assert whole.driver["name"] == driver.name
        assert (whole.driver_id, whole.vehicle_id) == (row["driver"], row["vehicle"])
        assert [one.id async for one in charge.vehicles.list(driver=row["driver"])]


async def test_the_world_clock_is_told(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        meta = (await charge.reservations.page()).meta
    assert meta.world_now == START
    assert meta.date == START
    assert meta.rate == 0.0
    assert meta.request_id is not None
    assert meta.request_id.startswith("req_")


async def test_the_raw_text_and_the_model_say_the_same(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        for row in sandbox.find()[:20]:
            text = await charge.reservations.raw(row["id"])
            read = read_row(json.loads(text))
            assert isinstance(read, Reservation)
            assert read.document() == json.loads(text)


async def test_refusals_of_the_sandbox_arrive_as_their_classes(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        with pytest.raises(NotFound) as caught:
            await charge.reservations.retrieve("res_nowhere")
        assert caught.value.code == "reservation_not_found"
        with pytest.raises(InvalidRequest) as refused:
            await charge.reservations.create(**new(sandbox) | {"connector_type": ["Schuko"]})
        assert refused.value.param == "connector_type"
    async with ChargeClient("ch_sk_test_wrong", sandbox.base_url) as stranger:
        with pytest.raises(AuthenticationFailed):
            await stranger.reservations.page()


async def _read(charge: ChargeClient) -> Any:
    return await charge.reservations.page(limit=5)


def _times(fault: str) -> Timeouts | None:
    return Timeouts(read=0.5) if fault.startswith("hang") else None


FAULTS: list[tuple[str, type[ChargeError]]] = [
    ("reset", AnswerLost),
    ("hang:60", AnswerLost),
    ("half", AnswerLost),
    ("lost", AnswerLost),
    ("html", ServerFault),
    ("html:200", AnswerUnreadable),
    ("redirect", Redirected),
    ("huge", AnswerUnreadable),
    ("429:1", RateLimited),
    ("500", ServerFault),
    ("503:2", ServerFault),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
async def test_each_trouble_is_told_and_over_when_it_is_over(
    sandbox: RunningSandbox, fault: str, kind: type[ChargeError]
) -> None:
    async with using(sandbox, timeouts=_times(fault)) as charge:
        sandbox.order_faults([fault])
        with pytest.raises(kind) as caught:
            await charge.reservations.page(retry=NO_RETRY)
        assert caught.value.sentence.startswith("Could not list reservations: ")
        assert sandbox.key not in caught.value.sentence
        sandbox.clear_faults()
        assert len((await _read(charge)).rows) == 5


@pytest.mark.parametrize("fault", ["reset", "half", "lost", "429:1", "500", "503:2", "hang:60"])
async def test_a_trouble_that_passes_is_not_seen(sandbox: RunningSandbox, fault: str) -> None:
    observer = Recorder()
    async with using(sandbox, observer=observer, timeouts=_times(fault)) as charge:
        sandbox.order_faults([f"{fault}@count=2"])
        assert len((await _read(charge)).rows) == 5
    assert len(observer.retries) == 2


async def test_a_page_url_to_another_origin_is_not_followed(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        sandbox.order_faults(["foreign-next"])
        with pytest.raises(ForeignUrl, match="elsewhere"):
            await _all(charge.reservations.list(limit=10).rows())


async def test_a_circle_of_pages_ends(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        sandbox.order_faults(["loop-next"])
        with pytest.raises(PageLoop):
            await _all(charge.reservations.list(limit=10).rows())


async def test_an_empty_page_that_leads_on_is_followed(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        sandbox.order_faults(["empty-next@count=1,after=1"])
        rows = await _all(charge.reservations.list(limit=50).rows())
    assert len(rows) == len(sandbox.find()) - 50


async def _all(feed: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in feed]


@pytest.mark.parametrize("fault", ["hostile", "odd"])
async def test_no_row_breaks_a_page(sandbox: RunningSandbox, fault: str) -> None:
    async with using(sandbox) as charge:
        sandbox.order_faults([fault])
        rows = await _all(charge.reservations.list(limit=100).rows())
        names = await _all(charge.drivers.list().rows())
    assert len(rows) == len(sandbox.find())
    assert names
    if fault == "odd":
        assert any(isinstance(row, OddRow) for row in rows)
        assert any(isinstance(row, Reservation) and row.odd for row in rows)


@pytest.mark.parametrize("fault", ["lost", "reset", "half", "503"])
async def test_a_create_whose_answers_are_lost_books_once(sandbox: RunningSandbox, fault: str) -> None:
    before = len(sandbox.find())
    async with using(sandbox) as charge:
        sandbox.order_faults([f"{fault}@count=3,method=POST"])
        made = await charge.reservations.create(**new(sandbox))
    assert len(sandbox.find()) == before + 1
    assert sandbox.reservation(made.id)["status"] == "pending"
    keys = {logged.idempotency_key for logged in sandbox.requests if logged.method == "POST"}
    assert len(keys) == 1


async def test_an_unknown_outcome_is_settled_later_with_its_key(sandbox: RunningSandbox) -> None:
    before = {row["id"] for row in sandbox.find()}
    booking = new(sandbox)
    async with using(sandbox) as charge:
        sandbox.order_faults(["lost@method=POST"])
        with pytest.raises(OutcomeUnknown) as caught:
            await charge.reservations.create(**booking)
        assert caught.value.attempts == 4
        booked = {row["id"] for row in sandbox.find()} - before
        assert len(booked) == 1
        sandbox.clear_faults()
        made = await charge.reservations.create(**booking, idempotency_key=caught.value.idempotency_key)
    assert {made.id} == booked
    assert len(sandbox.find()) == len(before) + 1


async def test_one_key_with_two_bodies_is_refused(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        await charge.reservations.create(**new(sandbox), idempotency_key="one-intent")
        with pytest.raises(ChargeError) as caught:
            await charge.reservations.create(**new(sandbox), metadata={"a": "b"}, idempotency_key="one-intent")
    assert caught.value.meta is not None
    assert 400 <= caught.value.meta.status < 500


async def test_a_storm_of_cancelled_callers_leaves_client_and_sandbox_sound(sandbox: RunningSandbox) -> None:
    rng = Random(5)
    sandbox.order_faults(["latency:0.01@p=0.5", "reset@p=0.05", "half@p=0.05"])
    async with using(sandbox, retry=RetryPolicy(retries=1)) as charge:
        for _ in range(25):
            calls = [asyncio.create_task(charge.reservations.page(limit=5)) for _ in range(12)]
            for _ in range(rng.randrange(20)):
                await asyncio.sleep(0)
            if rng.random() < 0.5:
                await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
        sandbox.clear_faults()
        pages = await asyncio.gather(*(charge.reservations.page(limit=5, retry=NO_RETRY) for _ in range(40)))
    assert all(len(page.rows) == 5 for page in pages)


async def test_a_sandbox_that_comes_back_is_found_again(sandbox: RunningSandbox) -> None:
    async with using(sandbox) as charge:
        await _read(charge)
        sandbox.stop()
        with pytest.raises((NotReached, AnswerLost)):
            await _read(charge)
        sandbox.start()
        assert len((await _read(charge)).rows) == 5


async def test_the_same_client_speaks_to_an_application_in_its_own_process() -> None:
    clock = QuickClock()
    options = SandboxOptions(seed=3, reservations=40, start=START, speed=0.0, key="ch_sk_test_inside")
    world = build_world(options, clock)
    app = create_app(world, clock, options)
    inside = ChargeClient(
        options.key or "", "http://127.0.0.1/v1", clock=clock, rng=Random(1), transport=httpx.ASGITransport(app)
    )
    async with inside as charge:
        rows = await _all(charge.reservations.list(limit=10).rows())
        charge.reset("as after a suspend")
        assert len(rows) == len(await _all(charge.reservations.list(limit=100).rows())) > 0
        app.state.sandbox.order_faults(["reset"])
        with pytest.raises(AnswerLost, match="reset"):
            await charge.reservations.page()
    world.store.close()
