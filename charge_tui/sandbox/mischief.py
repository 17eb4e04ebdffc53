"""What faults do to the body of an answer: hostile text, odd rows, page URLs that lead astray."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

from charge_tui.sandbox.documents import encode

FOREIGN: Final = "http://elsewhere.example:8080"
HUGE: Final = 6_000_000

HOSTILE: Final = (
    "[/]",
    "[/red]",
    "[red]not red[/]",
    "[link=http://x]y[/link]",
    "[@click=app.quit]press me[/]",
    "([sys:LOCK=SAFE…])",
    "[red",
    "foo\\",
    "$x ${x} %s {0}",
    "\x1b]0;owned\x07title",
    "\x1b]52;c;b3duZWQ=\x07clipboard",
    "\x1b[2J\x1b[Hcleared",
    "\x1b[6n report",
    "\x9b31mC1\x9d0;x\x9c",
    "nul\x00bel\x07bs\x08del\x7f",
    "so\x0esi\x0f",
    "first\r\nsecond\tthird\x0b\x0c",
    "\u202egnp.exe\u202c",
    "\u2066isolated\u2069\u200f\u200b\ufeff\u00ad",
    "tag\U000e0041\U000e0042",
    "lone \ud800 surrogate",
    "Z" + "\u0301" * 200 + "algo",
    "👩‍👩‍👧‍👦 family",
    "漢字かな交じり文",
    "مرحبا שלום",
    "=HYPERLINK(\"http://x\")",
    "+1-1", "-2+3", "@SUM(A1)",
    "x" * 100_000,
    "",
    "   ",
)  # fmt: skip
"""Text that must never act: markup, terminal escapes, invisible and bidirectional characters, formulas, length."""

_FREE: Final = frozenset(
    {"name", "email", "phone", "registration_plate", "vin", "make", "model", "year", "operator", "operator_contact",
     "line1", "line2", "city", "state", "postal_code", "license_number", "bank_name", "brand", "message"}
)  # fmt: skip
_ROUND: Final = 7

Change = Callable[[Any], Any]


def spoil(kind: str, body: bytes, seed: int, ordinal: int, asked: str) -> bytes:
    """The body of an answer after a fault; ``asked`` is the URL of the request.

    What is not JSON, or has nothing that the fault concerns, stays as it is.
    """
    if kind == "huge":
        return b'{"padding":"' + b"x" * HUGE + b'"}'
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    rng = Random(f"{seed}:{kind}:{ordinal}")
    if kind == "hostile":
        return encode(_hostile(answer, rng)).encode()
    if kind == "odd":
        return encode(_odd(answer, rng)).encode()
    if isinstance(answer, dict) and "next_page_url" in answer:
        return encode(_astray(kind, answer, asked)).encode()
    return body


def _astray(kind: str, answer: dict[str, Any], asked: str) -> dict[str, Any]:
    parts = urlsplit(asked)
    if kind == "foreign-next":
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return answer | {"next_page_url": FOREIGN + path}
    if kind == "loop-next":
        return answer | {"next_page_url": asked}
    return answer | {"data": [], "next_page_url": answer["next_page_url"] or asked}


def _hostile(value: Any, rng: Random, name: str = "") -> Any:
    if isinstance(value, dict):
        if name == "metadata":
            texts = rng.sample(HOSTILE, _ROUND)
            return {text[:200] or "empty": rng.choice(HOSTILE) for text in texts}
        return {key: _hostile(inner, rng, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hostile(inner, rng, name) for inner in value]
    return rng.choice(HOSTILE) if name in _FREE and isinstance(value, str | None) else value


def _odd(answer: Any, rng: Random) -> Any:
    if not isinstance(answer, dict):
        return answer
    if isinstance(answer.get("data"), list):
        return answer | {"data": [_odd_row(row, rng) if rng.random() < 0.3 else row for row in answer["data"]]}
    return _odd_row(answer, rng)


def _odd_row(row: Any, rng: Random) -> Any:
    if not isinstance(row, dict) or row.get("object") == "error":
        return row
    ways: tuple[Change, ...] = (
        lambda row: row | {"status": rng.choice(("locked", "on_hold", "", "PENDING"))},
        lambda row: row | {"unheard_of": {"deep": [1, None, "x"]}, "priority": 3},
        lambda row: {key: value for key, value in row.items() if key not in ("driver", "metadata", "currency")},
        lambda row: {key: value for key, value in row.items() if key != "ideal_start"},
        lambda row: row | {"reservation_fee": "1200", "connector_type": "CCS"},
        lambda row: row | {"metadata": None, "location": "here"},
        lambda row: row | {"ideal_end": 1775010943, "updated": "yesterday"},
        lambda row: row | {"currency": "xbt", "failed_reason": "solar_flare", "connector_type": ["NACS", "MCS"]},
        lambda row: row | {"cancellation_policy": {"type": "non_refundable"}, "payment_method": None},
        lambda row: row | {"metadata": {"count": 3, "nested": {"a": [1]}, "none": None}},
        lambda _: rng.choice(("not an object", 7, None, [])),
    )  # fmt: skip
    return rng.choice(ways[:-1] if row.get("next_page_url") is not None else ways)(row)
