"""A page of 100 reservations from bytes to models, beside ``json.loads`` of the same bytes.

Run as ``python -m tests.benchmarks.page``; ``--json`` prints the figures as JSON. Milliseconds of the processor, the
two measured in turns. The pages are the sandbox's own: one of all reservations, one of confirmed ones, whose five more
timestamps make it the dearest.
"""

import json
import statistics

from charge_tui.api.meta import Answer, Meta
from charge_tui.api.pages import read_page
from charge_tui.clock import SystemClock
from charge_tui.sandbox import SandboxOptions, build_world
from tests.benchmarks.timing import Figures, figures, tell, timed

PAGE = 100
ROUNDS = 200


def measure(count: int = 1000) -> Figures:
    """Both kinds of page: the floor, the models, the ratio of each pair; and rows that are read one by one."""
    found: Figures = {}
    for name, body in pages(count).items():
        answer = _answer(body)
        assert len(read_page(answer).data) == PAGE
        odd = _answer(body.replace(b'"object":"reservation"', b'"object":7', 1))
        floors, models, singles = [], [], []
        for _ in range(ROUNDS):
            floors.append(timed(json.loads, body))
            models.append(timed(read_page, answer))
            singles.append(timed(read_page, odd))
        found[f"{name}: json.loads"] = figures(floors)
        found[f"{name}: models"] = figures(models)
        found[f"{name}: ratio"] = _ratio(models, floors)
        found[f"{name}: ratio, row by row for one odd row"] = _ratio(singles, floors)
    return found


def pages(count: int) -> dict[str, bytes]:
    """A page of all and a page of confirmed reservations, as the sandbox sends them."""
    world = build_world(SandboxOptions(seed=7, reservations=count, open=count // 2, speed=0), SystemClock())
    filters: dict[str, dict[str, str]] = {"all": {}, "confirmed": {"status": "confirmed"}}
    held = {name: world.store.rows(chosen, None, False, PAGE) for name, chosen in filters.items()}
    world.store.close()
    return {name: _page([row.body for row in rows]) for name, rows in held.items()}


def _page(rows: list[str]) -> bytes:
    return f'{{"data":[{",".join(rows)}],"next_page_url":null,"previous_page_url":null}}'.encode()


def _answer(body: bytes) -> Answer:
    meta = Meta("GET", "/v1/reservations", 200, None, None, None, None, 0.0, 0.0, len(body))
    return Answer(meta, {}, body, "list reservations")


def _ratio(of: list[float], to: list[float]) -> dict[str, float]:
    each = [one / other for one, other in zip(of, to, strict=True)]
    return {"median": round(statistics.median(each), 3), "worst": round(max(each), 3)}


def main() -> None:
    """Print the figures."""
    tell("a page from bytes to models", measure)


if __name__ == "__main__":
    main()
