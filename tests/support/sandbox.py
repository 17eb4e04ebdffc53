"""Sandboxes for tests: real ones, on a real socket, stopped when the test ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from charge_tui.sandbox import RunningSandbox, SandboxOptions

START = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
"""The fixed start of the worlds of tests: Wednesday, three in the morning in Paris."""

KEY = "ch_sk_test_tests"

SandboxMaker = Callable[..., RunningSandbox]


@pytest.fixture
def make_sandbox() -> Iterator[SandboxMaker]:
    """Makes running sandboxes from SandboxOptions fields; the world stands still and is fixed unless told otherwise."""
    with ExitStack() as stack:

        def make(**fields: Any) -> RunningSandbox:
            defaults: dict[str, Any] = {"start": START, "speed": 0.0, "reservations": 200, "key": KEY}
            return stack.enter_context(RunningSandbox(SandboxOptions(**(defaults | fields))))

        yield make


@pytest.fixture
def sandbox(make_sandbox: SandboxMaker) -> RunningSandbox:
    """A running sandbox of 200 reservations whose world stands still."""
    return make_sandbox()


@pytest.fixture
def http(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """A plain HTTP client with the sandbox's key, relative to its base URL."""
    with client_of(sandbox) as client:
        yield client


def client_of(sandbox: RunningSandbox, key: str | None = None) -> httpx.Client:
    """A plain HTTP client for a sandbox."""
    bearer = {"Authorization": f"Bearer {key or sandbox.key}"}
    return httpx.Client(base_url=sandbox.base_url, headers=bearer, trust_env=False, timeout=30)
