"""The world's time: confirmation by the documented times, then an end; the same seed, the same world."""

from collections import Counter
from datetime import timedelta
from typing import Any

from charge_tui.clock import SystemClock
from charge_tui.domain.lifecycle import STATUSES, may_follow
from charge_tui.sandbox import SandboxOptions, build_world, lifecycle
from charge_tui.sandbox.fixtures import FIXTURES
from charge_tui.sandbox.instants import HOUR, MINUTE, SECOND, read, stamp
from charge_tui.sandbox.world import World
from tests.support.sandbox import KEY, START, SandboxMaker

FIXED = {fixture.id for fixture in FIXTURES}


def world(**fields: Any) -> World:
    defaults: dict[str, Any] = {"start": START, "reservations": 300, "key": KEY}
    return build_world(SandboxOptions(**(defaults | fields)), SystemClock())


def documents(of: World) -> dict[str, dict[str, Any]]:
    return {row.id: of.document(row) for row in of.store.rows({}, None, False, -1)}


def test_a_pending_reservation_is_confirmed_about_half_an_hour_ahead_and_ends(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(traffic=False)
    made = sandbox.create()
    start = read(made["ideal_start"])
    sandbox.advance(by=(start - read(made["created"])) / SECOND - 1951)
    assert sandbox.reservation(made["id"])["status"] == "pending"
    sandbox.advance(by=62)
    confirmed = sandbox.reservation(made["id"])
    assert confirmed["status"] == "confirmed"
    assert 1890 <= (start - read(confirmed["confirmed_at"])) / SECOND <= 1950
    assert -20 <= (read(confirmed["reserved_start"]) - start) / SECOND <= 12
    assert -27 <= (read(confirmed["reserved_end"]) - read(made["ideal_end"])) / SECOND <= 22
    assert confirmed["charging_station"].startswith("chst_")
    sandbox.advance(by=4 * 3600)
    ended = sandbox.reservation(made["id"])
    assert ended["status"] in ("completed", "expired")
    assert ended["updated"] > ended["reserved_end"]


def test_one_created_late_is_tried_at_once(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(traffic=False)
    made = sandbox.create(ideal_start=START + timedelta(minutes=10))
    sandbox.advance(by=25)
    assert sandbox.reservation(made["id"])["status"] == "confirmed"


def test_where_no_station_is_the_attempt_fails(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(traffic=False)
    made = sandbox.create(location={"latitude": 0.0, "longitude": 0.0, "radius": 1500})
    sandbox.advance(by=2 * 3600)
    failed = sandbox.reservation(made["id"])
    assert (failed["status"], failed["failed_reason"]) == ("failed", "no_available_connectors")
    assert failed["charging_station"] is None


def test_a_declined_card_fails_the_payment(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(traffic=False)
    directory = sandbox.sandbox.world.directory
    declined = next(one["id"] for one in directory.all("payment_method") if directory.declined(one["id"]))
    made = sandbox.create(payment_method=declined)
    sandbox.advance(by=2 * 3600)
    assert sandbox.reservation(made["id"])["failed_reason"] == "payment_failed"


def test_connectors_run_out(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(traffic=False, reservations=5)
    station = sandbox.sandbox.world.directory.all("charging_station")[0]
    place = {**station["location"], "radius": 1}
    kind = station["connectors"][0]["type"]
    fitting = sum(connector["type"] == kind for connector in station["connectors"])
    made = [sandbox.create(location=place, connector_type=[kind])["id"] for _ in range(fitting + 1)]
    sandbox.advance(by=2 * 3600 - 1800)
    outcomes = Counter(sandbox.reservation(identity)["status"] for identity in made)
    assert outcomes == {"confirmed": fitting, "failed": 1}


def test_a_changed_window_moves_the_confirmation(make_sandbox: SandboxMaker) -> None:
    sandbox = make_sandbox(traffic=False)
    made = sandbox.create()
    later = read(made["ideal_start"]) + 3 * HOUR
    sandbox.edit(made["id"], ideal_start=stamp(later), ideal_end=stamp(later + HOUR))
    sandbox.advance(by=3 * 3600)
    assert sandbox.reservation(made["id"])["status"] == "pending"
    sandbox.advance(by=3 * 3600 - 1800)
    assert sandbox.reservation(made["id"])["status"] == "confirmed"


def test_the_same_seed_gives_the_same_world_byte_for_byte() -> None:
    def dump(of: World) -> list[str]:
        return [line for line in of.store.dump() if '"meta"' not in line or "'key'" not in line]

    one, other, third = world(), world(), world(seed=8)
    assert dump(one) == dump(other)
    assert dump(one) != dump(third)
    one.advance(one.now + 7 * HOUR)
    other.advance(other.now + 7 * HOUR)
    assert dump(one) == dump(other)


def test_how_often_one_looks_changes_nothing() -> None:
    watched, left = world(), world()
    until = left.now + 8 * HOUR
    left.advance(until)
    while watched.now < until:
        watched.advance(min(until, watched.now + 7 * MINUTE + 13))
    assert documents(watched) == documents(left)


def test_a_day_goes_by_the_documented_lifecycle_and_stays_as_busy() -> None:
    living = world(reservations=400)
    before = documents(living)
    seen = Counter[tuple[str, str]]()
    for _ in range(48):
        living.advance(living.now + 30 * MINUTE)
        after = documents(living)
        for identity, row in after.items():
            old = before.get(identity)
            if old is not None and old["status"] != row["status"]:
                assert may_follow(old["status"], row["status"])
                seen[old["status"], row["status"]] += 1
            if old is not None and old != row:
                assert identity not in FIXED
                assert row["updated"] > old["updated"]
        before = after
    assert seen["pending", "confirmed"] > 20
    assert seen["confirmed", "completed"] > 20
    assert seen["pending", "cancelled"] > 0
    assert seen["pending", "failed"] > 0
    assert abs(living.store.count("pending", "confirmed") - 100) <= 20


def test_a_fresh_world_shows_every_variety() -> None:
    rows = list(documents(world(reservations=600)).values())
    open_rows = [row for row in rows if row["status"] in ("pending", "confirmed")]
    assert {row["status"] for row in rows} == set(STATUSES)
    assert {"eur", "jpy", "kwd", "gbp"} <= {row["currency"] for row in rows}
    assert {row["failed_reason"] for row in rows} >= {"no_available_connectors", "payment_failed", "other"}
    assert {kind for row in rows for kind in row["connector_type"]} == {"CCS", "CHAdeMO", "Type2"}
    assert any(len(row["connector_type"]) > 1 for row in rows)
    for name in ("earliest_start", "latest_end"):
        assert any(row[name] for row in rows)
        assert any(row[name] is None for row in rows)
    assert any(row["metadata"] for row in rows)
    assert any(not row["metadata"] for row in rows)
    assert any(row["ideal_start"][:10] != row["ideal_end"][:10] for row in open_rows)
    assert any(
        one["vehicle"] == other["vehicle"] and one["id"] < other["id"] and one["ideal_start"] < other["ideal_end"]
        and other["ideal_start"] < one["ideal_end"]
        for one in open_rows for other in open_rows
    )  # fmt: skip
    confirmed = [row for row in rows if row["status"] == "confirmed"]
    assert any(row["earliest_start"] and row["reserved_start"] < row["earliest_start"] for row in confirmed)
    assert any(row["latest_end"] and row["reserved_end"] > row["latest_end"] for row in confirmed)


def test_nothing_in_a_fresh_world_lies_in_its_future() -> None:
    made = world(reservations=600)
    for row in documents(made).values():
        assert read(row["created"]) <= read(row["updated"]) <= made.now
        assert row["confirmed_at"] is None or read(row["created"]) < read(row["confirmed_at"]) <= made.now
        assert row["status"] != "failed" or row["charging_station"] is None
        if row["status"] == "confirmed":
            assert row["charging_station"]
            assert row["id"] in FIXED or read(row["reserved_end"]) > made.now


def test_a_late_confirmation_and_one_that_never_comes_are_both_drawn() -> None:
    start = 100 * HOUR
    attempts = [lifecycle.confirm_at(7, f"res_{n}", 0, start, troubled=True) for n in range(3000)]
    assert 0 < attempts.count(None) < 60
    assert any(at is not None and at > start - 1890 * SECOND for at in attempts)
    assert all(lifecycle.confirm_at(7, f"res_{n}", 0, start, troubled=False) for n in range(300))
