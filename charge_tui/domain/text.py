"""Text from elsewhere, made harmless at the border to whatever shows, logs or exports it."""

import re
import unicodedata
from typing import Final

_CONTROL: Final = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f"
    "\ud800-\udfff\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_PLAIN: Final = re.compile(r"[\x20-\x7e]*\Z")
_MARKS_KEPT: Final = 3


def safe(text: str, limit: int = 500) -> str:
    """Text that no terminal acts on: one line, no controls, no bidi or invisible characters, at most ``limit`` long.

    A line feed becomes ``⏎``, a tab a space, a carriage return nothing; every other control, bidi, zero-width or
    surrogate character becomes U+FFFD; of combining marks three in a row are kept. Markup is left as it is: the result
    belongs into ``Content`` or ``Text``, never into a markup string.
    """
    if len(text) > limit * 4:
        text = text[: limit * 4]
    if not _PLAIN.match(text):
        text = text.replace("\r", "").replace("\n", "⏎").replace("\t", " ")
        text = _thin_marks(_CONTROL.sub("\ufffd", text))
    return text if len(text) <= limit else text[: limit - 1] + "…"


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
