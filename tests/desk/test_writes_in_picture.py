"""What a write brought back is in the desk's picture at once, told as a change, with its troubles on the truth line."""

import random
from pathlib import Path

from charge_tui.clock import SystemClock
from charge_tui.desk.account import account_of
from charge_tui.desk.journal import Journal
from charge_tui.desk.outcome import Kind
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.writes import Writer
from charge_tui.domain.drafting import copied, values_of
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from charge_tui.secret import Secret
from tests.support.live import LiveDesk, live_desk
from tests.support.writing import PARIS


async def writer_of(live: LiveDesk, folder: Path) -> Writer:
    """A writer for a desk that is at work."""
    clock = SystemClock()
    account = account_of(live.desk.client, Secret(live.sandbox.key))
    path = folder / "journal.sqlite"
    journal = Journal(path, account, operator="ann", token="t", now=live.desk.now, clock=clock)
    writer = Writer(live.desk, journal, WritePolicy(), clock=clock, rng=random.Random(), zone=lambda: PARIS)
    live.desk.reporters.append(writer.problems)
    await journal.open()
    return writer


async def test_the_answer_of_a_write_is_in_the_picture_at_once(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with live_desk(sandbox, refresh=0) as live:
        await live.loaded()
        writer = await writer_of(live, tmp_path)
        row = next(one for one in live.desk.open_rows() if isinstance(one, Reservation) and one.status == "pending")
        outcome = await writer.edit(row, values_of(row) | {"connector_type": ["Type2"]})
        assert outcome.kind is Kind.DONE
        held = live.desk.known(row.id)
        assert isinstance(held, Reservation)
        assert held.connector_type == ["Type2"]
        assert [(change.id, change.source) for change in live.changes[-1:]] == [(row.id, "write")]
        assert (await writer.cancel(held)).kind is Kind.DONE
        assert live.status(row.id) == "cancelled"
        made = await writer.book_again(held, copied(held, live.desk.now()).values)
        assert live.status(made.id or "") == "pending"
        writer.journal.close()


async def test_an_unknown_outcome_is_a_problem_until_it_is_settled(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with live_desk(sandbox, refresh=0) as live:
        await live.loaded()
        writer = await writer_of(live, tmp_path)
        row = next(one for one in live.desk.open_rows() if isinstance(one, Reservation) and one.status == "pending")
        sandbox.order_faults(["reset@count=4,method=POST"])
        assert (await writer.cancel(row)).kind is Kind.UNKNOWN
        (problem,) = [one for one in live.feed.problems if one.code == "unknown"]
        assert problem.words == "1 outcome unknown"
        assert (await writer.retry(writer.unknown[0].number)).kind is Kind.DONE
        assert "unknown" not in live.problems()
        writer.journal.close()
