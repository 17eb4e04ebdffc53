"""When a request is sent again, after how long, and what a POST that failed is known to have done.

The one place where repetition is decided:

- GET is repeated after NotReached, AnswerLost, 429 and every 5xx (500 too: reading twice does no harm).
- POST is repeated after the same, and after an unreadable 2xx; always with the same Idempotency-Key and the same bytes,
  which by the documentation gives the first outcome again [docs: charge-api 1.12].
- Nothing else is repeated: a refusal stays one, and a certificate does not become valid by asking again.
- The wait is full jitter below a doubling ceiling, or Retry-After where the answer has one. A Retry-After longer than
  ``longest_wait`` is not waited for: the error is raised, and the caller obeys its ``retry_after``.
"""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Final, TypeVar

from charge_tui.api.errors import (
    AnswerLost,
    AnswerUnreadable,
    APIError,
    ChargeError,
    OutcomeUnknown,
    Redirected,
    Refused,
    ServerFault,
)
from charge_tui.api.meta import Observer
from charge_tui.clock import Clock
from charge_tui.records import dataclass

T = TypeVar("T")

_AT_THE_GATE: Final = frozenset({401, 403, 408, 425, 429})
"""Refusals that are decided before an idempotency key is looked up, so they tell nothing about an earlier attempt."""

_NOT_HERE: Final = frozenset({307, 308})
"""Redirects that ask for the same request elsewhere: the first place did nothing."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a request is repeated. Times are in seconds."""

    retries: int = 3
    """Repetitions after the first attempt."""
    base: float = 0.5
    """The first wait is drawn from zero up to this; each further ceiling is twice the one before."""
    ceiling: float = 8.0
    """No drawn wait is longer."""
    longest_wait: float = 120.0
    """A Retry-After up to this is waited for, a longer one is raised."""

    def wait(self, attempt: int, error: ChargeError, rng: Random) -> float | None:
        """Seconds until the next attempt, or None when there is none."""
        if attempt > self.retries:
            return None
        drawn = rng.uniform(0.0, min(self.ceiling, self.base * 2.0 ** (attempt - 1)))
        told = error.retry_after if isinstance(error, APIError) else None
        if told is None:
            return drawn
        return told + min(drawn, self.base) if told <= self.longest_wait else None


NO_RETRY: Final = RetryPolicy(retries=0)
"""One attempt."""


async def persist(
    once: Callable[[int], Awaitable[T]],
    policy: RetryPolicy,
    *,
    idempotency_key: str | None,
    clock: Clock,
    rng: Random,
    observer: Observer,
) -> T:
    """Call ``once`` with the attempt's number until it succeeds or the policy says stop; a key makes it a POST.

    Raises:
        OutcomeUnknown: a POST was sent at least once and its effect is not certain.
        ChargeError: whatever ended the last attempt, in every other case.
    """
    attempt, doubtful = 0, False
    while True:
        attempt += 1
        try:
            return await once(attempt)
        except ChargeError as error:
            fault = error
        doubtful = doubtful or leaves_doubt(fault)
        wait = policy.wait(attempt, fault, rng) if repeatable(fault, idempotency_key is not None) else None
        if wait is None:
            break
        observer.retrying(attempt, wait, fault)
        await clock.sleep(wait)
    if idempotency_key is not None and doubtful and not settles(fault):
        unknown = OutcomeUnknown(fault, idempotency_key=idempotency_key, attempts=attempt)
        observer.failed(unknown)
        raise unknown from fault
    observer.failed(fault)
    raise fault


def repeatable(error: ChargeError, is_post: bool) -> bool:
    """Whether the same request may be sent again after this error."""
    return error.again or (is_post and isinstance(error, AnswerUnreadable) and error.row is None)


def leaves_doubt(error: ChargeError) -> bool:
    """Whether a POST that ended so may have taken effect."""
    if isinstance(error, Redirected):
        return error.meta is None or error.meta.status not in _NOT_HERE
    return isinstance(error, AnswerLost | AnswerUnreadable | ServerFault)


def settles(error: ChargeError) -> bool:
    """Whether an answer to a repeated POST says what became of the attempts before it.

    A refusal of the request itself does: with the same key it is the outcome. One that came from the gate does not, nor
    one that an earlier attempt may itself have caused (a conflict, a state that no longer allows it).
    """
    if not isinstance(error, Refused) or error.status in _AT_THE_GATE or error.status == 409:
        return False
    code = error.code or ""
    return "invalid_state" not in code and "conflict" not in code
