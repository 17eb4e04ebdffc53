"""Where each setting comes from, and how a wrong one is named."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui import api
from charge_tui.config.errors import SettingsError
from charge_tui.config.file import LARGEST, ConfigFile, key_lines, parse
from charge_tui.config.load import CHECKS, ENVIRONMENT, OPTIONS, load
from charge_tui.config.settings import DEFAULT_BASE_URL, Settings

LAYERS = """\
# the desk of the depot
refresh = 20
page_size = 30
time_zone = "Europe/Paris"
theme = "charge-light"
default_profile = "night"

[keys]
refresh = "r"
quit = "Q"

[profile.night]
page_size = 40
theme = "charge-dark"
base_url = "https://night.example/v1"

[profile.night.keys]
quit = "ctrl+q"

[profile.day]
view = "pending"
"""


def settings(
    tmp_path: Path, text: str, options: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(ConfigFile.read(path), options or {}, environment or {})


def problem(tmp_path: Path, text: str, **options: object) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text, options)
    return caught.value


def test_a_later_layer_wins_and_says_so(tmp_path: Path) -> None:
    found = settings(
        tmp_path, LAYERS, {"refresh": "5", "mouse": False}, {"CHARGE_BASE_URL": "https://env.example/v1", "HOME": "/"}
    )
    told = {
        name: (getattr(found, name), str(found.source(name))) for name in ("refresh", "page_size", "theme", "budget")
    }
    assert told == {
        "refresh": (5.0, "--refresh"),
        "page_size": (40, "config.toml line 13 [profile.night]"),
        "theme": ("charge-dark", "config.toml line 14 [profile.night]"),
        "budget": (60, "default"),
    }
    assert (found.time_zone, str(found.source("time_zone"))) == ("Europe/Paris", "config.toml line 4")
    assert (found.base_url, str(found.source("base_url"))) == ("https://env.example/v1", "CHARGE_BASE_URL")
    assert (found.mouse, str(found.source("mouse"))) == (False, "--no-mouse")
    assert (found.profile, str(found.source("profile"))) == ("night", "config.toml line 6")


def test_keys_of_a_profile_join_the_common_ones(tmp_path: Path) -> None:
    found = settings(tmp_path, LAYERS)
    assert found.keys == {"refresh": "r", "quit": "ctrl+q"}
    assert str(found.source("keys.refresh")) == "config.toml line 9"
    assert str(found.source("keys.quit")) == "config.toml line 18 [profile.night]"


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ({}, {}, ("night", "config.toml line 6")),
        ({}, {"CHARGE_PROFILE": "day"}, ("day", "CHARGE_PROFILE")),
        ({"profile": "night"}, {"CHARGE_PROFILE": "day"}, ("night", "--profile")),
        ({}, {"CHARGE_PROFILE": ""}, ("night", "config.toml line 6")),
    ],
)
def test_the_profile_is_chosen_by_the_last_that_names_one(
    tmp_path: Path, options: dict[str, object], environment: dict[str, str], expected: tuple[str, str]
) -> None:
    found = settings(tmp_path, LAYERS, options, environment)
    assert (found.profile, str(found.source("profile"))) == expected


def test_without_a_file_everything_is_a_default(tmp_path: Path) -> None:
    found = load(ConfigFile.read(tmp_path / "absent.toml"), {}, {})
    assert found == Settings(sources=found.sources)
    assert {str(found.source(name)) for name in ["profile", *CHECKS]} == {"default"}


def test_a_source_of_no_setting_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        settings(tmp_path, "").source("pagesize")
    with pytest.raises(KeyError):
        settings(tmp_path, "").source("keys.nothing")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# a\n\npage_size = 101\n", 3, "page_size must be a whole number from 1 to 100, not 101"),
        ("page_size = 0", 1, "not 0"),
        ("page_size = true", 1, "not true"),
        ("page_size = 10.5", 1, "not 10.5"),
        ('page_size = "10"', 1, 'not "10"'),
        ("page_size = [1,\n2]", 1, "not a list"),
        ("\nrefresh = 0.5", 2, "refresh must be 0 (off) or a number of seconds from 1 to 3600"),
        ("refresh = nan", 1, "refresh must be"),
        ("refresh = inf", 1, "refresh must be"),
        ("horizon = -1", 1, "horizon must be a number of hours"),
        ("budget = 0", 1, "budget must be"),
        ("budget = 99999999999999999999999999", 1, "not a number of that size"),
        ('\n\n\ntheme = "dark"', 4, "theme must be charge-dark, charge-light, charge-contrast or charge-ansi"),
        ('view = "alll"', 1, "view must be attention, all, pending"),
        ('time_zone = "Mars/Olympus"', 1, 'time_zone must be "local" or an IANA name'),
        ('time_zone = "../../etc/passwd"', 1, "time_zone must be"),
        ('time_zone = "Europe"', 1, "time_zone must be"),
        ('log_level = "loud"', 1, "log_level must be debug, info, warning or error"),
        ("ascii = 1", 1, "ascii must be true or false"),
        ('operator = "a\\u001b[2J"', 1, "operator must be one line"),
        ('charge_version = "yesterday"', 1, "charge_version must be a date"),
        ("charge_version = 2026-03-01", 1, "not a date"),
        ('tls_ca = "nowhere.pem"', 1, "tls_ca names no file"),
        ('api_key_command = "pass show charge"', 1, "api_key_command must be a list of arguments"),
        ("api_key_command = []", 1, "api_key_command must be"),
        ("api_key_command = ['']", 1, "api_key_command must be"),
        ("api_key_file = 7", 1, "api_key_file must be the path of a file"),
        ('base_url = "http://example.com/v1"', 1, "base_url must begin with https://"),
        ('base_url = "https://maya:pw@example.com/v1"', 1, "base_url must not hold a user name"),
        ('base_url = "https://example.com/v1?x=1"', 1, "base_url must have neither a query"),
        ('base_url = "ftp://example.com"', 1, "base_url must begin with https://"),
        ('base_url = "https://example.com:99999/v1"', 1, "base_url must be an address"),
        ('base_url = "https://[::1/v1"', 1, "base_url must be an address"),
        ('base_url = "https://exa mple.com"', 1, "base_url must be an address"),
        ('base_url = "https://"', 1, "base_url must begin with https:// and name a host"),
        ("[keys]\nquit = 'q'\nrefresh = 5", 3, 'keys "refresh" must be a key such as "ctrl+r", not 5'),
        ("keys = 'q'", 1, "keys must be a table"),
        ("\n\npage_sise = 10", 3, '"page_sise" is no setting (did you mean "page_size"?)'),
        ("[desk]\nview = 'all'", 1, '"desk" is no setting'),
        ("[[view]]\n", 1, "view must be"),
        ("a.b.c = 1", 1, '"a" is no setting'),
        ("api_key = 'ch_sk_test_secret'", 1, "no key is kept here"),
        ("read_only = true\nwrite = true", 2, "read_only and write exclude each other"),
        ("api_key_file = 'k'\n\napi_key_command = ['k']", 1, "api_key_command and api_key_file exclude each other"),
        ("page_size = 10\npage_size = 20", 2, "is not TOML"),
        ("page_size = ", 1, "is not TOML"),
        ("a = 1\n[b\n", 2, "is not TOML"),
        ('x = """\n\n', 2, "is not TOML"),
        ("profile = 'night'", 1, "profile must be tables"),
        ("[profile]\nnight = 1", 2, 'profile "night" must be a table'),
        ("\ndefault_profile = 'night'\n[profile.day]", 2, 'there is no profile "night"'),
        ("default_profile = 3", 1, "there is no profile 3"),
    ],
)
def test_a_wrong_setting_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    found = problem(tmp_path, text)
    assert words in found.sentence
    assert found.line == line
    assert found.sentence.startswith(f"{tmp_path / 'config.toml'} line {line}: ")
    assert "\n" not in found.sentence


