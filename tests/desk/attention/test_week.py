"""Some hours of the simulated week: a healthy fleet leaves its desk alone, and no failure stays out of the queue."""

import pytest

from tests.benchmarks.week import week
from tests.support.virtual import BACKEND


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


@pytest.mark.parametrize("lag", ["none", "60m"])
async def test_a_healthy_fleet_leaves_its_desk_alone_however_late_ends_are_told(lag: str) -> None:
    found = await week(lag, 4)
    assert found.per_ten_minutes < 1
    assert found.clear > 0.5
    assert found.late == {}


async def test_every_failure_is_in_the_queue_an_interval_after_it_can_be_seen() -> None:
    found = await week("none", 6, seed=5, trouble=True, refresh=15.0)
    assert found.failures >= 3
    assert found.late == {}
