"""Days in bad weather, in a short form: what must always hold holds, and what is broken on purpose is found out.

The long form is ``python -m tests.soak.days --days 1000``.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from charge_tui.desk import health
from charge_tui.desk.desk import Desk
from charge_tui.desk.journal_file import JournalFile
from charge_tui.desk.mirror import Mirror
from charge_tui.desk.state import Freshness
from tests.soak.kept import KEPT, Kept
from tests.support.simulation_day import play

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("day", range(3))
def test_hours_of_bad_weather_break_no_promise(day: int) -> None:
    report = play(20, day, hours=3)
    assert not report.fault, "\n".join(report.diary[-40:])
    assert report.checks > 20
    assert report.requests > 20


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept.seed}-{kept.day}")
def test_a_day_that_went_wrong_once_goes_well(kept: Kept) -> None:
    report = play(kept.seed, kept.day, hours=kept.hours)
    assert not report.fault, f"{kept.story}\n" + "\n".join(report.diary[-40:])


def _unwritten(file: JournalFile, stamp: object, plans: Any) -> list[int]:
    return [number for number, _ in enumerate(plans, 1)]


def _dropped(mirror: Mirror, identities: list[str], since: float) -> list[str]:
    for identity in identities:
        if (sight := mirror._sights.pop(identity, None)) is not None:
            mirror._close(sight.row)
    return []


BREAKS: Final = (
    (health, "_word", lambda age, pulse, *, saved: Freshness.FRESH, 1, "FRESH, and"),
    (Desk, "notice_sleep", lambda desk: None, 1, "FRESH, and"),
    (Mirror, "leave", _dropped, 0, "is not in the picture any more"),
    (JournalFile, "write", _unwritten, 0, "left without an entry in the journal"),
)
"""Where the program is broken, how, on which day that shows, and what is said of it."""


@pytest.mark.parametrize(("where", "name", "instead", "day", "words"), BREAKS, ids=[one[1] for one in BREAKS])
def test_a_desk_that_is_broken_on_purpose_is_found_out(
    monkeypatch: pytest.MonkeyPatch, where: object, name: str, instead: Callable[..., object], day: int, words: str
) -> None:
    monkeypatch.setattr(where, name, instead)
    assert words in play(20, day, hours=3).fault


def test_the_same_seed_gives_the_same_diary_in_any_process() -> None:
    def diary(hashes: str) -> str:
        command = [sys.executable, "-m", "tests.soak.days", "--seed", "4", "--day", "2", "--hours", "2", "--diary"]
        env = os.environ | {"PYTHONHASHSEED": hashes}
        ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=300)
        return ended.stdout.partition("1 played")[0]

    first = diary("1")
    assert len(first.splitlines()) > 20
    assert first == diary("2")
