"""The desk from the command line, on a terminal: it opens whatever is wrong with the world, and leaves well."""

import stat
from pathlib import Path

import pytest

from charge_tui.sandbox import RunningSandbox
from tests.support.process import clean_environment, config_file, terminal

SECRET = "Qx7Zq9Wv"
NOWHERE = "http://127.0.0.1:1/v1"


def files_in(home: Path) -> str:
    """Everything that was written below a home, as one text."""
    return "".join(path.read_bytes().decode(errors="replace") for path in home.rglob("*") if path.is_file())


def test_the_demo_needs_nothing_and_leaves_nothing_of_itself(tmp_path: Path) -> None:
    env = clean_environment(tmp_path, TMPDIR=str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with terminal("demo", "--reservations", "40", "--speed", "10", "--seed", "3", "--read-only", env=env) as screen:
        screen.wait_for("DEMO")
        screen.wait_for("FRESH")
        screen.wait_for("sandbox 127.0.0.1:")
        assert list((tmp_path / "tmp").iterdir())
        screen.leave()
        assert screen.wait_for_end() == 0
    assert list((tmp_path / "tmp").iterdir()) == []
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {"charge-tui.log"}
    assert "ch_sk_test_" not in screen.text + files_in(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--speed -1", "speed must be"),
        ("--reservations 100001", "reservations must be"),
        ("--seed x", "invalid int value"),
    ],
)
def test_an_option_of_the_demo_out_of_range(arguments: str, words: str, tmp_path: Path) -> None:
    with terminal("demo", *arguments.split(), env=clean_environment(tmp_path)) as screen:
        assert screen.wait_for_end() == 2
    assert words in screen.text
    assert len(screen.text.splitlines()) == 1


def test_a_key_and_an_address_open_the_desk(sandbox: RunningSandbox, tmp_path: Path) -> None:
    secret_folder = tmp_path / "private"
    secret_folder.mkdir(mode=0o700)
    (secret_folder / "key").write_text(sandbox.key + "\n")
    (secret_folder / "key").chmod(0o600)
    config_file(tmp_path).write_text(f"base_url = '{sandbox.base_url}'\napi_key_file = '~/private/key'\n")
    with terminal(env=clean_environment(tmp_path)) as screen:
        screen.wait_for("TEST")
        screen.wait_for("FRESH")
        screen.leave()
        assert screen.wait_for_end() == 0
    (secret_folder / "key").unlink()
    assert sandbox.key not in screen.text + files_in(tmp_path)
    for folder in (".local/state/charge-tui", ".cache/charge-tui"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / folder).rglob("*") if path.is_file()} <= {
            0o600
        }


def test_a_refused_key_does_not_keep_the_desk_from_opening(sandbox: RunningSandbox, tmp_path: Path) -> None:
    env = clean_environment(tmp_path, CHARGE_API_KEY=f"ch_sk_test_{SECRET}")
    with terminal("--base-url", sandbox.base_url, env=env) as screen:
        screen.wait_for("refused")
        screen.leave()
        assert screen.wait_for_end() == 0
    assert SECRET not in screen.text + files_in(tmp_path)


def test_an_unreachable_host_does_not_keep_the_desk_from_opening(tmp_path: Path) -> None:
    env = clean_environment(tmp_path, CHARGE_API_KEY=f"ch_sk_test_{SECRET}")
    with terminal("--base-url", NOWHERE, env=env) as screen:
        screen.wait_for("OFFLINE")
        screen.leave()
        assert screen.wait_for_end() == 0
    assert SECRET not in screen.text + files_in(tmp_path)


def test_an_unusable_state_folder_does_not_keep_the_desk_from_opening(sandbox: RunningSandbox, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    env = clean_environment(tmp_path, CHARGE_API_KEY=sandbox.key, XDG_STATE_HOME=str(tmp_path / "file"))
    with terminal("--base-url", sandbox.base_url, env=env, size=(240, 36)) as screen:  # the folder's name is long
        screen.wait_for("FRESH")
        screen.wait_for("cannot be used")
        screen.leave()
        assert screen.wait_for_end() == 0


def test_a_key_for_a_command_that_there_is_not_is_named_with_its_line(tmp_path: Path) -> None:
    path = config_file(tmp_path)
    path.write_text("[keys]\nrefresh = 'R'\n\nrefrehs = 'r'\n")
    with terminal(env=clean_environment(tmp_path, CHARGE_API_KEY="ch_sk_test_x")) as screen:
        assert screen.wait_for_end() == 2
    assert f'{path} line 4: keys names a command that there is not: "refrehs" (did you mean "refresh"?)' in screen.text


@pytest.mark.parametrize(("environment", "expected"), [({"SSH_CONNECTION": "a 1 b 2"}, "none"), ({}, "unset")])
def test_animations_are_off_over_ssh(environment: dict[str, str], expected: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys, types\n"
        "fake = types.ModuleType('charge_tui.tui.launch')\n"
        "def run(settings, paths, key, *, demo=None):\n"
        "    print('animations', os.environ.get('TEXTUAL_ANIMATIONS', 'unset'), file=sys.stderr)\n"
        "    print('key', 'CHARGE_API_KEY' in os.environ, file=sys.stderr)\n"
        "    return 7\n"
        "fake.run = run\n"
        "sys.modules['charge_tui.tui.launch'] = fake\n"
    )
    env = clean_environment(tmp_path, CHARGE_API_KEY="ch_sk_test_x", PYTHONPATH=str(tmp_path), **environment)
    with terminal(env=env) as screen:
        assert screen.wait_for_end() == 7
    assert f"animations {expected}" in screen.text
    assert "key False" in screen.text
