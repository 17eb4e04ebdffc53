"""A store file with the tables of several owners: private, whole or nothing, and honest when it is broken."""

import sqlite3
import stat
from pathlib import Path

import pytest

from charge_tui.desk.picture import Inline
from charge_tui.desk.store import Store
from charge_tui.desk.store_file import StoreFile, StoreUnwritable, Table

NOTES = Table("note", "notes", "CREATE TABLE IF NOT EXISTS note (key PRIMARY KEY, text) WITHOUT ROWID;")
MARKS = Table("mark", "marks", "CREATE TABLE IF NOT EXISTS mark (number INTEGER PRIMARY KEY, text);")


def filled(path: Path) -> StoreFile:
    """A file with 200 rows in each of two tables."""
    file = StoreFile(path, (NOTES, MARKS), 0.05)

    def fill(db: sqlite3.Connection) -> None:
        db.executemany("INSERT INTO note VALUES (?, ?)", [(f"k{n:03}", "x" * 300) for n in range(200)])
        db.executemany("INSERT INTO mark VALUES (?, ?)", [(n, "y" * 300) for n in range(200)])

    file.change(fill)
    return file


def count(file: StoreFile, table: str) -> int:
    """The rows of a table."""
    found: int = file.read(lambda db: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    return found


def test_a_file_is_the_owner_s_alone_and_no_link_is_followed(tmp_path: Path) -> None:
    filled(tmp_path / "desk.sqlite").close()
    assert stat.S_IMODE((tmp_path / "desk.sqlite").stat().st_mode) == 0o600
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "desk.sqlite")
    with pytest.raises(StoreUnwritable):
        StoreFile(tmp_path / "link.sqlite", (NOTES,)).read(lambda db: db.total_changes)


def test_work_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    file = filled(tmp_path / "desk.sqlite")

    with pytest.raises(ZeroDivisionError):
        file.change(lambda db: (db.execute("DELETE FROM note"), 1 / 0))
    with pytest.raises(StoreUnwritable, match="UNIQUE"):
        file.change(lambda db: [db.execute("INSERT INTO mark VALUES (?, 'z')", (n,)) for n in (500, 1)])
    assert (count(file, "note"), count(file, "mark")) == (200, 200)


def test_what_can_be_read_of_a_broken_file_is_taken_over_for_each_owner(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    filled(path).close()
    pages = bytearray(path.read_bytes())
    last = len(pages) // 4096 * 4096
    pages[last - 4096 * 6 : last - 4096 * 3] = b"\xff" * (4096 * 3)
    path.write_bytes(bytes(pages))
    again = StoreFile(path, (NOTES, MARKS))
    notes, marks = count(again, "note"), count(again, "mark")
    assert 0 < notes + marks < 400
    assert again.notice
    assert "desk.sqlite.broken" in again.notice
    for number, words in ((notes, "notes"), (marks, "marks")):
        assert not number or f"{number} {words}" in again.notice


async def test_a_store_tells_a_problem_until_it_can_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    other, store = filled(path), Store(StoreFile(path, (NOTES, MARKS), 0.05), Inline())
    assert await store.read(lambda db: 1) == 1
    lock = other.read(lambda db: db)
    lock.execute("BEGIN IMMEDIATE")
    assert await store.change(lambda db: db.execute("DELETE FROM note").rowcount) is None
    assert "locked" in (store.problem or "")
    assert await store.read(lambda db: 1) == 1
    assert store.problem, "being readable does not make it writable"
    store.later(lambda: store.file.change(lambda db: db.execute("DELETE FROM note")))
    assert store.problem
    lock.execute("ROLLBACK")
    assert await store.change(lambda db: db.execute("DELETE FROM note").rowcount) == 200
    assert [store.problem] == [None]
    store.close()
    other.close()