def test_a_wrong_setting_of_the_profile_is_named_with_its_line(tmp_path: Path) -> None:
    text = LAYERS.replace('view = "pending"', "\nview = 'open'")
    assert problem(tmp_path, text, profile="day").line == 22
    assert settings(tmp_path, text, {"profile": "night"}).view == "attention"


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("page_size", "0", "--page-size: must be a whole number from 1 to 100, not 0"),
        ("page_size", "101", "--page-size: must be a whole number from 1 to 100, not 101"),
        ("page_size", "1e1", "--page-size: must be"),
        ("page_size", "ten", '--page-size: must be a whole number from 1 to 100, not "ten"'),
        ("refresh", "soon", "--refresh: must be 0 (off) or"),
        ("refresh", "-1", "--refresh: must be 0 (off) or"),
        ("view", "everything", "--view: must be attention"),
        ("time_zone", "Nowhere", "--tz: must be"),
        ("base_url", "http://10.0.0.1/v1", "--base-url: must begin with https://"),
        ("base_url", "http://localhost.example.com/v1", "--base-url: must begin with https://"),
        ("profile", "night", '--profile: there is no profile "night"'),
    ],
)
def test_a_wrong_option_is_named(tmp_path: Path, option: str, value: str, words: str) -> None:
    found = problem(tmp_path, "", **{option: value})
    assert found.sentence.startswith(words)
    assert found.line is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8484/v1",
        "http://127.9.9.9/v1",
        "http://localhost:1/v1",
        "http://[::1]:8484/v1",
        "https://a.b/c",
    ],
)
def test_https_anywhere_and_http_on_this_machine_are_taken(tmp_path: Path, url: str) -> None:
    assert settings(tmp_path, "", {"base_url": url + "/"}).base_url == url


