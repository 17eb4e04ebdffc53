"""The table of the findings' numbers: from where each comes, and how a wrong one is named."""

from dataclasses import fields
from pathlib import Path

import pytest

from charge_tui.config.attention import THRESHOLDS
from charge_tui.config.errors import SettingsError
from charge_tui.config.file import ConfigFile
from charge_tui.config.load import load
from charge_tui.config.settings import Settings
from charge_tui.domain.attention.finding import Kind
from charge_tui.domain.attention.thresholds import Thresholds

TABLES = """\
bell = true

[attention]
lead = 2400
area_least = 4
off = ["area short"]

[profile.night]
log_days = 7

[profile.night.attention]
lead = 1200
off = ["booked twice", "payments failing"]
"""


def settings(tmp_path: Path, text: str, **options: object) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(ConfigFile.read(path), options, {})


def test_numbers_come_from_the_table_and_the_others_stay(tmp_path: Path) -> None:
    found = settings(tmp_path, TABLES)
    assert found.attention == Thresholds(lead=2400, area_least=4, off=frozenset({Kind.AREA_SHORT}))
    assert str(found.source("attention.lead")) == "config.toml line 4"
    assert str(found.source("attention.drift")) == "default"
    assert (found.bell, found.notify, found.log_days, found.log_megabytes) == (True, False, 90.0, 50.0)
    assert [str(found.source(name)) for name in ("bell", "notify")] == ["config.toml line 1", "default"]


def test_a_profile_changes_what_it_names(tmp_path: Path) -> None:
    found = settings(tmp_path, TABLES, profile="night")
    off = frozenset({Kind.BOOKED_TWICE, Kind.PAYMENTS_FAILING})
    assert found.attention == Thresholds(lead=1200, area_least=4, off=off)
    assert str(found.source("attention.lead")) == "config.toml line 12 [profile.night]"
    assert str(found.source("attention.area_least")) == "config.toml line 5"
    assert found.log_days == 7.0


def test_each_number_has_its_bounds_and_its_default_lies_in_them() -> None:
    names = [field.name for field in fields(Thresholds) if field.name != "off"]
    assert sorted(names) == sorted(THRESHOLDS)
    for name in names:
        value = getattr(Thresholds(), name)
        assert THRESHOLDS[name](value) == value


def test_what_is_no_threshold_has_no_source(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        settings(tmp_path, TABLES).source("attention.laed")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("attention = 3", 1, "attention must be a table such as [attention], not 3"),
        ("[attention]\nlaed = 3", 2, 'attention "laed" is no threshold (did you mean "lead"?)'),
        ("[attention]\n\nlead = -1", 3, 'attention "lead" must be a number of seconds from 0 to 86400, not -1'),
        ("[attention]\nlead = nan", 2, 'attention "lead" must be'),
        ("[attention]\nlead = '30m'", 2, 'not "30m"'),
        ("[attention]\nnoise = 0", 2, 'attention "noise" must be a number of seconds from 30 to 3600, not 0'),
        ("[attention]\npayments_least = 1.5", 2, "must be a whole number from 1 to 100, not 1.5"),
        ("[attention]\narea_least = true", 2, "not true"),
        ("[attention]\ncover = 50", 2, "must be a number of parts of one from 0.01 to 1, not 50"),
        ("[attention]\narea_km = 1e9", 2, "must be a number of kilometres from 0.1 to 200"),
        ("[attention]\noff = 'lost'", 2, 'attention "off" must be a list of findings'),
        ("[attention]\noff = ['lost', 'found']", 2, 'attention "off" must name findings (not confirmed, lost,'),
        ("[attention]\noff = [[]]", 2, "not a list"),
        ("[attention.lead]\nx = 1", 1, 'attention "lead" must be a number of seconds'),
        ("[profile.x.attention]\nlead = 'x'\n[profile.y]", 2, 'attention "lead" must be'),
        ("bell = 'loud'", 1, "bell must be true or false"),
        ("notify = 1", 1, "notify must be true or false"),
        ("log_days = 0", 1, "log_days must be a number of days from 1 to 3650, not 0"),
        ("log_megabytes = 5000", 1, "log_megabytes must be a number of megabytes from 1 to 1000"),
    ],
)
def test_a_wrong_number_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text, **({"profile": "x"} if "profile" in text else {}))
    assert words in caught.value.sentence
    assert f"config.toml:{line}" in caught.value.sentence or f"line {line}" in caught.value.sentence
