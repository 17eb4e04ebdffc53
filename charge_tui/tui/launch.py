"""From settings and a key to a running desk, and back to an exit code."""

import asyncio
import gc
import random
import sys
from datetime import timedelta
from typing import Final
from uuid import uuid4

from charge_tui.api import ChargeClient
from charge_tui.clock import SystemClock
from charge_tui.config.errors import ConfigError
from charge_tui.config.paths import Paths
from charge_tui.config.secrets import KeySource
from charge_tui.config.settings import Settings
from charge_tui.config.terminal import shapes_fit
from charge_tui.desk.account import account_of, digest_of, journal_file
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.desk import Desk
from charge_tui.desk.desk_store import DESK_STORE, desk_store
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Bounds, Journal
from charge_tui.desk.log import LogBook
from charge_tui.desk.picture import PictureStore
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.seat import Seat
from charge_tui.desk.writes import Writer
from charge_tui.early import EARLY
from charge_tui.later import load_next
from charge_tui.secret import Secret
from charge_tui.tui.app import ChargeApp
from charge_tui.tui.driver import SturdyDriver
from charge_tui.tui.lifeline import Lifeline
from charge_tui.tui.mishaps import Mishaps
from charge_tui.tui.options import Options
from charge_tui.tui.pauses import Pauses

LINGER: Final = 1.0
"""Seconds that a write under way gets when a signal ends the desk; the journal has it, whatever comes of it."""
PATIENCE: Final = 20.0
"""The same when a person leaves, who was told that one is under way."""
SETTLED: Final = 1.0
"""Seconds after the start at which the first picture stands, and what was put off for it is done."""
_BREATH: Final = 0.02
"""Seconds between two modules that are imported beside the keys."""


def run(settings: Settings, paths: Paths, key: KeySource, *, demo: str | None = None) -> int:
    """Open the desk and return the exit code when the person has left it.

    ``demo`` is a label of the demonstration's sandbox, None for an API that is somebody else's.

    Raises:
        ConfigError: there is no usable key, or the address cannot be used with it.
    """
    secret = key.read()
    return asyncio.run(_run(settings, paths, key, secret, demo))


async def _run(settings: Settings, paths: Paths, key: KeySource, secret: Secret, demo: str | None) -> int:
    clock = SystemClock()
    gauge = Gauge(clock, settings.budget)
    policy = WritePolicy(read_only=settings.read_only, write=settings.write)

    def client(secret: Secret) -> ChargeClient:
        return ChargeClient(
            secret,
            settings.base_url,
            read_only=policy.closed_for,
            version=settings.charge_version,
            clock=clock,
            tls_ca=str(settings.tls_ca) if settings.tls_ca else None,
            observer=gauge,
        )

    async def reconnect() -> ChargeClient | None:
        try:
            anew = await asyncio.to_thread(key.read)
        except ConfigError:
            return None
        made = client(anew)
        journal.account = account_of(made, anew)
        return made

    first = client(secret)
    token, digest = uuid4().hex, digest_of(settings.base_url, secret)
    desk = Desk(
        first,
        gauge,
        PictureStore(paths.cache / f"picture-{digest}.sqlite"),
        clock,
        refresh=settings.refresh,
        page_size=settings.page_size,
        horizon=timedelta(hours=settings.horizon),
        rng=random.Random(),
        reconnect=reconnect,
        seat=Seat(paths.state, digest, token),
    )
    options = Options(
        mode="DEMO" if demo is not None else first.mode.upper(),
        host=f"sandbox {demo}" if demo else first.host,
        zone=settings.zone,
        zone_name=settings.time_zone,
        theme=settings.theme,
        view=settings.view,
        ascii=settings.ascii or not shapes_fit(getattr(sys.__stderr__, "encoding", None)),
        mouse=settings.mouse,
        refresh=settings.refresh,
        replaces=settings.replaces,
        keys=settings.keys,
        bell=settings.bell,
        notify=settings.notify,
        keep=EARLY.keep if demo is None else None,
        log=paths.log,
        problems=(paths.problem,) if paths.problem else (),
    )
    journal = Journal(
        journal_file(paths.state),
        account_of(first, secret),
        operator=settings.operator_name,
        token=token,
        now=desk.now,
        clock=clock,
        bounds=Bounds(settings.journal_days, settings.journal_megabytes),
    )

    store = desk_store(paths.state / DESK_STORE)
    watch = Watch(
        desk,
        Verdicts(store, digest_of(settings.base_url, secret)),
        settings.attention,
        operator=settings.operator_name,
        clock=clock,
        journal=journal,
    )
    writer = Writer(desk, journal, policy, clock=clock, rng=random.Random(), zone=lambda: app.zone)
    desk.reporters.append(writer.problems)
    logbook = LogBook(store, journal, desk, clock, days=settings.log_days, megabytes=settings.log_megabytes)
    desk.reporters.append(logbook.problems)
    app = ChargeApp(desk, writer, watch, clock, options, driver=SturdyDriver, logbook=logbook)
    lifeline = Lifeline(lambda code: app.exit(return_code=code))
    SturdyDriver.hung_up = staticmethod(lifeline.hung_up)
    lifeline.hold()
    mishaps = Mishaps(app.crash, lifeline.hung_up)
    mishaps.catch()
    pauses = Pauses(desk)
    put_off = asyncio.create_task(do_what_was_put_off(app), name="put off")
    try:
        await app.run_async(mouse=settings.mouse)
    finally:
        put_off.cancel()
        await drained(writer, LINGER if app.return_code else PATIENCE)
        await app.stop_reading()
        await watch.close()
        journal.close()
        store.close()
        pauses.let_go()
        mishaps.let_go()
        lifeline.let_go()
    lifeline.safe()
    return app.return_code or 0


async def do_what_was_put_off(app: ChargeApp) -> None:
    """Import what only a key needs, and collect garbage again, without looking through what was there at the start."""
    await asyncio.sleep(SETTLED)
    app.picture_stands()
    while load_next():  # noqa: ASYNC110 - nothing tells when the keys rest
        await asyncio.sleep(_BREATH)
    gc.freeze()
    gc.enable()


async def drained(writer: Writer, seconds: float) -> None:
    """Wait for the writes that are under way, at most so long; one that is cut off is settled at the next start."""
    await asyncio.wait([asyncio.ensure_future(writer.drain())], timeout=seconds)
