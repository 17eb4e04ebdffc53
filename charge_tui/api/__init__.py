"""The Charge API over HTTP, for asyncio.

    from charge_tui.api import ChargeClient, ChargeError

    async def main(key: str, base_url: str) -> None:
        async with ChargeClient(key, base_url) as charge:
            async for r in charge.reservations.list(status="pending", limit=100):
                print(r.id, r.ideal_start)
            try:
                changed = await charge.reservations.update(r.id, {"metadata": {"trip_id": "7"}})
                outcome = await charge.reservations.confirm(changed.id)
                if outcome.status == "confirmed":  # a 2xx may hold "failed"
                    await charge.reservations.cancel(changed.id)
            except ChargeError as error:
                print(error.sentence)

    asyncio.run(main("ch_sk_test_…", "https://api.chargeapi.co/v1"))

**Errors.** ``charge_tui.api.errors`` says what each means. Each has ``sentence`` for a person, ``request_id`` for the
support, and ``meta``.

    ChargeError
    ├── Unusable: KeyMalformed, InsecureBaseUrl      nothing was sent
    ├── WriteBlocked                                 nothing was sent
    ├── NotReached                                   nothing was done
    ├── AnswerLost, AnswerUnreadable                 of a GET
    ├── FeedFault: ForeignUrl, Redirected, PageLoop  not followed
    ├── APIError
    │   ├── Refused: InvalidRequest, AuthenticationFailed, PermissionDenied, NotFound, Conflict, RateLimited
    │   └── ServerFault                              of a GET
    └── OutcomeUnknown                               of a POST that may or may not have taken effect

**Retries.** Three by default, with jitter and Retry-After, decided in ``charge_tui.api.retry``; ``retry=NO_RETRY`` for
the client or a call turns them off. An Observer sees each of them.

**Idempotency.** Every POST carries an Idempotency-Key: the one that is given, else a new UUIDv4. Retries repeat the key
and the body byte by byte. Give your own key when the intent must survive this process; one key belongs to one body, and
keys lapse after 24 hours [docs-old]. If the answer is lost for good, OutcomeUnknown says so and names the key. A call
that is cancelled while it waits is not taken back: its request ends by itself, and what it did is not known.

**Safety.** The key is sent to the origin of the base URL alone. Redirects and page URLs of another origin or path are
errors, a body is read up to 5 MB, and a read-only client sends nothing but GET.
"""

from charge_tui.api import lean as lean
from charge_tui.api.client import DEFAULT_BASE_URL, ChargeClient
from charge_tui.api.errors import (
    AnswerLost,
    AnswerUnreadable,
    APIError,
    AuthenticationFailed,
    ChargeError,
    Conflict,
    FeedFault,
    ForeignUrl,
    InsecureBaseUrl,
    InvalidRequest,
    KeyMalformed,
    NotFound,
    NotReached,
    OutcomeUnknown,
    PageLoop,
    PermissionDenied,
    RateLimited,
    Redirected,
    Refused,
    ServerFault,
    Unusable,
    WriteBlocked,
)
from charge_tui.api.meta import Meta, Observer, Sent, noting_answers
from charge_tui.api.pages import Page, PageFeed, PageOf
from charge_tui.api.retry import NO_RETRY, RetryPolicy
from charge_tui.api.transport import Timeouts

__all__ = [
    "DEFAULT_BASE_URL",
    "NO_RETRY",
    "APIError",
    "AnswerLost",
    "AnswerUnreadable",
    "AuthenticationFailed",
    "ChargeClient",
    "ChargeError",
    "Conflict",
    "FeedFault",
    "ForeignUrl",
    "InsecureBaseUrl",
    "InvalidRequest",
    "KeyMalformed",
    "Meta",
    "NotFound",
    "NotReached",
    "Observer",
    "OutcomeUnknown",
    "Page",
    "PageFeed",
    "PageLoop",
    "PageOf",
    "PermissionDenied",
    "RateLimited",
    "Redirected",
    "Refused",
    "RetryPolicy",
    "Sent",
    "ServerFault",
    "Timeouts",
    "Unusable",
    "WriteBlocked",
    "noting_answers",
]
