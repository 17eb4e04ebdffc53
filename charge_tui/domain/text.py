"""Text from elsewhere, made harmless at the border to whatever shows, logs or exports it."""

import json
import re
import unicodedata
from typing import Any, Final

_CONTROL: Final = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_KEY: Final = re.compile(r"(ch_sk_(?:test|live)_)[a-z0-9_]+", re.ASCII | re.IGNORECASE)
_PLAIN: Final = re.compile(r"[\x20-\x7e]*\Z")
_MARKS_KEPT: Final = 3


def without_keys(text: str) -> str:
    """The text with anything that looks like a secret key cut down to its mode ("ch_sk_test_…")."""
    return _KEY.sub(r"\1…", text) if "_sk_" in text or "_SK_" in text else text


def with_keys_hidden(text: str) -> str:
    """The same, as long as it was: what is typed in must keep its places."""
    return _KEY.sub(lambda key: key[1] + "…" * (len(key[0]) - len(key[1])), text)


def safe(text: str, limit: int = 500) -> str:
    """Text that no terminal acts on: one line, no controls, no bidi or invisible characters, at most ``limit`` long.

    A line feed becomes ``⏎``, a tab a space, a carriage return nothing; every other control, bidi, zero-width or
    surrogate character becomes U+FFFD; of combining marks three in a row are kept; of a secret key that somebody put
    into the data only its mode is left. Markup is left as it is: the result belongs into ``Content`` or ``Text``,
    never into a markup string.
    """
    if len(text) > limit * 4:
        text = text[: limit * 4]
    text = without_keys(text)
    if not _PLAIN.match(text):
        text = text.replace("\r", "").replace("\n", "⏎").replace("\t", " ")
        text = _thin_marks(_CONTROL.sub("\ufffd", text))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plain_lines(text: str) -> str:
    """Text of several lines that no terminal acts on, of any length: tabs and line feeds stay, keys do not."""
    return _CONTROL.sub(lambda found: found[0] if found[0] == "\t" else "\ufffd", without_keys(text.replace("\r", "")))


def plain_json(value: Any, *, indent: int | None = None, ascii_only: bool = True) -> str:
    """JSON that no terminal acts on: what one would act on is written as an escape, so that its meaning stays.

    Only a secret key is lost, down to its mode. Without ``ascii_only`` letters of all scripts stay readable.
    """
    separators = (",", ":") if indent is None else None
    text = without_keys(json.dumps(value, indent=indent, separators=separators, ensure_ascii=ascii_only))
    return _CONTROL.sub(lambda found: json.dumps(found[0]).strip('"').replace("\x7f", "\\u007f"), text)


def _thin_marks(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= _MARKS_KEPT:
            kept.append(char)
    return "".join(kept)


def short_id(identity: str, head: int = 7, tail: int = 4) -> str:
    """An id that fits a narrow place, safe to show ("res_BzP…ypDnW"); whole where it is short enough anyway."""
    identity = safe(identity, 200)
    return identity if len(identity) <= head + tail + 1 else f"{identity[:head]}…{identity[-tail:]}"
