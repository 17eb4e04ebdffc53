"""What went wrong below HTTP, in the words of the client's errors."""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

from charge_tui.api.errors import AnswerLost, ChargeError, NotReached, Unusable
from charge_tui.api.words import quoted

_OS_WORDS = {
    errno.ECONNREFUSED: "the connection was refused",
    errno.ECONNRESET: "the connection was reset",
    errno.EHOSTUNREACH: "there is no route to it",
    errno.ENETUNREACH: "the network is unreachable",
}


def tls_context(path: str | None, plain: bool) -> ssl.SSLContext:
    """What a server's certificate is checked against: the usual roots, and those in the PEM file ``path``.

    For a ``plain`` base URL there is nothing to check, so nothing is loaded, and no certificate would pass.

    Raises:
        Unusable: the file, or the one that SSL_CERT_FILE names, cannot be read or holds no certificate.
    """
    if plain:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context = httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        raise Unusable(f"the usual certificates cannot be read; see SSL_CERT_FILE ({_word(error)}).") from None
    try:
        if path is not None:
            context.load_verify_locations(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise Unusable(f"the file of certificates {quoted(path or '')} cannot be used ({_word(error)}).") from None
    return context


def describe(error: Exception, host: str, task: str) -> ChargeError:
    """The client's error for one of httpx's, of the system's, or one of its own that passed through httpx."""
    if isinstance(error, ChargeError):
        error.task = error.task or task
        return error.with_traceback(None)
    if isinstance(error, httpx.InvalidURL):
        return Unusable("the request has no valid URL.", task=task)
    if isinstance(error, httpx.PoolTimeout):
        return NotReached(host, "no connection was free", task=task)
    if isinstance(error, httpx.ConnectTimeout):
        return NotReached(host, "no connection in time", task=task)
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return _not_connected(error, host, task)
    return AnswerLost(host, _lost(error), task=task)


def _not_connected(error: Exception, host: str, task: str) -> NotReached:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NotReached(host, f"its certificate is not valid: {cause.verify_message}", task=task, again=False)
        if isinstance(cause, ssl.SSLError):
            return NotReached(host, "no TLS connection could be agreed on", task=task)
        if isinstance(cause, socket.gaierror):
            return NotReached(host, "its name could not be resolved", task=task)
    if isinstance(error, httpx.ProxyError):
        return NotReached(host, "the proxy refused", task=task)
    return NotReached(host, _word(error), task=task)


def _lost(error: Exception) -> str:
    if isinstance(error, httpx.ReadTimeout):
        return "no answer in time"
    if isinstance(error, httpx.WriteTimeout):
        return "the request could not be sent in time"
    if isinstance(error, httpx.RemoteProtocolError):
        return "cut off, or not HTTP"
    return _word(error)


def _word(error: Exception) -> str:
    for cause in _causes(error):
        if isinstance(cause, ConnectionResetError):
            return _OS_WORDS[errno.ECONNRESET]
        if isinstance(cause, OSError) and cause.errno in _OS_WORDS:
            return _OS_WORDS[cause.errno]
        if isinstance(cause, OSError) and cause.strerror:
            return quoted(cause.strerror)
    return "the connection broke" if isinstance(error, httpx.TransportError) else type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and whatever it came from; an ExceptionGroup of connection attempts counts by its first."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.exceptions[0] if isinstance(at, BaseExceptionGroup) else at.__cause__ or at.__context__
