"""What is counted of the open rows by their changes is what counting all of them gives."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.mirror import Mirror
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import CONFIRMED, PENDING
from charge_tui.domain.reservation import OddRow
from tests.support.reservations import NOON, reservation

IDS = ("res_a", "res_b", "res_c", "res_d")
STATUSES = (PENDING, CONFIRMED, "completed", "failed", "sleeping")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("see", "leave", "gone", "suspend", "prune", "touch", "clear")),
            st.sampled_from(IDS),
            st.sampled_from(STATUSES),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_counts_and_the_oldest_sight_are_those_of_all_rows(deeds: list[tuple[str, str, str, bool]]) -> None:
    mirror = Mirror()
    for number, (deed, identity, status, odd) in enumerate(deeds):
        at, seen = NOON + timedelta(minutes=number), float(number if number % 3 else -number)
        if deed == "see":
            sound = reservation(identity, status=status, updated=at)
            strange = OddRow(identity, {"id": identity, "status": status, "updated": number}, ("updated odd",))
            mirror.see(strange if odd else sound, seen, at, "poll")
        elif deed == "leave":
            mirror.leave([identity], seen)
        elif deed == "gone":
            mirror.gone(identity, at, "read")
        elif deed == "suspend":
            mirror.suspended(float(number))
        elif deed == "prune":
            mirror.prune(at + timedelta(days=3), timedelta(hours=1))
        elif deed == "touch":
            mirror.touch(identity, seen)
        else:
            mirror.clear()
        rows = mirror.open()
        assert mirror.open_count == len(rows)
        assert mirror.odd == sum(1 for row in rows if isinstance(row, OddRow) or row.odd)
        assert mirror.oldest() == min((when for row in rows if (when := mirror.seen(row.id)) is not None), default=None)
        counted = {PENDING: 0, CONFIRMED: 0}
        for row in rows:
            if row.id not in mirror.left():
                counted[status_of(row)] = counted.get(status_of(row), 0) + 1
        assert {status: count for status, count in mirror.counts().items() if count} == {
            status: count for status, count in counted.items() if count
        }
        assert list(mirror.rows.values()) == [mirror.rows[identity] for identity in mirror.rows]