def test_a_later_layer_may_take_back_read_only_but_not_the_same_one(tmp_path: Path) -> None:
    found = settings(tmp_path, "read_only = true", {"write": True})
    assert (found.read_only, found.write) == (False, True)
    assert str(found.source("read_only")) == "default"
    assert "exclude each other" in problem(tmp_path, "", read_only=True, write=True).sentence


def test_a_key_file_of_a_profile_replaces_the_command_of_all(tmp_path: Path) -> None:
    text = "api_key_command = ['pass', 'x']\n[profile.night]\napi_key_file = 'keys/night'"
    found = settings(tmp_path, text, {"profile": "night"})
    assert found.api_key_command is None
    assert found.api_key_file == tmp_path / "keys/night"


def test_a_command_is_not_taken_from_a_file_that_others_can_change(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("\napi_key_command = ['pass', 'x']")
    path.chmod(0o666)
    with pytest.raises(SettingsError) as caught:
        load(ConfigFile.read(path), {}, {})
    assert f"chmod go-w {path}" in caught.value.sentence
    assert caught.value.line == 2


def test_a_value_that_is_a_key_is_not_repeated(tmp_path: Path) -> None:
    for text in (
        "theme = 'ch_sk_live_abcDEF123'",
        "ch_sk_live_abcDEF123 = 1",
        "default_profile = 'ch_sk_live_abcDEF123'",
    ):
        assert "abcDEF123" not in problem(tmp_path, text).sentence


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    for name, words in (
        ("folder", "is not an ordinary file"),
        ("pipe", "is not an ordinary file"),
        ("loop", "cannot be read"),
    ):
        with pytest.raises(SettingsError, match=rf"{name}\.toml: {words}"):
            ConfigFile.read(tmp_path / f"{name}.toml")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"a = 1\nb = '\xff'\n", 2, "is not UTF-8"),
        (b"a = 1\n" + b"#" * LARGEST, 1, "is larger than"),
        (b"a = " + b"[" * 9000, 1, "nested too deeply"),
        (b"a = " + b"9" * 5000, 1, "is not TOML"),
    ],
)
def test_a_file_that_is_no_text_is_named_with_its_line(content: bytes, line: int, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(content, "config.toml")
    assert (caught.value.line, words in caught.value.sentence) == (line, True)


def test_lines_are_found_whatever_the_notation() -> None:
    text = """\
# comment

refresh = 1
"page_size" = 2
profile.night.view = 'all'
keys = { quit = 'q' }
api_key_command = [
  'a', # [x]
  'b',
]

[ profile . 'day' ] # day = 1
theme = '''
[x]
'''
view = 'x'
"""
    assert {key: line for key, line in key_lines(text).items() if len(key) != 1 or key[0] != "profile"} == {
        ("refresh",): 3,
        ("page_size",): 4,
        ("profile", "night"): 5,
        ("profile", "night", "view"): 5,
        ("keys",): 6,
        ("keys", "quit"): 6,
        ("api_key_command",): 7,
        ("profile", "day"): 12,
        ("profile", "day", "theme"): 13,
        ("profile", "day", "view"): 16,
    }


_WORDS = st.sampled_from([*CHECKS, "profile", "default_profile", "night", "x"])
_VALUES = st.sampled_from(
    [
        "1",
        "0",
        "-1",
        "1.5",
        "nan",
        "true",
        '"all"',
        '"night"',
        "[]",
        '["a"]',
        "{}",
        "{ a = 1 }",
        "2026-03-01",
        '"\\u0000"',
    ]
)
_LINES = st.one_of(
    st.builds("{} = {}".format, _WORDS, _VALUES),
    st.builds("[{}]".format, _WORDS),
    st.builds("[profile.{}]".format, _WORDS),
    st.builds("{}.{} = {}".format, _WORDS, _WORDS, _VALUES),
    st.text(max_size=30),
)


def _outcome(content: bytes, options: dict[str, object]) -> Settings | SettingsError:
    try:
        text, data = parse(content, "config.toml")
        return load(ConfigFile(Path("/nowhere/config.toml"), text, data, exists=True), options, {})
    except SettingsError as error:
        return error


def _judge(content: bytes, options: dict[str, object]) -> None:
    """Whatever the content, there are settings, or one complaint with a line of the content."""
    found = _outcome(content, options)
    if isinstance(found, Settings):
        assert all(str(found.source(name)) for name in [*CHECKS, "profile"])
        return
    assert "\n" not in found.sentence
    if found.where not in OPTIONS.values():
        assert found.line is not None
        assert 1 <= found.line <= content.count(b"\n") + 1


@given(st.lists(_LINES, max_size=12).map("\n".join), st.sampled_from([{}, {"profile": "night"}]))
def test_any_text_gives_settings_or_one_complaint_with_a_line(text: str, options: dict[str, object]) -> None:
    _judge(text.encode("utf-8", "surrogatepass"), options)


@given(st.binary(max_size=300))
def test_any_bytes_give_settings_or_one_complaint_with_a_line(content: bytes) -> None:
    _judge(content, {})


@given(st.sampled_from(sorted(OPTIONS)), st.one_of(st.text(max_size=40), st.booleans()))
def test_any_option_gives_settings_or_one_complaint(option: str, value: Any) -> None:
    _judge(b"", {option: value})


def test_the_tables_of_settings_agree() -> None:
    names = set(Settings.__slots__) - {"sources"}
    assert names == set(CHECKS) | {"profile"}
    assert set(ENVIRONMENT) | set(OPTIONS) <= names
    assert DEFAULT_BASE_URL == api.DEFAULT_BASE_URL


def test_the_journal_s_settings_know_their_line_and_the_operator_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = settings(tmp_path, 'replaces = false\njournal_days = 30\n\n[profile.night]\noperator = "Maya"\n')
    assert (found.replaces, found.journal_days, found.journal_megabytes) == (False, 30.0, 50.0)
    assert [str(found.source(name)) for name in ("replaces", "journal_days", "journal_megabytes")] == [
        "config.toml line 1",
        "config.toml line 2",
        "default",
    ]
    monkeypatch.setenv("LOGNAME", "jo")
    assert found.operator_name == "jo"
    assert settings(tmp_path, 'operator = "Maya"').operator_name == "Maya"
    wrong = problem(tmp_path, "journal_megabytes = 0")
    assert "must be a number of megabytes from 1 to 1000, not 0" in wrong.sentence
