"""From settings and a key to a running desk, and back to an exit code."""

import asyncio
import hashlib
import random
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from charge_tui.api import ChargeClient
from charge_tui.clock import SystemClock
from charge_tui.config.errors import ConfigError
from charge_tui.config.paths import Paths
from charge_tui.config.secrets import KeySource
from charge_tui.config.settings import Settings
from charge_tui.desk.desk import Desk
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.picture import PictureStore
from charge_tui.tui.app import ChargeApp
from charge_tui.tui.driver import SturdyDriver
from charge_tui.tui.lifeline import Lifeline
from charge_tui.tui.options import Options


def run(settings: Settings, paths: Paths, key: KeySource, *, demo: str | None = None) -> int:
    """Open the desk and return the exit code when the person has left it.

    ``demo`` is a label of the demonstration's sandbox, None for an API that is somebody else's.

    Raises:
        ConfigError: there is no usable key, or the address cannot be used with it.
    """
    secret = key.read()
    return asyncio.run(_run(settings, paths, key, secret, demo))


async def _run(settings: Settings, paths: Paths, key: KeySource, secret: SecretStr, demo: str | None) -> int:
    clock = SystemClock()
    gauge = Gauge(clock, settings.budget)

    def client(secret: SecretStr) -> ChargeClient:
        return ChargeClient(
            secret,
            settings.base_url,
            read_only=settings.read_only,
            version=settings.charge_version,
            clock=clock,
            tls_ca=str(settings.tls_ca) if settings.tls_ca else None,
            observer=gauge,
        )

    async def reconnect() -> ChargeClient | None:
        try:
            return client(await asyncio.to_thread(key.read))
        except ConfigError:
            return None

    first = client(secret)
    desk = Desk(
        first,
        gauge,
        PictureStore(_picture_file(paths, settings.base_url, secret)),
        clock,
        refresh=settings.refresh,
        page_size=settings.page_size,
        horizon=timedelta(hours=settings.horizon),
        rng=random.Random(),
        reconnect=reconnect,
    )
    options = Options(
        mode="DEMO" if demo is not None else first.mode.upper(),
        host=f"sandbox {demo}" if demo else first.host,
        zone=settings.zone,
        zone_name=settings.time_zone,
        theme=settings.theme,
        view=settings.view,
        ascii=settings.ascii,
        mouse=settings.mouse,
        refresh=settings.refresh,
        keys=settings.keys,
        log=paths.log,
        problems=(paths.problem,) if paths.problem else (),
    )
    app = ChargeApp(desk, clock, options, driver=SturdyDriver)
    lifeline = Lifeline(lambda code: app.exit(return_code=code))
    SturdyDriver.hung_up = staticmethod(lifeline.hung_up)
    lifeline.hold()
    try:
        await app.run_async(mouse=settings.mouse)
    finally:
        await app.stop_reading()
        lifeline.let_go()
    lifeline.safe()
    return app.return_code or 0


def _picture_file(paths: Paths, base_url: str, secret: SecretStr) -> Path:
    """A file for each account: the picture of one is never shown on the desk of another."""
    account = hashlib.sha256(f"{base_url} {secret.get_secret_value()}".encode()).hexdigest()[:16]
    return paths.cache / f"picture-{account}.sqlite"
