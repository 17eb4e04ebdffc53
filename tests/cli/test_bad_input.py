"""Everything wrong that a person can type or set: one clear sentence, the right exit code, no traceback, no key."""

import os
import stat
import sys
from pathlib import Path

import pytest

from tests.support.process import Done, clean_environment, config_file, run, terminal

SECRET = "Qx7Zq9Wv"
KEY = f"ch_sk_test_{SECRET}"
NOWHERE = "http://127.0.0.1:1/v1"


def refused(*arguments: str, home: Path, **environment: str) -> str:
    """The one sentence with which the program refuses, on pipes."""
    done = run(*arguments, env=clean_environment(home, **environment))
    assert (done.code, done.out) == (2, "")
    return _sentence(done.err)


def refused_on_terminal(*arguments: str, home: Path, **environment: str) -> str:
    """The one sentence with which the program refuses, on a terminal."""
    with terminal(*arguments, env=clean_environment(home, **environment)) as screen:
        assert screen.wait_for_end() == 2
        return _sentence(screen.text.replace("\r\n", "\n"))


def _sentence(text: str) -> str:
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert lines[0].startswith("charge-tui: ")
    assert "Traceback" not in text
    assert "\x1b" not in text
    assert SECRET not in text
    return lines[0].removeprefix("charge-tui: ")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (f"ch_sk_prod_{SECRET}", "does not begin with ch_sk_test_ or ch_sk_live_"),
        (SECRET, "does not begin with"),
        (f"{KEY}\n", "has a line break in it"),
        (f"{KEY}\n{KEY}", "has a line break in it"),
        (f"{KEY} ", "has characters that no key has"),
        (f"{KEY}é", "has characters that no key has"),
        ("ch_sk_test_", "nothing after its prefix"),
        (" ", "is empty"),
    ],
)
def test_a_malformed_key(key: str, words: str, tmp_path: Path) -> None:
    assert words in refused("list", home=tmp_path, CHARGE_API_KEY=key)


def test_a_malformed_key_of_the_desk(tmp_path: Path) -> None:
    key = f"{KEY}\n{KEY}"
    assert "has a line break in it" in refused("show", "res_1", home=tmp_path, CHARGE_API_KEY=key)
    assert "has a line break in it" in refused_on_terminal(home=tmp_path, CHARGE_API_KEY=key)


@pytest.mark.parametrize("host", ["example.com", "10.0.0.1", "127.0.0.1.example.com", "localhost.example.com", "[::2]"])
def test_plain_http_to_another_host(host: str, tmp_path: Path) -> None:
    sentence = refused("list", "--base-url", f"http://{host}/v1", home=tmp_path, CHARGE_API_KEY=KEY)
    assert sentence.startswith("--base-url: must begin with https://")


def test_plain_http_to_another_host_wherever_it_is_set(tmp_path: Path) -> None:
    url = "http://example.com/v1"
    for arguments in (
        ("--base-url", url),
        ("--base-url", url, "show", "res_1"),
        ("demo", "--write", "--base-url", url),
    ):
        assert "--base-url" in refused(*arguments, home=tmp_path, CHARGE_API_KEY=KEY)
    assert refused("list", home=tmp_path, CHARGE_API_KEY=KEY, CHARGE_BASE_URL=url).startswith("CHARGE_BASE_URL: ")


def test_a_live_key_over_plain_http_on_this_machine(tmp_path: Path) -> None:
    sentence = refused("list", "--base-url", NOWHERE, home=tmp_path, CHARGE_API_KEY=f"ch_sk_live_{SECRET}")
    assert "is a live key" in sentence


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--page-size 0", "--page-size: must be a whole number from 1 to 100, not 0"),
        ("--page-size 101", "--page-size: must be a whole number from 1 to 100, not 101"),
        ("--page-size x", "--page-size: must be"),
        ("--page-size", "expected one argument"),
        ("--refresh -1", "--refresh"),
        ("--refresh 0.2", "--refresh: must be 0 (off)"),
        ("--profile night", '--profile: there is no profile "night"'),
        ("--tz Mars/Olympus", '--tz: must be "local" or an IANA name'),
        ("--view everything", "--view: must be attention, all, pending"),
        ("--read-only --write", "exclude each other"),
        ("--nonsense", "there is no option --nonsense"),
        ("--prof night", "there is no option --prof"),
        ("nonsense", "invalid choice: 'nonsense'"),
        (f"--api-key {KEY}", "there is no option --api-key"),
        (f"--api-key={KEY}", "there is no option --api-key=ch_sk_test_…"),
        ("list --limit 0", "must be a whole number from 1"),
        ("list --limit 5 --all", "not allowed with"),
        ("list --status open", "invalid choice: 'open'"),
        ("list --page-size 10", "unrecognized arguments"),
        ("show", "required: ID"),
        ("show res_1 res_2", "unrecognized arguments: res_2"),
        ("demo --base-url https://example.com", "--base-url does not go with demo"),
        ("--base-url https://example.com demo", "--base-url does not go with demo"),
    ],
)
def test_a_wrong_command_line(arguments: str, words: str, tmp_path: Path) -> None:
    assert words in refused(*arguments.split(), home=tmp_path, CHARGE_API_KEY=KEY)


@pytest.mark.parametrize("arguments", ["--page-size 0", "--page-size 101", "--profile night", "--tz Mars", "--view x"])
def test_a_wrong_option_on_a_terminal(arguments: str, tmp_path: Path) -> None:
    option, _ = arguments.split()
    assert refused_on_terminal(*arguments.split(), home=tmp_path, CHARGE_API_KEY=KEY).startswith(f"{option}: ")


