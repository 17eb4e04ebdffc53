"""Every fault of the sandbox against every operation: what is told is true, and what was done is as the journal says.

A cell is one run over a real socket: the fault is in force during the operation, then it ends, and what was left open
is settled. Its world, its journal and what the person was told are laid side by side.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import pytest

from charge_tui.api import ChargeClient
from charge_tui.api.errors import ChargeError
from charge_tui.api.retry import NO_RETRY
from charge_tui.desk.entries import State
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.domain.drafting import copied, shifted, values_of
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from charge_tui.sandbox.faults import KINDS, STATUSES
from tests.support.live import SHORT
from tests.support.sandbox import KEY
from tests.support.writing import Hand, at_desk

LATER = timedelta(hours=3)
FAULTS: Final = tuple(
    sorted({*map(str, STATUSES), "429:1", "html:200", "latency:0.9", *KINDS} - {"status", "latency", "429"})
)
"""Each kind that there is, those with a value also with one that changes their nature."""
HARMLESS: Final = frozenset({"skew", "hostile"})
"""What changes neither whether an answer comes nor whether it can be read."""
READS: Final = ("list", "page", "retrieve")
WRITES: Final = ("create", "update", "confirm", "cancel")

TERMS: Final = {"on the write alone": "@method=POST", "all the time": "", "once": "@method=POST,count=1"}
"""When a write is struck; the long form (``CHARGE_LONG=1``) has all of them."""


def test_no_fault_of_the_sandbox_is_left_out() -> None:
    kinds = {fault.partition(":")[0] for fault in FAULTS}
    assert kinds | {"status"} == set(KINDS) | set(map(str, STATUSES))


# -- reading ----------------------------------------------------------------------------------------------------------


async def read(client: ChargeClient, operation: str, identity: str) -> list[str]:
    """The ids that an operation gives."""
    resource = client.reservations
    if operation == "retrieve":
        return [(await resource.retrieve_row(identity, retry=NO_RETRY)).id]
    first = await resource.page(status="pending", limit=10, retry=NO_RETRY)
    if operation == "list":
        return [row.id for row in first.rows]
    assert first.next_page_url is not None
    return [row.id for row in (await resource.page(url=first.next_page_url, retry=NO_RETRY)).rows]


async def tried(client: ChargeClient, operation: str, identity: str) -> tuple[ChargeError | None, list[str]]:
    """What came of an operation: the error, or the ids."""
    try:
        return None, await read(client, operation, identity)
    except ChargeError as error:
        return error, []


@pytest.mark.parametrize("operation", READS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_read_gives_what_is_so_or_says_that_it_does_not(
    sandbox: RunningSandbox, operation: str, fault: str
) -> None:
    async with ChargeClient(sandbox.key, sandbox.base_url, timeouts=SHORT) as client:
        identity = str(sandbox.find(status="pending")[0]["id"])
        expected = await read(client, operation, identity)
        sandbox.order_faults([f"{fault}@after=1" if operation == "page" else fault])
        fault_of_it, found = await tried(client, operation, identity)
        if fault_of_it is not None:
            assert fault not in HARMLESS
            assert fault_of_it.sentence.endswith(".")
            assert KEY not in f"{fault_of_it.sentence} {fault_of_it} {fault_of_it!r}"
        else:
            assert [one for one in found if one in expected] == found or fault == "odd"
            assert found == expected or fault in ("empty-next", "odd")
        sandbox.clear_faults()
        client.reset("the matrix")
        assert await read(client, operation, identity) == expected


# -- writing ----------------------------------------------------------------------------------------------------------


def row_for(hand: Hand, verb: str) -> Reservation:
    """A reservation that the verb can be done to."""
    return hand.confirmed() if verb == "cancel" else hand.pending()


async def write(hand: Hand, verb: str, row: Reservation) -> Outcome:
    """Do it, as a person does."""
    writer = hand.writer
    deeds: dict[str, Callable[[], Awaitable[Outcome]]] = {
        "create": lambda: writer.create(shifted(copied(row, hand.bench.now()).values, LATER)),
        "update": lambda: writer.edit(row, shifted(values_of(row), LATER)),
        "confirm": lambda: writer.confirm(row),
        "cancel": lambda: writer.cancel(row),
    }
    return await deeds[verb]()


def effects(hand: Hand, verb: str, row: Reservation) -> int:
    """How often it was done, as the world has it."""
    if verb == "create":
        ids = {one["id"] for one in hand.sandbox.find(vehicle=row.vehicle_id)}
        began = [one for one in ids if hand.see(one).ideal_start == row.ideal_start + LATER and one != row.id]
        return len(began)
    now = hand.see(row.id)
    if verb == "update":
        return int(now.ideal_start == row.ideal_start + LATER)
    return int(now.status != row.status)


def fits(state: State, count: int) -> bool:
    """Whether what the journal says of an entry is how the world is."""
    if state in (State.DONE, State.FAILED):
        return count == 1
    return count <= 1 if state in (State.UNKNOWN, State.OPEN) else count == 0


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("when", TERMS if os.environ.get("CHARGE_LONG") else ["on the write alone"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_write_is_as_the_journal_says_and_at_most_once(
    sandbox: RunningSandbox, verb: str, when: str, fault: str
) -> None:
    async with at_desk(sandbox) as hand:
        row = row_for(hand, verb)
        before = effects(hand, verb, row)
        sandbox.order_faults([fault + TERMS[when]])
        outcome = await write(hand, verb, row)
        told = outcome.sentence
        assert told.endswith((".", "?"))
        assert KEY not in told
        states = await hand.states()
        assert len(states) <= 1
        count = effects(hand, verb, row) - before
        assert all(fits(state, count) for state in states), (states, count, told)
        assert states or count == 0
        if outcome.kind is Kind.DONE:
            assert count == 1
        if outcome.kind is Kind.UNKNOWN:
            assert hand.writer.unknown

        sandbox.clear_faults()
        hand.client.reset("the matrix")
        await hand.writer.settle_open_rows()
        for entry in hand.writer.unknown:
            if hand.writer.can_retry(entry):
                await hand.writer.retry(entry.number)
        count = effects(hand, verb, row) - before
        for entry in await hand.entries():
            assert fits(entry.state, count), (entry, count)
            assert entry.state.settled or count <= 1
        assert count <= 1
        assert len(hand.keys() - {None}) <= 1
