"""What keys, a burst of keys and another size of the terminal cost, beside bare Textual and Textual's own table."""

import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.benchmarks.bench import BARE, PAGE, ROWS, STANDING, Bench
from tests.benchmarks.report import Row, compared, several
from tests.benchmarks.strokes import burst, held_down, settled
from tests.benchmarks.watched import Watched
from tests.soak.pty import SandboxProcess
from tests.support.process import config_file

Found = dict[str, list[float]]
_SIZES: Final = (100, 1_000, 10_000)
_SETTLING: Final = 10.0
"""Seconds after which a desk that began with its picture has read what its budget allows at once."""


def measured(it: Watched, found: Found) -> None:
    """Everything that is done to a program that shows its rows with the cursor on the first."""
    it.quiet(0.5)
    for name, figure in it.memory().items():
        found[name].append(figure)
    for name, figure in held_down(it).summary.items():
        found[name].append(figure)
    found["settled"].append(statistics.median(settled(it)))
    found["burst"].append(burst(it))
    found["resize"].append(it.milliseconds_to_last(it.resize(300, 100)))


def rows(bench: Bench) -> Iterator[Row]:
    """Keys on a page of a hundred."""
    bare, page, desk = (defaultdict[str, list[float]](list) for _ in range(3))
    with bench.sandbox(*STANDING) as sandbox:
        for _ in range(bench.rounds):
            with bench.bare(BARE) as it:
                it.until("keys: 0")
                measured(it, bare)
            with bench.bare(PAGE) as it:
                it.until("GH000KT")
                measured(it, page)
            with bench.desk(sandbox) as it:
                it.until(*ROWS)
                measured(it, desk)
    yield from _told(bare, page, desk)


def _told(bare: Found, page: Found, desk: Found) -> Iterator[Row]:
    floor = "bare Textual"
    for what, name, aim in (
        ("key to first byte, median", "first byte, median", 1.0),
        ("key to first byte, p95", "first byte, p95", 1.3),
        ("processor time a key", "cpu", 1.0),
        ("burst of 100 keys", "burst", 2.0),
        ("resize to 300x100", "resize", 2.5),
    ):
        yield compared("keys", what, desk[name], bare[name], floor, aim=aim)
        yield compared("keys", f"  the same of a DataTable of 100 rows: {name}", page[name], bare[name], floor)
    for what, name, most in (
        ("bytes a key while keys repeat, median", "bytes, median", 600),
        ("bytes a key while keys repeat, mean", "bytes, mean", 900),
        ("bytes a key once settled, with the detail", "settled", 3_500),
    ):
        yield several("keys", what, desk[name], unit="B", aim=most)
        yield several("keys", f"  the same of a DataTable of 100 rows: {name}", page[name], unit="B")


def large(bench: Bench) -> Iterator[Row]:
    """The same with 100, 1,000 and 10,000 open reservations in the mirror, one after the other in each round."""
    bare: Found = defaultdict(list)
    found: dict[int, Found] = {size: defaultdict(list) for size in _SIZES}
    with ExitStack() as stack:
        places = {size: _filled(bench, stack, size) for size in _SIZES}
        for _ in range(min(3, bench.rounds)):
            with bench.bare(BARE) as it:
                it.until("keys: 0")
                measured(it, bare)
            for size, (sandbox, home) in places.items():
                with bench.desk(sandbox, home) as it:
                    it.until("by urgency", "conf")
                    it.listen(_SETTLING)
                    measured(it, found[size])
    yield from _told_large(bare, found)


def _filled(bench: Bench, stack: ExitStack, size: int) -> tuple[SandboxProcess, Path]:
    """A sandbox, and a home whose picture on disk has all of its open reservations.

    The picture is read quickly once; the desk that is measured begins with it and reads at its ordinary pace.
    """
    options = ("--speed", "0", "--reservations", str(size * 5 // 4), "--open", str(size), "--no-traffic")
    sandbox, home = stack.enter_context(bench.sandbox(*options)), stack.enter_context(bench.home())
    with bench.desk(sandbox, home, settings="budget = 6000\n") as it:
        it.until(*ROWS)
        it.type("qy")
        it.it.wait_for_end()
    config_file(home).unlink()
    return sandbox, home


def _told_large(bare: Found, found: dict[int, Found]) -> Iterator[Row]:
    small, memory = found[_SIZES[0]], "pss" if "pss" in bare else "rss"
    empty = statistics.median(bare[memory])
    for size, it in found.items():
        last = size == _SIZES[-1]
        for what, name in (("key to first byte, median", "first byte, median"), ("processor time a key", "cpu")):
            yield compared(
                "large", f"{size:,} open: {what}", it[name], small[name], "with 100", aim=1.2 if last else None,
                note="equal work differs by so much on a shared machine: within a fifth counts as the same",
            )  # fmt: skip
        yield several("large", f"{size:,} open: bytes a key, median", it["bytes, median"], unit="B")
        over = [one - empty for one in it[memory]]
        yield several(
            "large", f"{size:,} open: memory over bare Textual ({memory.upper()})", over, unit="MB",
            aim=80 if last else None,
        )  # fmt: skip
