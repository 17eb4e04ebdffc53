"""What ``doctor`` finds out by asking the API once: reachability, TLS, the key, the clock."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies

from charge_tui.api import (
    NO_RETRY,
    AuthenticationFailed,
    ChargeError,
    Meta,
    NotFound,
    Page,
    PermissionDenied,
    Unusable,
)
from charge_tui.api.faults import tls_context
from charge_tui.clock import SystemClock
from charge_tui.config.secrets import KeySource
from charge_tui.config.settings import Settings
from charge_tui.domain.text import safe
from charge_tui.headless.calls import client_of
from charge_tui.headless.checkup import Finding

SKEW: Final = timedelta(seconds=5)
"""A difference between this clock and the API's from which it is told; the Date header has whole seconds."""

_HANDSHAKE: Final = 5.0
_SOON: Final = timedelta(days=14)


def network_findings(settings: Settings, key: KeySource) -> tuple[list[Finding], ChargeError | None]:
    """Ask for one reservation, once; the findings, and the error if it came to that."""

    async def ask() -> Page:
        async with client_of(settings, key) as charge:
            return await charge.reservations.page(limit=1, retry=NO_RETRY)

    findings = list(_proxies(settings.base_url))
    if urlsplit(settings.base_url).scheme == "https":
        findings.append(_tls(settings))
    try:
        page = asyncio.run(ask())
    except ChargeError as error:
        refused = error.meta is not None
        advice = _advice(error)
        return [*findings, Finding("network", "answer" if refused else "reach", "bad", error.sentence, advice)], error
    return [*findings, _answer(page), _clock(page.meta)], None


def _answer(page: Page) -> Finding:
    took = round((page.meta.received_at - page.meta.sent_at) * 1000)
    asked = f", {safe(page.meta.request_id, 60)}" if page.meta.request_id else ""
    return Finding("network", "answer", "ok", f"the key is accepted; {took} ms{asked}")


def _advice(error: ChargeError) -> str:
    if isinstance(error, AuthenticationFailed):
        return "look at the key in the Charge Dashboard; a rotated one must be given here too"
    if isinstance(error, PermissionDenied):
        return "this key may not list reservations; use one that may"
    if isinstance(error, NotFound):
        return "does base_url end in /v1?"
    if isinstance(error, Unusable):
        return "mend the setting that it names"
    if error.meta is not None:
        return "try again in a while; if it stays, give the request id to the API's support"
    return "is base_url right, the network up, and a proxy needed (HTTPS_PROXY)?"


def _clock(meta: Meta) -> Finding:
    if meta.world_now is not None:
        rate = f"{meta.rate:g}" if meta.rate is not None else "an unknown number of"
        text = f"a sandbox: {meta.world_now:%Y-%m-%d %H:%M:%S} UTC, {rate} seconds a second"
        return Finding("time", "clock", "ok", text)
    if meta.date is None:
        return Finding(
            "time", "clock", "warn", "the API gives no Date", "countdowns rest on this machine's clock alone"
        )
    ahead = SystemClock().now() - meta.date
    if abs(ahead) <= SKEW:
        return Finding("time", "clock", "ok", "agrees with the API's")
    text = f"{abs(ahead.total_seconds()):.0f} s {'ahead of' if ahead > timedelta() else 'behind'} the API's"
    return Finding("time", "clock", "warn", text, "set this machine's clock (NTP); the desk counts with the API's")


def _proxies(base_url: str) -> Iterator[Finding]:
    proxy = getproxies().get(urlsplit(base_url).scheme)
    if proxy and urlsplit(base_url).scheme == "https":
        host = urlsplit(proxy).hostname or "of that name"
        yield Finding("network", "proxy", "ok", safe(host, 80), "from HTTPS_PROXY; NO_PROXY takes hosts out")


def _tls(settings: Settings) -> Finding:
    parts = urlsplit(settings.base_url)
    host, port = parts.hostname or "", parts.port or 443
    if getproxies().get("https"):
        return Finding("network", "TLS", "ok", "through the proxy; checked with the request")
    try:
        context = tls_context(str(settings.tls_ca) if settings.tls_ca else None, plain=False)
    except Unusable as fault:
        return Finding("configuration", "tls_ca", "bad", fault.sentence, "name a PEM file with certificates")
    try:
        with (
            socket.create_connection((host, port), _HANDSHAKE) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            return _certificate(secured.version() or "TLS", secured.getpeercert() or {})
    except ssl.SSLCertVerificationError as fault:
        advice = "if a proxy of your own signs it, name its certificate: tls_ca; if not, do not go on"
        return Finding("network", "TLS", "bad", f"the certificate is not valid: {safe(fault.verify_message)}", advice)
    except OSError as fault:
        problem = safe(str(fault.strerror or fault), 120)
        return Finding("network", "TLS", "bad", f"no connection to {host} ({problem})", "see below")


def _certificate(protocol: str, certificate: dict[str, Any]) -> Finding:
    ends = certificate.get("notAfter")
    if not isinstance(ends, str):
        return Finding("network", "TLS", "ok", protocol)
    at = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
    soon = at - SystemClock().now() < _SOON
    advice = "the API's certificate ends soon; nothing to do here" if soon else None
    return Finding("network", "TLS", "warn" if soon else "ok", f"{protocol}, certificate to {at:%Y-%m-%d}", advice)
