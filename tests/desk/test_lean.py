"""Rows that are held share what they have in common, and nobody can tell."""

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.mirror import Mirror
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
