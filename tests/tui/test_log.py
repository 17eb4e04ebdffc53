"""The log in the hands of its user: found, narrowed, exported; and calm while new lines come in above."""

import asyncio
import csv
import io
import json
from array import array
from pathlib import Path

import pytest

from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.desk.log_file import Query
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from tests.support.logs import LogPage, file_in
from tests.support.screen import Screen
from tests.support.writing import PARIS

SIZES = [(80, 24), (120, 36), (200, 60)]


def pending(sandbox: RunningSandbox, count: int) -> list[str]:
    """Some that are pending, the last ones first."""
    rows = sorted(sandbox.find(status="pending"), key=lambda row: row["ideal_start"], reverse=True)
    return [row["id"] for row in rows[:count]]


def many(count: int, screen: Screen) -> list[LogEntry]:
    """So many lines, one second apart."""
    now, wall = screen.desk.now(), screen.clock.now()
    return [
        LogEntry(
            LogKind.CHANGE, now, wall, "changed", reservation=f"res_{number:06}", updated=f"{number:06}", state="x"
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_a_change_is_read_narrowed_and_left_again(sandbox: RunningSandbox, size: tuple[int, int]) -> None:
    one, two = pending(sandbox, 2)
    async with Screen.open(sandbox, size=size, refresh=1) as screen:
        log = await LogPage.open(screen)
        await log.until_told("nothing has changed yet")
        sandbox.edit(one, status="failed", failed_reason="payment_failed")
        await log.until_lines(1)
        assert (log.here.reservation, log.here.after) == (one, "failed")
        assert "failed" in log.lines[0]
        assert "payment failed" in log.lines[0]
        sandbox.edit(two, metadata={"gate": "4"})
        await log.until_lines(2)
        assert log.here.reservation == one, "a new line moves nothing under the cursor"
        await screen.press("enter")
        await log.until_lines(1)
        await log.until_told("only res_", "1 found in 2", one)
        await screen.press("escape")
        await log.until_lines(2)
        await screen.press("escape")
        assert screen.app.screen is screen.desk_screen


async def test_what_was_done_here_bears_the_name(sandbox: RunningSandbox) -> None:
    (one,) = pending(sandbox, 1)
    async with Screen.open(sandbox, view="pending", refresh=1, size=(140, 36)) as screen:
        screen.desk_screen.table.go(one)
        row = screen.desk.known(one)
        assert isinstance(row, Reservation)
        await screen.writer.edit(row, {"metadata": {"gate": "4"}})
        log = await LogPage.open(screen)
        await log.until_lines(2)
        await log.until_told("Tess (here)", "changed", "done: ")
        await screen.press("l")
        await log.until_told("only res_", "2 found in 2")


async def test_finding_and_since_narrow_the_log(sandbox: RunningSandbox) -> None:
    one, two = pending(sandbox, 2)
    async with Screen.open(sandbox, refresh=1, zone=PARIS) as screen:
        log = await LogPage.open(screen)
        sandbox.edit(one, status="failed", failed_reason="no_available_connectors")
        sandbox.edit(two, metadata={"gate": "north"})
        await log.until_lines(2)
        await screen.press("slash")
        await screen.type("north")
        await log.until_lines(1)
        assert log.here.reservation == two
        await screen.press("enter", "escape")
        await log.until_lines(2)
        await screen.press("s")
        await screen.type("now-10m")
        await screen.press("enter")
        await log.until_told("since Wed 1 Apr 2026")
        await log.until_lines(2)
        await screen.press("s")
        await screen.type("tomorrow 9:00")
        await screen.press("enter")
        await log.until_told("lies ahead")
        await log.until_lines(2)


async def test_an_export_holds_what_is_shown_and_says_where(sandbox: RunningSandbox, tmp_path: Path) -> None:
    one, two = pending(sandbox, 2)
    async with Screen.open(sandbox, refresh=1) as screen:
        log = await LogPage.open(screen)
        sandbox.edit(one, status="failed", failed_reason="=1+1")
        sandbox.edit(two, metadata={"note": "a\x1b[2Jb|c\n# d"})
        await log.until_lines(2)
        for turns in range(3):
            await log.export(tmp_path, turns)
            await log.until_told(str(tmp_path)[:20])
        rows = list(csv.DictReader(io.StringIO(file_in(tmp_path, "csv").read_text(), newline="")))
        assert {row["reservation"] for row in rows} == {one, two}
        documents = [json.loads(line) for line in file_in(tmp_path, "jsonl").read_text().splitlines()]
        assert {one["reservation"] for one in documents} == {one, two}
        text = file_in(tmp_path, "md").read_text()
        assert "\x1b" not in text
        assert sum(line.startswith("| 20") for line in text.splitlines()) == 2
        await screen.press("E")
        assert screen.typing.value == str(tmp_path), "the folder is remembered"
        screen.typing.value = str(tmp_path / "nowhere")
        await screen.press("enter")
        await screen.until_shown("there is no folder")
        await screen.press("escape")
        assert [file_in(tmp_path, ending).suffix for ending in ("csv", "jsonl", "md")] == [".csv", ".jsonl", ".md"]


async def test_a_hundred_thousand_lines_are_not_held(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, refresh=0) as screen:
        log_book = screen.app.logbook
        assert log_book is not None
        log_book.note(*many(40_000, screen))
        await log_book.written()
        log = await LogPage.open(screen)
        await log.until_lines(40_000)
        assert log.here.reservation == "res_039999"
        await screen.press("G")
        await screen.until(lambda: log.view.entry, "the oldest is read")
        assert log.here.reservation == "res_000000"
        for _ in range(30):
            await screen.press("pageup")
        await screen.until(lambda: log.view.entry and "  …" not in log.lines, "all on the screen are read")
        assert len(log.view._entries) <= 2_200
        at = log.here.reservation
        log_book.note(*many(40_001, screen)[-1:])
        await log_book.written()
        await log.until_lines(40_001)
        assert log.here.reservation == at


async def test_of_letters_typed_while_it_reads_only_the_last_ones_are_searched(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox, refresh=0) as screen:
        log_book = screen.app.logbook
        assert log_book is not None
        log_book.note(*many(300, screen))
        log = await LogPage.open(screen)
        await log.until_lines(300)
        asked, numbers, gate = list[str](), log_book.numbers, asyncio.Event()

        async def slow(query: Query) -> "array[int]":
            asked.append(query.text)
            await gate.wait()
            return await numbers(query)

        log_book.numbers = slow  # type: ignore[method-assign]
        await screen.press("slash", *"00029")
        gate.set()
        await log.until_lines(11)
        assert asked == ["0", "00029"]
