"""What is handed from the desk that reads to one that follows: whatever happens, both have the same, equally old."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from charge_tui.api import ChargeClient
from charge_tui.desk import shared
from charge_tui.desk.desk import Desk
from charge_tui.desk.facts import Facts, drift_of, read, written
from charge_tui.desk.follower import SLICE, Follower
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.health import Pulse
from charge_tui.desk.keeper import Keeper
from charge_tui.desk.mirror import End, Mirror
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.seat import this_machine
from charge_tui.desk.state import Gravity, Problem
from charge_tui.desk.worldclock import WorldTime
from charge_tui.domain.diff import status_of
from tests.desk.test_mirror import IDS, STATUSES, sight
from tests.support.clocks import StoppedClock
from tests.support.reservations import NOON
from tests.support.sandbox import KEY

PULSE = Pulse(True, 15.0, 15.0, False, False, 0.0, 3.0, None, 4.0, (), 7, 60)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("see"), IDS, st.integers(0, 9), STATUSES),
        st.tuples(st.sampled_from(["again", "leave", "gone", "drop"]), IDS, st.just(0), st.just("")),
        st.tuples(st.sampled_from(["write", "claim", "lose"]), st.just(""), st.just(0), st.just("")),
    ),
    max_size=40,
)


class Pair:
    """One that writes, and one that follows it."""

    def __init__(self, folder: Path) -> None:
        self.clock = StoppedClock(at=1_000.0)
        self.mirror = Mirror()
        self.folder = folder
        self.stores = [PictureStore(folder / "picture.sqlite", Inline()) for _ in range(2)]
        self.keeper = Keeper(self.stores[0], self.mirror, self.clock, "writer")
        gauge = Gauge(self.clock, 60)
        client = ChargeClient(KEY, "http://127.0.0.1:9/v1", clock=self.clock, observer=gauge)
        self.desk = Desk(client, gauge, PictureStore(None, Inline()), self.clock, rng=random.Random(1))
        self.follower = Follower("reader", gauge, self.clock, self.desk, self.desk.names.load)

    def note(self, name: str, identity: str, minute: int, status: str) -> None:
        """One thing that happens where it is read."""
        outbox, at = self.keeper.outbox, self.clock.monotonic()
        if name == "see":
            self.mirror.see(sight(identity, minute, status), at, NOON, "poll")
        elif identity not in self.mirror.rows:
            return
        elif name == "again":
            self.mirror.see(self.mirror.rows[identity], at, NOON, "poll")
        elif name == "leave":
            self.mirror.leave([identity], at)
        elif name == "gone":
            self.mirror.gone(identity, NOON, "read")
        elif name == "drop":
            outbox.dropped([identity])
            return
        if name in ("see", "again"):
            outbox.saw(identity, at)
        outbox.changed(identity)

    def write(self) -> None:
        """Write, and let the other look."""
        self.clock.at += 1.0
        self.keeper.write(facts(self.clock))
        epoch, version = self.follower.epoch, self.follower.version
        self.follower.merge(self.stores[1].use(lambda db: shared.look(db, epoch, version)).result())

    def close(self) -> None:
        """Close the files."""
        for store in self.stores:
            store.close()


@contextmanager
def pair() -> Iterator[Pair]:
    with TemporaryDirectory() as folder:
        it = Pair(Path(folder))
        try:
            yield it
        finally:
            it.close()


def facts(clock: StoppedClock) -> Facts:
    return Facts(this_machine(), clock.monotonic(), drift_of(clock), PULSE, None, None, None)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_happens_both_have_the_same(steps: list[tuple[str, str, int, str]]) -> None:
    with pair() as it:
        dropped: set[str] = set()
        for name, identity, minute, status in steps:
            it.clock.at += 1.0
            if name == "write":
                it.write()
            elif name == "claim":
                it.keeper.claim(whole=False)
            elif name == "lose":
                for file in it.folder.glob("picture.sqlite*"):
                    file.unlink()
                it.keeper.claim(whole=True)
            else:
                it.note(name, identity, minute, status)
                dropped = dropped | {identity} if name == "drop" else dropped - {identity}
        it.write()
        theirs = it.desk.mirror
        for identity, row in it.mirror.rows.items():
            if identity in dropped:
                continue
            assert theirs.rows[identity] == row
            assert theirs.state(identity) is it.mirror.state(identity)
            assert theirs.seen(identity) == it.mirror.seen(identity)
            assert status_of(theirs.rows[identity]) == status_of(row)
        assert set(theirs.rows) >= set(it.mirror.rows) - dropped


def test_what_another_desk_writes_by_now_is_not_written_over(tmp_path: Path) -> None:
    it = Pair(tmp_path)
    it.note("see", "res_1", 1, "pending")
    it.write()
    other = Keeper(it.stores[1], Mirror(), it.clock, "another")
    other.claim(whole=False)
    other.write(facts(it.clock))
    it.note("see", "res_2", 1, "pending")
    it.keeper.write(facts(it.clock))
    look = it.stores[1].load()
    assert look is not None
    assert {row.id for row, _ in look.rows} == {"res_1"}
    it.close()


def test_how_the_reading_stands_survives_the_file() -> None:
    problem = Problem("offline", Gravity.ERROR, "no answer", "It does not answer.", NOON)
    said = Facts(
        "machine", 5.0, 7.0, Pulse(True, 0.0, 15.0, True, True, 3.0, None, 2.0, None, (problem,), 7, 60), 8.0, None,
        3.0, {}, True, WorldTime((0.5,), (4.0, NOON), 60.0),
    )  # fmt: skip
    assert read(written(said)) == said


@given(st.text(max_size=30))
def test_a_text_that_is_no_state_is_none(text: str) -> None:
    assert read(text) is None


def test_a_picture_without_a_living_writer_is_not_taken_for_a_living_one(tmp_path: Path) -> None:
    it = Pair(tmp_path)
    it.note("see", "res_1", 1, "pending")
    it.write()
    assert it.follower.silence == 0
    for _ in range(3):
        it.follower.merge(it.stores[1].load())
    assert it.follower.silence == 3
    it.follower.merge(None)
    assert it.follower.silence == 4
    assert it.desk.mirror.state("res_1") is End.NONE
    it.close()


def test_thousands_of_rows_are_taken_over_a_hundred_at_a_time_and_believed_once_all_are_there() -> None:
    """Between two slices keys are let through: none of them may be longer than what a page of the API costs."""
    with pair() as it:
        for number in range(1_050):
            it.note("see", f"res_{number}", 1, "pending")
        it.keeper.write(facts(it.clock))
        slices = it.follower.slices(it.stores[1].load())
        held = 0
        for rows in slices:
            assert rows <= SLICE == 100
            assert len(it.desk.rows) == held + rows
            assert it.follower.facts is None
            held += rows
        assert held == 1_050
        assert it.follower.facts is not None
