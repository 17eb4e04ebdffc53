"""A scarce morning in a small fleet: the desk's first proposals save no fewer than a plain list, and harm nobody."""

import pytest

from tests.benchmarks.rescue import figures, one_day
from tests.benchmarks.scarce import ScarceDay, options
from tests.support.simulation import simulated
from tests.support.virtual import BACKEND

OPEN = 60
HOURS = 4.0


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


def test_the_first_proposal_saves_at_least_what_a_plain_list_does_and_books_nobody_twice() -> None:
    desk = one_day("desk", 1, HOURS, OPEN)
    plain = one_day("list", 1, HOURS, OPEN)
    assert desk.could >= 5
    assert desk.saved >= plain.saved
    assert desk.share >= 0.8
    assert desk.doubled == 0
    assert desk.sent == desk.journalled > 0
    assert figures(desk)["share saved"] == round(desk.share, 4)


async def test_every_failure_of_a_scarce_day_has_a_cause_that_can_be_seen() -> None:
    async with simulated(options(1, OPEN), refresh=600) as day:
        scarce = ScarceDay(day.sandbox, HOURS)
        for _ in range(round(HOURS * 720)):
            known = set(scarce.failures)
            await day.clock.sleep(5)
            scarce.step()
            for trip in scarce.failures.keys() - known:
                failure = scarce.failures[trip]
                if failure.reason == "payment_failed":
                    assert scarce.world.directory.declined(failure.wish["payment_method"])
                else:
                    assert failure.reason == "no_available_connectors"
                    assert scarce.short(failure.wish)
        assert len(scarce.failures) >= 5
        assert any(failure.late == 0 for failure in scarce.failures.values())
        assert any(failure.late != 0 for failure in scarce.failures.values())
