"""Whatever happens to the rows: the oldest sight, and who is missing, are what a look at all of them would tell."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.mirror import Mirror
from charge_tui.desk.open_order import Oldest
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import is_open
from charge_tui.domain.reservation import Reservation, Row, read_row
from tests.support.reservations import NOON, document

ids = st.sampled_from(["res_1", "res_2", "res_3", "res_4", "res_5"])
statuses = st.sampled_from(["pending", "confirmed", "failed", "odd"])
minutes = st.integers(0, 4)
moments = st.integers(0, 20).map(float)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("see"), ids, statuses, minutes, moments, st.booleans()),
        st.tuples(st.just("touch"), ids, moments),
        st.tuples(st.just("gone"), ids),
        st.tuples(st.just("sleep"), moments),
        st.tuples(st.just("prune")),
    ),
    max_size=40,
)


@given(steps, moments, st.none() | minutes, st.none() | minutes)
def test_the_orders_tell_what_a_look_at_all_would(
    done: list[tuple[object, ...]], since: float, newer: int | None, older: int | None
) -> None:
    mirror = Mirror()
    for one in done:
        _do(mirror, one)
        open_now = {row.id: row for row in mirror.open()}
        seen = {identity: mirror.seen(identity) or 0.0 for identity in open_now}
        assert mirror.oldest() == min(seen.values(), default=None)
        for status in ("pending", "confirmed"):
            unseen = {i for i, row in open_now.items() if status_of(row) == status and seen[i] < since}
            assert set(mirror.unseen(status, since)) == unseen
            found = mirror.missing(status, _at(newer), _at(older), since)
            assert sorted(found) == sorted(i for i in unseen if _between(open_now[i], _at(newer), _at(older)))
        assert all(is_open(status_of(row)) for row in open_now.values())


def test_many_sights_do_not_make_the_order_of_sights_grow() -> None:
    mirror = Mirror()
    for number in range(5_000):
        row = read_row(document("res_1", status="failed" if number % 2 else "pending", updated=NOON, number=number))
        mirror.see(row, float(number), NOON, "poll")
        mirror.oldest()
    assert isinstance(mirror._oldest, Oldest)
    assert len(mirror._oldest._heap) < 100


def _do(mirror: Mirror, step: tuple[object, ...]) -> None:
    match step:
        case ("see", str(identity), str(status), int(minute), float(seen), bool(sound)):
            raw = document(identity, status=status, created=NOON + timedelta(minutes=minute), updated=NOON)
            if not sound:
                del raw["ideal_start"]
                raw["created"] = raw["created"] if minute else "nonsense"
            mirror.see(read_row(raw), seen, NOON, "poll")
        case ("touch", str(identity), float(seen)):
            mirror.touch(identity, seen)
        case ("gone", str(identity)):
            mirror.gone(identity, NOON, "read")
        case ("sleep", float(seconds)):
            mirror.suspended(seconds)
        case _:
            mirror.prune(NOON + timedelta(days=30), timedelta(hours=24))


def _at(minute: int | None) -> datetime | None:
    return None if minute is None else NOON + timedelta(minutes=minute)


def _between(row: Row, newer: datetime | None, older: datetime | None) -> bool:
    created = row.created if isinstance(row, Reservation) else row.time("created")
    return created is not None and (newer is None or created > newer) and (older is None or created < older)
