"""The journal's file: durable before the request leaves, bounded, private, shared, and honest when it is broken."""

import asyncio
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from charge_tui.desk.entries import Plan, State
from charge_tui.desk.journal import Account, Bounds, Journal
from charge_tui.desk.journal_file import JournalFile, JournalUnwritable
from charge_tui.desk.picture import Inline
from tests.support.clocks import StoppedClock
from tests.support.reservations import NOON

ACCOUNT = Account("abc", "127.0.0.1:8484", "test")


def plan(key: str, **more: object) -> Plan:
    return Plan("cancel", "cancel", {}, key, "res_1", **more)  # type: ignore[arg-type]


def journal(path: Path | None, clock: StoppedClock, *, token: str = "one", bounds: Bounds | None = None) -> Journal:
    return Journal(
        path, ACCOUNT, operator="ann", token=token, now=clock.now, clock=clock, bounds=bounds, writer=Inline(),
        patience=0.05,
    )  # fmt: skip


def modes_in(folder: Path) -> dict[str, int]:
    """The files of a folder with their permissions."""
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def fill(held: Journal) -> None:
    """Write more than the room that a test leaves."""
    for number in range(50):
        await held.begin(plan(f"k-{number}", after={"note": "x" * 2000}))


async def test_an_entry_is_on_disk_before_begin_returns_and_keeps_everything(tmp_path: Path) -> None:
    path, clock = tmp_path / "journal.sqlite", StoppedClock()
    held = journal(path, clock)
    wanted = Plan(
        "update", "edit", {"latest_end": None}, "k1", "res_1", {"latest_end": "x"}, {"latest_end": None}, None, "g", 7,
        ("res_2",),
    )  # fmt: skip
    (entry,) = await held.begin(wanted)
    on_disk = JournalFile(path).entries()
    assert on_disk == [entry]
    assert (entry.plan, entry.state, entry.at, entry.operator) == (wanted, State.OPEN, NOON, "ann")
    clock.at = 5
    assert await held.end(entry, State.DONE, "Saved.", settled="answer", request_id="req_1", answer={"id": "res_1"})
    assert not await held.end(entry, State.VOID, "again"), "settled once"
    (after,) = JournalFile(path).entries()
    assert (after.state, after.outcome, after.request_id) == (State.DONE, "Saved.", "req_1")
    assert (after.ended, after.answer) == (NOON + timedelta(seconds=5), {"id": "res_1"})
    assert after.document()["idempotency_key"] == "k1"


async def test_files_are_the_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    held = journal(path, StoppedClock())
    await held.begin(plan("k"))
    held.close()
    path.chmod(0o644)
    await held.begin(plan("k2"))
    modes = modes_in(tmp_path)
    assert len(modes) >= 3
    assert set(modes.values()) == {0o600}
    held.close()
    assert list(modes_in(tmp_path)) == ["journal.sqlite"]


async def test_the_lock_of_a_killed_desk_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "desk-gone.lock").touch()
    one = journal(tmp_path / "journal.sqlite", StoppedClock(), token="one")
    two = journal(tmp_path / "journal.sqlite", StoppedClock(), token="two")
    await one.open()
    await two.open()
    assert {name for name in modes_in(tmp_path) if name.endswith(".lock")} == {"desk-one.lock", "desk-two.lock"}
    (entry,) = await one.begin(plan("k"))
    assert two.is_under_way(entry)
    assert not one.is_under_way(entry)
    one.close()
    assert not two.is_under_way(entry)
    two.close()


async def test_unknown_ones_come_first_then_the_newest(tmp_path: Path) -> None:
    held = journal(tmp_path / "journal.sqlite", StoppedClock())
    entries = [(await held.begin(plan(f"k{number}")))[0] for number in range(4)]
    for entry in (entries[1], entries[3]):
        await held.end(entry, State.DONE, "")
    assert [entry.plan.key for entry in await held.recent()] == ["k2", "k0", "k3", "k1"]
    assert [entry.plan.key for entry in await held.unsettled()] == ["k2", "k0"]
    assert [entry.plan.key for entry in await held.of("res_1")] == ["k2", "k0", "k3", "k1"]


async def test_an_api_key_never_gets_in(tmp_path: Path) -> None:
    held = journal(tmp_path / "journal.sqlite", StoppedClock())
    with pytest.raises(JournalUnwritable, match="API key"):
        await held.begin(plan("k", after={"metadata": {"note": "ch_sk_live_abc"}}))
    assert await held.recent() == []
    (entry,) = await held.begin(plan("k"))
    await held.end(entry, State.REFUSED, "no ch_sk_live_abc here", answer={"metadata": {"x": "ch_sk_test_def"}})
    (after,) = await held.recent()
    assert (after.outcome, after.answer) == ("no ch_sk_… here", {"metadata": {"x": "ch_sk_…"}})


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_a_broken_file_is_moved_aside_and_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)
    (tmp_path / "journal.sqlite.broken").write_bytes(b"an earlier one")
    held = journal(path, StoppedClock())
    await held.open()
    assert held.problem is None
    assert "journal.sqlite.broken-2" in (held.notice or "")
    assert (tmp_path / "journal.sqlite.broken-2").read_bytes() == content
    assert (tmp_path / "journal.sqlite.broken").read_bytes() == b"an earlier one"
    assert len(await held.begin(plan("k"))) == 1


