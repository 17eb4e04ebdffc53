"""``charge-tui list``: the reservations that there are, in the API's order, as a table or as JSON lines."""

import json
from typing import Any

import httpx
import pytest

from charge_tui.sandbox import RunningSandbox
from tests.cli.conftest import Command
from tests.support.sandbox import SandboxMaker


def ids_in(out: str) -> list[str]:
    return [line.split()[0] for line in out.splitlines()[1:]]


def served(http: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    """Everything that the API has, page by page, without the program's own client."""
    answer = http.get("reservations", params={"limit": 100} | query).json()
    rows: list[dict[str, Any]] = answer["data"]
    while answer["next_page_url"]:
        answer = http.get(answer["next_page_url"]).json()
        rows += answer["data"]
    return rows


def test_the_newest_fifty_are_shown_and_the_rest_is_mentioned(charge: Command, http: httpx.Client) -> None:
    done = charge("list")
    assert done.code == 0
    assert done.out.splitlines()[0].split() == ["ID", "STATUS", "WINDOW", "VEHICLE", "DRIVER", "STATION", "FEE"]
    assert ids_in(done.out) == [row["id"] for row in served(http)][:50]
    assert done.err == "50 shown, and there are more: --all, or a larger --limit\n"


def test_all_of_them_in_the_order_of_the_api(charge: Command, http: httpx.Client) -> None:
    done = charge("list", "--all")
    assert ids_in(done.out) == [row["id"] for row in served(http)]
    assert (done.code, done.err) == (0, "")
    assert len(ids_in(done.out)) > 100


@pytest.mark.parametrize("count", [1, 100, 130])
def test_a_limit_counts_rows_across_pages(charge: Command, http: httpx.Client, count: int) -> None:
    done = charge("list", "--limit", str(count))
    assert ids_in(done.out) == [row["id"] for row in served(http)][:count]
    assert f"{count} shown" in done.err


def test_json_lines_are_the_documents_in_the_documented_order_of_keys(charge: Command, http: httpx.Client) -> None:
    done = charge("list", "--all", "--json")
    documents = [json.loads(line, object_pairs_hook=list) for line in done.out.splitlines()]
    plain = http.get("reservations", params={"limit": 100})
    assert documents[:100] == json.loads(plain.text, object_pairs_hook=list)[0][1]
    assert [json.loads(line) for line in done.out.splitlines()] == served(http)
    assert done.out.isascii()


@pytest.mark.parametrize(
    ("option", "parameter"),
    [("--driver", "driver"), ("--vehicle", "vehicle"), ("--station", "charging_station"), ("--status", "status")],
)
def test_each_filter_is_the_apis(charge: Command, http: httpx.Client, option: str, parameter: str) -> None:
    value = next(row[parameter] for row in served(http) if row[parameter])
    expected = [row["id"] for row in served(http, **{parameter: value})]
    assert expected
    assert ids_in(charge("list", option, value, "--all").out) == expected


def test_nothing_found_is_said_and_is_well(charge: Command) -> None:
    done = charge("list", "--driver", "drv_nobody")
    assert (done.code, done.out, done.err) == (0, "", "no reservations match\n")
    assert charge("list", "--driver", "drv_nobody", "--json").out == ""


def test_a_line_has_window_zone_and_fee(charge: Command, sandbox: RunningSandbox) -> None:
    made = sandbox.find(status="pending")[0]
    sandbox.edit(
        made["id"],
        ideal_start="2026-10-24T22:30:00.000Z",
        ideal_end="2026-10-25T01:30:00.000Z",
        reservation_fee=1500,
        currency="kwd",
    )
    (line,) = [line for line in charge("list", "--all").out.splitlines() if line.startswith(made["id"])]
    assert "2026-10-25 00:30-02:30 CEST" in line
    assert line.endswith("KWD 1.500")
    (line,) = [line for line in charge("list", "--all", "--tz", "UTC").out.splitlines() if line.startswith(made["id"])]
    assert "2026-10-24 22:30-01:30+1 UTC" in line


def test_a_refused_key_is_exit_3(charge: Command) -> None:
    for command in (["list"], ["show", "res_1"]):
        done = charge(*command, CHARGE_API_KEY="ch_sk_test_stranger")
        assert (done.code, done.out) == (3, "")
        assert len(done.err.splitlines()) == 1
        assert "stranger" not in done.err


@pytest.mark.parametrize(
    ("fault", "code"), [("html", 4), ("half", 4), ("reset", 4), ("503", 4), ("redirect", 4), ("403", 3)]
)
def test_an_answer_that_is_none_is_exit_4(make_sandbox: SandboxMaker, charge: Command, fault: str, code: int) -> None:
    sandbox = make_sandbox(reservations=10, open=2, faults=(fault,))
    done = charge("list", CHARGE_BASE_URL=sandbox.base_url)
    assert (done.code, done.out) == (code, "")
    assert "Traceback" not in done.err


def test_a_page_that_leads_elsewhere_is_not_followed(make_sandbox: SandboxMaker, charge: Command) -> None:
    sandbox = make_sandbox(faults=("foreign-next",))
    done = charge("list", "--all", CHARGE_BASE_URL=sandbox.base_url)
    assert done.code == 4
    assert "not followed" in done.err


def test_odd_rows_are_shown_as_far_as_they_can_be(make_sandbox: SandboxMaker, charge: Command) -> None:
    sandbox = make_sandbox(reservations=40, faults=("odd",))
    done = charge("list", "--all", CHARGE_BASE_URL=sandbox.base_url)
    assert done.code == 0
    assert len(ids_in(done.out)) == len(sandbox.find())
    assert len(charge("list", "--all", "--json", CHARGE_BASE_URL=sandbox.base_url).out.splitlines()) == len(
        sandbox.find()
    )


def test_hostile_text_reaches_no_terminal(make_sandbox: SandboxMaker, charge: Command) -> None:
    sandbox = make_sandbox(reservations=40, faults=("hostile",))
    for extra in ((), ("--json",)):
        done = charge("list", "--all", *extra, CHARGE_BASE_URL=sandbox.base_url)
        assert done.code == 0
        assert not [char for char in done.out if char != "\n" and not char.isprintable()]


def test_a_filter_with_hostile_text_is_sent_as_it_is_and_found_nowhere(charge: Command) -> None:
    done = charge("list", "--driver", "x&status=failed\x1b[2J")
    assert (done.code, done.out) == (0, "")
