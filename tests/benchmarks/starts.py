"""From the start of a program to what it shows first, and to its rows."""

import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.bench import BARE, DESK, PAGE, ROWS, STANDING, Bench, environment
from tests.benchmarks.keys import order
from tests.benchmarks.report import Row, compared
from tests.soak.pty import SandboxProcess

_TEXTUAL: Final = b"\x1b[?2026$p"
"""What Textual asks the terminal when it begins."""
_SAVED: Final = ("SAVED", "conf")
_COMMANDS: Final = {
    "python -c pass": (sys.executable, "-c", "pass"),
    "--version": (*DESK, "--version"),
    "list": (*DESK, "list"),
}


def rows(bench: Bench) -> Iterator[Row]:
    """Everything about starting."""
    took: dict[str, list[float]] = defaultdict(list)
    with bench.sandbox(*STANDING) as sandbox, bench.home() as home:
        with bench.desk(sandbox, home) as it:  # leaves a picture behind
            it.until(*ROWS)
            it.type("qy")
            it.it.wait_for_end()
        for number in range(bench.rounds + 1):
            for what, figure in _round(bench, sandbox, home):
                if number:  # the first round fills the caches of the file system
                    took[what].append(figure)
    yield from _told(took)


def _round(bench: Bench, sandbox: SandboxProcess, home: Path) -> Iterator[tuple[str, float]]:
    for program, words, name in ((BARE, "keys: 0", "bare"), (PAGE, "GH000KT", "page")):
        with bench.bare(program) as it:
            yield name, it.until(words)
            yield f"{name}, processor", it.cpu()
    with bench.desk(sandbox) as it:
        yield "frame", it.until("charge", "127.0.0.1", "LOADING")
        yield "frame early", float(_TEXTUAL not in it.stream)
        yield "paint", it.until("charge", "TEST")
        yield "paint, processor", it.cpu()
        yield "rows", it.until(*ROWS)
        yield "rows, processor", it.cpu()
    order(sandbox, "hang:3600")
    with bench.desk(sandbox, home) as it:
        yield "saved at all", it.until(*_SAVED)
        yield "saved early", float(_TEXTUAL not in it.stream)
        yield "saved", it.until(*_SAVED, after=_TEXTUAL)
        yield "saved, processor", it.cpu()
    order(sandbox)
    for name, command in _COMMANDS.items():
        for _ in range(3):
            wall, work = _run(command, environment(home, sandbox))
            yield name, wall
            yield f"{name}, processor", work


def _run(command: tuple[str, ...], env: dict[str, str]) -> tuple[float, float]:
    """Milliseconds on the wall, and of the processor."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=env, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def _told(took: dict[str, list[float]]) -> Iterator[Row]:
    bare, work = took["bare"], took["bare, processor"]
    floor = "bare Textual"
    early = "" if all(took["frame early"]) else "not before Textual in every round"
    yield compared(
        "start",
        "start to first paint: the frame with host and LOADING",
        took["frame"],
        bare,
        floor,
        aim=1.3,
        note=early,
    )
    yield compared("start", "  start to the desk's own first picture", took["paint"], bare, floor)
    yield compared("start", "start to rows from the local sandbox", took["rows"], bare, floor, aim=1.7)
    yield compared("start", "start to rows from the picture on disk", took["saved"], bare, floor, aim=1.4)
    if all(took["saved early"]):
        yield compared("start", "start to the saved screen, before Textual", took["saved at all"], bare, floor, aim=0.2)
    note = "the processor's time up to then, which other work on the machine disturbs less"
    for what, name in (("first paint", "paint"), ("rows from the sandbox", "rows"), ("rows from disk", "saved")):
        spent = took[f"{name}, processor"]
        yield compared("start", f"  processor, to {what}", spent, work, floor, note=note)
    yield compared("start", "  DataTable of 100 rows, first paint", took["page"], bare, floor)
    nothing, no_work, pass_ = took["python -c pass"], took["python -c pass, processor"], "python -c pass"
    for what, name, aim in (("--version", "--version", 3), ("list, local sandbox", "list", 25)):
        yield compared("start", f"charge-tui {what}", took[name], nothing, pass_, aim=aim)
        yield compared("start", f"  processor, {what}", took[f"{name}, processor"], no_work, pass_, note=note)
