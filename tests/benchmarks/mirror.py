"""The first complete mirror of 5,000 open reservations from the local sandbox, beside the same pages fetched barely.

Run as ``python -m tests.benchmarks.mirror``; ``--json`` prints the figures as JSON, ``--open N`` takes another size.
The sandbox is a process of its own. The floor is as many bare httpx requests, one after the other, and ``json.loads``.
The desk has all that the program has but a screen: the picture's file, the log, the findings. Times are milliseconds,
``median`` and ``worst`` of rounds that take turns; the ratios are of those.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from charge_tui.api import ChargeClient
from charge_tui.clock import SystemClock
from charge_tui.desk.account import account_of, journal_file
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.desk import Desk
from charge_tui.desk.desk_store import DESK_STORE, desk_store
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Journal
from charge_tui.desk.log import LogBook
from charge_tui.desk.picture import PictureStore
from charge_tui.desk.state import Delta
from charge_tui.secret import Secret
from charge_tui.tui.pauses import Pauses
from tests.benchmarks.timing import Figures, figures, tell
from tests.soak.pty import SandboxProcess, sandbox_process

_BUDGET: Final = 600
_PAGE: Final = 100

Pair = tuple[float, float]
"""Milliseconds of the processor, and of the clock on the wall."""


def measure(count: int = 5000, rounds: int = 5) -> Figures:
    """The floor and the desk, and how many times the floor the desk takes."""
    floors: list[Pair] = []
    desks: list[Pair] = []
    with TemporaryDirectory() as home:
        world = ("--speed", "0", "--no-traffic", "--reservations", str(count + 500), "--open", str(count))
        with sandbox_process(Path(home), *world) as sandbox:
            for number in range(rounds + 1):
                floor, desk = asyncio.run(_bare(sandbox)), asyncio.run(_filled(sandbox, count))
                if number:  # the first of each warms the sandbox up, and imports
                    floors.append(floor)
                    desks.append(desk)
    found: Figures = {}
    for place, kind in enumerate(("processor", "wall")):
        floor_times, desk_times = figures(one[place] for one in floors), figures(one[place] for one in desks)
        found[f"floor: bare pages, {kind}"] = floor_times
        found[f"{count:,} open on the desk, {kind}"] = desk_times
        found[f"ratio, {kind}"] = {name: round(desk_times[name] / floor_times[name], 2) for name in floor_times}
    return found


async def _bare(sandbox: SandboxProcess) -> Pair:
    """Every page of both open lists, read and parsed."""
    headers = {"Authorization": f"Bearer {sandbox.key}"}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        begun = time.process_time(), time.perf_counter()
        for status in ("pending", "confirmed"):
            url: str | None = f"{sandbox.base_url}/reservations?limit={_PAGE}&status={status}"
            while url:
                answer = await client.get(url)
                url = json.loads(answer.content)["next_page_url"]
        return _since(begun)


async def _filled(sandbox: SandboxProcess, count: int) -> Pair:
    """From a desk that knows nothing to one that holds every open reservation, with its findings."""
    async with _desk(sandbox) as (desk, whole):
        begun = time.process_time(), time.perf_counter()
        running = asyncio.ensure_future(desk.run())
        await whole.wait()
        taken = _since(begun)
        assert len(desk.open_rows()) == count
        await desk.stop()
        await running
        return taken


@asynccontextmanager
async def _desk(sandbox: SandboxProcess) -> AsyncIterator[tuple[Desk, asyncio.Event]]:
    clock, secret = SystemClock(), Secret(sandbox.key)
    gauge = Gauge(clock, _BUDGET)
    client = ChargeClient(secret, sandbox.base_url, clock=clock, observer=gauge)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        desk = Desk(client, gauge, PictureStore(place / "picture.sqlite"), clock)
        journal = Journal(
            journal_file(place), account_of(client, secret), operator="Ana", token="bench", now=desk.now, clock=clock
        )
        store = desk_store(place / DESK_STORE)
        watch = Watch(desk, Verdicts(store, "bench"), operator="Ana", clock=clock, journal=journal)
        logbook = LogBook(store, journal, desk, clock)
        pauses, whole = Pauses(desk), asyncio.Event()

        def stepped(_delta: Delta) -> None:
            if desk.feed().complete:
                whole.set()

        desk.subscribe(stepped)
        logging = asyncio.ensure_future(logbook.run())
        await watch.open()
        try:
            yield desk, whole
        finally:
            await watch.close()
            logbook.stop()
            await logging
            journal.close()
            store.close()
            pauses.let_go()


def _since(begun: Pair) -> Pair:
    return (time.process_time() - begun[0]) * 1000, (time.perf_counter() - begun[1]) * 1000


def main() -> None:
    """Print the figures."""
    tell("the first complete mirror", measure)


if __name__ == "__main__":
    main()