def test_a_hostile_argument_is_shown_as_harmless_text(tmp_path: Path) -> None:
    sentence = refused("--view", "\x1b[2J\nx", home=tmp_path)
    assert "\ufffd[2J⏎x" in sentence
    assert "\ufffd]0;" in refused("--\x1b]0;title\x07", home=tmp_path)


def test_a_wrong_setting_is_named_with_file_and_line(tmp_path: Path) -> None:
    path = config_file(tmp_path)
    path.write_text("# mine\n\npage_size = 500\n")
    for arguments in ((), ("list",), ("show", "res_1")):
        sentence = refused(*arguments, home=tmp_path, CHARGE_API_KEY=KEY)
        assert sentence == f"{path} line 3: page_size must be a whole number from 1 to 100, not 500"


def test_no_key_is_three_lines(tmp_path: Path) -> None:
    for arguments in ((), ("list",), ("show", "res_1")):
        done = run(*arguments, env=clean_environment(tmp_path))
        _check_three_lines(done, tmp_path)
    with terminal(env=clean_environment(tmp_path)) as screen:
        code = screen.wait_for_end()
    _check_three_lines(Done(code, "", screen.text.replace("\r\n", "\n")), tmp_path)


def _check_three_lines(done: Done, home: Path) -> None:
    assert (done.code, done.out) == (2, "")
    first, second, third = done.err.splitlines()
    assert first == "charge-tui: There is no API key."
    assert "export CHARGE_API_KEY=" in second
    assert str(home / ".config/charge-tui/config.toml") in second
    assert third.endswith("charge-tui demo")


@pytest.mark.parametrize("arguments", [(), ("demo",)])
def test_no_terminal(arguments: tuple[str, ...], tmp_path: Path) -> None:
    sentence = refused(*arguments, home=tmp_path, CHARGE_API_KEY=KEY)
    assert sentence.startswith("The desk needs a terminal")
    assert sentence.endswith("charge-tui list")


@pytest.mark.parametrize("redirection", ["</dev/null", "2>err"])
def test_a_terminal_on_one_side_only(redirection: str, tmp_path: Path) -> None:
    script = f'"{sys.executable}" -m charge_tui {redirection}; code=$?; cat err 2>/dev/null; exit $code'
    env = clean_environment(tmp_path, CHARGE_API_KEY=KEY)
    with terminal("-c", script, env=env, program=("sh",), cwd=tmp_path) as screen:
        assert screen.wait_for_end() == 2
    assert _sentence(screen.text.replace("\r\n", "\n")).startswith("The desk needs a terminal")


@pytest.mark.parametrize(
    ("term", "words"), [("dumb", "TERM=dumb"), ("unknown", "TERM=unknown"), ("", "TERM is not set")]
)
@pytest.mark.parametrize("arguments", [(), ("demo",)])
def test_a_terminal_that_cannot_draw(term: str, words: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    sentence = refused_on_terminal(*arguments, home=tmp_path, CHARGE_API_KEY=KEY, TERM=term)
    assert sentence.startswith(words)
    assert sentence.endswith("charge-tui list")


@pytest.mark.parametrize("command", [["list"], ["show", "res_1"], ["doctor"]])
def test_a_host_that_cannot_be_reached_is_exit_4(command: list[str], tmp_path: Path) -> None:
    done = run(*command, "--base-url", NOWHERE, env=clean_environment(tmp_path, CHARGE_API_KEY=KEY))
    assert done.code == 4
    assert "127.0.0.1:1 could not be reached" in done.everything or "127.0.0.1 could not be reached" in done.everything
    assert "Traceback" not in done.everything
    assert SECRET not in done.everything


def test_a_key_file_that_others_can_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "key").chmod(0o644)
    config_file(tmp_path).write_text("api_key_file = '~/key'\n")
    assert f"chmod 600 {tmp_path / 'key'}" in refused("list", home=tmp_path)
    assert f"chmod 600 {tmp_path / 'key'}" in refused_on_terminal(home=tmp_path)


def test_a_key_command_that_fails(tmp_path: Path) -> None:
    config_file(tmp_path).write_text(f"api_key_command = ['sh', '-c', 'echo {KEY} >&2; exit 7']\n")
    assert "the api_key_command sh ended with exit code 7" in refused("list", home=tmp_path)


def test_a_crash_is_one_line_and_a_report_without_the_key(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import charge_tui.config.session as session\n"
        "def fail(*arguments):\n"
        f"    local = '{SECRET}'\n"
        f"    raise RuntimeError('{KEY}')\n"
        "session.open_session = fail\n"
    )
    done = run("list", env=clean_environment(tmp_path, CHARGE_API_KEY=KEY, PYTHONPATH=str(broken)))
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert line.startswith("charge-tui: an error of its own")
    (report,) = (tmp_path / ".local/state/charge-tui/log").glob("crash-*.txt")
    assert str(report) in line
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    text = report.read_text()
    assert "RuntimeError: ch_sk_test_…" in text
    assert SECRET not in text + done.everything


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    script = f'"{sys.executable}" -m charge_tui --help | true; "{sys.executable}" -m charge_tui doctor | true'
    done = run("-c", script, env=clean_environment(tmp_path), program=("sh",))
    assert done.err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_an_output_that_takes_nothing_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    done = run(
        "-c", f'"{sys.executable}" -m charge_tui --help >/dev/full', env=clean_environment(tmp_path), program=("sh",)
    )
    assert done.code == 1
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) == 1


def test_nothing_of_a_refusal_is_kept(tmp_path: Path) -> None:
    refused("--page-size", "0", home=tmp_path, CHARGE_API_KEY=KEY)
    assert os.listdir(tmp_path) == []
