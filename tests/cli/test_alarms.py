"""The doctor's figures of findings: read from the store of the desks, without one running."""

from datetime import timedelta
from pathlib import Path

from charge_tui.desk.desk_store import DESK_STORE, desk_store
from charge_tui.desk.picture import Inline
from charge_tui.headless import doctor
from charge_tui.headless.alarms import alarm_findings
from tests.support.handdesk import HandDesk, right, waiting, wrong
from tests.support.reservations import NOON


async def kept(path: Path, count: int) -> None:
    """Some wrong windows, of which the first is put right and the second taken, beside one that is late."""
    store = desk_store(path, writer=Inline())
    desk = HandDesk(*(wrong(f"res_{n}") for n in range(count)), waiting("res_w"), store=store).looked()
    await desk.watch.acknowledge(("wrong window:res_1",))
    desk.see(right("res_0"), right("res_1")).pass_(40)
    store.close()


async def test_the_figures_of_a_calm_day(tmp_path: Path) -> None:
    await kept(tmp_path / "desk.sqlite", 3)
    found = {one.name: one for one in alarm_findings(tmp_path / "desk.sqlite", "test", NOON + timedelta(minutes=5))}
    assert {one.state for one in found.values()} == {"ok"}
    assert found["findings"].text == "4 new in 24 h, 4 in the last 10 min, at most 4 in 10 min"
    assert found["by severity"].text == "high 75%, medium 25%"
    assert found["cleared by itself"].text == "not confirmed 0 of 0; wrong window 1 of 2"
    assert found["oldest"].text == "not acknowledged for 5m"


async def test_more_than_anybody_can_follow_is_worth_a_word(tmp_path: Path) -> None:
    await kept(tmp_path / "desk.sqlite", 12)
    first, *_ = alarm_findings(tmp_path / "desk.sqlite", "test", NOON + timedelta(hours=3))
    assert first.state == "warn"
    assert first.text == "13 new in 24 h, 0 in the last 10 min, at most 13 in 10 min"


async def test_another_account_has_figures_of_its_own(tmp_path: Path) -> None:
    await kept(tmp_path / "desk.sqlite", 3)
    (only,) = alarm_findings(tmp_path / "desk.sqlite", "stranger", NOON)
    assert only.text == "0 new in 24 h, 0 in the last 10 min, at most 0 in 10 min"


def test_a_broken_store_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite").write_bytes(b"no database" * 100)
    (only,) = alarm_findings(tmp_path / "desk.sqlite", "test", NOON)
    assert (only.state, only.name) == ("warn", "findings")


def test_the_doctor_looks_where_the_desks_keep_their_store() -> None:
    assert doctor.STORE == DESK_STORE
