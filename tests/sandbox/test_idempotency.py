"""One Idempotency-Key, one effect: again, at once, after a lost answer, after a day, after a crash."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from charge_tui.sandbox import RunningSandbox
from charge_tui.sandbox.instants import stamp
from tests.support.sandbox import client_of

KEY = {"Idempotency-Key": "5f0c8a9e-1d1b-4c0e-8f57-1b1f3f1f3f1f"}


def body(sandbox: RunningSandbox, **changes: Any) -> dict[str, Any]:
    crew = sandbox.sandbox.world.directory.crews[1]
    return {
        "driver": crew.drivers[0]["id"],
        "vehicle": crew.vehicle["id"],
        "ideal_start": stamp(sandbox.sandbox.now() + 7_200_000),
        "ideal_end": stamp(sandbox.sandbox.now() + 9_000_000),
        "connector_type": ["CCS"],
        "location": {"latitude": 48.86, "longitude": 2.33, "radius": 1500},
    } | changes


def total(sandbox: RunningSandbox) -> int:
    return int(sum(sandbox.status()["counts"].values()))


def test_the_same_request_gets_the_first_answer_again(sandbox: RunningSandbox, http: httpx.Client) -> None:
    before, sent = total(sandbox), body(sandbox)
    first = http.post("/reservations", json=sent, headers=KEY)
    sandbox.edit(first.json()["id"], metadata={"changed": "since"})
    turned = dict(reversed(sent.items()))
    second = http.post("/reservations", json=turned, headers=KEY)
    assert second.status_code == first.status_code == 200
    assert second.content == first.content
    assert total(sandbox) == before + 1


def test_another_body_or_another_path_is_an_error(sandbox: RunningSandbox, http: httpx.Client) -> None:
    made = http.post("/reservations", json=body(sandbox), headers=KEY).json()["id"]
    for path, sent in (("/reservations", body(sandbox, metadata={"a": "b"})), (f"/reservations/{made}/cancel", {})):
        answer = http.post(path, json=sent, headers=KEY)
        assert answer.status_code == 409
        assert answer.json()["code"] == "idempotency_key_conflict"
    assert sandbox.reservation(made)["status"] == "pending"


def test_a_lost_answer_is_given_to_the_retry(sandbox: RunningSandbox, http: httpx.Client) -> None:
    before = total(sandbox)
    sandbox.order_faults(["lost@count=1,method=POST"])
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/reservations", json=body(sandbox), headers=KEY)
    assert total(sandbox) == before + 1
    answer = http.post("/reservations", json=body(sandbox), headers=KEY)
    assert answer.status_code == 200
    assert sandbox.reservation(answer.json()["id"]) == answer.json()
    assert total(sandbox) == before + 1


def test_many_at_once_make_one(sandbox: RunningSandbox) -> None:
    before, sent = total(sandbox), body(sandbox)

    def post(_: int) -> bytes:
        with client_of(sandbox) as client:
            return client.post("/reservations", json=sent, headers=KEY).content

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(post, range(16)))
    assert len(answers) == 1
    assert total(sandbox) == before + 1


def test_a_key_lapses_after_a_day_of_the_world(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sent = body(sandbox)
    first = http.post("/reservations", json=sent, headers=KEY).json()["id"]
    sandbox.advance(by=23 * 3600)
    assert http.post("/reservations", json=sent, headers=KEY).json()["id"] == first
    sandbox.advance(by=3601)
    assert http.post("/reservations", json=sent, headers=KEY).json()["id"] != first


def test_a_confirm_is_repeated_too(sandbox: RunningSandbox, http: httpx.Client) -> None:
    made = sandbox.create()["id"]
    first = http.post(f"/reservations/{made}/confirm", json={}, headers=KEY)
    assert http.post(f"/reservations/{made}/confirm", json={}, headers=KEY).json() == first.json()
    assert http.post(f"/reservations/{made}/confirm", json={}).status_code == 409


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_1_to_255_characters(sandbox: RunningSandbox, http: httpx.Client, key: str) -> None:
    before = total(sandbox)
    answer = http.post("/reservations", json=body(sandbox), headers={"Idempotency-Key": key})
    assert answer.status_code == 400
    assert total(sandbox) == before
