"""What every test shares: the event loop, and property tests that are judged by their result, not by their time."""

import pytest
from hypothesis import settings

pytest_plugins = ("tests.support.sandbox",)

settings.register_profile("charge", deadline=None)
settings.load_profile("charge")


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, as the program does."""
    return "asyncio"
