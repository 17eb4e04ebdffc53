"""Store files on a bad disk: cut short, scrambled, removed, replaced, locked, full. What can be read is not lost."""

import json
import os
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charge_tui.desk.entries import Draft, Entry, Plan, State
from charge_tui.desk.file_place import beside
from charge_tui.desk.journal_file import JournalFile
from charge_tui.desk.store_file import StoreFile, StoreUnwritable
from tests.support.reservations import NOON

LONG = bool(os.environ.get("CHARGE_LONG"))
"""Whether to look at many more places."""
STAMP = (NOON, NOON, "ann", "host", "account", "test", "token")
ENTRIES = 150
PAGE = 4096


def plan(number: int) -> Plan:
    """A plan whose body tells its number again, so that it can be told whether it came back as it was."""
    return Plan("create", "create", {"n": number, "note": f"{number}." * 90}, f"key-{number:04}")


def journal(path: Path) -> JournalFile:
    return JournalFile(path, 0.05)


def filled(path: Path, *, checkpointed: bool) -> None:
    """A journal of 150 entries and 12 drafts, as a desk that was killed leaves it: with its log, or without."""
    file = journal(path)
    for number in range(ENTRIES):
        file.write(STAMP, [plan(number)])
        if number % 3:
            file.settle(plan(number).key, state=State.DONE, outcome="Booked.", ended=NOON)
    for number in range(12):
        file.keep_draft("account", Draft(f"edit {number}", {"metadata": f"typed {number}"}, NOON))
    if checkpointed:
        file.close()
        return
    for side in ("", "-wal"):
        shutil.copyfile(beside(path, side), beside(path, side + ".kept"))
    file.close()
    for side in ("", "-wal"):
        beside(path, side + ".kept").replace(beside(path, side))


