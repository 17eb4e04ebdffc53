"""Text that other systems may put into any field: markup, escapes, controls, bidi, huge and odd characters."""

from typing import Any

HOSTILE = (
    "[/]",
    "[/red]",
    "[/",
    "[red",
    "[bold red]text[/]",
    "[@click=app.quit]press[/]",
    "[link=http://x]y[/link]",
    "([sys:LOCK=SAFE…])",
    "foo\\",
    "[1 3",
    "\x1b]0;title\x07",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b[2J\x1b[6n\x1b[31mred",
    "\x9b31mred\x9d0;t\x9c",
    "nul\x00so\x0esi\x0fdel\x7f",
    "right\u202eleft\u2066iso\u2069\u200f\u061c",
    "zero\u200bwidth\u2060\ufeff\xad",
    "tags\U000e0041\U000e007f",
    "line\nfeed\r\ntab\tbell\x07back\x08",
    "combining" + "\u0301" * 200,
    "漢字仮名まじり文の名前",
    "👩\u200d👩\u200d👧\u200d👦 family 🏳️\u200d🌈",
    "ﷺ﷽ العربية עברית",
    "x" * 100_000,
    "\u2028\u2029\ufff9\ufffb",
    "${markup} $error $background {0} %s",
    "",
)

FORBIDDEN = frozenset(
    {chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))}
    | set("\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\xad")
)
"""What must never reach a terminal from data."""


def hostile_reservation(text: str, number: int) -> dict[str, Any]:
    """A reservation with a text in every field that takes one, times that can be read."""
    return {
        "id": f"res_{number}{text}",
        "object": text,
        "status": "pending" if number % 3 else text,
        "ideal_start": f"2026-04-01T01:{number % 60:02d}:00.000Z",
        "ideal_end": "2026-04-01T03:00:00.000Z",
        "created": "2026-03-31T01:00:00.000Z",
        "updated": "2026-03-31T02:00:00.000Z",
        "driver": text,
        "vehicle": text,
        "charging_station": text,
        "connector_type": [text, text],
        "failed_reason": text,
        "cancellation_policy": {"type": text, "free_until_before": 1800},
        "reservation_fee": 1200,
        "currency": text,
        "payment_method": text,
        "metadata": {text: text, "nested": {text: [text]}},
        f"unknown {text}": text,
    }