async def test_what_can_be_read_of_a_broken_file_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    held = journal(path, StoppedClock())
    for number in range(300):
        await held.begin(plan(f"key-{number}", after={"note": "x" * 200}))
    held.close()
    pages = bytearray(path.read_bytes())
    half = len(pages) // 2 // 4096 * 4096
    pages[half : half + 4096 * 4] = b"\xff" * (4096 * 4)
    path.write_bytes(bytes(pages))
    again = journal(path, StoppedClock())
    await again.open()
    kept = await again.recent()
    assert again.notice
    assert 0 < len(kept) < 300
    assert f"{len(kept)} entries" in again.notice


async def test_a_full_disk_refuses_with_words_and_is_over_when_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    held = journal(path, StoppedClock())
    await held.begin(plan("k0"))
    database = held._file._opened()
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalUnwritable, match="full"):
        await fill(held)
    assert "full" in (held.problem or "")
    assert await held.recent()
    assert "full" in (held.problem or ""), "being readable does not make it writable"
    database.execute("PRAGMA max_page_count = 100000")
    held.look_again()
    assert [held.problem] == [None]
    await held.begin(plan("after"))
    assert held.problem is None


async def test_a_lock_of_another_program_is_waited_for_and_then_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    held = journal(path, StoppedClock())
    await held.begin(plan("k0"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalUnwritable, match="locked"):
        await held.begin(plan("k1"))
    other.execute("ROLLBACK")
    other.close()
    await held.begin(plan("k2"))
    assert [entry.plan.key for entry in await held.recent()] == ["k2", "k0"]


async def test_several_desks_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path, clock = tmp_path / "journal.sqlite", StoppedClock()
    desks = [
        Journal(path, ACCOUNT, operator=f"o{n}", token=f"t{n}", now=clock.now, clock=clock, patience=30.0)
        for n in range(4)
    ]
    await asyncio.gather(*(desk.open() for desk in desks))
    await asyncio.gather(*(desk.begin(plan(f"{n}-{m}")) for n, desk in enumerate(desks) for m in range(25)))
    keys = {entry.plan.key for entry in await desks[0].recent()}
    assert keys == {f"{n}-{m}" for n in range(4) for m in range(25)}
    for desk in desks:
        desk.close()


async def test_it_is_bounded_by_age_and_size_and_never_drops_what_is_open(tmp_path: Path) -> None:
    path, clock = tmp_path / "journal.sqlite", StoppedClock()
    held = journal(path, clock)
    for number in range(40):
        (entry,) = await held.begin(plan(f"old-{number}", after={"note": "x" * 20_000}))
        if number % 10:
            await held.end(entry, State.DONE, "")
    clock.at = 10 * 86_400
    (recent,) = await held.begin(plan("recent"))
    await held.end(recent, State.DONE, "")
    held.close()
    by_size = journal(path, clock, bounds=Bounds(days=365, megabytes=0.3))
    await by_size.open()
    kept = [entry.plan.key for entry in await by_size.recent()]
    assert {f"old-{number}" for number in (0, 10, 20, 30)} <= set(kept)
    assert len(kept) < 30
    by_size.close()
    by_age = journal(path, clock, bounds=Bounds(days=5, megabytes=100))
    await by_age.open()
    assert {"old-0", "old-10", "old-20", "old-30"} <= {e.plan.key for e in await by_age.recent()} <= {
        "old-0", "old-10", "old-20", "old-30", "recent",
    }  # fmt: skip


async def test_drafts_survive_and_are_one_for_each_form(tmp_path: Path) -> None:
    path, clock = tmp_path / "journal.sqlite", StoppedClock()
    held = journal(path, clock)
    held.keep_draft("edit res_1", {"ideal_start": "tue 9", "metadata": "half=\ud800"})
    held.keep_draft("new", {"driver": "Maya"})
    clock.at = 60
    held.keep_draft("new", {"driver": "Maya O"})
    held.close()
    again = journal(path, clock)
    assert [(draft.name, draft.texts) for draft in await again.drafts()] == [
        ("new", {"driver": "Maya O"}),
        ("edit res_1", {"ideal_start": "tue 9", "metadata": "half=\ud800"}),
    ]
    again.drop_draft("new")
    assert await again.draft("new") is None
    found = await again.draft("edit res_1")
    assert found is not None
    assert found.at == datetime(2026, 4, 1, 12, tzinfo=UTC)
    stranger = Journal(
        path, Account("other", "h", "test"), operator="x", token="y", now=clock.now, clock=clock, writer=Inline()
    )
    assert await stranger.drafts() == []
