"""Text from elsewhere inside sentences: safe to show, and never a key."""

import re
from typing import Final

from charge_tui.domain.text import safe

_KEY: Final = re.compile(r"ch_sk_(test|live)_[A-Za-z0-9_]+")


def without_keys(text: str) -> str:
    """The text with anything that looks like a secret key cut down to its prefix."""
    return _KEY.sub(r"ch_sk_\1_…", text)


def quoted(text: str, limit: int = 300) -> str:
    """Text from outside as it may stand inside a sentence: harmless to a terminal, without keys, shortened."""
    return safe(without_keys(text), limit)


def tail(request_id: str | None) -> str:
    """The end of a sentence that names the request, empty where there is nothing to name."""
    return f" Request {quoted(request_id, 80)}." if request_id else ""
