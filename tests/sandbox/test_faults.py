"""Ordered trouble over a real socket: each fault as a client meets it, and a sandbox that goes on afterwards."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.reservation import OddRow, Reservation, read_row
from charge_tui.sandbox import RunningSandbox
from charge_tui.sandbox.faults import KINDS, QUALIFIERS, Faults, describe, parse_fault
from charge_tui.sandbox.mischief import HOSTILE, spoil
from tests.support.sandbox import START, client_of

CLOSED = "res_2gdGvYdVl4rOAYYZKw9A0NvGcnQBjhwm"


@pytest.fixture(autouse=True)
def goes_on(sandbox: RunningSandbox) -> Iterator[None]:
    yield
    sandbox.clear_faults()
    with client_of(sandbox) as client:
        assert client.get(f"/reservations/{CLOSED}").status_code == 200


@pytest.mark.parametrize(
    ("spec", "error"),
    [("reset", httpx.ReadError), ("half", httpx.RemoteProtocolError), ("lost", httpx.RemoteProtocolError),
     ("hang:0", httpx.RemoteProtocolError)],
)  # fmt: skip
def test_a_broken_connection(
    sandbox: RunningSandbox, http: httpx.Client, spec: str, error: type[httpx.HTTPError]
) -> None:
    sandbox.order_faults([spec])
    with pytest.raises(error):
        http.get("/reservations")


@pytest.mark.parametrize(("spec", "code"), [("reset", 56), ("half", 18), ("lost", 52)])
def test_a_broken_connection_as_curl_sees_it(sandbox: RunningSandbox, spec: str, code: int) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl here")
    sandbox.order_faults([spec])
    bearer = f"Authorization: Bearer {sandbox.key}"
    url = f"{sandbox.base_url}/reservations"
    done = subprocess.run([curl, "-s", "--noproxy", "*", "-H", bearer, url], capture_output=True, timeout=30)
    assert done.returncode == code


def test_a_hang_lasts_until_the_client_goes(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sandbox.order_faults(["hang"])
    with pytest.raises(httpx.ReadTimeout):
        http.get("/reservations", timeout=0.2)


def test_a_stopped_sandbox_lets_go_of_what_hangs(sandbox: RunningSandbox) -> None:
    sandbox.order_faults(["hang"])
    with client_of(sandbox) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get("/reservations", timeout=0.2)
        sandbox.stop()
        with pytest.raises(httpx.ConnectError):
            client.get("/reservations")
        sandbox.start()
        sandbox.clear_faults()
        assert client.get("/reservations").status_code == 200


def test_a_write_whose_answer_is_lost_is_done(sandbox: RunningSandbox, http: httpx.Client) -> None:
    made = sandbox.create()["id"]
    sandbox.order_faults(["lost@method=POST"])
    with pytest.raises(httpx.RemoteProtocolError):
        http.post(f"/reservations/{made}/cancel", json={})
    assert sandbox.reservation(made)["status"] == "cancelled"


@pytest.mark.parametrize("spec", ["reset", "hang:0", "503", "429", "html"])
def test_a_write_that_is_cut_off_before_is_not_done(sandbox: RunningSandbox, http: httpx.Client, spec: str) -> None:
    made = sandbox.create()["id"]
    sandbox.order_faults([spec])
    try:
        assert http.post(f"/reservations/{made}/cancel", json={}).status_code >= 400
    except httpx.TransportError:
        assert spec in ("reset", "hang:0")
    assert sandbox.reservation(made)["status"] == "pending"


@pytest.mark.parametrize(
    ("spec", "status", "wait"),
    [("429", 429, "5"), ("429:30", 429, "30"), ("500", 500, None), ("503:2", 503, "2"), ("401", 401, None)],
)
def test_an_ordered_status(
    sandbox: RunningSandbox, http: httpx.Client, spec: str, status: int, wait: str | None
) -> None:
    sandbox.order_faults([spec])
    answer = http.get("/reservations")
    assert answer.status_code == status
    assert answer.headers.get("retry-after") == wait
    assert answer.json()["status"] == status
    assert answer.json()["object"] == "error"


def test_html_of_a_proxy(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sandbox.order_faults(["html:200"])
    answer = http.get("/reservations")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!doctype html>")


def test_urls_that_lead_astray(sandbox: RunningSandbox, http: httpx.Client) -> None:
    own = f"{sandbox.base_url}/reservations?limit=2"
    for spec, prefix in (
        ("foreign-next", "http://elsewhere.example:8080/v1/"),
        ("loop-next", own),
        ("empty-next", own[:30]),
    ):
        sandbox.order_faults([spec])
        page = http.get("/reservations?limit=2").json()
        assert page["next_page_url"].startswith(prefix)
        assert (page["data"] == []) == (spec == "empty-next")
    sandbox.order_faults(["redirect"])
    assert http.get("/reservations").headers["location"].startswith("http://elsewhere.example")


def test_skew_moves_the_date(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sandbox.order_faults(["skew:-300"])
    date = parsedate_to_datetime(http.get("/reservations").headers["date"])
    assert (START - date).total_seconds() == 300


def test_hostile_text_is_in_every_free_field(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sandbox.order_faults(["hostile"])
    rows = http.get("/reservations?limit=50").json()["data"]
    texts = {text for row in rows for text in row["metadata"].values()}
    assert texts <= set(HOSTILE)
    assert len(texts) > len(HOSTILE) / 2
    assert all(isinstance(read_row(row), Reservation) for row in rows)
    driver = http.get(f"/drivers/{rows[0]['driver']}").json()
    assert {driver["name"], driver["email"]} <= set(HOSTILE)


def test_odd_rows_stand_among_sound_ones(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sandbox.order_faults(["odd"])
    rows = [read_row(row, place) for place, row in enumerate(http.get("/reservations?limit=100").json()["data"])]
    assert any(isinstance(row, OddRow) for row in rows)
    assert any(isinstance(row, Reservation) and row.odd for row in rows)
    assert any(isinstance(row, Reservation) and row.model_extra for row in rows)
    assert sum(type(row) is Reservation for row in rows) > 50


def test_a_huge_body(sandbox: RunningSandbox, http: httpx.Client) -> None:
    sandbox.order_faults(["huge"])
    assert len(http.get("/reservations").content) > 5_000_000


def test_qualifiers(sandbox: RunningSandbox, http: httpx.Client) -> None:
    def statuses(path: str = "/reservations", count: int = 4) -> list[int]:
        return [http.get(path).status_code for _ in range(count)]

    sandbox.order_faults(["503@count=2"])
    assert statuses() == [503, 503, 200, 200]
    sandbox.order_faults(["503@after=1,count=1"])
    assert statuses() == [200, 503, 200, 200]
    sandbox.order_faults(["503@method=POST"])
    assert statuses() == [200] * 4
    sandbox.order_faults(["503@path=/v1/reservations/*"])
    assert statuses(count=1) == [200]
    assert statuses(f"/reservations/{CLOSED}", 1) == [503]
    sandbox.order_faults(["503@p=0.5"])
    first = statuses(count=20)
    sandbox.order_faults(["503@p=0.5"])
    assert statuses(count=20) == first
    assert {200, 503} == set(first)


def test_faults_are_ordered_over_http_and_never_bar_the_way(sandbox: RunningSandbox, http: httpx.Client) -> None:
    control = f"http://127.0.0.1:{sandbox.port}/sandbox/faults"
    assert http.post(control, json={"faults": ["503", "latency:0"]}).json()["faults"] == ["503", "latency:0"]
    assert http.get("/reservations").status_code == 503
    assert http.get(control).json()["struck"][0] == {"fault": "503", "seen": 1, "struck": 1}
    refused = http.post(control, json={"faults": ["500", "nonsense"]})
    assert refused.status_code == 400
    assert "nonsense" in refused.json()["message"]
    assert http.get(control).json()["faults"] == ["503", "latency:0"]
    assert http.post(control, json={"faults": "503"}).status_code == 400
    assert http.post(control, json={"faults": []}).json()["faults"] == []


@pytest.mark.parametrize(
    "spec",
    ["", "nonsense", "status", "200", "999", "latency:", "latency:soon", "latency:-1", "latency:inf", "reset:1",
     "html:99", "429@", "429@p", "429@p=2", "429@p=x", "429@count=-1", "429@count=1.5", "429@colour=red", "400:7",
     "429@count=²", "hang:1e99", "²"],
)  # fmt: skip
def test_a_bad_specification_is_one_sentence(spec: str) -> None:
    with pytest.raises(ValueError, match=r"^fault ") as refusal:
        parse_fault(spec)
    assert "\n" not in str(refusal.value)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        fault = parse_fault(text)
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = "fault " if parse_fault(fault.spec) == fault else "it reads otherwise"
    assert refusal.startswith("fault ")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8), st.sampled_from(["hostile", "odd", "foreign-next", "loop-next", "empty-next"]))  # fmt: skip  # noqa: E501
def test_any_answer_can_be_spoilt(answer: Any, kind: str) -> None:
    json.loads(spoil(kind, json.dumps(answer).encode(), 7, 1, "http://127.0.0.1/v1/reservations"))


def test_the_same_seed_strikes_the_same_requests() -> None:
    def struck(seed: int) -> list[int]:
        faults = Faults(seed, ["503@p=0.3"])
        return [len(faults.strike("GET", "/v1/reservations")) for _ in range(50)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)


def test_help_tells_every_kind_and_qualifier() -> None:
    for name in (*KINDS, *QUALIFIERS):
        assert name in describe()
