"""What the mirror holds after any sequence of sights: the newest of each, and nothing lost."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.mirror import CLOSED_KEPT, Mirror
from charge_tui.domain.reservation import Reservation, read_row
from tests.support.reservations import NOON, confirmed, document, reservation

IDS = st.sampled_from(["res_1", "res_2", "res_3"])
STATUSES = st.sampled_from(["pending", "confirmed", "failed", "cancelled", "something_new"])


def sight(identity: str, minute: int, status: str = "pending") -> Reservation:
    return reservation(identity, status=status, updated=NOON + timedelta(minutes=minute))


@given(st.lists(st.tuples(IDS, st.integers(0, 9), STATUSES), max_size=40))
def test_in_whatever_order_pages_arrive_the_largest_updated_wins(sights: list[tuple[str, int, str]]) -> None:
    mirror = Mirror()
    for n, (identity, minute, status) in enumerate(sights):
        mirror.see(sight(identity, minute, status), float(n), NOON, "poll")
    for identity in {identity for identity, _, _ in sights}:
        newest = max(minute for one, minute, _ in sights if one == identity)
        held = mirror.rows[identity]
        assert isinstance(held, Reservation)
        assert held.updated == NOON + timedelta(minutes=newest)
    assert {row.id for row in mirror.open()} == {
        identity for identity, row in mirror.rows.items() if getattr(row, "status", "") in ("pending", "confirmed")
    }


@given(st.lists(st.tuples(IDS, st.integers(0, 3), STATUSES), max_size=30), st.sets(IDS))
def test_what_leaves_the_lists_stays_in_the_picture_until_its_end_is_known(
    sights: list[tuple[str, int, str]], leaving: set[str]
) -> None:
    mirror = Mirror()
    for n, (identity, minute, status) in enumerate(sights):
        mirror.see(sight(identity, minute, status), float(n), NOON, "poll")
    open_before = {row.id for row in mirror.open()}
    left = mirror.leave(leaving, 99.0)
    assert set(left) == leaving & open_before
    assert {row.id for row in mirror.open()} == open_before
    assert set(mirror.left()) == set(left)
    for identity in left:
        assert mirror.see(sight(identity, 9, "failed"), 100.0, NOON, "poll") is not None
        assert not mirror.has_left(identity)
        assert identity in mirror.rows


def test_a_page_that_was_read_earlier_does_not_undo_what_a_later_read_saw() -> None:
    mirror = Mirror()
    mirror.see(sight("res_1", 5, "failed"), 2.0, NOON, "read")
    change = mirror.see(sight("res_1", 1, "pending"), 1.0, NOON, "poll")
    assert change is None
    assert mirror.counts() == {"pending": 0, "confirmed": 0}
    assert mirror.seen("res_1") == 2.0


def test_a_sight_without_news_is_no_change_but_makes_the_row_younger() -> None:
    mirror = Mirror()
    mirror.see(sight("res_1", 1), 1.0, NOON, "poll")
    assert mirror.see(sight("res_1", 1), 50.0, NOON, "poll") is None
    assert mirror.oldest() == 50.0


def test_a_change_names_the_fields_that_differ() -> None:
    mirror = Mirror()
    mirror.see(reservation("res_1"), 1.0, NOON, "poll")
    change = mirror.see(confirmed("res_1", updated=NOON), 2.0, NOON, "poll")
    assert change is not None
    assert [field.field for field in change.fields] == [
        "charging_station", "confirmed_at", "reserved_end", "reserved_start", "status",
    ]  # fmt: skip


def test_one_that_the_api_no_longer_has_is_still_told_of() -> None:
    mirror = Mirror()
    mirror.see(reservation("res_1"), 1.0, NOON, "poll")
    change = mirror.gone("res_1", NOON, "read")
    assert change is not None
    assert change.after is None
    assert mirror.has_left("res_1")
    assert [row.id for row in mirror.attention(NOON)] == ["res_1"]
    assert mirror.gone("res_1", NOON, "read") is None


def test_a_lost_reservation_needs_a_person_until_its_window_is_over() -> None:
    mirror = Mirror()
    mirror.see(reservation("res_1", status="failed", starts_in=600, lasts=3600), 1.0, NOON, "poll")
    assert [row.id for row in mirror.attention(NOON)] == ["res_1"]
    assert mirror.attention(NOON + timedelta(hours=2)) == []


def test_a_suspend_makes_every_sight_older() -> None:
    mirror = Mirror()
    mirror.see(reservation("res_1"), 10.0, NOON, "poll")
    mirror.suspended(3600.0)
    assert mirror.oldest() == 10.0 - 3600.0


def test_closed_ones_are_forgotten_by_age_and_number_and_open_ones_never() -> None:
    mirror = Mirror()
    old = NOON - timedelta(days=3)
    for n in range(20):
        times = {"updated": old, "created": old, "ideal_start": old, "ideal_end": old}
        mirror.see(reservation(f"res_old{n}", status="completed", **times), 1.0, NOON, "poll")
    mirror.see(reservation("res_open", starts_in=-90_000), 1.0, NOON, "poll")
    assert mirror.prune(NOON, timedelta(hours=24)) == 20
    assert list(mirror.rows) == ["res_open"]
    for n in range(CLOSED_KEPT + 7):
        mirror.see(reservation(f"res_{n}", status="completed"), 1.0, NOON, "poll")
    assert mirror.prune(NOON, timedelta(hours=24)) == 7


def test_an_odd_row_with_an_id_is_held_like_any_other() -> None:
    mirror = Mirror()
    raw = document("res_odd")
    del raw["ideal_start"]
    change = mirror.see(read_row(raw), 1.0, NOON, "poll")
    assert change is not None
    assert [row.id for row in mirror.open()] == ["res_odd"]


def test_what_a_page_should_have_had_and_had_not_is_missing() -> None:
    mirror = Mirror()
    for minute in range(5):
        mirror.see(reservation(f"res_{minute}", created=NOON + timedelta(minutes=minute)), 1.0, NOON, "poll")
    mirror.see(reservation("res_3", created=NOON + timedelta(minutes=3)), 5.0, NOON, "poll")
    above, below = NOON + timedelta(minutes=4), NOON + timedelta(minutes=1)
    assert mirror.missing("pending", below, above, 5.0) == ["res_2"]
    assert mirror.missing("pending", None, above, 5.0) == ["res_2", "res_1", "res_0"]
    assert mirror.missing("pending", below, None, 5.0) == ["res_4", "res_2"]
    assert mirror.missing("confirmed", None, None, 5.0) == []


def test_one_that_was_told_as_gone_is_open_again_when_a_list_shows_it_as_it_was() -> None:
    mirror = Mirror()
    row = reservation("res_1")
    mirror.see(row, 1.0, NOON, "poll")
    mirror.gone("res_1", NOON, "read")
    assert mirror.open() == []
    change = mirror.see(row, 2.0, NOON, "poll")
    assert change is not None
    assert (change.before, change.after) == (None, row)
    assert mirror.open() == [row]
