"""Everything that the client raises.

    ChargeError
    ├── Unusable (also a ValueError)   nothing was sent: an argument, the key or the base URL cannot be used
    │   ├── KeyMalformed
    │   └── InsecureBaseUrl
    ├── WriteBlocked                   nothing was sent: the client is read-only
    ├── NotReached                     nothing was done: no connection came about (DNS, TCP, TLS)
    ├── AnswerLost                     sent, and no whole answer came back (time-out, reset, cut off, not HTTP)
    ├── AnswerUnreadable               an answer came, and it is not what is documented (HTML, broken JSON, too big)
    ├── FeedFault                      the answer leads where the key must not go
    │   ├── ForeignUrl
    │   ├── Redirected
    │   └── PageLoop
    ├── APIError                       the API said no
    │   ├── Refused                    4xx: nothing was done
    │   │   ├── InvalidRequest         400, 422 and any other 4xx
    │   │   ├── AuthenticationFailed   401
    │   │   ├── PermissionDenied       403
    │   │   ├── NotFound               404
    │   │   ├── Conflict               409
    │   │   └── RateLimited            429
    │   └── ServerFault                5xx
    └── OutcomeUnknown                 a POST that may or may not have taken effect

Each has ``sentence``, a full sentence for a person (what was tried, what came of it, the request id), made of safe text
and never holding the key; ``str()`` of it is the same in short. A POST never raises ServerFault, AnswerLost or
AnswerUnreadable by itself: these stand as ``last`` in the OutcomeUnknown that it raises.
"""

from collections.abc import Sequence
from typing import Any

from charge_tui.api.meta import Meta
from charge_tui.api.words import quoted, tail


