"""Verdicts on disk: the same at each desk and after a restart, whatever is in them, and awake when they are lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from charge_tui.desk.attention.state import Said, Verdict
from charge_tui.desk.attention.terms import Standing
from charge_tui.desk.attention.verdict_file import Ruling
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.desk_store import desk_store
from charge_tui.desk.picture import Inline
from charge_tui.desk.store import Store
from charge_tui.domain.attention.finding import Severity
from charge_tui.domain.attention.thresholds import Thresholds
from tests.support.clocks import StoppedClock
from tests.support.handdesk import HandDesk, right, wrong
from tests.support.reservations import NOON

WRONG = "wrong window:res_1"
TEXT = st.text(max_size=40) | st.sampled_from(["\ud800", "\x00", "]0;x\x07", "'; DROP TABLE verdict; --", "‮abc"])
MOMENTS = st.datetimes(min_value=NOON.replace(tzinfo=None), max_value=NOON.replace(year=2100, tzinfo=None)).map(
    lambda at: at.replace(tzinfo=NOON.tzinfo)
)


@contextmanager
def opened(path: Path, patience: float = 5.0) -> Iterator[Store]:
    store = desk_store(path, writer=Inline(), patience=patience)
    try:
        yield store
    finally:
        store.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        TEXT,
        st.tuples(st.sampled_from(Said), st.sampled_from(Severity), TEXT, MOMENTS, st.none() | MOMENTS, TEXT, TEXT),
        min_size=1,
        max_size=5,
    )
)
async def test_whatever_is_said_comes_back_as_it_was(
    said: dict[str, tuple[Said, Severity, str, object, object, str, str]],
) -> None:
    store = desk_store(None, writer=Inline())
    first, second = Verdicts(store, "one"), Verdicts(store, "one")
    given_ = {
        key: Standing(Verdict(what, key, severity, by, at, until, reason), (subject,), "{}")  # type: ignore[arg-type]
        for key, (what, severity, by, at, until, reason, subject) in said.items()
    }
    told = [
        Ruling(v.verdict.at, v.verdict.by, "said", k, v.verdict.severity, v.subjects, v.verdict.until, v.verdict.reason)
        for k, v in given_.items()
    ]
    await first.give(given_.values(), told)
    await second.open()
    assert {key: second.of(key) for key in second.keys()} == given_  # noqa: SIM118 - not a mapping
    assert list(reversed(await second.rulings())) == told
    stranger = Verdicts(store, "two")
    await stranger.open()
    assert stranger.keys() == set()
    store.close()


async def test_two_desks_agree_within_two_looks(tmp_path: Path) -> None:
    with opened(tmp_path / "desk.sqlite") as one, opened(tmp_path / "desk.sqlite") as other:
        clock = StoppedClock()
        ana = HandDesk(wrong(), store=one, clock=clock).looked()
        ben = HandDesk(wrong(), store=other, clock=clock, operator="Ben").looked()
        await ana.watch.acknowledge((WRONG,))
        ben.pass_(2)
        verdict = ben.watch.queue().entries[0].verdict
        assert verdict is not None
        assert verdict.by == "Ana"
        await ben.watch.snooze(WRONG, None, "phoned")
        ana.pass_(2)
        assert (ana.shown(), ana.snoozed()) == ([], [WRONG])
        await ana.watch.wake(WRONG)
        ben.pass_(2)
        assert (ana.fresh(), ben.fresh()) == ([WRONG], [WRONG])


async def test_a_desk_whose_picture_is_behind_does_not_undo_what_another_said(tmp_path: Path) -> None:
    with opened(tmp_path / "desk.sqlite") as one, opened(tmp_path / "desk.sqlite") as other:
        clock = StoppedClock()
        ana = HandDesk(wrong(), store=one, clock=clock).looked()
        ben = HandDesk(wrong(), store=other, clock=clock, operator="Ben").looked()
        worse = wrong(late=1800, updated=NOON + timedelta(minutes=1))
        ana.see(worse)
        await ana.watch.acknowledge((WRONG,))
        ben.pass_(3, seen=False)
        assert ben.fresh() == [WRONG], "it was not said about what this desk shows"
        ben.see(worse)
        assert (ana.fresh(), ben.fresh()) == ([], [])
        ana.pass_(3, seen=False)
        assert ana.fresh() == []


async def test_a_desk_that_has_switched_a_finding_off_leaves_what_others_say_about_it(tmp_path: Path) -> None:
    with opened(tmp_path / "desk.sqlite") as one, opened(tmp_path / "desk.sqlite") as other:
        clock = StoppedClock()
        ana = HandDesk(wrong(), store=one, clock=clock).looked()
        quiet = Thresholds(off=frozenset({ana.finding(WRONG).kind}))
        await ana.watch.acknowledge((WRONG,))
        HandDesk(wrong(), store=other, clock=clock, thresholds=quiet).looked().pass_(90)
        ana.pass_(3)
        assert ana.fresh() == []


@pytest.mark.parametrize("back", [True, False])
async def test_after_a_restart_they_are_as_they_were_unless_the_finding_was_over(tmp_path: Path, back: bool) -> None:
    path, clock = tmp_path / "desk.sqlite", StoppedClock()
    with opened(path) as store:
        before = HandDesk(wrong(), wrong("res_2"), store=store, clock=clock).looked()
        await before.watch.acknowledge((WRONG,))
        await before.watch.snooze("wrong window:res_2", before.now + timedelta(minutes=20), "phoned")
    clock.at += 300
    with opened(path) as store:
        after = HandDesk(wrong() if back else right(), wrong("res_2"), store=store, clock=clock).looked().pass_(2)
        assert after.snoozed() == ["wrong window:res_2"]
        assert after.fresh() == []
        after.pass_(40)
        after.see(wrong(updated=after.now)).pass_(40)
        assert after.fresh() == ([] if back else [WRONG])


async def test_when_the_file_is_lost_every_finding_is_awake(tmp_path: Path) -> None:
    path, clock = tmp_path / "desk.sqlite", StoppedClock()
    with opened(path) as store:
        await HandDesk(wrong(), store=store, clock=clock).looked().watch.snooze(WRONG, None, "phoned")
    path.write_bytes(b"no database" * 1000)
    with opened(path) as store:
        assert HandDesk(wrong(), store=store, clock=clock).looked().pass_(3).fresh() == [WRONG]
        assert store.notice is not None


async def test_a_verdict_that_makes_no_sense_leaves_its_finding_awake_and_the_others_alone(tmp_path: Path) -> None:
    path, clock = tmp_path / "desk.sqlite", StoppedClock()
    with opened(path) as store:
        desk = HandDesk(wrong(), wrong("res_2"), store=store, clock=clock).looked()
        await desk.watch.acknowledge((WRONG, "wrong window:res_2"))
    db = sqlite3.connect(path)
    db.execute("UPDATE verdict SET body = '{\"said\": 7}' WHERE key LIKE '%res_2%'")
    db.commit()
    db.close()
    with opened(path) as store:
        assert HandDesk(wrong(), wrong("res_2"), store=store, clock=clock).looked().pass_(3).fresh() == [
            "wrong window:res_2"
        ]


async def test_what_cannot_be_written_counts_here_and_is_written_when_that_is_possible(tmp_path: Path) -> None:
    path, clock = tmp_path / "desk.sqlite", StoppedClock()
    with opened(path, patience=0.0) as store, opened(path) as other:
        desk = HandDesk(wrong(), store=store, clock=clock).looked()
        ben = HandDesk(wrong(), store=other, clock=clock).looked().pass_(3)
        lock = sqlite3.connect(path, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        await desk.watch.acknowledge((WRONG,))
        assert desk.watch.verdicts.problem is not None
        assert desk.fresh() == []
        lock.execute("COMMIT")
        lock.close()
        desk.pass_(2)
        assert ben.pass_(3).fresh() == []
        assert len(await desk.watch.rulings()) == 1


async def test_a_key_in_a_reason_does_not_reach_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    with opened(path) as store:
        desk = HandDesk(wrong(), store=store).looked()
        await desk.watch.snooze(WRONG, None, "see ch_sk_live_verysecret please")
    kept = written(tmp_path)
    assert b"verysecret" not in kept
    assert b"ch_sk_..." in kept


def written(folder: Path) -> bytes:
    """All that is on disk."""
    return b"".join(file.read_bytes() for file in folder.iterdir())
