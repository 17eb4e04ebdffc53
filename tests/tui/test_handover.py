"""The handover page in the hands of its user: read, written, exported, and its note kept."""

from pathlib import Path

import pytest

from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from tests.support.logs import HandoverPage, LogPage, file_in
from tests.support.screen import Screen

SIZES = [(80, 24), (120, 36), (200, 60)]


def failing(sandbox: RunningSandbox) -> str:
    """One that fails now, far from its start."""
    rows = sorted(sandbox.find(status="pending"), key=lambda row: row["ideal_start"])
    sandbox.edit(rows[-1]["id"], status="failed", failed_reason="payment_failed")
    return str(rows[-1]["id"])


@pytest.mark.parametrize("size", SIZES)
async def test_a_shift_is_handed_over(sandbox: RunningSandbox, tmp_path: Path, size: tuple[int, int]) -> None:
    async with Screen.open(sandbox, size=size, refresh=1, store=tmp_path / "desk.sqlite") as screen:
        lost = failing(sandbox)
        await screen.until(lambda: screen.desk_screen.attention.queue().waiting, "it needs a person")
        log = await LogPage.open(screen)
        await log.until_lines(1)
        page = await HandoverPage.open(screen)
        await page.until_told("Open, high", "lost, ", "FRESH")
        await page.write_note("call Maya at 6: gate 4")
        await page.export(tmp_path)
        text = file_in(tmp_path, "md").read_text()
        assert "> call Maya at 6: gate 4" in text
        assert f"`{lost}`" in text
        assert "## Open, high" in text
        await screen.press("escape", "escape")
        assert screen.app.screen is screen.desk_screen
    async with Screen.open(sandbox, size=size, store=tmp_path / "desk.sqlite") as screen:
        page = await HandoverPage.open(screen)
        await screen.until(lambda: page.view.note.text == "call Maya at 6: gate 4", "the note is kept")
        await screen.press("C", "j")
        assert page.view.note.text
        await screen.press("C", "C")
        await screen.until_shown("the note is empty")
    async with Screen.open(sandbox, size=size, store=tmp_path / "desk.sqlite") as screen:
        page = await HandoverPage.open(screen)
        assert page.view.note.text == ""


async def test_what_was_done_stands_with_its_request_and_since_can_be_said(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, refresh=1) as screen:
        rows = sorted(sandbox.find(status="pending"), key=lambda row: row["ideal_start"])
        row = screen.desk.known(rows[-1]["id"])
        assert isinstance(row, Reservation)
        outcome = await screen.writer.cancel(row)
        assert outcome.entry is not None
        page = await HandoverPage.open(screen)
        await page.until_told("Done from here", "cancel by Tess", "req_")
        await screen.press("s")
        await screen.type("yesterday 9:00")
        await screen.press("enter")
        await page.until_told("Told since Tue 31 Mar 09:00")


async def test_hostile_names_and_notes_make_no_structure(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with Screen.open(sandbox, refresh=1) as screen:
        lost = failing(sandbox)
        sandbox.edit(lost, failed_reason="x](http://evil) | <b>\n# top")
        await screen.until(lambda: screen.desk_screen.attention.queue().waiting, "it needs a person")
        page = await HandoverPage.open(screen)
        await screen.press("tab")
        page.view.note.text = "# big\n- item\n<script>\n```"
        await screen.press("escape")
        await page.export(tmp_path)
        text = file_in(tmp_path, "md").read_text()
        headings = [line for line in text.splitlines() if line.lstrip("> -").startswith("#")]
        assert all(line.startswith(("# Handover", "## ")) for line in headings)
        assert "<b>" not in text
        assert "<script>" not in text
        assert "://evil" not in text
        assert "```" not in text
