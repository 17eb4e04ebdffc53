"""The running server: its headers, its control endpoints, its memory through a kill, and the command that starts it."""

import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from charge_tui.clock import SystemClock
from charge_tui.sandbox import RunningSandbox, SandboxOptions, build_world
from charge_tui.sandbox.announce import announcement
from charge_tui.sandbox.instants import moment, read
from tests.support.sandbox import KEY, START, SandboxMaker, client_of

SANDBOX = [sys.executable, "-m", "charge_tui", "sandbox"]


def test_every_answer_carries_the_world_s_time(http: httpx.Client) -> None:
    for path in ("/reservations?limit=1", "/reservations/res_unknown", "/nowhere"):
        headers = http.get(path).headers
        assert moment(read(headers["charge-sandbox-now"])) == START
        assert parsedate_to_datetime(headers["date"]) == START
        assert headers["charge-sandbox-rate"] == "0"
        assert re.fullmatch(r"req_[A-Za-z0-9]{32}", headers["request-id"])
        assert len(headers.get_list("date")) == 1
        assert "server" not in headers


def test_connections_do_not_wait_to_fill_a_packet() -> None:
    seen: list[int] = []

    class Looking(SystemClock):
        async def sleep(self, seconds: float) -> None:
            (protocol,) = sandbox.connections
            held = protocol.transport.get_extra_info("socket")
            seen.append(held.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    options = SandboxOptions(reservations=5, faults=("latency:0",), key=KEY)
    with RunningSandbox(options, Looking()) as sandbox, client_of(sandbox) as client:
        assert client.get("/reservations").status_code == 200
    assert seen[0]


def test_the_clock_is_put_forward_over_http(sandbox: RunningSandbox, http: httpx.Client) -> None:
    control = f"http://127.0.0.1:{sandbox.port}/sandbox"
    assert http.post(f"{control}/advance", json={"by": 90}).json() == {"now": "2026-04-01T01:01:30.000Z"}
    answer = http.post(f"{control}/advance", json={"to": "2026-04-01T04:00:00Z"})
    assert answer.json() == {"now": "2026-04-01T04:00:00.000Z"}
    status = http.get(control).json()
    assert status["now"] == "2026-04-01T04:00:00.000Z"
    assert status["rate"] == 0
    assert status["counts"] == sandbox.status()["counts"]
    assert status["readings"]["metadata-update"] == "merge"
    assert status["served"] == sandbox.sandbox.served


@pytest.mark.parametrize(
    "body",
    [{}, {"by": 1, "to": "2026-04-01T04:00:00Z"}, {"by": -1}, {"by": "1"}, {"by": True}, {"by": 1e300}, {"to": "soon"},
     {"to": 7}, {"to": "2026-04-01T04:00:00"}, {"to": "2020-01-01T00:00:00Z"}],
)  # fmt: skip
def test_an_advance_that_cannot_be_is_refused(sandbox: RunningSandbox, http: httpx.Client, body: Any) -> None:
    answer = http.post(f"http://127.0.0.1:{sandbox.port}/sandbox/advance", json=body)
    assert answer.status_code == 400
    assert answer.json()["param"] in ("by", "to")
    assert sandbox.status()["now"] == "2026-04-01T01:00:00.000Z"


def test_the_control_needs_the_key(sandbox: RunningSandbox) -> None:
    with client_of(sandbox, "ch_sk_test_wrong") as client:
        for path in ("", "/faults"):
            assert client.get(f"http://127.0.0.1:{sandbox.port}/sandbox{path}").status_code == 401


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"7", b'{"a":' * 5000, b"\xff\xfe", b'{"location":NaN}', b'{"x":' + b"9" * 5000 + b"}"]
)
def test_a_body_that_is_not_an_object_is_refused(http: httpx.Client, content: bytes) -> None:
    answer = http.post("/reservations", content=content)
    assert answer.status_code == 400
    assert answer.json()["object"] == "error"


def test_any_text_in_metadata_comes_back_as_it_was(sandbox: RunningSandbox, http: httpx.Client) -> None:
    made = sandbox.create()["id"]
    pairs = {"nul": "a\x00b", "esc": "\x1b[2J", "wide": "漢字👩‍👩‍👧", "quote": "'\"\\"}
    raw = json.dumps({"metadata": pairs | {"zz": "\ud800"}})
    answer = http.post(f"/reservations/{made}", content=raw)
    assert json.loads(answer.content)["metadata"] == pairs | {"zz": "\ud800"}
    assert json.loads(http.get(f"/reservations/{made}").content)["metadata"]["zz"] == "\ud800"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("DELETE", "/reservations", 405), ("PATCH", "/reservations/x", 405),
     ("GET", "/drivers/drv_nobody", 404), ("POST", "/reservations/x/confirm", 404), ("GET", "/reservations/", 404)],
)  # fmt: skip
def test_what_is_not_there_is_an_error_object(http: httpx.Client, method: str, path: str, status: int) -> None:
    answer = http.request(method, path)
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_cancel_keeps_what_the_confirmation_gave(sandbox: RunningSandbox, http: httpx.Client) -> None:
    made = sandbox.create()["id"]
    confirmed = http.post(f"/reservations/{made}/confirm", json={}).json()
    cancelled = http.post(f"/reservations/{made}/cancel", json={}).json()
    assert cancelled == confirmed | {"status": "cancelled", "updated": cancelled["updated"]}
    assert cancelled["updated"] > confirmed["updated"]
    again = http.post(f"/reservations/{made}/cancel", json={})
    assert again.json()["code"] == "reservation_cancel_invalid_state"


