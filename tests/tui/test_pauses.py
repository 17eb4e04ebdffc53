"""The garbage collector is set for the time in which a desk is filled, and leaves what then is there alone."""

import gc

import pytest

from charge_tui.sandbox import SandboxOptions
from charge_tui.tui.pauses import FILLING, Pauses
from tests.support.sandbox import START
from tests.support.simulation import simulated
from tests.support.virtual import BACKEND


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


async def test_a_full_picture_is_left_alone_and_the_rest_is_looked_at_as_before() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    async with simulated(SandboxOptions(start=START, seed=3, reservations=60)) as day:
        pauses = Pauses(day.desk)
        try:
            assert gc.get_threshold() == FILLING
            assert gc.get_freeze_count() == frozen
            await day.loaded()
            assert gc.get_freeze_count() > frozen + len(day.desk.rows)
            assert gc.get_threshold() == before
        finally:
            pauses.let_go()
        assert gc.get_freeze_count() == 0
        assert gc.get_threshold() == before
