"""On what the figures were measured, and how far that machine can be believed."""

import os
import platform
import statistics
import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

_LOOPS: Final = 15


def calibration() -> dict[str, float]:
    """A fixed piece of Python, again and again: by how much equal work differs here and now, in milliseconds."""
    walls, works = [], []
    for _ in range(_LOOPS):
        wall, work = time.perf_counter(), time.process_time()
        sum(number * number for number in range(100_000))
        walls.append((time.perf_counter() - wall) * 1000)
        works.append((time.process_time() - work) * 1000)
    return {
        "wall median": round(statistics.median(walls), 2),
        "wall worst": round(max(walls), 2),
        "processor median": round(statistics.median(works), 2),
        "processor worst": round(max(works), 2),
    }


def header() -> dict[str, Any]:
    """Date, versions, cores, load, and the calibration."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "textual": version("textual"),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": [round(one, 2) for one in os.getloadavg()],
        "calibration": calibration(),
    }


def told(head: dict[str, Any]) -> str:
    """The header in two lines."""
    loop = head["calibration"]
    return (
        f"{head['date']}  Python {head['python']}, Textual {head['textual']}, {head['system']}, {head['cores']} cores, "
        f"load {' '.join(map(str, head['load']))}\n"
        f"noise: one loop takes {loop['wall median']} ms, at worst {loop['wall worst']} ms "
        f"({loop['processor median']} and {loop['processor worst']} ms of the processor)"
    )
