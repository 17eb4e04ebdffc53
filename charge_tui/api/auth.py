"""The key: one object holds it, and hands it to one origin only."""

import re
from collections.abc import Generator
from ipaddress import ip_address
from typing import Final, Literal

import httpx

from charge_tui.api.errors import ForeignUrl, InsecureBaseUrl, KeyMalformed
from charge_tui.api.words import quoted
from charge_tui.secret import Secret

Mode = Literal["test", "production"]

_KEY: Final = re.compile(r"ch_sk_(test|live)_[A-Za-z0-9_]+", re.ASCII)
_PORTS: Final = {"http": 80, "https": 443}


def sealed(key: str | Secret) -> Secret:
    """The key where no repr and no traceback shows it."""
    return key if isinstance(key, Secret) else Secret(key)


def mode_of(key: Secret) -> Mode:
    """Which of the account's two worlds the key opens [seed: ``ch_sk_test_``; docs: ``ch_sk_live_``].

    Raises:
        KeyMalformed: it is not a secret key; its value is not told.
    """
    match = _KEY.fullmatch(key.get_secret_value())
    if match is None:
        raise KeyMalformed(
            "the API key is malformed: it must be ch_sk_test_ or ch_sk_live_ followed by letters, digits and "
            "underscores, with no space or line break."
        )
    return "production" if match[1] == "live" else "test"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its literal address or as ``localhost``; no name is looked up."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_base_url(text: str, mode: Mode) -> httpx.URL:
    """The base URL, without a slash at its end, once it is safe to send a key there.

    Raises:
        InsecureBaseUrl: it is not an http(s) URL, has user-info, a query or a fragment, is plain http to another
            machine, or is plain http with a live key.
    """
    try:
        url = httpx.URL(text.rstrip("/"))
    except (httpx.InvalidURL, TypeError, ValueError):
        raise InsecureBaseUrl(f"the base URL {quoted(text, 120)} is not a URL.") from None
    if url.scheme not in _PORTS or not url.host:
        raise InsecureBaseUrl(f"the base URL {quoted(text, 120)} must begin with https:// and name a host.")
    if url.userinfo or "?" in text or "#" in text:
        raise InsecureBaseUrl("the base URL must have no user name, password, query or fragment.")
    if url.scheme == "http" and not is_loopback(url.host):
        raise InsecureBaseUrl(f"the base URL must be https: plain http to {quoted(url.host)} would show the key.")
    if url.scheme == "http" and mode == "production":
        raise InsecureBaseUrl("a live key is sent over https only.")
    return url


def origin_of(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port; the port is there even where the URL leaves it out."""
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme)


class BoundAuth(httpx.Auth):
    """Puts the key on requests to one origin, and refuses to on any other."""

    def __init__(self, key: Secret, base_url: httpx.URL) -> None:
        self._key = key
        self._origin = origin_of(base_url)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Set the Authorization header.

        Raises:
            ForeignUrl: the request goes to another scheme, host or port, or its URL has user-info.
        """
        if origin_of(request.url) != self._origin or request.url.userinfo:
            raise ForeignUrl(str(request.url), "it is not of the API's own origin")
        request.headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        yield request

    def __repr__(self) -> str:
        scheme, host, port = self._origin
        return f"<BoundAuth {scheme}://{host}:{port}>"
