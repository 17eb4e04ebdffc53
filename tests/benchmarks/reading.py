"""From bytes to models, the first whole mirror, and the sandbox's own answers, beside bare httpx and ``json.loads``."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import httpx

from charge_tui.api.meta import Answer, Meta
from charge_tui.api.pages import read_page
from charge_tui.domain.times import parse_rfc3339, rfc3339
from tests.benchmarks import mirror as first_mirror
from tests.benchmarks.bench import STANDING, Bench, plain
from tests.benchmarks.report import Row, compared, several
from tests.soak.pty import SandboxProcess

_LARGE: Final = ("--speed", "0", "--reservations", "6000", "--open", "5000", "--no-traffic")
_SIZES: Final = (100, 1_000, 10_000, 100_000)


def page(bench: Bench) -> Iterator[Row]:
    """A page of 100 reservations from bytes to models, in processor time."""
    with bench.sandbox(*STANDING) as sandbox, plain(sandbox) as http:
        answer = http.get("reservations", params={"limit": 100})
    meta = Meta("GET", "/v1/reservations", 200, None, None, None, None, 0.0, 0.0, len(answer.content))
    whole = Answer(meta, answer.headers, answer.content, "reading")
    assert len(read_page(whole).data) == 100
    floors, figures = [], []
    for _ in range(20 * bench.rounds):
        floors.append(_spent(lambda: json.loads(answer.content)))
        figures.append(_spent(lambda: read_page(whole)))
    yield compared("page", "page of 100: bytes to models", figures, floors, "json.loads", aim=2)


def _spent(work: Callable[[], object], times: int = 5) -> float:
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) * 1000 / times


def mirror(bench: Bench) -> Iterator[Row]:
    """The first complete mirror of 5,000 open reservations: all of the desk but a screen, then with one."""
    found = first_mirror.measure(5_000, bench.rounds)
    floor = "50 pages by bare httpx, json.loads"
    for kind, aim in (("wall", 1.5), ("processor", None)):
        what = "first complete mirror of 5,000 open" if aim else "  the desk's processor time in it"
        figure, bare = (found[f"{name}, {kind}"]["median"] for name in ("5,000 open on the desk", "floor: bare pages"))
        yield Row("mirror", what, figure, floor=floor, floor_figure=bare, aim=aim, per_floor=True)
    with bench.sandbox(*_LARGE) as sandbox:
        shown = [_on_the_screen(bench, sandbox) for _ in range(min(3, bench.rounds))]
    yield several("mirror", "  on a terminal: from the first paint to FRESH", shown)


def _on_the_screen(bench: Bench, sandbox: SandboxProcess) -> float:
    with bench.desk(sandbox, settings="budget = 6000\n") as it:
        painted = it.until("charge", "TEST")
        return it.until("by urgency", "FRESH") - painted


def served(bench: Bench) -> Iterator[Row]:
    """The sandbox's own pages and creations, by bare httpx over loopback, with more and more reservations."""
    note = "with the time of bare httpx on the same connection, which a GET of one reservation shows"
    for size in _SIZES:
        options = ("--speed", "0", "--reservations", str(size), "--no-traffic")
        with bench.sandbox(*options) as sandbox, plain(sandbox) as http:
            first, last, one = _pages(http, 10 * bench.rounds)
            created = _creations(http, 10 * bench.rounds)
        for what, times in (("first page of 100", first), ("last page of 100", last), ("create", created)):
            aim = 5 if size == _SIZES[-1] else None
            yield Row(
                "sandbox", f"sandbox with {size:,}: {what}", statistics.median(times), floor="GET of one",
                floor_figure=statistics.median(one), aim=aim, note=note,
            )  # fmt: skip


def _pages(http: httpx.Client, times: int) -> tuple[list[float], list[float], list[float]]:
    url: str | None = "reservations?limit=100"
    last = identity = ""
    while url:
        answer = http.get(url).json()
        if len(answer["data"]) == 100:
            last, identity = url, answer["data"][-1]["id"]
        url = answer["next_page_url"]
    taken: tuple[list[float], list[float], list[float]] = ([], [], [])
    for _ in range(times):
        for place, times_of in zip(("reservations?limit=100", last, f"reservations/{identity}"), taken, strict=True):
            began = time.perf_counter()
            http.get(place)
            times_of.append((time.perf_counter() - began) * 1000)
    return taken


def _creations(http: httpx.Client, times: int) -> list[float]:
    pattern = next(row for row in http.get("reservations?limit=100").json()["data"] if row["vehicle"] and row["driver"])
    start = parse_rfc3339(pattern["created"]) + timedelta(days=30)
    taken = []
    for number in range(times):
        begin = start + timedelta(hours=2 * number)
        body = {name: pattern[name] for name in ("driver", "vehicle", "connector_type", "location")} | {
            "ideal_start": rfc3339(begin), "ideal_end": rfc3339(begin + timedelta(hours=1)),
        }  # fmt: skip
        began = time.perf_counter()
        answer = http.post("reservations", json=body)
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code in (200, 201), answer.text
    return taken
