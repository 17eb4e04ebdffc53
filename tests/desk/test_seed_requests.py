"""The requests of the seed pages can be made from what a person types, and leave as the seeds send them."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from charge_tui.api import ChargeClient
from charge_tui.clock import SystemClock
from charge_tui.desk.account import BareBench, account_of
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Journal
from charge_tui.desk.outcome import Kind
from charge_tui.desk.picture import Inline
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.writes import Writer
from charge_tui.domain.drafting import Fields, Understood, understand, values_of
from charge_tui.domain.reservation import Reservation
from charge_tui.secret import Secret
from tests.support.rawserver import Reply, Seen, answer, raw_server
from tests.support.sandbox import KEY
from tests.support.writing import PARIS

SEEDS = Path(__file__).parents[1] / "sandbox/seeds"
NOW = datetime(2026, 4, 1, 0, 15, tzinfo=UTC)


def seed(name: str) -> dict[str, Any]:
    """A seed page's request and response."""
    found: dict[str, Any] = json.loads((SEEDS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def typed(texts: dict[str, str], present: Fields) -> Fields:
    """What a form makes of the texts."""
    values: Fields = {}
    for field, text in texts.items():
        read = understand(field, text, zone=PARIS, now=NOW, present=present.get(field))
        assert isinstance(read, Understood)
        values[field] = read.value
    return values


@pytest.mark.parametrize(
    "times",
    [
        {"ideal_start": "2026-04-01T01:15:19.251Z", "ideal_end": "2026-04-01T02:45:43.318Z"},
        {"ideal_start": "2026-04-01 03:15:19.251", "ideal_end": "4:45:43.318"},
    ],
)
async def test_the_create_of_the_seed_leaves_as_the_seed_has_it(times: dict[str, str]) -> None:
    page = seed("create-reservation")
    texts = {
        "driver": "drv_MrLs3VDRkma7gHAcmQ8InEi8CKZ91hrS",
        "vehicle": "veh_tnnvFIIM4oBXknF7qBVAy3biBlc0iKiv",
        **times,
        "earliest_start": "",
        "latest_end": "none",
        "connector_type": "ccs",
        "location": "48.8698, 2.3319, 1500",
        "payment_method": "",
        "metadata": "",
    }
    sent = await leaving(page["example"], lambda writer: writer.create(typed(texts, {})))
    assert sent.target == "/v1/reservations"
    assert json.loads(sent.body) == page["body"]
    assert canonical(sent.body) == canonical(json.dumps(page["body"]).encode())


async def test_the_update_of_the_seed_leaves_as_the_seed_has_it() -> None:
    page = seed("update-reservation")
    before = page["example"] | {"status": "pending", "metadata": {"trip_id": "trip_9384"}}
    row = Reservation.model_validate(before)
    after = typed({"metadata": "trip_id=trip_9384; dispatch_id=dispatch_2048"}, values_of(row))
    sent = await leaving(page["example"], lambda writer: writer.edit(row, after), before)
    assert sent.target == f"/v1/reservations/{row.id}"
    assert canonical(sent.body) == canonical(json.dumps(page["body"]).encode())


def canonical(body: bytes) -> bytes:
    """JSON with its keys in one order and no space: equal bytes are equal requests, to the last digit."""
    return json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()


async def leaving(response: dict[str, Any], act: Any, stored: dict[str, Any] | None = None) -> Seen:
    """The POST that an act sends to a server that has this to say."""

    def script(seen: Seen) -> Reply:
        if seen.method == "POST":
            return answer(response)
        if stored is not None:
            return answer(stored)
        return answer({"data": [], "next_page_url": None, "previous_page_url": None})

    async with raw_server(script) as server:
        clock = SystemClock()
        gauge, policy = Gauge(clock, 600), WritePolicy()
        async with ChargeClient(KEY, server.base_url, read_only=policy.closed_for, observer=gauge) as client:
            bench = BareBench(client, gauge, clock)
            journal = Journal(
                None, account_of(client, Secret(KEY)), operator="ann", token="t", now=bench.now, clock=clock,
                writer=Inline(),
            )  # fmt: skip
            writer = Writer(bench, journal, policy, clock=clock, rng=random.Random(), zone=lambda: PARIS)
            outcome = await act(writer)
            assert outcome.kind is Kind.DONE
        (post,) = [one for one in server.seen if one.method == "POST"]
        (entry,) = await journal.recent()
        assert post.headers["idempotency-key"] == entry.plan.key
        assert entry.plan.body == json.loads(post.body)
        return post
