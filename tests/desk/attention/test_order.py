"""The queue: each reservation once, every finding somewhere, one order whatever order the rows came in."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.attention.order import entries
from charge_tui.desk.attention.state import Said, Verdict
from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.domain.reservation import Row
from tests.support.handdesk import HandDesk, lost, waiting, wrong
from tests.support.reservations import NOON, confirmed, reservation

IDS = [f"res_{number}" for number in range(6)]
ROWS: dict[str, Row] = {
    identity: reservation(identity, created=NOON - timedelta(hours=number // 2)) for number, identity in enumerate(IDS)
}


def finding(kind: Kind, severity: Severity, subjects: list[str], due: int) -> Finding:
    return Finding(kind, f"{kind}:{'+'.join(subjects)}", severity, tuple(subjects), NOON + timedelta(minutes=due))


def verdict(one: Finding, said: Said | None) -> Verdict | None:
    return None if said is None else Verdict(said, one.key, one.severity, "Ana", NOON)


FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(Kind),
        st.sampled_from(Severity),
        st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True),
        st.integers(0, 2),
    ),
    unique_by=lambda one: one.key,
    max_size=12,
)


@given(FINDINGS, st.lists(st.none() | st.sampled_from(Said), min_size=12, max_size=12), st.randoms())
def test_each_reservation_leads_once_every_finding_is_named_and_the_order_is_total(
    findings: list[Finding], said: list[Said | None], rng: object
) -> None:
    verdicts = {one.key: verdict(one, what) for one, what in zip(findings, said, strict=False)}
    found = entries(findings, lambda one: verdicts[one.key], ROWS)
    assert max(Counter(entry.id for entry in found).values(), default=1) == 1
    assert {one.key for entry in found for one in (entry.finding, *entry.others)} == {one.key for one in findings}
    turned = list(findings)
    rng.shuffle(turned)  # type: ignore[attr-defined]
    assert entries(turned, lambda one: verdicts[one.key], ROWS) == found
    for entry in found:
        named = [one.key for one in (entry.finding, *entry.others)]
        assert len(named) == len(set(named))
        fresh = [one for one in entry.others if verdicts[one.key] is None and entry.id == one.lead]
        if fresh:
            assert entry.fresh
            assert max(one.severity for one in fresh) <= entry.finding.severity


@given(FINDINGS, st.lists(st.none() | st.sampled_from(Said), min_size=12, max_size=12))
def test_fresh_stands_above_judged_and_judged_above_snoozed_then_the_worst_then_the_soonest(
    findings: list[Finding], said: list[Said | None]
) -> None:
    verdicts = {one.key: verdict(one, what) for one, what in zip(findings, said, strict=False)}
    ranks = []
    for entry in entries(findings, lambda one: verdicts[one.key], ROWS):
        sunk = 0 if entry.fresh else 2 if entry.verdict and entry.verdict.said is Said.SNOOZED else 1
        created = getattr(ROWS[entry.id], "created", NOON)
        ranks.append((sunk, -entry.finding.severity, entry.finding.due, created, entry.id))
    assert ranks == sorted(ranks)


def pair(early: float = 7200) -> list[Row]:
    """The same vehicle twice in one window: high."""
    return [
        confirmed("res_a", starts_in=early, driver="drv_1"),
        confirmed("res_b", starts_in=early + 1800, driver="drv_1"),
    ]


def test_a_pair_is_led_by_the_earlier_start_and_not_told_twice() -> None:
    desk = HandDesk(*pair()).looked()
    assert [entry.id for entry in desk.watch.queue().entries] == ["res_a"]
    entry = desk.watch.entry("res_b")
    assert entry is not None
    assert entry.id == "res_a"
    assert desk.watch.entry("res_c") is None


async def test_the_other_of_a_pair_has_a_row_of_its_own_for_what_is_worse_or_fresh() -> None:
    early, late = pair()
    bad = confirmed(
        "res_b", drift=(0, 1800), starts_in=9000, driver="drv_1", latest_end=NOON + timedelta(seconds=14400)
    )
    desk = HandDesk(early, bad).looked()
    first = desk.watch.queue().entries
    assert {one.key for entry in first for one in (entry.finding, *entry.others)} == set(desk.watch.engine.findings)
    await desk.watch.acknowledge((next(key for key in desk.watch.engine.findings if key.startswith("booked")),))
    assert desk.fresh() == ["wrong window:res_b"], "what is fresh does not hide behind what was taken"
    assert late.id == "res_b"


async def test_of_two_findings_of_one_reservation_the_fresh_one_counts() -> None:
    twice = pair()
    bad = confirmed(
        "res_a", drift=(0, 1800), starts_in=7200, driver="drv_1", latest_end=NOON + timedelta(seconds=12600)
    )
    desk = HandDesk(bad, twice[1]).looked()
    entry = desk.watch.queue().entries[0]
    await desk.watch.snooze(entry.finding.key, None, "phoned")
    after = desk.watch.queue()
    assert [one.id for one in after.entries] == ["res_a"]
    assert after.entries[0].finding.key != entry.finding.key
    assert [one.key for one in after.entries[0].others] == [entry.finding.key]
    assert after.snoozed == ()


def test_the_queue_says_how_many_wait_by_severity_and_what_is_due_next() -> None:
    desk = HandDesk(lost("res_1"), wrong("res_2"), waiting("res_3"), confirmed("res_4", vehicle="v", driver="d"))
    desk.looked().pass_(30)
    queue = desk.watch.queue()
    assert queue.fresh == {Severity.CRITICAL: 1, Severity.HIGH: 1, Severity.MEDIUM: 1}
    assert queue.waiting == 3
    assert queue.next_due == desk.finding("not confirmed:res_3").due
    assert desk.watch.queue() is queue, "made once until something changes"
