"""How long something takes, in milliseconds of processor time, and the table that tells it."""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable

Figures = dict[str, dict[str, float]]
"""By what was done: ``median`` and ``worst``."""


def timed(work: Callable[..., object], *arguments: object) -> float:
    """What one run of it takes."""
    begun = time.process_time()
    work(*arguments)
    return (time.process_time() - begun) * 1000


def figures(times: Iterable[float]) -> dict[str, float]:
    """What many runs took."""
    held = list(times)
    return {"median": round(statistics.median(held), 4), "worst": round(max(held), 4)}


def tell(
    description: str, measure: Callable[[int], Figures], *, default: int = 5000, unit: str = "milliseconds"
) -> None:
    """Measure with as many open reservations as the command line says, and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=f"{description}, in {unit}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--open", type=int, default=default)
    parsed = parser.parse_args()
    found = measure(parsed.open)
    if parsed.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    width = max(map(len, found))
    lines = [f"{unit:<{width}}  {'median':>9}  {'worst':>9}"]
    lines += [f"{name:<{width}}  {it['median']:>9.3f}  {it['worst']:>9.3f}" for name, it in found.items()]
    sys.stdout.write("\n".join(lines) + "\n")