class ChargeError(Exception):
    """What any call of the client may raise.

    ``task`` says what was tried ("cancel reservation res_1"), ``problem`` what came of it, both safe to show.
    """

    again: bool = False
    """Whether the same request may well succeed when it is sent again."""

    def __init__(
        self, problem: str, *, task: str = "", meta: Meta | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.task = task
        self.meta = meta
        self.request_id = request_id or (meta.request_id if meta else None)

    @property
    def sentence(self) -> str:
        """What happened, to what, and the request id if there is one."""
        return (f"Could not {self.task}: " if self.task else "") + self.problem + tail(self.request_id)

    def __str__(self) -> str:
        return self.problem


class Unusable(ChargeError, ValueError):
    """An argument cannot be used; nothing was sent."""


class KeyMalformed(Unusable):
    """The key does not look like a secret key of the Charge API; its value is never shown."""


class InsecureBaseUrl(Unusable):
    """The base URL would carry the key unencrypted, or is no usable http(s) URL."""


class WriteBlocked(ChargeError):
    """The client is read-only; nothing was sent."""


class NotReached(ChargeError):
    """No connection came about, so nothing was done; ``reason`` says why in a few words."""

    def __init__(self, host: str, reason: str, *, task: str = "", again: bool = True) -> None:
        super().__init__(f"{host} could not be reached ({reason}).", task=task)
        self.reason = reason
        self.again = again


class AnswerLost(ChargeError):
    """The request left, and no whole answer came back; ``reason`` says why in a few words."""

    def __init__(self, host: str, reason: str, *, task: str = "", again: bool = True) -> None:
        super().__init__(f"the answer of {host} was lost ({reason}).", task=task)
        self.reason = reason
        self.again = again


class AnswerUnreadable(ChargeError):
    """An answer came whole, and is not what is documented; ``row`` holds the object if only that was odd."""

    def __init__(
        self, problem: str, *, task: str = "", meta: Meta | None = None, row: Any = None, request_id: str | None = None
    ) -> None:
        super().__init__(problem, task=task, meta=meta, request_id=request_id)
        self.row = row


class FeedFault(ChargeError):
    """The API's answer leads to a place where this client does not go."""


class ForeignUrl(FeedFault):
    """A URL to follow has another origin or path than the API's own; it was not requested. ``url`` is as it came."""

    def __init__(self, url: str, reason: str, *, task: str = "") -> None:
        super().__init__(f"the page URL {quoted(url, 120)} is not followed: {reason}.", task=task)
        self.url = url


class Redirected(FeedFault):
    """The answer was a redirect (any 3xx), which is never followed. ``location`` is as it came."""

    def __init__(self, location: str | None, *, task: str = "", meta: Meta) -> None:
        where = f" to {quoted(location, 120)}" if location else ""
        super().__init__(f"the answer was a redirect ({meta.status}){where}, not followed.", task=task, meta=meta)
        self.location = location


class PageLoop(FeedFault):
    """A page leads to one that was read before in the same sequence. ``url`` is as it came."""

    def __init__(self, url: str, *, task: str = "") -> None:
        super().__init__("the pages lead in a circle, so the list has no end.", task=task)
        self.url = url


class APIError(ChargeError):
    """An answer of status 400 or more, with the members of the API's error object [docs: charge-api 1.11].

    ``type``, ``code``, ``param``, ``message`` and ``doc_url`` are as they came, None where they are absent;
    ``retry_after`` is in seconds from the answer, None where the answer does not say.
    """

    def __init__(
        self,
        problem: str,
        *,
        task: str = "",
        meta: Meta,
        type: str | None = None,
        code: str | None = None,
        param: str | None = None,
        message: str | None = None,
        doc_url: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(problem, task=task, meta=meta, request_id=request_id)
        self.status = meta.status
        self.type = type
        self.code = code
        self.param = param
        self.message = message
        self.doc_url = doc_url
        self.retry_after = retry_after


class Refused(APIError):
    """A 4xx: the API understood and said no; nothing was done."""


class InvalidRequest(Refused):
    """400, 422, or any 4xx without a class of its own; ``param`` may name what is at fault."""


class AuthenticationFailed(Refused):
    """401: the key is missing, wrong or no longer valid."""


class PermissionDenied(Refused):
    """403: the key may not do this."""


class NotFound(Refused):
    """404: no such object."""


class Conflict(Refused):
    """409: the object is not in a state for this, or something else is going on with it."""


class RateLimited(Refused):
    """429: too many requests; ``retry_after`` says for how many seconds to leave the API alone, if it does."""

    again = True


class ServerFault(APIError):
    """5xx: the fault is the API's, or a gateway's before it."""

    again = True


class OutcomeUnknown(ChargeError):
    """A POST that may or may not have taken effect.

    Look before anything is sent again, and then with the same ``idempotency_key`` and the same body only. ``attempts``
    counts how often it was sent; ``last`` is what ended the last one.
    """

    def __init__(self, last: ChargeError, *, idempotency_key: str, attempts: int) -> None:
        super().__init__(last.problem, task=last.task, meta=last.meta, request_id=last.request_id)
        self.last = last
        self.idempotency_key = idempotency_key
        self.attempts = attempts

    @property
    def sentence(self) -> str:
        """What is unknown, why, and with which key to ask again."""
        times = "once" if self.attempts == 1 else f"{self.attempts} times"
        return (
            f"It is unknown whether this took effect: {self.task}. Sent {times}; at last, {self.problem}"
            f"{tail(self.request_id)} Idempotency key {self.idempotency_key}."
        )

    def __str__(self) -> str:
        return f"outcome unknown: {self.problem}"


BY_STATUS: dict[int, type[Refused]] = {
    401: AuthenticationFailed,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
}
"""The class of a refusal; any other 4xx is an InvalidRequest."""

__all__: Sequence[str] = [
    "APIError",
    "AnswerLost",
    "AnswerUnreadable",
    "AuthenticationFailed",
    "ChargeError",
    "Conflict",
    "FeedFault",
    "ForeignUrl",
    "InsecureBaseUrl",
    "InvalidRequest",
    "KeyMalformed",
    "NotFound",
    "NotReached",
    "OutcomeUnknown",
    "PageLoop",
    "PermissionDenied",
    "RateLimited",
    "Redirected",
    "Refused",
    "ServerFault",
    "Unusable",
    "WriteBlocked",
]
