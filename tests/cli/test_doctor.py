"""``charge-tui doctor``: every value with its source, every check with what to do, and the sum as an exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from charge_tui.config.load import CHECKS
from charge_tui.sandbox import RunningSandbox
from tests.cli.conftest import Command
from tests.support.process import clean_environment, config_file, run, terminal

SECRET = "Qx7Zq9Wv"


def report(out: str) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, Any]], int]:
    """Settings by name, checks by name, and the exit code that the report states."""
    document = json.loads(out)
    settings = {row["name"]: row for row in document["settings"]}
    return settings, {check["name"]: check for check in document["checks"]}, document["exit_code"]


def test_everything_is_well_with_a_sandbox(charge: Command) -> None:
    done = charge("doctor", "--json")
    settings, checks, code = report(done.out)
    assert (done.code, code, done.err) == (0, 0, "")
    assert settings.keys() == {"profile", *CHECKS}
    assert {name: check["state"] for name, check in checks.items() if check["state"] != "ok"} == {"screen": "warn"}
    assert checks["key"]["text"] == "a test key, from CHARGE_API_KEY"
    assert checks["findings"]["text"] == "no desk has kept any here yet"
    assert checks["clock"]["text"].startswith("a sandbox: 2026-04-01 ")
    assert "Europe" in checks["zone"]["text"] or "CEST" in checks["zone"]["text"] or "CET" in checks["zone"]["text"]


def test_each_value_has_its_source(charge: Command, sandbox: RunningSandbox, tmp_path: Path) -> None:
    config_file(tmp_path).write_text(
        "refresh = 20\ndefault_profile = 'night'\n[profile.night]\ntheme = 'charge-light'\n"
        "api_key_command = ['pass', 'show', 'charge/night']\n[profile.night.keys]\nquit = 'Q'\n"
    )
    settings, _, _ = report(charge("doctor", "--json", "--read-only").out)
    told = {name: (row["value"], row["source"]) for name, row in settings.items() if row["source"] != "default"}
    assert told == {
        "profile": ("night", "config.toml line 2"),
        "refresh": ("20", "config.toml line 1"),
        "theme": ("charge-light", "config.toml line 4 [profile.night]"),
        "api_key_command": ("pass ...", "config.toml line 5 [profile.night]"),
        "keys": ("quit = Q", "config.toml line 6 [profile.night]"),
        "base_url": (sandbox.base_url, "CHARGE_BASE_URL"),
        "read_only": ("true", "--read-only"),
    }


def test_of_the_findings_numbers_only_those_that_were_set_are_told(charge: Command, tmp_path: Path) -> None:
    settings, _, _ = report(charge("doctor", "--json").out)
    assert settings["attention"] == {"name": "attention", "value": "-", "source": "default"}
    config_file(tmp_path).write_text("bell = true\n[attention]\nlead = 2400\noff = ['lost', 'area short']\n")
    settings, _, _ = report(charge("doctor", "--json").out)
    assert settings["attention"]["value"] == "lead = 2400, off: area short, lost"
    assert settings["attention"]["source"] == "config.toml line 2"
    assert (settings["bell"]["value"], settings["log_days"]["value"]) == ("true", "90")


def test_a_person_gets_the_same_as_lines(charge: Command) -> None:
    done = charge("doctor")
    assert "settings\n" in done.out
    assert "  ok    answer" in done.out
    assert done.out.splitlines()[-1] == "0 bad, 1 to look at, exit code 0"


def test_a_wrong_setting_does_not_keep_it_from_looking_at_the_rest(charge: Command, tmp_path: Path) -> None:
    config_file(tmp_path).write_text("\ntheme = 'dark'\n")
    done = charge("doctor", "--json")
    settings, checks, code = report(done.out)
    assert (done.code, code, settings) == (2, 2, {})
    assert "config.toml line 2: theme must be" in checks["settings"]["text"]
    assert checks["textual"]["state"] == "ok"


def test_a_profile_that_is_not_in_use_is_looked_at_too(charge: Command, tmp_path: Path) -> None:
    config_file(tmp_path).write_text("[profile.day]\n\nview = 'x'\n")
    done = charge("doctor", "--json")
    _, checks, _ = report(done.out)
    assert done.code == 0
    assert checks["profile day"]["state"] == "warn"
    assert "line 3" in checks["profile day"]["text"]


def test_a_missing_key_is_exit_2_and_says_what_to_do(tmp_path: Path) -> None:
    done = run("doctor", "--json", env=clean_environment(tmp_path))
    _, checks, _ = report(done.out)
    assert done.code == 2
    assert checks["key"]["state"] == "bad"
    assert "export CHARGE_API_KEY" in checks["key"]["advice"]
    assert list((tmp_path).iterdir()) == []


def test_a_malformed_key_is_exit_2_and_not_told(tmp_path: Path) -> None:
    done = run("doctor", env=clean_environment(tmp_path, CHARGE_API_KEY=f"ch_sk_test_{SECRET}\n"))
    assert done.code == 2
    assert "has a line break in it" in done.out
    assert SECRET not in done.everything


def test_a_refused_key_is_exit_3(charge: Command) -> None:
    done = charge("doctor", "--json", CHARGE_API_KEY=f"ch_sk_test_{SECRET}")
    _, checks, _ = report(done.out)
    assert done.code == 3
    assert "Dashboard" in checks["answer"]["advice"]
    assert SECRET not in done.everything


def test_a_base_url_without_its_version_is_guessed(charge: Command, sandbox: RunningSandbox) -> None:
    done = charge("doctor", "--json", CHARGE_BASE_URL=sandbox.base_url.removesuffix("/v1"))
    _, checks, _ = report(done.out)
    assert done.code == 3
    assert checks["answer"]["advice"] == "does base_url end in /v1?"


def test_a_host_that_is_not_there_is_exit_4(charge: Command) -> None:
    done = charge("doctor", "--json", CHARGE_BASE_URL="https://127.0.0.1:1/v1")
    _, checks, _ = report(done.out)
    assert done.code == 4
    assert (checks["reach"]["state"], checks["TLS"]["state"]) == ("bad", "bad")


def test_a_folder_that_cannot_be_used_is_bad_and_exit_2(charge: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = charge("doctor", "--json", XDG_STATE_HOME=str(tmp_path / "file"))
    _, checks, _ = report(done.out)
    assert done.code == 2
    assert checks["state"]["state"] == "bad"
    assert "XDG_STATE_HOME" in checks["state"]["advice"]


def test_an_open_configuration_and_folder_are_pointed_out(charge: Command, tmp_path: Path) -> None:
    config_file(tmp_path).write_text("")
    config_file(tmp_path).chmod(0o666)
    (tmp_path / ".cache/charge-tui").mkdir(parents=True)
    (tmp_path / ".cache/charge-tui").chmod(0o755)
    _, checks, code = report(charge("doctor", "--json").out)
    assert code == 0
    assert "chmod go-w" in checks["config.toml"]["advice"]
    assert (checks["cache"]["state"], checks["state"]["state"]) == ("warn", "ok")


@pytest.mark.parametrize(
    ("size", "environment", "words"),
    [
        ((120, 36), {"COLORTERM": "truecolor"}, ["TERM=xterm-256color, colours: 16 million", "120x36", "UTF-8"]),
        ((50, 10), {"TERM": "linux"}, ["TERM=linux, colours: 16", "50x10", "the desk needs 60x16"]),
        (
            (80, 24),
            {"TMUX": "/tmp/x", "SSH_CONNECTION": "a b c d", "NO_COLOR": "1"},
            ["none (NO_COLOR)", "tmux", "SSH"],
        ),
        ((80, 24), {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}, ["--ascii"]),
        ((80, 24), {"TERM": "dumb"}, ["TERM=dumb cannot show the desk"]),
    ],
)
def test_the_terminal_is_described(
    size: tuple[int, int], environment: dict[str, str], words: list[str], tmp_path: Path
) -> None:
    with terminal("doctor", env=clean_environment(tmp_path, **environment), size=size) as screen:
        assert screen.wait_for_end() == 2
        assert [word for word in words if word not in screen.text] == []
