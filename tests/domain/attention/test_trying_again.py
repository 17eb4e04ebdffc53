"""What is proposed for a replacement that failed too: everything in reach, then a little later, and within limits."""

from datetime import timedelta
from typing import Any

from charge_tui.domain.attention.finding import Kind
from charge_tui.domain.attention.proposals import Proposal, propose
from charge_tui.domain.drafting import time_of
from charge_tui.domain.reservation import Reservation
from tests.support.around import Around, finding, station
from tests.support.reservations import NOON, reservation

PLACE = {"latitude": 48.8698, "longitude": 2.3319}


def lost(identity: str = "res_1", *, replaces: str | None = None, radius: float = 1500, **fields: Any) -> Reservation:
    """A failed one that was to start in 30 minutes, perhaps booked in the place of another."""
    given = {"status": "failed", "failed_reason": "no_available_connectors", "starts_in": 1800}
    given |= {"metadata": {"replaces": replaces} if replaces else {}, "location": PLACE | {"radius": radius}}
    return reservation(identity, **(given | fields))


def fixes(subject: str, around: Around, kind: Kind = Kind.LOST) -> tuple[Proposal, ...]:
    """What is proposed at noon."""
    return propose(finding(kind, subject), around, NOON)


def begins_after(one: Proposal, row: Reservation) -> timedelta:
    """How long after the start of a reservation a proposed window begins."""
    begins = time_of(one.values["ideal_start"])
    assert begins is not None
    return begins - row.ideal_start


def everywhere(identity: str, replaces: str | None, minutes: float, **fields: Any) -> Reservation:
    """One that was sought in everything in reach, so many minutes later than the first."""
    plugs = ["CCS", "Type2"]
    given = {"starts_in": 1800 + minutes * 60, "connector_type": plugs} | fields
    return lost(identity, replaces=replaces, radius=20_000, **given)


def test_a_second_refusal_asks_for_everything_in_reach_in_the_same_window() -> None:
    first, again = lost(), lost("res_2", replaces="res_1", radius=3000)
    free = [station("s1", 4000, "CCS", "CCS")]
    best = fixes("res_2", Around(first, again, stations=free, standard="CCS"))[0]
    assert best.values["location"]["radius"] == 20_000
    assert best.values["connector_type"] == ["CCS", "Type2"]
    assert begins_after(best, first) == timedelta(0)


def test_where_the_widest_search_found_nothing_it_is_tried_a_little_later_each_time() -> None:
    first, second = lost(), everywhere("res_2", "res_1", 0)
    third, fourth = everywhere("res_3", "res_2", 5), everywhere("res_4", "res_3", 10)
    around = Around(first, second, third, fourth, standard="CCS")
    assert begins_after(fixes("res_2", around)[0], first) == timedelta(minutes=5)
    assert begins_after(fixes("res_3", around)[0], first) == timedelta(minutes=10)
    assert begins_after(fixes("res_4", around)[0], first) == timedelta(minutes=15)
    assert fixes("res_4", around)[0].values["location"]["radius"] == 20_000


def test_delays_add_up_to_no_more_than_an_hour_after_what_was_asked_for_at_first() -> None:
    rows = [lost(), *(everywhere(f"res_{n + 2}", f"res_{n + 1}", 5 * n) for n in range(13))]
    assert begins_after(fixes("res_13", Around(*rows, standard="CCS"))[0], rows[0]) == timedelta(hours=1)
    assert fixes("res_14", Around(*rows, standard="CCS")) == ()


def test_a_limit_allows_more_and_is_kept() -> None:
    limit = NOON + timedelta(seconds=1800 + 5400 + 8 * 60)
    first, second = lost(latest_end=limit), everywhere("res_2", "res_1", 0, latest_end=limit)
    found = fixes("res_2", Around(first, second, standard="CCS"))
    assert found
    assert all((ends := time_of(one.values["ideal_end"])) is not None and ends <= limit for one in found)


def test_where_the_driver_allows_it_an_earlier_window_comes_before_a_later_one() -> None:
    limit = NOON
    first, second = lost(earliest_start=limit), everywhere("res_2", "res_1", 0, earliest_start=limit)
    best = fixes("res_2", Around(first, second, standard="CCS"))[0]
    assert begins_after(best, first) == timedelta(minutes=-5)


def test_replacements_that_go_in_a_circle_end_the_search_for_the_first_one() -> None:
    one, other = lost(replaces="res_2", radius=20_000), lost("res_2", replaces="res_1", radius=20_000)
    assert fixes("res_1", Around(one, other))[0].verb == "book again"


def test_connectors_that_were_refused_are_not_counted_as_free() -> None:
    free = [station("s1", 900, "CCS", "CCS", "CCS"), station("s2", 4500, "CCS", "CCS")]
    best = fixes("res_1", Around(lost(), stations=free))[0]
    assert best.values["location"]["radius"] == 5000
    assert best.why.startswith("2 free CCS")


def test_nobody_at_risk_is_moved_and_who_is_sought_widely_is_left_alone() -> None:
    taken = [
        reservation(f"res_{n}", status="confirmed", charging_station="s1", vehicle=f"veh_{n}", driver=f"drv_{n}",
                    reserved_start=NOON + timedelta(hours=1), reserved_end=NOON + timedelta(hours=2), starts_in=3600)
        for n in (8, 9)
    ]  # fmt: skip
    risk = reservation("res_1", starts_in=3600, location=PLACE | {"radius": 1500})
    around = Around(risk, *taken, stations=[station("s1", 1000, "CCS", "CCS")])
    found = fixes("res_1", around, Kind.AREA_SHORT)
    assert found
    assert all("ideal_start" not in one.values for one in found)
    wide = reservation("res_2", starts_in=3600, location=PLACE | {"radius": 5000})
    assert fixes("res_2", Around(wide), Kind.AREA_SHORT) == ()
