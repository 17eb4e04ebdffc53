"""How many bytes come when next to nothing happens: a refresh without news, one change, an idle desk, a whole shift.

The counts are made on virtual time with the whole desk in this process (``tests.support.counting``), the same each
time; the idle desk is watched on a real terminal as well, where it costs processor time.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from charge_tui.domain.times import parse_rfc3339, rfc3339
from charge_tui.sandbox import SandboxOptions
from tests.benchmarks.bench import Bench, plain
from tests.benchmarks.report import Row
from tests.soak.pty import SandboxProcess
from tests.support.at_rest import AFTER_A_KEY, at_rest, change_one, standing
from tests.support.counting import counted
from tests.support.panes import Panes
from tests.support.virtual import START, VirtualLoop

VIRTUAL: Final = "counted on virtual time with the whole desk in one process, 120x36, 16 million colours, mode 2026"
_SIZES: Final = (100, 1_000, 10_000)
_WINDOW: Final = 60.0


def refreshes(bench: Bench) -> Iterator[Row]:
    """A refresh without news, and one with a single change, for more and more open reservations."""
    for size in _SIZES:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            nothing, one = runner.run(_refreshes(size))
        judged = size == _SIZES[0]
        where = f"{size:,} open"
        own = nothing.get("truth", 0) + nothing.get("frame", 0)
        yield Row("refresh", f"{where}: refresh without news, the table's bytes", nothing.get("table", 0), "B", aim=0)
        yield Row("refresh", f"{where}: the same, all but the truth line", sum(nothing.values()) - own, "B", aim=0)
        yield Row(
            "refresh", f"{where}: one reservation changed, all but the truth line",
            sum(one.values()) - one.get("truth", 0), "B", aim=600 if judged else None,
            note=VIRTUAL + "; with its mark and the mark's fading",
        )  # fmt: skip


async def _refreshes(size: int) -> tuple[Panes, Panes]:
    async with counted(standing(size)) as it:
        await at_rest(it)
        before = it.wire.requests
        await it.run(seconds=_WINDOW)
        assert it.wire.requests > before
        nothing = it.panes()
        await change_one(it)
        return nothing, it.panes()


def idle(bench: Bench) -> Iterator[Row]:
    """An idle desk with a reservation selected: an hour on virtual time, and a minute on a terminal."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        calm = runner.run(_idle_hour(trouble=False))
    yield Row(
        "idle", "idle, FRESH, refresh every 15 s, an hour with 100 open", sum(calm.values()) / 3600, "B/s", aim=30,
        note=f"{VIRTUAL}; of these {share(calm)}",
    )  # fmt: skip
    yield from _idle_on_terminal(bench)


async def _idle_hour(*, trouble: bool) -> Panes:
    options = SandboxOptions(reservations=400, open=100, start=START, traffic=False, trouble=trouble)
    async with counted(options) as it:
        await at_rest(it)
        await it.run(hours=1)
        return it.panes()


def share(panes: Panes) -> str:
    """Which pane had which part of the bytes, in words."""
    whole = sum(panes.values()) or 1
    ordered = sorted(panes.items(), key=lambda one: -one[1])
    return ", ".join(f"{name} {100 * count / whole:.0f} %" for name, count in ordered if count)


def _idle_on_terminal(bench: Bench) -> Iterator[Row]:
    with bench.sandbox("--reservations", "0", "--no-traffic") as sandbox:
        _book(sandbox)
        with bench.bare() as bare, bench.desk(sandbox) as desk:
            bare.until("keys: 0")
            desk.until("by urgency", "pend", "FRESH")
            desk.type("\x1b[B")
            desk.listen(AFTER_A_KEY)
            bytes_before, works = desk.written, (desk.cpu(), bare.cpu())
            desk.listen(_WINDOW)
            spent, floor = desk.cpu() - works[0], bare.cpu() - works[1]
            written = desk.written - bytes_before
    yield Row("idle", "idle on a terminal, only time passes: bytes", written / _WINDOW, "B/s", aim=30)
    yield Row(
        "idle", "idle on a terminal: processor in a minute", spent, floor="bare Textual", floor_figure=floor, aim=2,
        per_floor=True, note="both at the same time",
    )  # fmt: skip


def _book(sandbox: SandboxProcess, count: int = 100) -> None:
    """A hundred reservations of the night to come, so that nothing but time changes anything in the next minutes."""
    with plain(sandbox) as http:
        drivers = http.get("drivers", params={"limit": 100}).json()["data"]
        vehicles = http.get("vehicles", params={"limit": 100}).json()["data"]
        now = parse_rfc3339(sandbox.status()["now"])
        for number in range(count):
            begin = now + timedelta(hours=3, minutes=7 * number, seconds=11)
            body: dict[str, Any] = {
                "driver": drivers[number % len(drivers)]["id"], "vehicle": vehicles[number % len(vehicles)]["id"],
                "ideal_start": rfc3339(begin), "ideal_end": rfc3339(begin + timedelta(minutes=5)),
                "connector_type": ["CCS"], "location": {"latitude": 48.86, "longitude": 2.34, "radius": 1500},
            }  # fmt: skip
            http.post("reservations", json=body).raise_for_status()
