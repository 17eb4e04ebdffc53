"""The attention rules, whole and after one change, for more and more open reservations."""

from collections.abc import Iterator
from typing import Final

from tests.benchmarks.attention import measure
from tests.benchmarks.bench import Bench
from tests.benchmarks.report import Row

_SIZES: Final = {100: None, 1_000: None, 5_000: (50.0, 1.0), 10_000: None}


def rows(bench: Bench) -> Iterator[Row]:
    """Milliseconds of the processor."""
    for size, aims in _SIZES.items():
        found = measure(size, rounds=20 * bench.rounds)
        full, one = aims or (None, None)
        floor = found[f"floor: json.loads of {size:,} open"]["median"]
        yield Row(
            "rules", f"{size:,} open: all findings", found[f"all findings of {size:,} open"]["median"],
            floor="json.loads of them", floor_figure=floor, aim=full,
        )  # fmt: skip
        for what in ("one edit", "one failure"):
            yield Row("rules", f"{size:,} open: findings after {what}", found[what]["median"], aim=one)
