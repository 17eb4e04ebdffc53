"""Where the time of a start goes, by package, and what one key does, by function."""

import asyncio
import cProfile
import io
import pstats
import re
import sys
import time
from collections import Counter
from typing import Final

from charge_tui.sandbox import SandboxOptions
from tests.benchmarks.bench import ROWS, STANDING, Bench, environment
from tests.benchmarks.watched import watched
from tests.support.at_rest import at_rest
from tests.support.counting import counted
from tests.support.virtual import START, VirtualLoop

_KEYS: Final = 50
_IMPORT: Final = re.compile(rb"import time:\s+(\d+) \|\s+(\d+) \| +([\w.]+)")


def start(bench: Bench) -> str:
    """The imports of a start until the rows are there: self time and modules of each package, the costliest modules."""
    program = (sys.executable, "-X", "importtime", "-m", "charge_tui")
    with bench.sandbox(*STANDING) as sandbox, bench.home() as home, watched(program, environment(home, sandbox)) as it:
        it.until(*ROWS)
        imports = [(int(own), name.decode()) for own, _, name in _IMPORT.findall(it.stream)]
    spent: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for own, name in imports:
        spent[_package(name)] += own
        count[_package(name)] += 1
    lines = [f"imports of a start: {sum(spent.values()) / 1000:.0f} ms in {len(imports)} modules (each one's own time)"]
    lines += [f"{own / 1000:8.1f} ms  {count[name]:4d} modules  {name}" for name, own in spent.most_common(25)]
    lines.append("the costliest modules:")
    lines += [f"{own / 1000:8.1f} ms  {name}" for own, name in sorted(imports, reverse=True)[:20]]
    return "\n".join(lines)


def _package(name: str) -> str:
    """The package that a module belongs to: the rooms of this program, the top of all others."""
    parts = name.split(".")
    if parts[0] == "charge_tui":
        return ".".join(parts[:2])
    return "standard library" if parts[0].lstrip("_") in _STANDARD or parts[0] in _STANDARD else parts[0]


_STANDARD: Final = frozenset(sys.stdlib_module_names)


def key() -> str:
    """What one key does: the functions with the most time of their own, of fifty Downs."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        profile = runner.run(_pressed())
    text = io.StringIO()
    stats = pstats.Stats(profile, stream=text).strip_dirs()
    stats.sort_stats("tottime").print_stats(25)
    stats.sort_stats("cumulative").print_stats("charge_tui|textual|screen|table", 25)
    found = "\n".join(line for line in text.getvalue().splitlines() if line.strip())
    return f"{_KEYS} Downs in {stats.total_tt * 1000:.0f} ms of the processor, under the profiler\n{found}"  # type: ignore[attr-defined]


async def _pressed() -> cProfile.Profile:
    options = SandboxOptions(reservations=400, open=120, start=START, speed=0.0, traffic=False)
    async with counted(options, refresh=0.0) as it:
        await at_rest(it)
        profile = cProfile.Profile(time.process_time)
        profile.enable()
        await it.press(*["down"] * _KEYS)
        profile.disable()
        return profile
