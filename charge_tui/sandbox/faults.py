"""Trouble to order: what a fault specification means, and which faults strike a request.

    NAME[:VALUE][@QUALIFIER[,QUALIFIER...]]

as in ``latency:0.5``, ``429:30@p=0.2`` or ``lost@count=1,method=POST,path=/v1/reservations/*``.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from typing import Final

STATUSES: Final = frozenset({400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504})
"""HTTP statuses that can be ordered as an answer."""

KINDS: Final = {
    "latency": "answer SECONDS later (default 1)",
    "status": "answer with the status NAME, one of " + " ".join(map(str, sorted(STATUSES))) + "; 429 and 5xx may "
    "name the seconds of Retry-After (429:30)",
    "reset": "reset the connection before any answer",
    "hang": "take the request and stay silent for SECONDS (default 3600), then close",
    "half": "send half of the body, then close",
    "html": "answer as a proxy does, with a page of HTML and STATUS (default 502)",
    "lost": "do what was asked, then close without an answer",
    "redirect": "answer 307 to another host",
    "foreign-next": "name another origin in next_page_url",
    "loop-next": "name the same page in next_page_url",
    "empty-next": "give an empty page that has a next_page_url",
    "huge": "send a body of 6 MB",
    "skew": "run the Date header ahead by SECONDS (default 120, may be negative)",
    "hostile": "put hostile text into every free field",
    "odd": "send unknown statuses, unknown and missing fields and odd types in some rows",
}
"""Each kind of fault with its meaning in one line."""

QUALIFIERS: Final = {
    "p": "strikes with this probability (0 to 1)",
    "count": "strikes so many times, then is over",
    "after": "leaves the first so many matching requests alone",
    "method": "strikes only this method",
    "path": "strikes only paths that match, * for anything (default /v1/*)",
}

_STATUS_NAMES: Final = frozenset(map(str, STATUSES))
_MAY_WAIT: Final = frozenset({"429", "500", "502", "503", "504"})
_DEFAULTS: Final = {"latency": 1.0, "hang": 3600.0, "html": 502.0, "skew": 120.0}


@dataclass
class Fault:
    """One ordered fault and how often it has struck."""

    spec: str
    kind: str
    value: float | None = None
    probability: float = 1.0
    count: int | None = None
    after: int = 0
    method: str | None = None
    path: str = "/v1/*"
    seen: int = field(default=0, compare=False)
    struck: int = field(default=0, compare=False)

    @property
    def status(self) -> int | None:
        """The HTTP status that this fault answers with, None for the other kinds."""
        return int(self.kind) if self.kind in _STATUS_NAMES else None

    def strikes(self, method: str, path: str, rng: Random) -> bool:
        """Whether this request is struck; counts it."""
        if (self.method is not None and method != self.method) or not fnmatchcase(path, self.path):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.count is not None and self.struck >= self.count):
            return False
        if self.probability < 1 and rng.random() >= self.probability:
            return False
        self.struck += 1
        return True


def parse_fault(spec: str) -> Fault:
    """Read a fault specification.

    Raises:
        ValueError: one sentence that says what is wrong with it.
    """
    head, at, tail = spec.strip().partition("@")
    kind, colon, text = head.partition(":")
    if kind not in _STATUS_NAMES and (kind not in KINDS or kind == "status"):
        known = ", ".join(name for name in KINDS if name != "status")
        raise ValueError(
            f"fault {spec!r}: there is no {kind!r}; there are {known} and HTTP statuses such as 429 or 503"
        )
    fault = Fault(spec.strip(), kind, _value(spec, kind, text if colon else None))
    for part in tail.split(",") if at else ():
        _qualify(fault, spec, part)
    return fault


def _value(spec: str, kind: str, text: str | None) -> float | None:
    takes_value = kind in _DEFAULTS or kind in _MAY_WAIT
    if text is None:
        return _DEFAULTS.get(kind)
    if not takes_value:
        raise ValueError(f"fault {spec!r}: {kind} takes no value")
    value = _number(spec, text)
    if kind == "html" and not 200 <= value <= 599:
        raise ValueError(f"fault {spec!r}: an HTTP status is 200 to 599")
    if kind != "skew" and value < 0:
        raise ValueError(f"fault {spec!r}: {kind} takes no negative value")
    if abs(value) > 10_000_000:
        raise ValueError(f"fault {spec!r}: {text} is too much")
    return value


def _qualify(fault: Fault, spec: str, part: str) -> None:
    name, equals, text = part.partition("=")
    if name not in QUALIFIERS or not equals or not text:
        raise ValueError(f"fault {spec!r}: a qualifier is one of {', '.join(QUALIFIERS)} with =, not {part!r}")
    if name == "p":
        fault.probability = _number(spec, text)
        if not 0 <= fault.probability <= 1:
            raise ValueError(f"fault {spec!r}: p is 0 to 1")
    elif name in ("count", "after"):
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            raise ValueError(f"fault {spec!r}: {name} is a whole number")
        setattr(fault, name, int(text))
    elif name == "method":
        fault.method = text.upper()
    else:
        fault.path = text


def _number(spec: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"fault {spec!r}: {text!r} is not a number")
    return value


class Faults:
    """The faults in force. Which request is struck follows from the seed and the requests alone."""

    def __init__(self, seed: int, specs: Iterable[str] = ()) -> None:
        self._seed = seed
        self._ordered: list[Fault] = []
        self._rng = Random(f"{seed}:faults")
        self.order(specs)

    def order(self, specs: Iterable[str]) -> None:
        """Replace all faults; a bad specification changes nothing and raises ValueError."""
        self._ordered = [parse_fault(spec) for spec in specs]
        self._rng = Random(f"{self._seed}:faults")

    @property
    def specs(self) -> list[str]:
        """The specifications in force, as they were ordered."""
        return [fault.spec for fault in self._ordered]

    @property
    def ordered(self) -> Sequence[Fault]:
        """The faults in force with their counts."""
        return tuple(self._ordered)

    def strike(self, method: str, path: str) -> list[Fault]:
        """The faults that strike this request."""
        return [fault for fault in self._ordered if fault.strikes(method, path, self._rng)]


def describe() -> str:
    """The grammar and the kinds as text for ``--help``."""
    kinds = "\n".join(f"  {name:<14}{meaning}" for name, meaning in KINDS.items())
    qualifiers = "\n".join(f"  {name:<14}{meaning}" for name, meaning in QUALIFIERS.items())
    return (
        "SPEC is NAME[:VALUE][@QUALIFIER[,QUALIFIER...]], as in latency:0.5, 429:30@p=0.2 or\n"
        "lost@count=1,method=POST,path=/v1/reservations/*.\n\nNAME:\n"
        f"{kinds}\n\nQUALIFIER (NAME=VALUE):\n{qualifiers}"
    )