def test_stations_show_what_is_occupied_now(sandbox: RunningSandbox, http: httpx.Client) -> None:
    made = sandbox.create(ideal_start=START + timedelta(minutes=20))["id"]
    station = http.post(f"/reservations/{made}/confirm", json={}).json()["charging_station"]
    before = http.get(f"/charging_stations/{station}").json()
    sandbox.advance(by=21 * 60)
    after = http.get(f"/charging_stations/{station}").json()
    assert after["availability"]["connectors_available"] < len(after["connectors"])
    assert [one["status"] for one in after["connectors"]] != [one["status"] for one in before["connectors"]]


def test_neighbours_are_filtered_as_documented(sandbox: RunningSandbox, http: httpx.Client) -> None:
    driver = sandbox.sandbox.world.directory.crews[0].drivers[0]
    vehicles = http.get("/vehicles", params={"driver": driver["id"]}).json()["data"]
    assert [one["id"] for one in vehicles] == driver["vehicles"]
    drivers = http.get("/drivers", params={"vehicle": driver["vehicles"][0]}).json()["data"]
    assert driver["id"] in {one["id"] for one in drivers}
    near = {"latitude": 48.8698, "longitude": 2.3319, "radius": 1000}
    found = http.get("/charging_stations", params=near | {"available": "true", "limit": 100}).json()["data"]
    assert {one["address"]["city"] for one in found} == {"Paris"}
    assert http.get("/charging_stations", params={"latitude": 1}).status_code == 400
    assert http.get("/payment_methods", params={"driver": "a", "fleet": "b"}).status_code == 400
    cards = http.get("/payment_methods", params={"type": "card", "limit": 100}).json()["data"]
    assert {one["type"] for one in cards} == {"card"}


def test_expansion_goes_deep_and_refuses_what_is_not_there(http: httpx.Client) -> None:
    path = "/reservations/res_2gdGvYdVl4rOAYYZKw9A0NvGcnQBjhwm"
    whole = http.get(f"{path}?expand=driver.preferences.default_payment_method.driver&expand=vehicle.fleet").json()
    assert whole["driver"]["preferences"]["default_payment_method"]["driver"]["id"] == whole["driver"]["id"]
    assert whole["vehicle"]["object"] == "vehicle"
    for wrong in ("colour", "driver.colour", "data.driver", "driver.", "driver" + ".preferences" * 9):
        answer = http.get(path, params={"expand": wrong})
        assert answer.status_code == (200 if wrong == "driver." else 400), wrong
        assert wrong == "driver." or answer.json()["code"] == "unsupported_expand_value"


def test_another_desk_s_edit_is_seen_and_logged_requests_are_told(sandbox: RunningSandbox, http: httpx.Client) -> None:
    made = sandbox.create()["id"]
    sandbox.edit(made, status="failed", failed_reason="other")
    assert http.get(f"/reservations/{made}").json()["failed_reason"] == "other"
    seen = sandbox.requests[-1]
    assert (seen.method, seen.path, seen.status) == ("GET", f"/v1/reservations/{made}", 200)
    assert [row["id"] for row in sandbox.find(failed_reason="other", status="failed")].count(made) == 1


def test_a_restarted_server_has_the_same_port_world_and_key(sandbox: RunningSandbox) -> None:
    made, port = sandbox.create()["id"], sandbox.port
    sandbox.stop()
    with client_of(sandbox) as client, pytest.raises(httpx.ConnectError):
        client.get("/reservations")
    sandbox.start()
    assert sandbox.port == port
    with client_of(sandbox) as client:
        assert client.get(f"/reservations/{made}").status_code == 200


