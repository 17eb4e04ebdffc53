"""The commands that change something: what they ask, what leaves, what they say, and their exit codes."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.cli.conftest import Command
from tests.support.process import PATIENCE, PROGRAM, clean_environment, config_file, run, terminal

LIVE = {"CHARGE_API_KEY": "ch_sk_live_nobody", "CHARGE_BASE_URL": "https://127.0.0.1:1/v1"}


def pending(sandbox: RunningSandbox) -> dict[str, Any]:
    """One that is pending, far from its start."""
    return max(sandbox.find(status="pending"), key=lambda row: str(row["ideal_start"]))


def posts(sandbox: RunningSandbox) -> list[str]:
    """The paths of the POSTs that arrived."""
    return [one.path for one in sandbox.requests if one.method == "POST"]


def entries(charge: Command, *more: str) -> list[dict[str, Any]]:
    """The journal as it is exported."""
    done = charge("journal", "--json", *more)
    assert done.code == 0
    return [json.loads(line) for line in done.out.splitlines()]


def test_an_update_counts_from_the_present_value_and_sends_what_changed(
    charge: Command, sandbox: RunningSandbox
) -> None:
    row = pending(sandbox)
    done = charge(
        "update", row["id"], "--ideal-end", "+30m", "--ideal-start", "-15m", "--latest-end", "none", "--connector-type",
        "ccs", "--connector-type", "Type2", "--metadata", "gate=4", "--yes", "--json",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "charge-tui: Saved.\n")
    assert json.loads(done.out) == sandbox.reservation(row["id"])
    after = sandbox.reservation(row["id"])
    assert (after["connector_type"], after["latest_end"]) == (["CCS", "Type2"], None)
    assert after["metadata"] == row["metadata"] | {"gate": "4"}
    (entry,) = entries(charge)
    assert (entry["verb"], entry["reservation"], entry["state"]) == ("update", row["id"], "done")
    assert entry["after"]["ideal_start"] == after["ideal_start"]
    gone = charge("update", row["id"], "--metadata", "gate", "--yes")
    assert gone.code == 0
    assert sandbox.reservation(row["id"])["metadata"] == row["metadata"]


def test_a_create_takes_the_vehicle_s_own_connector(charge: Command, sandbox: RunningSandbox) -> None:
    row = pending(sandbox)
    done = charge(
        "create", "--driver", row["driver"], "--vehicle", row["vehicle"], "--ideal-start", "2026-04-03 09:15",
        "--ideal-end", "2026-04-03T08:45:00Z", "--location", "-33.9,18.4,2km", "--metadata", "a=b=c", "--yes", "--json",
    )  # fmt: skip
    assert done.code == 0
    made = json.loads(done.out)
    assert sandbox.reservation(made["id"]) == made
    assert (made["ideal_start"], made["ideal_end"]) == ("2026-04-03T07:15:00.000Z", "2026-04-03T08:45:00.000Z")
    assert made["location"] == {"latitude": -33.9, "longitude": 18.4, "radius": 2000}
    assert made["metadata"] == {"a": "b=c"}
    vehicle = sandbox.sandbox.world.directory.get("vehicle", row["vehicle"])
    assert vehicle is not None
    assert made["connector_type"] == [vehicle["charging_standard"]]


def test_a_dry_run_shows_what_would_leave_and_sends_nothing(charge: Command, sandbox: RunningSandbox) -> None:
    row = pending(sandbox)
    done = charge("update", row["id"], "--metadata", "gate=4", "--dry-run", "--json")
    assert json.loads(done.out) == {
        "method": "POST",
        "path": f"/v1/reservations/{row['id']}",
        "body": {"metadata": {"gate": "4"}},
    }
    told = charge("cancel", row["id"], "--dry-run", "--read-only")
    assert told.code == 0
    assert "Free until about" in told.out
    assert posts(sandbox) == []
    assert entries(charge) == []


def test_confirm_and_cancel_end_with_the_outcome(charge: Command, sandbox: RunningSandbox) -> None:
    row = pending(sandbox)
    assert charge("confirm", row["id"], "--yes").code == 0
    assert sandbox.reservation(row["id"])["status"] == "confirmed"
    assert charge("cancel", row["id"], "--yes").code == 0
    again = charge("cancel", row["id"], "--yes")
    assert (again.code, again.out) == (3, "")
    assert "cannot be cancelled any more" in again.err
    other = pending(sandbox)
    sandbox.edit(other["id"], location={"latitude": 0.0, "longitude": 0.0, "radius": 1})
    failed = charge("confirm", other["id"], "--yes", "--json")
    assert failed.code == 3
    assert json.loads(failed.out)["status"] == "failed"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("update", "ID"), "at least one field"),
        (("update", "ID", "--ideal-end", "whenever", "--yes"), "Understood: 14:30"),
        (("update", "ID", "--ideal-end", "-200h", "--yes"), "The end must be after the start."),
        (("update", "ID", "--location", "1,2", "--yes"), "three parts"),
        (("update", "ID", "--metadata", "=x", "--yes"), "no pair"),
        (("update", "ID", "--metadata", "a=ch_sk_test_secret", "--yes"), "API key"),
        (("create", "--driver", "drv_1", "--yes"), "--vehicle, --ideal-start"),
        (("cancel", "ID"), "--yes answers"),
        (("--read-only", "cancel", "ID", "--yes"), "read-only"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_2(
    charge: Command, sandbox: RunningSandbox, arguments: tuple[str, ...], words: str
) -> None:
    identity = pending(sandbox)["id"]
    done = charge(*(identity if argument == "ID" else argument for argument in arguments))
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert posts(sandbox) == []


def test_the_question_takes_yes_and_nothing_else(sandbox: RunningSandbox, tmp_path: Path) -> None:
    row = pending(sandbox)
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    for answer, code in (("\n", 2), ("no\n", 2), ("yes\n", 0)):
        assert sandbox.reservation(row["id"])["status"] == "pending"
        with terminal("cancel", row["id"], env=env) as screen:
            screen.wait_for("Type yes to do this: ")
            assert "Free until about" in screen.text
            assert row["id"] in screen.text
            screen.type(answer)
            assert screen.wait_for_end() == code
    assert sandbox.reservation(row["id"])["status"] == "cancelled"


@pytest.mark.parametrize("more", [("--yes",), ("--write",), ()])
def test_production_needs_both_words(tmp_path: Path, more: tuple[str, ...]) -> None:
    done = run("cancel", "res_1", *more, env=clean_environment(tmp_path, **LIVE))
    assert done.code == 2
    assert "--write and --yes, both" in done.err


def test_production_with_both_words_is_tried(tmp_path: Path) -> None:
    done = run("cancel", "res_1", "--write", "--yes", env=clean_environment(tmp_path, **LIVE))
    assert done.code == 4
    assert "could not be reached" in done.err


def test_an_answer_that_is_lost_and_cannot_be_looked_for_is_exit_5(charge: Command, sandbox: RunningSandbox) -> None:
    row, other = pending(sandbox), sandbox.find(status="confirmed")[0]
    sandbox.order_faults(["lost@method=POST", f"reset@after=2,path=/v1/reservations/{row['id']}"])
    done = charge("cancel", row["id"], "--yes")
    assert done.code == 5
    assert "charge-tui journal" in done.err
    sandbox.clear_faults()
    assert [one["state"] for one in entries(charge, "--unknown")] == ["unknown"]
    later = charge("cancel", other["id"], "--yes")
    assert later.code == 0
    assert f"An earlier cancel ({row['id']}): It is cancelled." in later.err
    assert {one["state"] for one in entries(charge)} == {"done"}
    keys = {one["idempotency_key"] for one in entries(charge)}
    assert {one.idempotency_key for one in sandbox.requests if one.method == "POST"} == keys


def killed(sandbox: RunningSandbox, home: Path, identity: str, state: Any) -> None:
    """Run a cancel, and kill it without warning when the sandbox is in a state."""
    env = clean_environment(home, CHARGE_API_KEY=sandbox.key, CHARGE_BASE_URL=sandbox.base_url)
    nothing = subprocess.DEVNULL
    command = [*PROGRAM, "cancel", identity, "--yes"]
    with subprocess.Popen(command, env=env, stdin=nothing, stdout=nothing, stderr=nothing) as process:
        try:
            while not state():
                assert process.poll() is None
        finally:
            process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL


def test_a_killed_command_that_took_effect_is_settled_by_the_next(
    charge: Command, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    row = pending(sandbox)
    sandbox.order_faults(["lost@count=1,method=POST", "hang@after=1,method=POST"])
    killed(sandbox, tmp_path, row["id"], lambda: sandbox.reservation(row["id"])["status"] == "cancelled")
    sandbox.clear_faults()
    (left,) = entries(charge)
    assert (left["state"], left["reservation"]) == ("open", row["id"])
    later = charge("update", pending(sandbox)["id"], "--metadata", "a=b", "--yes")
    assert later.code == 0
    assert "An earlier cancel" in later.err
    assert {one["state"] for one in entries(charge)} == {"done"}


def test_a_killed_command_that_took_no_effect_stays_on_top_of_the_journal(
    charge: Command, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    row = pending(sandbox)
    sandbox.order_faults(["hang@method=POST"])
    killed(sandbox, tmp_path, row["id"], lambda: sandbox.sandbox.faults.ordered[0].struck)
    sandbox.clear_faults()
    other = sandbox.find(status="confirmed")[0]
    later = charge("cancel", other["id"], "--yes")
    assert later.code == 0
    assert "It is still pending, so far." in later.err
    assert [one["state"] for one in entries(charge)] == ["unknown", "done"]
    assert [one["reservation"] for one in entries(charge, "--limit", "1")] == [row["id"]]
    assert sandbox.reservation(row["id"])["status"] == "pending"


def test_no_journal_no_write(charge: Command, sandbox: RunningSandbox, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    done = charge("cancel", pending(sandbox)["id"], "--yes", XDG_STATE_HOME=str(blocked))
    assert done.code == 2
    assert "no write leaves without its journal row" in done.err
    assert posts(sandbox) == []


def test_the_journal_needs_neither_key_nor_network(charge: Command, sandbox: RunningSandbox, tmp_path: Path) -> None:
    config_file(tmp_path).write_text('operator = "Maya"\n')
    env = clean_environment(tmp_path, TZ="Europe/Paris")
    empty = run("journal", env=env)
    assert (empty.code, empty.out, empty.err) == (0, "", "nothing was sent from here yet\n")
    row = pending(sandbox)
    assert charge("update", row["id"], "--metadata", "note=\u202eevil", "--yes").code == 0
    done = run("journal", env=env)
    assert done.code == 0
    (line,) = done.out.splitlines()
    assert "2026-04-01 03:00:00 CEST  done" in line
    assert row["id"] in line
    assert "Maya test 127.0.0.1" in line
    assert sandbox.key not in (tmp_path / ".local/state/charge-tui/journal.sqlite").read_text(errors="replace")


def test_nothing_to_change_is_well(charge: Command, sandbox: RunningSandbox) -> None:
    row = pending(sandbox)
    (kind,) = row["connector_type"][:1]
    done = charge("update", row["id"], "--connector-type", ",".join(row["connector_type"]), "--yes")
    assert kind
    assert done.code == 0
    assert "nothing to change" in done.err
    assert posts(sandbox) == []
