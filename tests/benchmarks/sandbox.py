"""What the sandbox takes to answer: a page of 100, the last page, one reservation, a create; with 100,000 of them.

Run as ``python -m tests.benchmarks.sandbox``; ``--json`` prints the figures as JSON, ``--open N`` makes N reservations.
Milliseconds on loopback from a bare httpx client, the kinds in turns, and beside them the sandbox's own processor time
for each; the floor is an answer about nothing (a 404).
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.benchmarks.served import Served, served
from tests.benchmarks.timing import Figures, figures, tell

PAGE = 100
ROUNDS = 60
_START = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)


def measure(count: int = 100_000) -> Figures:
    """Median and worst of each kind of request, and how long the sandbox took to be there (seconds, once)."""
    begun = time.perf_counter()
    with served(seed=7, reservations=count, speed=0, traffic=False, start=_START) as sandbox:
        ready = round(time.perf_counter() - begun, 2)
        with httpx.Client(headers={"Authorization": f"Bearer {sandbox.key}"}, trust_env=False) as client:
            found = _measure(client, sandbox)
    return found | {f"{count:,} reservations made, seconds": {"median": ready, "worst": ready}}


def _measure(client: httpx.Client, sandbox: Served) -> Figures:
    url = f"{sandbox.base_url}/reservations"
    first = client.get(url, params={"limit": PAGE}).json()
    one = first["data"][0]
    last = _last_page(client, url)
    creates = iter(range(ROUNDS + 1))
    kinds: dict[str, Callable[[], httpx.Response]] = {
        "floor: nothing there": lambda: client.get(f"{sandbox.base_url}/nothing"),
        "list, first page of 100": lambda: client.get(url, params={"limit": PAGE}),
        "list, last page of 100": lambda: client.get(last),
        "list, first page of confirmed": lambda: client.get(url, params={"limit": PAGE, "status": "confirmed"}),
        "one reservation": lambda: client.get(f"{url}/{one['id']}"),
        "create": lambda: _create(client, url, one, next(creates)),
    }
    times: dict[str, list[float]] = {f"{name}{what}": [] for name in kinds for what in ("", ", processor")}
    for _ in range(ROUNDS):
        for name, ask in kinds.items():
            begun, worked = time.perf_counter(), sandbox.worked()
            answer = ask()
            times[name].append((time.perf_counter() - begun) * 1000)
            times[f"{name}, processor"].append(sandbox.worked() - worked)
            assert answer.status_code < 300 or name.startswith("floor"), answer.text
    return {name: figures(taken) for name, taken in times.items()}


def _last_page(client: httpx.Client, url: str) -> str:
    page: dict[str, Any] = client.get(url, params={"limit": PAGE}).json()
    followed = f"{url}?limit={PAGE}"
    while page["next_page_url"]:
        followed = page["next_page_url"]
        page = client.get(followed).json()
    return followed


def _create(client: httpx.Client, url: str, like: dict[str, Any], number: int) -> httpx.Response:
    start = _START + timedelta(days=2, hours=2 * number)
    body = {
        "driver": like["driver"],
        "vehicle": like["vehicle"],
        "ideal_start": start.isoformat(),
        "ideal_end": (start + timedelta(hours=1)).isoformat(),
        "connector_type": ["CCS"],
        "location": like["location"],
    }
    return client.post(url, json=body, headers={"Idempotency-Key": str(uuid4())})


def main() -> None:
    """Print the figures."""
    if not any(word.startswith("--open") for word in sys.argv):
        sys.argv += ["--open", "100000"]
    tell("what the sandbox takes to answer", measure)


if __name__ == "__main__":
    main()