def test_a_port_in_use_is_an_os_error(make_sandbox: SandboxMaker, sandbox: RunningSandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        make_sandbox(port=sandbox.port)


@pytest.mark.parametrize(
    "fields",
    [{"key": "ch_sk_live_x"}, {"key": "x"}, {"reservations": -1}, {"reservations": 100_001}, {"open": 700},
     {"speed": -1.0}, {"speed": float("nan")}, {"port": 70000}, {"faults": ("x",)}, {"readings": {"x": "y"}},
     {"start": START.replace(tzinfo=None)}, {"start": START.replace(year=1999)}],
)  # fmt: skip
def test_options_that_cannot_be_are_refused_without_the_key(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w") as refusal:
        SandboxOptions(**fields)
    assert "ch_sk_live_x" not in str(refusal.value)


def test_options_do_not_show_the_key() -> None:
    assert KEY not in repr(SandboxOptions(key=KEY))


def test_a_world_taken_up_again_goes_on(tmp_path: Path) -> None:
    options = SandboxOptions(db=tmp_path / "world.db", start=START, reservations=100)
    first = build_world(options, SystemClock())
    first.advance(first.now + 3_600_000)
    first.remember_now()
    rows = [row.body for row in first.store.rows({}, None, False, -1)]
    first.store.close()
    again = build_world(SandboxOptions(db=tmp_path / "world.db", reservations=9), SystemClock())
    assert again.now == first.now
    assert [row.body for row in again.store.rows({}, None, False, -1)] == rows
    again.store.close()


def test_a_file_that_is_no_world_is_refused(tmp_path: Path) -> None:
    for content in (b"not a database at all" * 100,):
        (tmp_path / "x.db").write_bytes(content)
        with pytest.raises(ValueError, match="cannot be used"):
            build_world(SandboxOptions(db=tmp_path / "x.db"), SystemClock())
    with pytest.raises(ValueError, match="cannot be used"):
        build_world(SandboxOptions(db=tmp_path / "no" / "such" / "x.db"), SystemClock())


@contextmanager
def started(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", httpx.Client]]:
    """A sandbox in a process of its own, and a client with the address and key that it prints."""
    command = [*SANDBOX, "--reservations", "50", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = ""
            while "Ctrl-C" not in told:
                line = process.stdout.readline()
                assert line, told
                told += line
            url, key = re.search(r"base URL +(\S+)", told), re.search(r"key +(\S+)", told)
            assert url
            assert key
            bearer = {"Authorization": f"Bearer {key[1]}"}
            with httpx.Client(base_url=url[1], headers=bearer, trust_env=False, timeout=30) as http:
                yield process, http
        finally:
            process.kill()


def test_a_killed_sandbox_has_everything_it_acknowledged(tmp_path: Path) -> None:
    db = ("--db", str(tmp_path / "world.db"), "--no-traffic")
    page = json.loads((Path(__file__).parent / "seeds" / "create-reservation.json").read_text())
    far = {"ideal_start": "2100-01-01T00:00:00.000Z", "ideal_end": "2100-01-01T01:00:00.000Z"}
    kept: dict[str, dict[str, Any]] = {}
    made: dict[str, Any] = {}
    sent: dict[str, Any] = {}
    for number in range(3):
        body = page["body"] | far | {"metadata": {"n": str(number)}}
        with started(*db) as (process, http):
            for identity, document in kept.items():
                assert http.get(f"/reservations/{identity}").json() == document
            if number:
                again = http.post("/reservations", json=sent, headers={"Idempotency-Key": "first"})
                assert again.json() == made
            first = "first" if not number else f"other{number}"
            answer = http.post("/reservations", json=body, headers={"Idempotency-Key": first}).json()
            kept[answer["id"]] = answer
            if not number:
                made, sent = answer, body
            else:
                kept[answer["id"]] = http.post(f"/reservations/{answer['id']}/cancel", json={}).json()
            process.send_signal(signal.SIGKILL)
            assert process.wait(30) == -signal.SIGKILL
    assert len(kept) == 3


def test_the_announced_curl_lines_work() -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl here")
    with RunningSandbox(SandboxOptions(reservations=20)) as sandbox:
        lines = [line.strip() for line in announcement(sandbox).splitlines() if line.strip().startswith("curl ")]
        assert len(lines) == 4
        for line in lines:
            words = shlex.split(line)[1:]
            done = subprocess.run([curl, "-sS", "--fail", "--noproxy", "*", *words], capture_output=True, timeout=30)
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_command_ends_cleanly_on_a_signal(number: signal.Signals, code: int) -> None:
    with started("--speed", "60", "--fault", "latency:0") as (process, http):
        assert http.get("/reservations").headers["charge-sandbox-rate"] == "60"
        process.send_signal(number)
        assert process.wait(30) == code


@pytest.mark.parametrize(
    "arguments",
    [["--port", "no"], ["--port", "99999"], ["--seed", "x"], ["--speed", "fast"], ["--reservations", "100001"],
     ["--fault", "nonsense"], ["--reading", "nonsense"], ["--start", "soon"], ["--db", "/nowhere/x.db"]],
)  # fmt: skip
def test_a_bad_option_is_one_sentence_and_exit_2(arguments: list[str]) -> None:
    done = subprocess.run([*SANDBOX, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run([*SANDBOX, "--port", port], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert port in done.stderr


def test_help_lists_faults_and_readings() -> None:
    done = subprocess.run([*SANDBOX, "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    for word in ("--fault", "foreign-next", "metadata-update", "merge = keys not sent survive", "page-life"):
        assert word in done.stdout
