"""One conversation with the API, and what its end means for the exit code."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from charge_tui.api import ChargeClient, ChargeError, Observer, Refused, Unusable
from charge_tui.config.secrets import KeySource
from charge_tui.config.session import Session
from charge_tui.config.settings import Settings

WELL, USAGE, REFUSED, NOT_REACHED = 0, 2, 3, 4


class Narrator(Observer):
    """Tells a person who waits what is being waited for."""

    def retrying(self, attempt: int, seconds: float, error: ChargeError) -> None:
        """Say so where the wait is long enough to be noticed."""
        if seconds >= 1:
            print(f"charge-tui: {error} Trying again in {seconds:.0f} s.", file=sys.stderr)


def client_of(settings: Settings, key: KeySource) -> ChargeClient:
    """A client that can only read, made from the settings.

    Raises:
        KeyUnusable: there is no key, or one that cannot be used.
        Unusable: the client does not take the base URL or the certificates.
    """
    return ChargeClient(
        key.read(),
        settings.base_url,
        read_only=True,
        version=settings.charge_version,
        tls_ca=str(settings.tls_ca) if settings.tls_ca else None,
        observer=Narrator(),
    )


def call(session: Session, talk: Callable[[ChargeClient], Awaitable[None]]) -> int:
    """Talk to the API, tell on standard error what went wrong, and give the exit code."""

    async def conversation() -> None:
        async with client_of(session.settings, key) as charge:
            await talk(charge)

    key = session.key()

    try:
        asyncio.run(conversation())
    except ChargeError as error:
        print(f"charge-tui: {error.sentence}", file=sys.stderr)
        return exit_code(error)
    return WELL


def exit_code(error: ChargeError) -> int:
    """2 where nothing could be sent, 3 where the API said no, 4 where no usable answer came."""
    if isinstance(error, Unusable):
        return USAGE
    return REFUSED if isinstance(error, Refused) else NOT_REACHED
