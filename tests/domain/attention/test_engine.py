"""The engine that keeps up to date says what a fresh one says, whatever happened to it; asking leaves no trace."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.attention.finding import Finding, Turn
from charge_tui.domain.reservation import Reservation, Row, read_row
from tests.support.any_rows import IDS, rows
from tests.support.judging import after_noon, fallen, told
from tests.support.reservations import NOON, confirmed, document, reservation

MOMENTS = st.one_of(
    st.sampled_from([1, 60, 300, 900, 3600]).map(lambda seconds: timedelta(seconds=seconds)),
    st.integers(-7200, 7200).map(lambda seconds: timedelta(seconds=seconds)),
    st.just(timedelta(microseconds=1)),
)


class Kept(RuleBasedStateMachine):
    """An engine through a life of sights, departures and time, beside the rows that it should know."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine()
        self.now = NOON
        self.rows: dict[str, Row] = {}
        self.changed: dict[str, datetime] = {}
        self.booked: set[tuple[str, str]] = set()
        self.seen: dict[str, Finding] = {}

    @rule(row=rows())
    def one_comes(self, row: Row) -> None:
        self.comes(row)

    def comes(self, row: Row) -> None:
        self.rows[row.id] = row
        self.changed[row.id] = self.now
        self.engine.put(row, self.now, window_changed=self.now)

    @rule(several=st.lists(rows(), min_size=3, max_size=6))
    def come(self, several: list[Row]) -> None:
        for row in several:
            self.comes(row)
            self.check()

    @rule(identity=st.sampled_from(IDS))
    def is_seen_again(self, identity: str) -> None:
        if identity in self.rows:
            self.engine.put(self.rows[identity], self.now)

    @rule(identity=st.sampled_from(IDS))
    def leaves(self, identity: str) -> None:
        self.rows.pop(identity, None)
        self.changed.pop(identity, None)
        self.engine.drop(identity)

    @rule(old=st.just(IDS[-1]), new=st.sampled_from(IDS[:2]))
    def is_booked_again(self, old: str, new: str) -> None:
        self.booked.add((old, new))
        self.engine.replaced(old, new)

    @rule(by=MOMENTS)
    def time_passes(self, by: timedelta) -> None:
        self.now += by

    @rule()
    def time_reaches_the_next_moment(self) -> None:
        moment = self.engine.next_moment()
        if moment is not None and self.now < moment < self.now + timedelta(days=2):
            self.now = moment

    @rule(after=st.dictionaries(st.sampled_from(IDS), st.one_of(st.none(), rows()), max_size=2))
    def is_asked_what_if(self, after: dict[str, Row | None]) -> None:
        after = {identity: _named(row, identity) for identity, row in after.items()}
        self.check()
        said = self.engine.what_if(after, self.now)
        then = Kept.fresh({**self.rows, **after}, self._changed_by(after), self.booked, self.now)
        before = self.engine.findings
        assert {it.key: it for it in said.resolves} == {key: it for key, it in before.items() if key not in then}
        worse = {key: it for key, it in then.items() if key not in before or it.severity > before[key].severity}
        assert {it.key: it for it in said.creates} == worse

    @invariant()
    def check(self) -> None:
        turn = self.engine.settle(self.now)
        _apply(self.seen, turn)
        expected = Kept.fresh(self.rows, self.changed, self.booked, self.now)
        assert dict(self.engine.findings) == expected
        assert self.seen == expected
        for identity in IDS:
            about = {it.key for it in expected.values() if identity in it.subjects}
            assert {it.key for it in self.engine.of(identity)} == about
        assert not self.engine.settle(self.now)

    def _changed_by(self, after: dict[str, Row | None]) -> dict[str, datetime]:
        changed = dict(self.changed)
        for identity, row in after.items():
            held = self.rows.get(identity)
            if not isinstance(held, Reservation):
                changed.pop(identity, None)
            elif isinstance(row, Reservation) and _window(row) != _window(held):
                changed[identity] = self.now
        return changed

    @staticmethod
    def fresh(
        held: dict[str, Row] | dict[str, Row | None],
        changed: dict[str, datetime],
        booked: set[tuple[str, str]],
        now: datetime,
    ) -> dict[str, Finding]:
        engine = Engine()
        for old, new in booked:
            engine.replaced(old, new)
        for identity, row in reversed(held.items()):
            if row is not None:
                engine.put(row, now, window_changed=changed.get(identity))
        engine.settle(now)
        return dict(engine.findings)


Kept.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestKept = Kept.TestCase


@given(st.lists(rows(), max_size=8, unique_by=lambda row: row.id), st.integers(-20_000, 20_000), st.randoms())
@settings(deadline=None)
def test_findings_do_not_depend_on_the_order_of_the_rows(held: list[Row], seconds: int, chance: Any) -> None:
    shuffled = list(held)
    chance.shuffle(shuffled)
    assert Engine.evaluate(held, after_noon(seconds)) == Engine.evaluate(shuffled, after_noon(seconds))


