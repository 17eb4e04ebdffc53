"""Nothing is gathered: the ordinary form. ``python -m tests.soak.flat`` does the whole of it, and counts the bytes."""

from pathlib import Path

import pytest

from tests.soak.flat import OPENINGS, Flat, flat, soaking
from tests.soak.process import slope


def assert_flat(found: Flat) -> None:
    """The second half left no widget, screen, timer, task, descriptor, connection or thread behind."""
    assert found.parts == {}
    assert found.half.handles == found.whole.handles


@pytest.mark.slow
async def test_every_page_form_and_question_leaves_nothing_behind(tmp_path: Path) -> None:
    found = await flat("pages", 2 * len(OPENINGS), tmp_path, trace=False)
    assert_flat(found)
    assert {kind: counts for kind, counts in found.things.items() if counts[1] > counts[0] + 2} == {}


@pytest.mark.slow
async def test_refreshes_of_a_busy_world_leave_nothing_behind(tmp_path: Path) -> None:
    """Once nothing new arrives and all has ended, there is as much of everything as after half of it."""
    found = await flat("refreshes", 40, tmp_path, trace=False)
    assert_flat(found)
    assert found.things == {}


@pytest.mark.slow
async def test_changes_of_status_leave_what_is_known_of_the_last_day(tmp_path: Path) -> None:
    """Each of them has another id: whatever is kept by id would be one more each."""
    found = await flat("changes", 4_200, tmp_path, trace=False)
    assert_flat(found)
    for kind in ("Sight", "Case", "Change", "Reservation"):
        half, whole = found.half.things[kind], found.whole.things[kind]
        assert whole <= half * 1.1 + 50, (kind, half, whole)


async def test_a_watcher_left_at_the_app_is_found(tmp_path: Path) -> None:
    """The trap by which a closed page stays alive is one that the counts show."""
    async with soaking(tmp_path, traffic=False, reservations=20) as soaked:
        app, help_page = soaked.screen.app, next(one for one in OPENINGS if one.name == "the help")

        async def leaking(count: int) -> None:
            for _ in range(count):
                await soaked.screen.press(*help_page.keys)
                await soaked.screen.until(lambda: len(app.screen_stack) > 1, "it is open")
                page = app.screen
                page.watch(app, "theme", lambda: None)
                await soaked.screen.press("escape")

        found = await soaked.halves("leaking", 4, leaking, trace=False)
        assert any(after > before for before, after in found.parts.values())


def test_the_slope_is_that_of_a_line() -> None:
    assert slope([(0.0, 5.0), (1.0, 7.0), (2.0, 9.0)]) == pytest.approx(2.0)
    assert slope([(0.0, 5.0)]) == 0.0
