"""The five seed pages against the sandbox: each request succeeds, each answer has their fields, order and types."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from charge_tui.domain.reservation import ALWAYS, Reservation, read_row
from charge_tui.sandbox import RunningSandbox
from charge_tui.sandbox.fixtures import FIXTURES
from charge_tui.sandbox.instants import read, stamp
from tests.support.sandbox import SandboxMaker, client_of

PAGES: Final[dict[str, dict[str, Any]]] = {
    path.stem: json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "seeds").glob("*.json"))
}

_NULLABLE: Final = {
    "charging_station", "confirmed_at", "earliest_start", "failed_reason", "latest_end", "reserved_end",
    "reserved_start",
}  # fmt: skip


def send(client: httpx.Client, page: dict[str, Any]) -> httpx.Response:
    query = dict(pair.split("=", 1) for pair in page["query"])
    path = page["path"].removeprefix("/v1")
    return client.request(page["method"], path, params=query, json=page["body"])


def same_shape(answer: Any, example: Any, name: str = "") -> None:
    """Fields, their order and their types are those of the example; null only where the documentation has it."""
    if isinstance(example, dict) and name != "metadata":
        assert list(answer) == list(example), name
        for key in example:
            same_shape(answer[key], example[key], key)
    elif name == "data":
        assert answer
        for row in answer:
            same_shape(row, example[0])
    elif answer is None or example is None:
        assert name in _NULLABLE or name in ("next_page_url", "previous_page_url"), name
    elif isinstance(example, int | float):
        assert type(answer) in (int, float), name
        assert not isinstance(example, int) or name == "radius" or isinstance(answer, int), name
    else:
        assert type(answer) is type(example), name


def test_all_five_pages_are_there() -> None:
    assert len(PAGES) == 5


@pytest.mark.parametrize("name", PAGES)
def test_a_page_s_request_is_answered_in_its_shape(http: httpx.Client, name: str) -> None:
    answer = send(http, PAGES[name])
    assert answer.status_code == 200, answer.text
    same_shape(answer.json(), PAGES[name]["example"])


@pytest.mark.parametrize("name", ["retrieve-reservation", "update-reservation", "reservation-object"])
def test_the_very_object_of_a_page_is_there(http: httpx.Client, name: str) -> None:
    example, answer = PAGES[name]["example"], send(http, PAGES[name]).json()
    for field, value in example.items():
        if value is None or not isinstance(value, str) or not value.endswith("Z"):
            assert answer[field] == value or field == "status", field
    for first, last in (("ideal_start", "ideal_end"), ("reserved_start", "reserved_end"), ("created", "confirmed_at")):
        assert read(answer[last]) - read(answer[first]) == read(example[last]) - read(example[first])


def test_create_says_what_the_page_says(http: httpx.Client) -> None:
    page = PAGES["create-reservation"]
    answer = send(http, page).json()
    moving = {"id", "created", "updated"}
    assert {k: v for k, v in answer.items() if k not in moving} == {
        k: v for k, v in page["example"].items() if k not in moving
    }


def test_update_merges_metadata_as_the_page_shows(http: httpx.Client) -> None:
    assert send(http, PAGES["update-reservation"]).json()["metadata"] == {
        "dispatch_id": "dispatch_2048",
        "trip_id": "trip_9384",
    }


def test_the_list_s_page_url_has_the_page_s_form(http: httpx.Client) -> None:
    example = httpx.URL(PAGES["list-reservations"]["example"]["next_page_url"])
    answer = httpx.URL(send(http, PAGES["list-reservations"]).json()["next_page_url"])
    assert answer.path == example.path
    assert [name for name, _ in answer.params.multi_items()] == [name for name, _ in example.params.multi_items()]
    ours, theirs = answer.params["page"], example.params["page"]
    assert len(ours) == len(theirs)
    assert ours.removeprefix("page_").isalnum()


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page["curl"]])
def test_the_curl_line_itself_works(sandbox: RunningSandbox, name: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl here")
    if "--json" not in subprocess.run([curl, "--help", "all"], capture_output=True, text=True, check=True).stdout:
        pytest.skip("this curl has no --json")
    line = PAGES[name]["curl"].replace("https://api.chargeapi.co", f"http://127.0.0.1:{sandbox.port}")
    words = shlex.split(line.replace("ch_sk_test_...", sandbox.key).replace("\\\n", " "))
    done = subprocess.run([curl, "-sS", "--noproxy", "*", *words[1:]], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    same_shape(json.loads(done.stdout), PAGES[name]["example"])


def test_every_named_object_exists(http: httpx.Client) -> None:
    collections = {"drv_": "drivers", "veh_": "vehicles", "chst_": "charging_stations", "pm_": "payment_methods"}
    ids = set(re.findall(r"\b(?:drv|veh|chst|pm|res)_[A-Za-z0-9]{32}\b", json.dumps(PAGES)))
    assert len(ids) == 24
    for identity in ids:
        prefix = identity[: identity.index("_") + 1]
        path = f"/{collections.get(prefix, 'reservations')}/{identity}"
        assert http.get(path).status_code == 200, identity


def test_the_named_reservations_outlive_any_time(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(reservations=20)
    before = {fixture.id: sandbox.reservation(fixture.id) for fixture in FIXTURES}
    sandbox.advance(by=40 * 86_400)
    assert {identity: sandbox.reservation(identity) for identity in before} == before


def test_every_row_of_the_world_is_in_the_documented_order(sandbox: RunningSandbox) -> None:
    documented = list(PAGES["reservation-object"]["example"])
    rows = sandbox.find()
    assert len(rows) == 200
    for row in rows:
        assert list(row) == documented
        read_as = read_row(row)
        assert type(read_as) is Reservation
        assert read_as.document() == row
        assert all(row[name] is not None for name in ALWAYS)
        for name in ("created", "updated", "ideal_start", "ideal_end"):
            assert stamp(read(row[name])) == row[name]


def test_a_key_is_needed_and_a_live_one_refused(sandbox: RunningSandbox) -> None:
    for key, words in (("ch_sk_test_other", "not this sandbox's"), ("ch_sk_live_abc", "never send it a live key")):
        with client_of(sandbox, key) as client:
            answer = client.get("/reservations")
        assert answer.status_code == 401
        error = answer.json()
        assert words in error["message"]
        assert key not in answer.text
        assert error["type"] == "authentication_error"
        assert error["request"] == answer.headers["request-id"]
    bare = httpx.get(f"{sandbox.base_url}/reservations", trust_env=False)
    assert bare.status_code == 401


def test_the_error_object_has_its_documented_fields(http: httpx.Client) -> None:
    answer = http.get("/reservations/res_unknown")
    error = answer.json()
    assert answer.status_code == 404
    assert list(error) == ["code", "doc_url", "message", "object", "param", "request", "status", "type"]
    assert error["object"] == "error"
    assert error["code"] == "reservation_not_found"
    assert error["doc_url"] == "https://docs.chargeapi.co/errors#reservation_not_found"
    assert error["status"] == 404
    assert error["request"].startswith("req_")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1:99999999", "10.0.0.1"])
def test_another_host_name_is_refused(http: httpx.Client, host: str) -> None:
    assert http.get("/reservations", headers={"Host": host}).status_code in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_loopback_names_are_taken(http: httpx.Client, host: str) -> None:
    assert http.get("/reservations?limit=1", headers={"Host": host}).status_code == 200
