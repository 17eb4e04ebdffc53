"""What open reservations weigh: a process with desk, findings and the rows in order, holding 10,000 or none.

Run as ``python -m tests.benchmarks.memory``; ``--json`` prints the figures as JSON, ``--open N`` takes another largest
size. Figures are megabytes of resident memory, of a process for each size: Textual is imported, the desk was given its
rows as JSON pages, as the API sends them, the picture's file is written, and the collector has run.
"""

import gc
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks.timing import Figures, tell

SIZES: Final = (100, 1_000, 10_000)
_PAGE: Final = 100
_PROGRAM: Final = (sys.executable, "-m", "tests.benchmarks.memory")
_MEGABYTE: Final = 1024 * 1024


def measure(largest: int = 10_000, rounds: int = 3) -> Figures:
    """Megabytes over a process that holds no reservation, and over bare Textual, by the number of open ones."""
    bare, empty = [_weight(None) for _ in range(rounds)], [_weight(0) for _ in range(rounds)]
    found: Figures = {"floor: bare Textual": _told(bare), "floor: no reservation": _told(empty)}
    for size in [size for size in SIZES if size < largest] + [largest]:
        full = [_weight(size) for _ in range(rounds)]
        found[f"{size:,} open, over no reservation"] = _told([weight - min(empty) for weight in full])
        found[f"{size:,} open, over bare Textual"] = _told([weight - min(bare) for weight in full])
    return found


def _told(megabytes: list[float]) -> dict[str, float]:
    held = sorted(megabytes)
    return {"median": round(held[len(held) // 2], 1), "worst": round(held[-1], 1)}


def _weight(size: int | None) -> float:
    """Megabytes of a process with so many open reservations; of one with Textual alone for None."""
    if size is None:
        done = subprocess.run((*_PROGRAM, "--bare"), capture_output=True, check=True, text=True)
        return float(done.stdout)
    from tests.benchmarks.attention import fleet

    rows = [row.document() for row in fleet(size)[:size]] if size else []
    pages = [json.dumps(rows[at : at + _PAGE]) for at in range(0, size, _PAGE)]
    done = subprocess.run((*_PROGRAM, "--hold"), input="\n".join(pages), capture_output=True, check=True, text=True)
    return float(done.stdout)


def bare() -> float:
    """Import Textual with the widgets of a plain program; how many megabytes this process has then."""
    from textual.app import App
    from textual.widgets import DataTable, Footer, Header, Label

    assert all((App, DataTable, Footer, Header, Label))
    return _resident()


def hold(pages: Iterable[str]) -> float:
    """Hold the reservations of some pages, each a line of JSON; how many megabytes this process has then."""
    bare()
    from datetime import UTC

    from charge_tui.desk.picture import PictureStore
    from charge_tui.desk.state import Delta
    from charge_tui.domain.reservation import read_row
    from charge_tui.tui.workspace import Workspace
    from tests.support.handdesk import HandDesk

    with TemporaryDirectory() as folder:
        store = PictureStore(Path(folder) / "picture.sqlite")
        hand = HandDesk(picture=store).looked()
        space = Workspace(hand.desk, hand.watch, view="attention", zone=UTC, zone_name="UTC")

        def absorb(delta: Delta) -> None:
            space.absorb(delta)
            space.turn(held=False)

        hand.desk.subscribe(absorb)
        for page in pages:
            hand.clock.at += 1
            rows = tuple(read_row(row) for row in json.loads(page))
            hand.desk.take(rows, hand.clock.at, "poll")
            hand.desk.step_done()
        hand.watch.tick()
        assert space.total >= len(hand.desk.open_rows())
        store.close()
        gc.collect()
        return _resident()


def _resident() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / _MEGABYTE
    raise RuntimeError("the system does not tell how much memory a process has")


def main() -> None:
    """Print the figures, or hold so many reservations and print what that weighs."""
    if sys.argv[1:] == ["--bare"]:
        sys.stdout.write(f"{bare()}\n")
    elif sys.argv[1:] == ["--hold"]:
        sys.stdout.write(f"{hold(sys.stdin)}\n")
    else:
        tell("what open reservations weigh", measure, default=SIZES[-1], unit="megabytes")


if __name__ == "__main__":
    main()
