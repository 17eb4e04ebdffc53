"""What is shared cannot be written, read or locked: each desk reads by itself then and says so, and comes back."""

import sqlite3
from pathlib import Path

import pytest

from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.shared import Offer, write_offers
from charge_tui.desk.state import Freshness
from charge_tui.sandbox import SandboxOptions
from tests.support.desks import machine
from tests.support.virtual import BACKEND

OPTIONS = SandboxOptions(seed=11, reservations=200, open=60)


@pytest.fixture
def anyio_backend() -> object:
    return BACKEND


async def test_without_a_picture_to_share_each_desk_reads_by_itself_and_says_so(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        missing = tmp_path / "missing" / "picture.sqlite"
        desks = [it.open(picture=missing) for _ in range(2)]
        await it.run(minutes=3)
        assert it.readers() == desks
        for one in desks:
            assert one.codes() == {"seat", "store"}
            assert one.word() is Freshness.FRESH
            assert it.wrong(one, lag=60) == {}
        missing.parent.mkdir()
        await it.run(minutes=2)
        assert len(it.readers()) == 1
        assert [one.codes() for one in desks] == [set(), set()]


async def test_without_a_place_for_the_lock_each_desk_reads_by_itself_and_says_so(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        desks = [it.open(state=tmp_path / "missing") for _ in range(2)]
        await it.run(minutes=3)
        assert it.readers() == desks
        for one in desks:
            assert one.codes() == {"seat"}
            assert "No such file" in next(iter(one.feed.problems)).sentence
            assert it.wrong(one, lag=60) == {}
        (tmp_path / "missing").mkdir()
        await it.run(minutes=2)
        assert len(it.readers()) == 1


async def test_a_desk_that_cannot_write_leaves_the_seat_to_one_that_can(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        deaf = it.open(picture=tmp_path / "missing" / "picture.sqlite")
        await it.loaded(deaf)
        other, third = it.open(), it.open()
        await it.run(minutes=2)
        assert it.readers() == [deaf, other]
        assert third.word() is Freshness.FRESH
        assert third.codes() == set()


def harm_it(picture: Path, harm: str) -> None:
    """Do to the file what a person or a disk may do."""
    if harm == "emptied":
        with sqlite3.connect(picture) as db:
            db.execute("DELETE FROM fact")
            db.execute("DROP TABLE reservation")
        db.close()
        return
    for file in picture.parent.glob(f"{picture.name}*"):
        if harm == "gone":
            file.unlink()
        else:
            file.write_bytes(b"x" * max(4096, file.stat().st_size))


@pytest.mark.parametrize("harm", ["gone", "garbage", "emptied"])
async def test_a_picture_that_is_harmed_under_the_desks_is_made_anew(tmp_path: Path, harm: str) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = it.open(), it.open()
        await it.loaded(reads, follows)
        harm_it(it.picture, harm)
        await it.run(minutes=8)
        assert len(it.readers()) == 1
        assert reads.shown() == follows.shown()
        assert {one.word() for one in it.desks} == {Freshness.FRESH}
        late = it.open()
        await it.run(seconds=3)
        assert late.shown() == reads.shown()


async def test_a_picture_that_somebody_keeps_locked_leaves_each_desk_with_its_own(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        reads, follows = it.open(), it.open()
        await it.loaded(reads, follows)
        locker = sqlite3.connect(it.picture, isolation_level=None)
        locker.execute("BEGIN EXCLUSIVE")
        await it.run(minutes=3)
        assert {one.word() for one in it.readers()} == {Freshness.FRESH}
        assert reads in it.readers() or follows in it.readers()
        locker.execute("ROLLBACK")
        locker.close()
        await it.run(minutes=3)
        assert len(it.readers()) == 1
        assert [one.codes() for one in it.desks] == [set(), set()]
        assert {one.word() for one in it.desks} == {Freshness.FRESH}


NONSENSE = [
    ("row", None), ("row", {"seen": "x", "document": "{}"}), ("row", {"seen": 1e300, "document": "[1]"}),
    ("row", {"seen": -1, "document": '{"id": 5}'}), ("row", {"seen": 1, "document": "{"}), ("gone", 5),
    ("gone", "res_nobody"), ("watch", {"a": 1}), ("watch", [1, None, "res_nobody"]), ("names", "x"),
    ("names", ["x", 3, "veh_nobody"]), ("spent", "many"), ("spent", -5), ("spent", 10**12), ("what", []),
]  # fmt: skip


async def test_offers_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    async with machine(OPTIONS, tmp_path) as it:
        one = it.open(budget=6_000)
        await it.loaded(one)
        store = PictureStore(it.picture, Inline())
        store.use(lambda db: write_offers(db, [Offer("stranger", kind, body) for kind, body in NONSENSE]))
        await it.run(minutes=2)
        assert it.wrong(one, lag=60) == {}
        assert one.reads
        assert store.use(lambda db: db.execute("SELECT count(*) FROM offer").fetchone()).result() == (0,)
        store.close()
