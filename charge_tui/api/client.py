"""The client itself: its settings, its parts, its end."""

from collections.abc import Callable
from random import Random
from types import TracebackType
from typing import Final, Self

import httpx

from charge_tui.api.auth import BoundAuth, Mode, checked_base_url, mode_of, sealed
from charge_tui.api.errors import Unusable
from charge_tui.api.faults import tls_context
from charge_tui.api.meta import Observer
from charge_tui.api.resources import Neighbours, Reservations
from charge_tui.api.retry import RetryPolicy
from charge_tui.api.session import Session
from charge_tui.api.transport import Timeouts, Transport
from charge_tui.clock import Clock, SystemClock
from charge_tui.domain.neighbours import Driver, PaymentMethod, Station, Vehicle
from charge_tui.secret import Secret

DEFAULT_BASE_URL: Final = "https://api.chargeapi.co/v1"


class ChargeClient:
    """An account of the Charge API, as one secret key opens it.

    Args:
        key: the secret key; its prefix alone selects the mode.
        base_url: with the ``/v1``. https, or plain http to this machine with a test key.
        read_only: nothing but GET ever leaves; a function is asked before each request, with the key's mode.
        version: the ``Charge-Version`` header; None leaves the account's default [docs].
        clock: all waiting between attempts, and the age of connections.
        rng: jitter and idempotency keys.
        transport: takes the place of the network (``httpx.ASGITransport`` in a test); it is closed with each pool of
            connections and used again by the next.
        retry: for every call that does not bring its own.
        timeouts: of one attempt.
        tls_ca: a PEM file of certificates to trust beside the usual roots.
        observer: told about every exchange.

    Raises:
        KeyMalformed: the key is no secret key.
        InsecureBaseUrl: the key must not be sent there.
        Unusable: ``version`` or ``tls_ca`` cannot be used.
    """

    def __init__(
        self,
        key: str | Secret,
        base_url: str = DEFAULT_BASE_URL,
        *,
        read_only: bool | Callable[[Mode], bool] = False,
        version: str | None = None,
        clock: Clock | None = None,
        rng: Random | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        retry: RetryPolicy | None = None,
        timeouts: Timeouts | None = None,
        tls_ca: str | None = None,
        observer: Observer | None = None,
    ) -> None:
        key = sealed(key)
        self._mode = mode_of(key)
        self._read_only = read_only
        url = checked_base_url(base_url, self._mode)
        if version is not None and not (version.isascii() and version.isprintable() and version.strip()):
            raise Unusable("the API version must be a date such as 2026-03-01.")
        clock = clock or SystemClock()
        observer = observer or Observer()
        self._session = Session(
            base_url=url,
            transport=Transport(
                url,
                BoundAuth(key, url),
                clock=clock,
                observer=observer,
                timeouts=timeouts or Timeouts(),
                version=version,
                tls=tls_context(tls_ca, plain=url.scheme == "http"),
                transport=transport,
            ),
            is_read_only=lambda: self.read_only,
            retry=retry or RetryPolicy(),
            clock=clock,
            rng=rng or Random(),
            observer=observer,
        )
        self.reservations = Reservations(self._session)
        self.drivers = Neighbours(self._session, "/drivers", "driver", Driver)
        self.vehicles = Neighbours(self._session, "/vehicles", "vehicle", Vehicle)
        self.charging_stations = Neighbours(self._session, "/charging_stations", "charging station", Station)
        self.payment_methods = Neighbours(self._session, "/payment_methods", "payment method", PaymentMethod)

    @property
    def mode(self) -> Mode:
        """``test`` or ``production``, by the key's prefix."""
        return self._mode

    @property
    def base_url(self) -> str:
        """The base URL, without a slash at its end."""
        return str(self._session.base_url)

    @property
    def host(self) -> str:
        """The host of the base URL, with its port where that is not the usual one."""
        return self._session.base_url.netloc.decode("ascii")

    @property
    def read_only(self) -> bool:
        """Whether nothing but GET leaves."""
        return self._read_only(self._mode) if callable(self._read_only) else self._read_only

    def reset(self, reason: str) -> None:
        """Open new connections from the next request on, as after a suspend; what is under way ends as it would."""
        self._session.transport.renew(reason)

    async def aclose(self) -> None:
        """Break off what is under way (AnswerLost, or OutcomeUnknown for a POST) and close every connection."""
        await self._session.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        # A traceback of __init__ shows a client that has no session yet.
        return f"<ChargeClient {self._mode} {self.base_url}>" if hasattr(self, "_session") else "<ChargeClient>"
