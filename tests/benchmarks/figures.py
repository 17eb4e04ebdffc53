"""How fast and how quiet the desk is: every figure beside a floor that was measured in the same run.

    python -m tests.benchmarks.figures [--only NAME ...] [--rounds N] [--json FILE] [--profile]

Times on a terminal are those of a clock on the wall, so they are told as ratios to bare Textual, a DataTable,
``python -c pass`` or bare httpx, round by round; look at the noise in the header before believing a difference. Bytes,
requests and what is played on virtual time are the same in each run.
"""

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks import machine, pressed, profile, quiet, reading, ruled, second, shift, starts, steady
from tests.benchmarks.bench import Bench
from tests.benchmarks.report import Row, table

BENCHMARKS: Final[dict[str, Callable[[Bench], Iterator[Row]]]] = {
    "start": starts.rows,
    "keys": pressed.rows,
    "idle": quiet.idle,
    "refresh": quiet.refreshes,
    "page": reading.page,
    "mirror": reading.mirror,
    "rules": ruled.rows,
    "second": second.rows,
    "large": pressed.large,
    "sandbox": reading.served,
    "steady": steady.rows,
    "shift": shift.rows,
}
"""By name, in the order in which they are measured."""


def main(names: list[str], rounds: int, file: Path | None, *, profiled: bool) -> int:
    """Measure these, or all; 0 even where an aim is missed, since a time is no test."""
    say = sys.__stdout__ or sys.stdout
    head, found, took = machine.header(), list[Row](), dict[str, float]()
    print(machine.told(head), file=say, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(rounds, Path(folder))
        for name in names or BENCHMARKS:
            gc.collect()
            gc.freeze()  # what the one before left behind is out of the collector's sight
            began = time.perf_counter()
            rows = list(BENCHMARKS[name](bench))
            took[name] = round(time.perf_counter() - began, 1)
            print(f"\n{name}, {took[name]:.0f} s\n{table(rows)}", file=say, flush=True)
            found += rows
            if file is not None:
                document = head | {"rounds": rounds, "seconds": took, "rows": [row.document() for row in found]}
                file.write_text(json.dumps(document, indent=1) + "\n")
        if profiled:
            print(f"\n{profile.start(bench)}\n\n{profile.key()}", file=say, flush=True)
    judged = [row for row in found if row.met is not None]
    missed = [row.what.strip() for row in judged if not row.met]
    print(f"\n{len(judged) - len(missed)} of {len(judged)} aims met in {sum(took.values()):.0f} s", file=say)
    print(f"missed: {'; '.join(missed)}" if missed else "none missed", file=say)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How fast and how quiet the desk is.")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=[], metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--rounds", type=int, default=5, help="how often what is noisy is measured (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--profile", action="store_true", help="tell where the time of a start and of a key goes")
    given = parser.parse_args()
    sys.exit(main(given.only, given.rounds, given.json, profiled=given.profile))
