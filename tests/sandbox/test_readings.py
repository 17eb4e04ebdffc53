"""Each open question of the documentation, read in each of its ways: both are proved against a running sandbox."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from charge_tui.sandbox import RunningSandbox
from charge_tui.sandbox.instants import read, stamp
from charge_tui.sandbox.readings import READINGS, Readings, describe, parse_reading
from tests.support.sandbox import START, SandboxMaker, client_of

Ask = Callable[[RunningSandbox, httpx.Client], Any]

CONFIRMED: Final = "res_2gdGvYdVl4rOAYYZKw9A0NvGcnQBjhwm"


def make(sandbox: RunningSandbox, **fields: Any) -> str:
    return str(sandbox.create(**fields)["id"])


def body(sandbox: RunningSandbox, **changes: Any) -> dict[str, Any]:
    crew = sandbox.sandbox.world.directory.crews[0]
    return {
        "driver": crew.drivers[0]["id"],
        "vehicle": crew.vehicle["id"],
        "ideal_start": stamp(sandbox.sandbox.now() + 7_200_000),
        "ideal_end": stamp(sandbox.sandbox.now() + 9_000_000),
        "connector_type": [crew.vehicle["charging_standard"]],
        "location": {**crew.stations[0]["location"], "radius": 1500},
    } | changes


def created(**changes: Any) -> Ask:
    return lambda sandbox, http: http.post("/reservations", json=body(sandbox, **changes)).status_code


def updated(field: str, before: dict[str, Any], change: dict[str, Any]) -> Ask:
    def ask(sandbox: RunningSandbox, http: httpx.Client) -> Any:
        answer = http.post(f"/reservations/{make(sandbox, **before)}", json=change)
        return answer.json()[field] if answer.status_code == 200 else answer.status_code

    return ask


def listed(query: str) -> Ask:
    def ask(_: RunningSandbox, http: httpx.Client) -> Any:
        answer = http.get(f"/reservations?{query}")
        return len(answer.json()["data"]) if answer.status_code == 200 else answer.status_code

    return ask


def metadata(before: dict[str, str], change: Any) -> Ask:
    return updated("metadata", {"metadata": before}, {"metadata": change})


def limit(change: dict[str, Any]) -> Ask:
    def ask(sandbox: RunningSandbox, http: httpx.Client) -> Any:
        made = make(sandbox, earliest_start=START + timedelta(hours=1))
        return http.post(f"/reservations/{made}", json=change).json()["earliest_start"] is None

    return ask


def location(_: RunningSandbox, http: httpx.Client) -> Any:
    answer = http.post("/reservations/res_BzPpVflI7WIwvfvbLAU7MwYvKweypDnW", json={"location": {"radius": 900}})
    return answer.json()["location"]["radius"] if answer.status_code == 200 else answer.status_code


def confirm(**fields: Any) -> Ask:
    return lambda sandbox, http: http.post(f"/reservations/{make(sandbox, **fields)}/confirm", json={}).status_code


def cancel_late(change: dict[str, timedelta]) -> Ask:
    def ask(sandbox: RunningSandbox, http: httpx.Client) -> Any:
        times = {name: START + by for name, by in change.items()}
        made = make(sandbox, ideal_start=START + timedelta(hours=2))
        sandbox.edit(made, status="confirmed", reserved_end=START + timedelta(hours=3), **times)
        sandbox.advance(by=900)
        return http.post(f"/reservations/{made}/cancel", json={}).status_code

    return ask


def over_time(by: float) -> Ask:
    def ask(sandbox: RunningSandbox, _: httpx.Client) -> Any:
        made = make(sandbox)
        sandbox.sandbox.world.store.unschedule("confirm", made)
        sandbox.advance(by=by)
        return sandbox.reservation(made)["status"]

    return ask


def minutes_to_the_end(sandbox: RunningSandbox, _: httpx.Client) -> int:
    """Between the end of the given window and the word that it is over, in whole tens."""
    made = make(sandbox)
    sandbox.advance(by=6 * 3600)
    ended = sandbox.reservation(made)
    return (read(ended["updated"]) - read(ended["reserved_end"])) // 600_000 * 10


def keyed(first: dict[str, Any], second: dict[str, Any], value: Callable[[httpx.Response], Any]) -> Ask:
    def ask(sandbox: RunningSandbox, http: httpx.Client) -> Any:
        key = {"Idempotency-Key": "one"}
        http.post("/reservations", json=body(sandbox, **first), headers=key)
        return value(http.post("/reservations", json=body(sandbox, **second), headers=key))

    return ask


def failed_key(sandbox: RunningSandbox, http: httpx.Client) -> Any:
    made, key = make(sandbox, ideal_start=START + timedelta(hours=5)), {"Idempotency-Key": "one"}
    sandbox.edit(made, status="failed")
    http.post(f"/reservations/{made}/cancel", json={}, headers=key)
    sandbox.edit(made, status="pending")
    return http.post(f"/reservations/{made}/cancel", json={}, headers=key).status_code


def at_once(sandbox: RunningSandbox, http: httpx.Client) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    sandbox.order_faults(["latency:0.4@count=1"])
    post = lambda: http.post("/reservations", json=body(sandbox), headers={"Idempotency-Key": "one"})  # noqa: E731
    with ThreadPoolExecutor() as pool:
        first = pool.submit(post)
        while not sandbox.sandbox.faults.ordered[0].struck:
            time.sleep(0)
        second = pool.submit(post)
        return second.result().status_code, first.result().status_code


def page(change: Callable[[RunningSandbox, str], str]) -> Ask:
    def ask(sandbox: RunningSandbox, http: httpx.Client) -> Any:
        url = http.get("/reservations?status=completed&limit=3").json()["next_page_url"]
        return http.get(change(sandbox, url)).status_code

    return ask


def an_hour_later(sandbox: RunningSandbox, url: str) -> str:
    sandbox.advance(by=3700)
    return url


def backwards(_: RunningSandbox, http: httpx.Client) -> Any:
    first = http.get("/reservations?limit=3").json()
    second = http.get(first["next_page_url"]).json()
    back = http.get(second["previous_page_url"]).json()
    return [row["id"] for row in back["data"]] == [row["id"] for row in first["data"]]


def expanded(path: str, method: str = "GET") -> Ask:
    def ask(sandbox: RunningSandbox, http: httpx.Client) -> Any:
        json = body(sandbox) if method == "POST" else None
        return http.request(method, f"{path}?expand=driver", json=json).status_code

    return ask


def header(name: str, **sent: str) -> Ask:
    return lambda _, http: name in http.get("/reservations?limit=1", headers=sent).headers


def ordered_wait(sandbox: RunningSandbox, http: httpx.Client) -> Any:
    sandbox.order_faults(["429:7"])
    value = http.get("/reservations").headers.get("retry-after")
    return value and value.isdigit()


def many_requests(_: RunningSandbox, http: httpx.Client) -> Any:
    return [http.get("/reservations?limit=1").status_code for _ in range(62)].count(429)


def after_failure(sandbox: RunningSandbox, http: httpx.Client) -> Any:
    made = make(sandbox)
    sandbox.edit(made, status="failed", failed_reason="other")
    return http.post(f"/reservations/{made}/confirm", json={}).status_code


def overlapping(sandbox: RunningSandbox, http: httpx.Client) -> Any:
    http.post("/reservations", json=body(sandbox))
    return http.post("/reservations", json=body(sandbox)).status_code


def preferred(sandbox: RunningSandbox, http: httpx.Client) -> Any:
    stations = sandbox.sandbox.world.directory.all("charging_station")
    both = next(s for s in stations if {"CCS", "Type2"} <= {c["type"] for c in s["connectors"]})
    place = {**both["location"], "radius": 1}
    made = make(sandbox, location=place, connector_type=["Type2", "CCS"])
    http.post(f"/reservations/{made}/confirm", json={})
    live = http.get(f"/charging_stations/{both['id']}").json()
    sandbox.advance(to=START + timedelta(seconds=7300))
    live = http.get(f"/charging_stations/{both['id']}").json()
    return next(c["type"] for c in live["connectors"] if c["status"] == "occupied")


def far_away(sandbox: RunningSandbox, http: httpx.Client) -> Any:
    station = sandbox.sandbox.world.directory.all("charging_station")[0]
    north = {**station["location"], "radius": 60}
    north["latitude"] += 0.01
    made = make(sandbox, location=north, connector_type=[station["connectors"][0]["type"]])
    return http.post(f"/reservations/{made}/confirm", json={}).json()["status"]


def default_method(sandbox: RunningSandbox, http: httpx.Client) -> Any:
    return http.post("/reservations", json=body(sandbox)).json()["payment_method"] is None


def confirmed_metadata(_: RunningSandbox, http: httpx.Client) -> Any:
    return http.post(f"/reservations/{CONFIRMED}", json={"metadata": {"a": "b"}}).status_code


def documented_host(_: RunningSandbox, http: httpx.Client) -> Any:
    return httpx.URL(http.get("/reservations?limit=1").json()["next_page_url"]).host


NOWHERE: Final = {"latitude": 0.0, "longitude": 0.0, "radius": 10}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
STRANGER: Final = "drv_MrLs3VDRkma7gHAcmQ8InEi8CKZ91hrS"
DRIFTED: Final = {"ideal_start": timedelta(hours=2), "reserved_start": timedelta(minutes=20)}

CASES: Final[dict[str, tuple[Ask, dict[str, Any]]]] = {
    "metadata-update": (metadata({"a": "1"}, {"b": "2"}), {"merge": {"a": "1", "b": "2"}, "replace": {"b": "2"}}),
    "metadata-null": (metadata({"a": "1"}, {"a": None}), {"remove": {}, "reject": 400}),
    "metadata-empty-string": (metadata({"a": "1"}, {"a": ""}), {"keep": {"a": ""}, "remove": {}}),
    "metadata-empty-object": (metadata({"a": "1"}, {}), {"keep": {"a": "1"}, "clear": {}}),
    "null-metadata": (metadata({"a": "1"}, None), {"reject": 400, "clear": {}}),
    "metadata-limits": (created(metadata={"k" * 41: "v"}), {"enforce": 400, "none": 200}),
    "null-limits": (limit({"earliest_start": None}), {"clear": True, "keep": False}),
    "location-update": (location, {"replace": 400, "merge": 900}),
    "omitted": (limit({"connector_type": ["CCS"]}), {"keep": False, "reset": True}),
    "update-confirmed-metadata": (confirmed_metadata, {"refuse": 409, "allow": 200}),
    "unknown-fields": (created(colour="red"), {"ignore": 200, "reject": 400}),
    "unknown-parameters": (listed("limit=2&sort=id"), {"ignore": 2, "reject": 400}),
    "form-bodies": (
        lambda s, c: c.post(f"/reservations/{make(s)}/cancel", content=b"a=b", headers=FORM).status_code,
        {"reject": 400, "accept": 200},
    ),
    "large-bodies": (created(padding="x" * 1_000_001), {"reject": 413, "accept": 200}),
    "input-offsets": (
        created(ideal_start="2026-04-01T05:00:00+02:00", ideal_end="2026-04-01T06:00:00+02:00"),
        {"accept": 200, "reject": 400},
    ),
    "past-start": (created(ideal_start="2026-03-31T23:00:00.000Z"), {"accept": 200, "reject": 400}),
    "window-order": (created(ideal_end="2026-04-01T02:00:00.000Z"), {"reject": 400, "accept": 200}),
    "limits-order": (created(earliest_start="2026-04-01T03:10:00.000Z"), {"reject": 400, "accept": 200}),
    "overlap": (overlapping, {"accept": 200, "reject": 400}),
    "empty-connector-type": (created(connector_type=[]), {"reject": 400, "accept": 200}),
    "unknown-connector-type": (created(connector_type=["NACS"]), {"reject": 400, "accept": 200}),
    "connector-order": (preferred, {"any": "CCS", "preferred": "Type2"}),
    "vehicle-standard": (created(connector_type=["CHAdeMO"]), {"ignore": 200, "reject": 400}),
    "driver-vehicle": (created(driver=STRANGER), {"ignore": 200, "reject": 400}),
    "coordinates": (created(location={"latitude": 91, "longitude": 0, "radius": 1}), {"reject": 400, "accept": 200}),
    "radius-unit": (far_away, {"metres": "failed", "kilometres": "confirmed"}),
    "default-payment-method": (default_method, {"driver": False, "none": True}),
    "unknown-reference": (created(driver="drv_nobody"), {"404": 404, "400": 400}),
    "validation-status": (created(ideal_start="soon"), {"400": 400, "422": 422}),
    "create-status": (created(), {"200": 200, "201": 201}),
    "wrong-state": (confirmed_metadata, {"409": 409, "400": 400}),
    "confirm-early": (confirm(), {"allow": 200, "refuse": 409}),
    "confirm-payment-method": (confirm(), {"optional": 200, "required": 400}),
    "confirm-after-failure": (after_failure, {"refuse": 409, "allow": 200}),
    "confirm-failure-status": (confirm(location=NOWHERE), {"200": 200, "402": 402}),
    "late-cancel": (cancel_late(DRIFTED), {"fee": 200, "refuse": 409}),
    "end-lag": (minutes_to_the_end, {"none": 0, "10m": 10, "30m": 30, "60m": 60}),
    "expires-from": (over_time(86_400), {"confirmed": "pending", "both": "expired"}),
    "limit-out-of-range": (listed("limit=101"), {"reject": 400, "clamp": 100}),
    "unknown-status": (listed("status=locked"), {"reject": 400, "empty": 0}),
    "unknown-filter-id": (listed("driver=drv_nobody"), {"empty": 0, "404": 404}),
    "page-other-filter": (
        page(lambda _, url: url.replace("=completed", "=failed")), {"reject": 400, "ignore": 200},
    ),
    "page-life": (page(an_hour_later), {"endless": 200, "1h": 400}),
    "page-refusal": (page(lambda _, url: url.replace("page_", "page_x")), {"400": 400, "404": 404}),
    "page-urls": (documented_host, {"request-host": "127.0.0.1", "documented-host": "api.chargeapi.co"}),
    "previous-order": (backwards, {"newest-first": True, "oldest-first": False}),
    "expand": (expanded(f"/reservations/{CONFIRMED}"), {"on": 200, "off": 400}),
    "expand-on-list": (expanded("/reservations"), {"on": 200, "off": 400}),
    "expand-on-write": (expanded("/reservations", "POST"), {"on": 200, "off": 400}),
    "idempotency-conflict": (keyed({}, {"metadata": {"a": "b"}}, lambda r: r.status_code), {"409": 409, "400": 400}),
    "idempotency-failures": (failed_key, {"forget": 200, "remember": 409}),
    "idempotency-concurrent": (at_once, {"wait": (200, 200), "409": (409, 200)}),
    "replay-marker": (keyed({}, {}, lambda r: "idempotent-replayed" in r.headers), {"none": False, "header": True}),
    "unknown-version": (
        lambda _, c: c.get("/reservations", headers={"Charge-Version": "2020-01-01"}).status_code,
        {"ignore": 200, "reject": 400},
    ),
    "version-echo": (header("charge-version"), {"off": False, "on": True}),
    "rate-limit": (many_requests, {"off": 0, "60": 2}),
    "retry-after": (ordered_wait, {"seconds": True, "date": False, "none": None}),
    "date-header": (header("date"), {"on": True, "off": False}),
    "request-id-header": (header("request-id"), {"on": True, "off": False}),
}  # fmt: skip


def test_every_reading_is_proved() -> None:
    assert {reading.name for reading in READINGS} == {*CASES, "free-until-from"}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, case in CASES.items() for value in case[1]])
def test_a_reading_does_what_it_says(make_sandbox: SandboxMaker, name: str, value: str) -> None:
    ask, expected = CASES[name]
    sandbox = make_sandbox(readings={name: value}, reservations=300, traffic=False)
    with client_of(sandbox) as http:
        assert ask(sandbox, http) == expected[value]


@pytest.mark.parametrize(
    ("value", "reserved_early", "status"),
    [("earlier", True, 409), ("ideal", True, 200), ("reserved", True, 409), ("reserved", False, 200)],
)
def test_where_the_free_period_ends(make_sandbox: SandboxMaker, value: str, reserved_early: bool, status: int) -> None:
    sandbox = make_sandbox(readings={"late-cancel": "refuse", "free-until-from": value}, traffic=False)
    reserved = START + (timedelta(minutes=20) if reserved_early else timedelta(hours=2))
    made = sandbox.create(ideal_start=START + timedelta(hours=2))["id"]
    sandbox.edit(made, status="confirmed", reserved_start=reserved, reserved_end=START + timedelta(hours=3))
    with client_of(sandbox) as http:
        assert http.post(f"/reservations/{made}/cancel", json={}).status_code == status


def test_help_lists_every_reading_with_its_ways() -> None:
    text = describe()
    for reading in READINGS:
        assert reading.name in text
        assert len(reading.values) >= 2
        for value, meaning in reading.values:
            assert f"{value} = {meaning}" in text


@pytest.mark.parametrize("text", ["limit", "no-such=1", "expand=perhaps", "=", ""])
def test_a_bad_reading_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="reading"):
        parse_reading(text)


def test_readings_are_a_mapping_of_all_names() -> None:
    assert set(Readings()) == {reading.name for reading in READINGS}
    assert read(stamp(0)) == 0
