"""The last picture on disk: what was saved is found again, and a broken file is said to be broken."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.names import Neighbour
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.domain.neighbours import Vehicle
from charge_tui.domain.reservation import Row, read_row
from tests.support.reservations import NOON, confirmed, document, reservation


def opened(path: Path) -> PictureStore:
    return PictureStore(path, Inline())


def saved(path: Path, *rows: Row) -> None:
    store = opened(path)
    store.save(rows, (), NOON)
    store.close()


def test_what_was_on_the_desk_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "picture.sqlite3"
    rows = (reservation("res_1", metadata={"trip_id": "trip_1"}), confirmed("res_2", drift=(-20, 12)))
    saved(path, *rows)
    picture = opened(path).load()
    assert picture is not None
    assert picture.seen == NOON
    assert {row.id: row for row in picture.rows} == {row.id: row for row in rows}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@given(st.text(), st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
def test_odd_rows_and_foreign_text_survive_the_disk(text: str, metadata: dict[str, str]) -> None:
    odd = document("res_odd", reservation_fee=text or "x", metadata=metadata, note=text)
    store = PictureStore(None)
    row = read_row(odd)
    assert store.load() is None
    assert read_row(row.document() if hasattr(row, "document") else row.raw) == row


def test_what_was_dropped_is_not_there_again(tmp_path: Path) -> None:
    path = tmp_path / "picture.sqlite3"
    saved(path, reservation("res_1"), reservation("res_2"))
    store = opened(path)
    store.save((), ("res_1",), NOON)
    picture = store.load()
    assert picture is not None
    assert [row.id for row in picture.rows] == ["res_2"]


def test_names_are_there_again(tmp_path: Path) -> None:
    path = tmp_path / "picture.sqlite3"
    store = opened(path)
    plate: Neighbour = Vehicle(id="veh_1", registration_plate="GH-204-KT")
    store.save_names("vehicle", [plate])
    store.close()
    assert opened(path).load_names()["vehicle"] == [plate]


@pytest.mark.parametrize("broken", [b"not a database at all, but long enough to be read as a header....", b"SQLite"])
def test_a_broken_file_is_moved_aside_and_made_anew(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "picture.sqlite3"
    path.write_bytes(broken)
    store = opened(path)
    assert store.problem is not None
    assert "moved to picture.sqlite3.broken" in store.problem
    store.save([reservation("res_1")], (), NOON)
    store.close()
    assert opened(path).load() is not None
    assert (tmp_path / "picture.sqlite3.broken").read_bytes() == broken


def test_a_folder_that_cannot_be_written_is_said_and_done_without(tmp_path: Path) -> None:
    store = opened(tmp_path / "no such folder" / "picture.sqlite3")
    assert store.problem is not None
    assert store.load() is None
    store.save([reservation("res_1")], (), NOON)
    store.close()


def test_a_truncated_file_does_not_keep_the_desk_from_opening(tmp_path: Path) -> None:
    path = tmp_path / "picture.sqlite3"
    saved(path, *(reservation(f"res_{n}", metadata={"text": "x" * 400}) for n in range(200)))
    whole = path.read_bytes()
    for length in range(0, len(whole), len(whole) // 9):
        path.write_bytes(whole[:length])
        store = opened(path)
        store.load()
        store.save([reservation("res_new")], (), NOON)
        picture = store.load()
        store.close()
        kept = picture is not None and "res_new" in {row.id for row in picture.rows}
        assert kept or store.problem, "what is new is kept, or it is said why not"
