"""The last picture on disk: what was saved is found again, and a broken file is said to be broken."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.mirror import End
from charge_tui.desk.names import Neighbour
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.shared import Batch, Sights, write
from charge_tui.domain.neighbours import Vehicle
from charge_tui.domain.reservation import Row, read_row
from tests.support.reservations import NOON, confirmed, document, reservation


def opened(path: Path) -> PictureStore:
    return PictureStore(path, Inline())


def put(store: PictureStore, *rows: Row, dropped: tuple[str, ...] = ()) -> None:
    batch = Batch(
        rows=tuple((row, End.NONE) for row in rows),
        dropped=dropped,
        sights=(Sights(NOON.timestamp(), tuple(row.id for row in rows)),),
    )
    store.use(lambda db: write(db, "tests", batch, claim=True))


def saved(path: Path, *rows: Row) -> None:
    store = opened(path)
    put(store, *rows)
    store.close()


def ids(store: PictureStore) -> set[str]:
    picture = store.load()
    return {row.id for row, _ in picture.rows} if picture else set()


def test_what_was_on_the_desk_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "picture.sqlite3"
    rows = (reservation("res_1", metadata={"trip_id": "trip_1"}), confirmed("res_2", drift=(-20, 12)))
    saved(path, *rows)
    picture = opened(path).load()
    assert picture is not None
    assert picture.sights == (Sights(NOON.timestamp(), ("res_1", "res_2")),)
    assert {row.id: row for row, _ in picture.rows} == {row.id: row for row in rows}
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
    put(store, dropped=("res_1",))
    assert ids(store) == {"res_2"}


def test_names_are_there_again(tmp_path: Path) -> None:
    path = tmp_path / "picture.sqlite3"
    store = opened(path)
    plate: Neighbour = Vehicle(id="veh_1", registration_plate="GH-204-KT")
    store.save_names("vehicle", [plate])
    store.close()
    picture = opened(path).load()
    assert picture is not None
    assert picture.names["vehicle"] == [plate]


@pytest.mark.parametrize("broken", [b"not a database at all, but long enough to be read as a header....", b"SQLite"])
def test_a_broken_file_is_moved_aside_and_made_anew(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "picture.sqlite3"
    path.write_bytes(broken)
    store = opened(path)
    assert store.problem is not None
    assert "moved to picture.sqlite3.broken" in store.problem
    put(store, reservation("res_1"))
    store.close()
    assert ids(opened(path)) == {"res_1"}
    assert (tmp_path / "picture.sqlite3.broken").read_bytes() == broken


def test_a_folder_that_cannot_be_written_is_said_and_done_without(tmp_path: Path) -> None:
    store = opened(tmp_path / "no such folder" / "picture.sqlite3")
    assert store.problem is not None
    assert store.load() is None
    put(store, reservation("res_1"))
    store.close()
    assert store.problem is not None


def test_a_truncated_file_does_not_keep_the_desk_from_opening(tmp_path: Path) -> None:
    path = tmp_path / "picture.sqlite3"
    saved(path, *(reservation(f"res_{n}", metadata={"text": "x" * 400}) for n in range(200)))
    whole = path.read_bytes()
    for length in range(0, len(whole), len(whole) // 9):
        path.write_bytes(whole[:length])
        store = opened(path)
        store.load()
        put(store, reservation("res_new"))
        kept = "res_new" in ids(store)
        store.close()
        assert kept or store.problem, "what is new is kept, or it is said why not"
