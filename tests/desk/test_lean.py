"""Rows that are held share what they have in common, and nobody can tell."""

import tracemalloc
from pathlib import Path
from sys import getsizeof

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk import shared
from charge_tui.desk.mirror import End, Mirror
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.domain.reservation import Reservation, read_row
from tests.support.reservations import NOON, document

policies = st.none() | st.fixed_dictionaries(
    {}, optional={"type": st.sampled_from(["free_cancellation", "x", None]), "free_until_before": st.integers(0, 2),
                  "new": st.integers(0, 1)},
)  # fmt: skip
places = st.none() | st.fixed_dictionaries(
    {"latitude": st.just(1), "longitude": st.just(2)}, optional={"radius": st.just(3), "new": st.just(4)}
)


@given(st.lists(st.tuples(policies, places, st.booleans(), st.sampled_from([7, 1500, None])), max_size=12))
def test_a_row_that_is_held_is_as_it_was_sent(sent: list[tuple[object, object, bool, int | None]]) -> None:
    mirror = Mirror()
    for number, (policy, place, short, fee) in enumerate(sent):
        raw = document(f"res_{number}", cancellation_policy=policy, location=place, reservation_fee=fee)
        if short:
            del raw["metadata"]
        row, plain = read_row(raw), read_row(raw)
        mirror.see(row, 1.0, NOON, "poll")
        held = mirror.rows[row.id]
        assert isinstance(held, Reservation)
        assert isinstance(plain, Reservation)
        assert held == plain
        assert held.document() == plain.document()
        assert held.model_copy(update={"status": "confirmed"}).model_fields_set == plain.model_fields_set | {"status"}
        assert held.model_fields_set == plain.model_fields_set


def test_a_thousand_rows_name_what_was_sent_once() -> None:
    mirror = Mirror()
    for number in range(1_000):
        mirror.see(read_row(document(f"res_{number}")), 1.0, NOON, "poll")
    rows = [row for row in mirror.open() if isinstance(row, Reservation)]
    assert len(rows) == 1_000
    assert len({id(row.model_fields_set) for row in rows}) == 1
    assert len({id(row.cancellation_policy) for row in rows}) == 1
    assert len({id(row.connector_type) for row in rows}) == 1
    assert all(getsizeof(vars(row)) < getsizeof(dict(vars(row))) / 2 for row in rows), "each row has names of its own"


def test_a_picture_of_two_thousand_takes_no_more_to_read_than_it_leaves(tmp_path: Path) -> None:
    rows = tuple((read_row(document(f"res_{number}")), End.NONE) for number in range(2_000))
    store = PictureStore(tmp_path / "picture.sqlite", Inline())
    store.use(lambda db: shared.write(db, "a desk", shared.Batch(rows=rows), claim=True))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        look = store.load()
        left, most = (figure - before for figure in tracemalloc.get_traced_memory())
    finally:
        tracemalloc.stop()
    store.close()
    assert look is not None
    assert look.rows == rows
    assert most < 1.2 * left
    assert left < 2_000 * 2_500
