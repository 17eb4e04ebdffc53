"""Names for ids: looked up when somebody looks, a fleet at a time, and never twice in vain."""

import pytest

from charge_tui.desk.names import Names, kind_of
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.domain.neighbours import Driver, PaymentMethod, Station, Vehicle
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from tests.support.live import LiveDesk, live_desk
from tests.support.sandbox import SandboxMaker


def names() -> Names:
    return Names(PictureStore(None, Inline()))


def first_row(live: LiveDesk) -> Reservation:
    row = live.desk.open_rows()[0]
    assert isinstance(row, Reservation)
    return row


async def test_what_is_looked_at_gets_its_name(sandbox: RunningSandbox) -> None:
    async with live_desk(sandbox) as live:
        await live.loaded()
        row, book = first_row(live), live.desk.names
        await live.until(lambda: book.vehicle(row.vehicle_id) and book.driver(row.driver_id), "plate and driver")
        vehicle = book.details("vehicle", row.vehicle_id)
        assert isinstance(vehicle, Vehicle)
        assert book.vehicle(row.vehicle_id) == vehicle.registration_plate
        assert len(book.known("vehicle")) > 1, "a fleet is read by the page"


async def test_nothing_is_looked_up_that_nobody_looks_at(sandbox: RunningSandbox) -> None:
    async with live_desk(sandbox) as live:
        await live.loaded()
        await live.until(lambda: len(sandbox.requests) > 12, "some reads")
        assert not any("/drivers" in entry.path or "/vehicles" in entry.path for entry in sandbox.requests)


async def test_a_name_that_is_not_to_be_had_is_not_asked_for_again_at_once(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox()
    async with live_desk(sandbox) as live:
        await live.loaded()
        gone = "veh_00000000000000000000000000000000"
        assert live.desk.names.vehicle(gone) is None
        await live.until(lambda: any(gone in entry.path for entry in sandbox.requests), "the look-up")
        asked = len(sandbox.requests)
        live.desk.names.vehicle(gone)
        await live.until(lambda: len(sandbox.requests) > asked + 9, "some more reads")
        assert sum(gone in entry.path for entry in sandbox.requests) == 1


async def test_lists_that_are_forbidden_leave_the_names_to_single_reads(sandbox: RunningSandbox) -> None:
    sandbox.order_faults(["403@path=/v1/vehicles"])
    async with live_desk(sandbox) as live:
        await live.loaded()
        row = first_row(live)
        await live.until(lambda: live.desk.names.vehicle(row.vehicle_id), "the plate")
        assert live.problems() == set()


def test_hostile_names_are_harmless() -> None:
    book = names()
    book.load("driver", [Driver(id="drv_1", name="a\x1b]0;title\x07b\u202ec")])
    book.load("station", [Station(id="chst_1", name="x" * 5000)])
    assert book.driver("drv_1") == "a\ufffd]0;title\ufffdb\ufffdc"
    assert len(book.station("chst_1") or "") == 80


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (PaymentMethod(id="pm_1", type="card", card={"brand": "visa", "last4": "4242"}), "visa …4242"),
        (
            PaymentMethod(id="pm_1", type="bank_account", bank_account={"bank_name": "BNP", "last4": "0017"}),
            "BNP …0017",
        ),
        (PaymentMethod(id="pm_1", type="wallet", wallet={"balance": 5}), "wallet"),
        (PaymentMethod(id="pm_1"), "payment method"),
    ],
)
def test_a_payment_method_in_a_few_words(method: PaymentMethod, expected: str) -> None:
    book = names()
    book.load("payment", [method])
    assert book.payment("pm_1") == expected


def test_kinds_by_prefix() -> None:
    assert [kind_of(i) for i in ("veh_1", "drv_1", "chst_1", "pm_1", "res_1", "")] == [
        "vehicle", "driver", "station", "payment", None, None,
    ]  # fmt: skip
