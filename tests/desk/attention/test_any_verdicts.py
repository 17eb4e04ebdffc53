"""Whatever happens and whatever is said: nothing that got worse hides behind a word that was said before."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from charge_tui.desk.attention.judging import VerdictRefused
from charge_tui.desk.attention.state import Said
from charge_tui.domain.attention.finding import Finding, Severity
from charge_tui.domain.reservation import Row
from tests.support.handdesk import HandDesk, lost, right, waiting, wrong
from tests.support.reservations import reservation

IDS = ("res_1", "res_2")
SHAPES = st.sampled_from(["wrong", "worse", "right", "waiting", "soon", "lost", "cancelled", "twice"])
STEPS = st.one_of(
    st.tuples(st.just("see"), st.sampled_from(IDS), SHAPES),
    st.tuples(st.just("say"), st.integers(0, 3), st.sampled_from(["acknowledge", "snooze", "until", "take back"])),
    st.tuples(st.just("pass"), st.sampled_from([1, 20, 45, 900, 1500]), st.none()),
)


def shape(identity: str, name: str) -> Row:
    return {
        "wrong": wrong(identity),
        "worse": wrong(identity, late=4000),
        "right": right(identity),
        "waiting": waiting(identity),
        "soon": waiting(identity, starts_in=600),
        "lost": lost(identity, limit=5 * 3600),
        "cancelled": reservation(identity, status="cancelled"),
        "twice": reservation(identity, starts_in=7200, vehicle="veh_same", driver=f"drv_{identity}"),
    }[name]


async def say(desk: HandDesk, key: str, what: str) -> bool:
    if what == "take back":
        await desk.watch.take_back(key)
        return False
    try:
        if what == "acknowledge":
            await desk.watch.acknowledge((key,))
        else:
            until = desk.now + timedelta(minutes=15) if what == "until" else None
            await desk.watch.snooze(key, until, "phoned")
    except VerdictRefused:
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=25))
async def test_acknowledged_and_snoozed_never_hide_what_got_worse(steps: list[tuple[str, object, object]]) -> None:
    desk = HandDesk().looked()
    said: dict[str, Finding] = {}
    for what, first, second in steps:
        if what == "see":
            row = shape(str(first), str(second))
            row = row.model_copy(update={"updated": desk.now})  # type: ignore[union-attr]
            desk.see(row)
        elif what == "pass":
            desk.clock.at += float(str(first))
            desk.see()
            desk.watch.tick()
        else:
            shown = sorted(desk.shown() + desk.snoozed())
            if shown:
                key = shown[int(str(first)) % len(shown)]
                before = desk.finding(key)
                if await say(desk, key, str(second)):
                    said[key] = before
        queue = desk.watch.queue()
        for entry in (*queue.entries, *queue.snoozed):
            if entry.verdict is not None:
                assert entry.finding.same_case(said[entry.finding.key])
                assert entry.verdict.said in (Said.ACKNOWLEDGED, Said.SNOOZED)
                assert entry.verdict.until is None or entry.verdict.until > desk.now
        named = {one.key for entry in (*queue.entries, *queue.snoozed) for one in (entry.finding, *entry.others)}
        critical = {key for key, one in desk.watch.engine.findings.items() if one.severity is Severity.CRITICAL}
        assert critical <= named
        assert queue.waiting == sum(entry.fresh for entry in queue.entries)
