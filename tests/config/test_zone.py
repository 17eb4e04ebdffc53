"""The machine's own zone keeps its DST rules."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest

from charge_tui.config.settings import Settings
from charge_tui.config.zone import local_zone

SUMMER = datetime(2026, 7, 1, tzinfo=UTC)
WINTER = datetime(2026, 1, 1, tzinfo=UTC)
PARIS = next((path for root in TZPATH if (path := Path(root) / "Europe/Paris").exists()), None)


@pytest.mark.parametrize("variable", ["Europe/Paris", ":Europe/Paris"])
def test_the_variable_names_the_zone(variable: str) -> None:
    zone = local_zone(variable)
    assert SUMMER.astimezone(zone).utcoffset() == timedelta(hours=2)
    assert WINTER.astimezone(zone).utcoffset() == timedelta(hours=1)


def test_an_empty_variable_is_utc_and_an_odd_one_no_crash() -> None:
    assert SUMMER.astimezone(local_zone("")).utcoffset() == timedelta(0)
    assert SUMMER.astimezone(local_zone("no/such zone")).utcoffset() is not None


@pytest.mark.skipif(PARIS is None, reason="no zone files on this machine")
def test_the_file_of_the_machine_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PARIS is not None
    monkeypatch.delenv("TZ", raising=False)
    link, copy = tmp_path / "link", tmp_path / "copy"
    link.symlink_to(PARIS)
    copy.write_bytes(PARIS.read_bytes())
    assert local_zone(localtime=link) == ZoneInfo("Europe/Paris")
    assert WINTER.astimezone(local_zone(localtime=copy)).utcoffset() == timedelta(hours=1)
    assert SUMMER.astimezone(local_zone(localtime=copy)).utcoffset() == timedelta(hours=2)
    assert SUMMER.astimezone(local_zone(localtime=tmp_path / "absent")).utcoffset() is not None


def test_settings_give_the_zone_of_their_name() -> None:
    assert Settings(time_zone="Asia/Kathmandu").zone == ZoneInfo("Asia/Kathmandu")