@pytest.fixture(scope="module", params=[True, False], ids=["whole file", "file with its log"])
def broken_down(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with such a journal, to be copied."""
    folder = tmp_path_factory.mktemp("journal")
    filled(folder / "journal.sqlite", checkpointed=request.param)
    return folder


def copied(source: Path, target: Path) -> Path:
    """The journal of a fresh copy of a folder."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target / "journal.sqlite"


def true_to(entries: list[Entry]) -> set[int]:
    """The numbers of entries, each of which says what was written."""
    assert len({entry.plan.key for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.plan == plan(int(entry.plan.body["n"]))
    return {int(entry.plan.body["n"]) for entry in entries}


def write_many(file: JournalFile) -> None:
    """Write more than the room that a test leaves."""
    for number in range(ENTRIES, ENTRIES + 100):
        file.write(STAMP, [plan(number)])


def works(file: JournalFile) -> None:
    """A journal that takes entries and gives them back."""
    file.write(STAMP, [Plan("cancel", "cancel", {}, "afterwards", "res_1")])
    assert "afterwards" in {entry.plan.key for entry in file.entries()}


def intact_numbers(image: bytes, whole: bytes, numbers: set[int]) -> set[int]:
    """The entries of which every byte lies on pages that are as they were."""
    same = [image[at : at + PAGE] == whole[at : at + PAGE] for at in range(0, len(whole), PAGE)]
    return {number for number in numbers if _lies_on_sound_pages(f"{number}." * 90, whole, same)}


def _lies_on_sound_pages(note: str, whole: bytes, same: list[bool]) -> bool:
    text = f'"note":"{note}"'.encode()
    at = whole.find(text)
    return at >= 0 and at // PAGE == (at + len(text)) // PAGE and same[at // PAGE]


def test_a_file_that_was_cut_short_keeps_what_it_has_and_says_so(broken_down: Path, tmp_path: Path) -> None:
    size = (broken_down / "journal.sqlite").stat().st_size
    lengths = sorted({0, 1, 15, 16, 99, 100, 512, PAGE - 1, PAGE, size - 1, *range(PAGE * 2, size, PAGE * 7 + 333)})
    has_log = beside(broken_down / "journal.sqlite", "-wal").exists()
    for length in lengths:
        path = copied(broken_down, tmp_path / "cut")
        os.truncate(path, length)
        file = journal(path)
        kept = true_to(file.entries())
        assert has_log <= (len(kept) == ENTRIES), "all of it is in the log"
        assert file.notice or len(kept) == ENTRIES, length
        assert len(kept) >= (length // PAGE - 12) * 3, "what lies before the cut is there"
        works(file)
        file.close()


def test_a_log_that_was_cut_short_or_removed_leaves_a_file_that_works(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    filled(source / "journal.sqlite", checkpointed=False)
    log = beside(source / "journal.sqlite", "-wal")
    for length in (0, 1, 31, 32, 33, PAGE, *range(5 * PAGE, log.stat().st_size, 80 * PAGE + 17)):
        path = copied(source, tmp_path / "cut")
        os.truncate(beside(path, "-wal"), length)
        file = journal(path)
        true_to(file.entries())
        works(file)
        file.close()


@settings(max_examples=2000 if LONG else 20)
@given(st.integers(0, 2**32), st.integers(1, 400))
def test_scrambled_bytes_cost_no_more_than_their_pages(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int
) -> None:
    source = _whole_journal(tmp_path_factory)
    whole = (source / "journal.sqlite").read_bytes()
    path = copied(source, source.parent / f"scrambled-{os.getpid()}")
    image, rng = bytearray(whole), Random(seed)
    for _ in range(count):
        image[rng.randrange(len(image))] = rng.randrange(256)
    path.write_bytes(image)
    file = journal(path)
    kept = {entry.number for entry in file.entries()}
    moved = file.notice is not None
    expected = intact_numbers(bytes(image), whole, set(range(ENTRIES)))
    assert {number + 1 for number in expected} <= kept, f"lost although legible; moved aside: {moved}"
    file.drafts("account")
    works(file)
    file.close()


@settings(max_examples=1000 if LONG else 12)
@given(st.integers(0, 2**32), st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_a_page_of_rubbish_anywhere_costs_no_more_than_itself(
    tmp_path_factory: pytest.TempPathFactory, seed: int, places: list[float]
) -> None:
    source = _whole_journal(tmp_path_factory)
    whole = (source / "journal.sqlite").read_bytes()
    path = copied(source, source.parent / f"rubbish-{os.getpid()}")
    image, rng = bytearray(whole), Random(seed)
    for place in places:
        at = min(int(place * len(whole)), len(whole) - 1) // PAGE * PAGE
        image[at : at + PAGE] = rng.randbytes(PAGE)
    path.write_bytes(image)
    file = journal(path)
    kept = {entry.number for entry in file.entries()}
    assert {number + 1 for number in intact_numbers(bytes(image), whole, set(range(ENTRIES)))} <= kept
    assert file.notice
    works(file)
    file.close()


_made: dict[str, Path] = {}


def _whole_journal(factory: pytest.TempPathFactory) -> Path:
    if "whole" not in _made:
        folder = factory.mktemp("whole") / "source"
        folder.mkdir()
        filled(folder / "journal.sqlite", checkpointed=True)
        _made["whole"] = folder
    return _made["whole"]


def test_forgotten_rows_are_not_found_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    filled(path, checkpointed=True)
    file = journal(path)
    file.drop_draft("account", "edit 3")
    file.close()
    with path.open("r+b") as held:
        held.write(b"\0" * PAGE)
    again = journal(path)
    names = {draft.name for draft in again.drafts("account")}
    assert names == {f"edit {number}" for number in range(12)} - {"edit 3"}
    assert true_to(again.entries()) == set(range(ENTRIES))
    again.close()


def remove_all(path: Path) -> None:
    for one in (path, beside(path, "-wal"), beside(path, "-shm")):
        one.unlink()


REMOVALS: dict[str, Callable[[Path], None]] = {
    "the file": lambda path: path.unlink(),
    "the log": lambda path: beside(path, "-wal").unlink(),
    "the index of the log": lambda path: beside(path, "-shm").unlink(),
    "all three": remove_all,
    "another file in its place": lambda path: filled(_moved_away(path), checkpointed=True),
}  # fmt: skip


def _moved_away(path: Path) -> Path:
    path.rename(path.with_name("elsewhere"))
    for side in ("-wal", "-shm"):
        beside(path, side).unlink()
    return path


@pytest.mark.parametrize("removal", REMOVALS.values(), ids=REMOVALS.keys())
def test_what_is_removed_while_two_desks_use_it_is_put_back(removal: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    desks = [journal(path), journal(path)]
    for number in range(20):
        desks[number % 2].write(STAMP, [Plan("cancel", "cancel", {}, f"early-{number}")])
    removal(path)
    for number in range(20):
        desks[number % 2].write(STAMP, [Plan("cancel", "cancel", {}, f"late-{number}")])
    desks[0].settle("early-3", state=State.DONE, outcome="Done.", ended=NOON)
    wanted = {f"{when}-{number}" for when in ("early", "late") for number in range(20)}
    for desk in (*desks, journal(path)):
        assert wanted <= {entry.plan.key for entry in desk.entries()}
        desk.close()
    done = [entry.plan.key for entry in journal(path).entries() if entry.outcome == "Done."]
    assert done == ["early-3"]
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def as_folder(path: Path) -> None:
    path.mkdir()


def as_pipe(path: Path) -> None:
    os.mkfifo(path)


def as_link(path: Path) -> None:
    path.symlink_to(path.parent / "elsewhere")


@pytest.mark.parametrize(("put", "words"), [(as_folder, "a folder"), (as_pipe, "a pipe"), (as_link, "a symbolic link")])
def test_what_is_no_file_is_named_and_left_alone(put: Callable[[Path], None], words: str, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    put(path)
    file = journal(path)
    for _ in range(2):
        with pytest.raises(StoreUnwritable, match=f"journal.sqlite is {words}"):
            file.write(STAMP, [plan(1)])
        with pytest.raises(StoreUnwritable, match=words):
            file.entries()
    assert [one.name for one in tmp_path.iterdir()] == ["journal.sqlite"]
    path.rmdir() if path.is_dir() else path.unlink()
    works(file)
    file.close()


@pytest.mark.parametrize("put", [as_folder, as_pipe, as_link])
def test_one_that_is_replaced_by_something_else_while_it_is_open_can_still_be_read(
    put: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "journal.sqlite"
    file = journal(path)
    file.write(STAMP, [plan(1)])
    path.unlink()
    put(path)
    with pytest.raises(StoreUnwritable, match=r"journal\.sqlite is a"):
        file.write(STAMP, [plan(2)])
    assert true_to(file.entries()) == {1}
    path.rmdir() if path.is_dir() else path.unlink()
    file.write(STAMP, [plan(3)])
    assert true_to(file.entries()) == {1, 3}
    assert "put back" in (file.notice or "")
    file.close()


@contextmanager
def limited(size: int) -> Iterator[None]:
    """As on a full disk: no file of this process grows beyond that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 4096, 30_000, 33_000, 60_000])
def test_a_disk_that_is_full_at_the_start_lets_everything_be_read(room: int, broken_down: Path, tmp_path: Path) -> None:
    path = copied(broken_down, tmp_path / "full")
    file = journal(path)
    with limited(room):
        with pytest.raises(StoreUnwritable, match="no write leaves without its journal row"):
            write_many(file)
        assert true_to(file.entries()) >= set(range(ENTRIES))
    works(file)
    assert file.notice is None
    file.close()


def test_a_folder_that_takes_nothing_lets_everything_be_read(broken_down: Path, tmp_path: Path) -> None:
    path = copied(broken_down, tmp_path / "closed")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            path.parent.chmod(0o555)
            if os.geteuid() == 0:
                for one in (tmp_path, *tmp_path.parents):
                    one.chmod(one.stat().st_mode | 0o011)
                for one in (path, beside(path, "-wal")):
                    if one.exists():
                        one.chmod(0o444)
                os.setgid(65534)
                os.setuid(65534)
            code = _reads_and_refuses(path)
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    path.parent.chmod(0o755)


def _reads_and_refuses(path: Path) -> int:
    file = journal(path)
    try:
        file.write(STAMP, [plan(1000)])
    except StoreUnwritable:
        return 0 if true_to(file.entries()) == set(range(ENTRIES)) else 2
    return 3


def test_rows_that_make_no_sense_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    filled(path, checkpointed=True)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE entry SET body = '{', state = 'what?' WHERE number = 5")
        db.execute("UPDATE entry SET at = CAST(x'ff00' AS TEXT) WHERE number = 6")
        db.execute("UPDATE draft SET texts = CAST(x'c3' AS TEXT) WHERE name = 'edit 1'")
        db.execute("UPDATE draft SET texts = ?, at = 7 WHERE name = 'edit 2'", (json.dumps([1]),))
    file = journal(path)
    assert true_to(file.entries()) == set(range(ENTRIES)) - {4, 5}
    assert len(file.drafts("account")) == 10
    file.close()


def test_a_store_tells_what_it_took_over_in_words_of_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    filled(path, checkpointed=True)
    os.truncate(path, path.stat().st_size - PAGE)
    file: StoreFile = journal(path)
    file.read(lambda db: None)
    assert "was moved to journal.sqlite.broken; a new one was begun with what could be read of it: " in str(file.notice)
    assert " entries" in str(file.notice)
    file.close()
