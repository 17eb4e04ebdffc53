"""The next start is that of looking at all of them, whatever came, changed and left before."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.windows import start
from charge_tui.tui.starts import Starts
from tests.support.reservations import NOON, reservation

rows = st.builds(
    lambda number, minutes, status: reservation(f"res_{number}", starts_in=minutes * 60, status=status),
    st.integers(0, 6),
    st.integers(-30, 30),
    st.sampled_from(["pending", "confirmed", "failed", "completed"]),
)


def expected(held: dict[str, Row], minutes: int) -> object:
    """The same by looking at each."""
    now = NOON + timedelta(minutes=minutes)
    open_ones = [
        row for row in held.values() if isinstance(row, Reservation) and row.status in ("pending", "confirmed")
    ]
    return min((start(row) for row in open_ones if start(row) > now), default=None)


@given(st.lists(rows), st.lists(st.tuples(rows, st.booleans(), st.integers(0, 4))))
def test_it_is_the_soonest_of_all_that_are_open(first: list[Row], steps: list[tuple[Row, bool, int]]) -> None:
    held = {row.id: row for row in first}
    starts, minutes = Starts(), -10
    starts.fill(held.values())
    for row, gone, later in steps:
        minutes += later
        held.pop(row.id, None)
        if not gone:
            held[row.id] = row
        starts.put(row.id, None if gone else row)
        assert starts.next(NOON + timedelta(minutes=minutes)) == expected(held, minutes)


def test_moments_that_were_overtaken_are_not_gathered() -> None:
    """One reservation is moved again and again, always to a later day."""
    starts = Starts()
    for minute in range(2_000):
        starts.put("res_1", reservation("res_1", starts_in=minute * 60))
    assert len(starts) < 100
    assert starts.next(NOON) == start(reservation("res_1", starts_in=1_999 * 60))
