"""One exchange: what leaves, what came, and whom to tell about it while it goes on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from charge_tui.records import dataclass

if TYPE_CHECKING:
    from charge_tui.api.errors import ChargeError


@dataclass(frozen=True, slots=True)
class Sent:
    """A request at the moment in which it leaves."""

    method: str
    path: str
    """The path without its query, percent-encoded."""
    attempt: int
    """1 for the first time, 2 for the first repetition."""
    sent_at: float
    """Monotonic seconds of the client's clock."""


@dataclass(frozen=True, slots=True)
class Meta:
    """An answer without its body. ``sent_at`` and ``received_at`` are monotonic seconds of the client's clock."""

    method: str
    path: str
    status: int
    request_id: str | None
    """From the header, or from the error body [docs]; a header on success is not documented [unknown]."""
    date: datetime | None
    """The server's wall time by its Date header, in UTC, whole seconds."""
    world_now: datetime | None
    """The sandbox's world time, in UTC; only on a loopback host."""
    rate: float | None
    """World seconds per real second in the sandbox; only on a loopback host."""
    sent_at: float
    received_at: float
    size: int
    """Bytes of the body, decoded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of any status, read as far as it could be."""

    meta: Meta
    headers: Mapping[str, str] = field(repr=False)
    """Names in any case."""
    body: bytes = field(repr=False)
    task: str
    flaw: str | None = None
    """What kept the body from being read to its end, although it came; ``body`` is what there was until then."""

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become U+FFFD."""
        return self.body.decode("utf-8-sig", "replace")


class Observer:
    """Told about every exchange, on the event loop; the base class does nothing. A callback must not raise or wait."""

    def sending(self, request: Sent) -> None:
        """A request is about to leave; called once for each attempt."""

    def answered(self, meta: Meta) -> None:
        """An answer of any status has come whole."""

    def retrying(self, attempt: int, seconds: float, error: "ChargeError") -> None:
        """Attempt number ``attempt`` failed with ``error``; the next one follows after ``seconds``."""

    def failed(self, error: "ChargeError") -> None:
        """A call has ended with this error, which its caller gets."""

    def renewed(self, reason: str) -> None:
        """The pool of connections was replaced."""


_NOTED: Final[ContextVar[list[Meta] | None]] = ContextVar("noted", default=None)


@contextmanager
def noting_answers() -> Iterator[list[Meta]]:
    """The answers to the calls that are made inside, in order, repetitions included; it fills as they come."""
    answers: list[Meta] = []
    token = _NOTED.set(answers)
    try:
        yield answers
    finally:
        _NOTED.reset(token)


def note_answer(meta: Meta) -> None:
    """Let whoever made the call know of its answer."""
    noted = _NOTED.get()
    if noted is not None:
        noted.append(meta)