def test_a_life_is_told_turn_by_turn() -> None:
    engine = Engine()
    engine.put(reservation(), NOON)
    assert engine.settle(NOON) == Turn()
    assert engine.next_moment() == after_noon(2100)
    [begun] = engine.settle(after_noon(2100)).begun
    assert engine.settle(after_noon(2699)) == Turn()
    turn = engine.settle(after_noon(2700))
    assert [it.severity.letter for it in turn.changed] == ["H"]
    assert turn.changed[0].key == begun.key
    engine.put(confirmed(), after_noon(2800))
    assert engine.settle(after_noon(2800)).ended == turn.changed
    assert engine.of("res_1") == ()


def test_a_pair_that_moves_to_another_vehicle_together_is_the_same_finding() -> None:
    engine = Engine()
    for identity in ("res_1", "res_2"):
        engine.put(reservation(identity, driver=identity), NOON)
    engine.settle(NOON)
    for identity in ("res_1", "res_2"):
        engine.put(reservation(identity, driver=identity, vehicle="veh_2"), NOON)
    turn = engine.settle(NOON)
    assert [it.facts["vehicle"] for it in turn.changed] == ["veh_2"]
    assert (turn.begun, turn.ended) == ((), ())


def test_what_if_knows_what_a_new_booking_resolves_and_creates() -> None:
    engine = Engine()
    rows_ = [fallen(), reservation("res_2", driver="drv_2", vehicle="veh_2")]
    for row in rows_:
        engine.put(row, NOON)
    engine.settle(after_noon(1))
    new = reservation("new", created=NOON, vehicle="veh_2", metadata={"replaces": "res_1"})
    said = engine.what_if({"new": new}, after_noon(1))
    assert [it.key for it in said.resolves] == ["lost:res_1"]
    assert [it.key for it in said.creates] == ["booked twice by driver:drv_1", "booked twice:new+res_2"][1:]
    assert list(engine.findings) == ["lost:res_1"]
    assert told(rows_, 1) == [f"{it.severity.letter} {it.key} 3600" for it in engine.findings.values()]


def test_one_more_at_risk_where_connectors_ran_out_is_noticed_and_so_is_its_leaving() -> None:
    engine = Engine()
    for identity in ("res_1", "res_2", "res_3"):
        engine.put(fallen(identity, "no_available_connectors", updated=NOON, vehicle=identity), NOON)
    assert all(it.key.startswith("lost") for it in engine.settle(NOON).begun)
    engine.put(reservation("res_4", starts_in=7200, vehicle=None), NOON)
    [short] = engine.settle(NOON).begun
    assert (short.kind.value, short.subjects) == ("area short", ("res_4",))
    engine.put(reservation("res_4", starts_in=7200, vehicle=None, status="cancelled"), NOON)
    assert engine.settle(NOON).ended == (short,)


def test_one_more_to_be_paid_with_a_failing_method_is_noticed_and_so_is_its_leaving() -> None:
    engine = Engine()
    for identity in ("res_1", "res_2"):
        engine.put(fallen(identity, "payment_failed", updated=NOON, vehicle=identity), NOON)
    engine.settle(NOON)
    engine.put(reservation("res_3", starts_in=7200, vehicle=None), NOON)
    [failing] = engine.settle(NOON).begun
    assert (failing.key, failing.subjects) == ("payments failing:pm_1", ("res_3",))
    engine.drop("res_3")
    assert engine.settle(NOON).ended == (failing,)


def test_what_if_tells_what_gets_worse() -> None:
    engine = Engine()
    for row in (reservation(), reservation("res_2", driver="drv_2")):
        engine.put(row, NOON)
    engine.settle(NOON)
    said = engine.what_if({"res_1": confirmed()}, NOON)
    assert [(it.severity.letter, it.key) for it in said.creates] == [("H", "booked twice:res_1+res_2")]
    assert said.worst is not None
    assert said.worst.letter == "H"
    assert said.resolves == ()


def _window(row: Reservation) -> tuple[object, ...]:
    return row.ideal_start, row.ideal_end, row.earliest_start, row.latest_end


def _named(row: Row | None, identity: str) -> Row | None:
    return None if row is None else read_row(_document(row) | {"id": identity})


def _document(row: Row) -> dict[str, Any]:
    sent = row.document() if isinstance(row, Reservation) else row.raw
    return sent if isinstance(sent, dict) else document()


def _apply(seen: dict[str, Finding], turn: Turn) -> None:
    for finding in turn.begun:
        assert finding.key not in seen
        seen[finding.key] = finding
    for finding in turn.changed:
        assert seen[finding.key] != finding
        seen[finding.key] = finding
    for finding in turn.ended:
        assert seen.pop(finding.key).key == finding.key
