"""``charge-tui show``: one reservation, whole."""

import json

import httpx

from charge_tui.sandbox import RunningSandbox
from tests.cli.conftest import Command


def test_the_document_as_the_api_has_it(charge: Command, sandbox: RunningSandbox, http: httpx.Client) -> None:
    identity = sandbox.find(status="confirmed")[0]["id"]
    done = charge("show", identity, "--json")
    assert (done.code, done.err) == (0, "")
    plain = http.get(f"reservations/{identity}").text
    assert json.loads(done.out, object_pairs_hook=list) == json.loads(plain, object_pairs_hook=list)


def test_every_field_has_its_line(charge: Command, sandbox: RunningSandbox, http: httpx.Client) -> None:
    identity = sandbox.find(status="pending")[0]["id"]
    sandbox.edit(
        identity,
        ideal_start="2026-04-02T08:15:30.000Z",
        ideal_end="2026-04-02T09:15:00.000Z",
        metadata={"note": "gate\x1b[2J 4", "line": "a\nb"},
        reservation_fee=90,
        currency="jpy",
    )
    done = charge("show", identity)
    names = [line.split()[0] for line in done.out.splitlines() if not line.startswith(" ")]
    assert names == list(http.get(f"reservations/{identity}").json())
    told = {line.split()[0]: line.split(maxsplit=1)[1] for line in done.out.splitlines()}
    assert told["ideal_start"] == "Thu 2026-04-02 10:15:30 CEST  (2026-04-02T08:15:30.000Z)"
    assert told["reservation_fee"] == "JPY 90"
    assert "note = gate\ufffd[2J 4" in done.out
    assert "line = a⏎b" in done.out


def test_options_of_the_api_stand_before_or_after(charge: Command, sandbox: RunningSandbox) -> None:
    identity = sandbox.find(status="pending")[0]["id"]
    elsewhere = {"CHARGE_BASE_URL": "http://127.0.0.1:1/v1"}
    before = charge("--base-url", sandbox.base_url, "show", identity, **elsewhere)
    after = charge("show", identity, "--base-url", sandbox.base_url, **elsewhere)
    assert before.code == after.code == 0
    assert before.out == after.out
    assert charge("--read-only", "show", identity, "--write").code == 2


def test_one_that_is_not_there_is_exit_3_with_the_request(charge: Command) -> None:
    done = charge("show", "res_nowhere")
    assert (done.code, done.out) == (3, "")
    assert "res_nowhere" in done.err
    assert "req_" in done.err


def test_an_id_that_is_a_path_stays_an_id(charge: Command, sandbox: RunningSandbox) -> None:
    done = charge("show", "../drivers")
    assert done.code in (2, 3)
    assert not any("/v1/drivers" in str(request) for request in sandbox.requests)
