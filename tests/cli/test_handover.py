"""``charge-tui handover``: the page from what is on disk, without asking anybody."""

import asyncio
import json
import random
from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from charge_tui.api import ChargeClient
from charge_tui.clock import SystemClock
from charge_tui.desk.account import account_of, digest_of, journal_file
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.desk import Desk
from charge_tui.desk.desk_store import DESK_STORE, desk_store
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.handover import NOTE
from charge_tui.desk.journal import Journal
from charge_tui.desk.log import LogBook
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.seat import Seat
from charge_tui.desk.writes import Writer
from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import RunningSandbox
from charge_tui.secret import Secret
from tests.cli.conftest import Command

PARIS = ZoneInfo("Europe/Paris")
APP = "charge-tui"


async def shift(sandbox: RunningSandbox, home: Path, note: str) -> tuple[str, str, str]:
    """A shift at a desk of that home: one lost, one snoozed, one cancelled from here; their ids."""
    clock = SystemClock()
    state, cache = home / ".local/state" / APP, home / ".cache" / APP
    for folder in (state, cache):
        folder.mkdir(parents=True)
    secret = Secret(sandbox.key)
    gauge = Gauge(clock, 6000)
    client = ChargeClient(secret, sandbox.base_url, clock=clock, observer=gauge)
    picture = PictureStore(cache / f"picture-{digest_of(sandbox.base_url, secret)}.sqlite", Inline())
    desk = Desk(client, gauge, picture, clock, refresh=1, seat=Seat(state, digest_of(sandbox.base_url, secret), "one"))
    journal = Journal(
        journal_file(state), account_of(client, secret), operator="ana", token=uuid4().hex, now=desk.now, clock=clock,
        writer=Inline(),
    )  # fmt: skip
    store = desk_store(state / DESK_STORE, writer=Inline())
    watch = Watch(desk, Verdicts(store, journal.account.digest), operator="ana", clock=clock, journal=journal)
    log = LogBook(store, journal, desk, clock)
    writer = Writer(desk, journal, WritePolicy(), clock=clock, rng=random.Random(1), zone=lambda: PARIS)
    await journal.open()
    await watch.open()
    rows = sorted(sandbox.find(status="pending"), key=lambda row: row["ideal_start"])
    lost, asleep, gone = (row["id"] for row in rows[-3:])
    for identity in (lost, asleep):
        sandbox.edit(identity, status="failed", failed_reason="other")
    tasks = [asyncio.ensure_future(log.run()), asyncio.ensure_future(desk.run())]
    while not desk.feed().complete or not {lost, asleep} <= desk.rows.keys():
        await clock.sleep(0.02)
    row = desk.known(gone)
    assert isinstance(row, Reservation)
    await writer.cancel(row)
    key = f"lost:{asleep}"
    while watch.finding(key) is None:
        watch.tick()
        await clock.sleep(0.02)
    await watch.snooze(key, desk.now() + timedelta(hours=1), "asked the driver")
    await log.keep_fact(NOTE, note)
    await log.written()
    await desk.stop()
    log.stop()
    await asyncio.gather(*tasks)
    await watch.close()
    journal.close()
    store.close()
    return lost, asleep, gone


@pytest.mark.parametrize("note", ["Call **Maya** at 6\n# not a heading\n<b>gate</b> 4"])
async def test_the_page_tells_the_shift_from_disk_alone(
    charge: Command, sandbox: RunningSandbox, tmp_path: Path, note: str
) -> None:
    lost, asleep, gone = await shift(sandbox, tmp_path, note)
    asked = len(sandbox.requests)
    done = charge("handover")
    assert (done.code, done.err) == (0, "")
    assert len(sandbox.requests) == asked
    text = done.out
    assert text.startswith("# Handover\n")
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings[1] == "## Note"
    assert "## Snoozed" in headings
    assert not any("not a heading" in line for line in headings)
    assert "> Call \\*\\*Maya\\*\\* at 6" in text
    assert "&lt;b&gt;gate" in text
    assert "SAVED, the oldest open reservation was seen" in text
    snoozed = text.partition("## Snoozed")[2].partition("##")[0]
    assert asleep in snoozed
    assert "asked the driver" in snoozed
    opened = text.partition("## Snoozed")[0]
    assert lost in opened
    assert asleep not in opened
    actions = text.partition("## Done from here")[2].partition("##")[0]
    assert gone in actions
    assert "req\\_" in actions or "`req_" in actions
    told = json.loads(charge("handover", "--json", "--since", "-2h").out)
    assert [one["reservation"] for one in told["actions"]] == [gone]
    assert told["note"] == note
    assert told["freshness"] == "SAVED"


def test_with_nothing_on_disk_it_says_so_and_makes_no_files(charge: Command, tmp_path: Path) -> None:
    done = charge("handover")
    assert (done.code, done.err) == (0, "")
    assert "there is no picture" in done.out
    assert not list(tmp_path.rglob("*.sqlite"))


def test_a_moment_that_lies_ahead_is_exit_2(charge: Command) -> None:
    done = charge("handover", "--since", "now+1h")
    assert done.code == 2
    assert "--since" in done.err
    assert "lies ahead" in done.err


def test_without_a_key_it_does_not_know_whose_page(charge: Command) -> None:
    done = charge("handover", CHARGE_API_KEY="")
    assert done.code == 2
    assert "no API key" in done.err
