"""Metadata as one line of text: ``trip_id=9384; note=gate 4``.

Backslash escapes stand for what a line cannot hold: ``\\;``, ``\\=``, ``\\\\``, ``\\n``, ``\\t``, ``\\u0007``. A key
that is left out is taken away.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from charge_tui.domain.text import safe

MOST_KEYS: Final = 50
LONGEST_KEY: Final = 40
LONGEST_VALUE: Final = 500
MOST_BYTES: Final = 20_000
"""The limits of metadata [docs-old: charge-api 1.10]; the current documentation does not say, so they only warn."""

_NAMED: Final = {"\\": "\\\\", ";": "\\;", "=": "\\=", "\n": "\\n", "\t": "\\t"}
_MEANT: Final = {"n": "\n", "t": "\t"}
_CANNOT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ESCAPED: Final = re.compile(r"\\(u([0-9a-f]{4})|.)", re.DOTALL)
_PART: Final = re.compile(r"(?:\\.|[^;\\])+|\\\Z", re.DOTALL)
_HALVES: Final = re.compile(r"((?:\\.|[^=\\])*)=(.*)", re.DOTALL)


def read_metadata(text: str, present: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The pairs that a text names, and a warning where the documented limits of old are broken.

    A pair whose text is that of the present one keeps the present value, even one that is no text.

    Raises:
        ValueError: a part has no "=", a key is empty or comes twice; the text is a sentence.
    """
    pairs: dict[str, Any] = {}
    kept = {(_escaped(key).strip(), _escaped(_text(value)).strip()): (key, value) for key, value in present.items()}
    for part in _PART.findall(text):
        if not part.strip():
            continue
        match = _HALVES.fullmatch(part)
        if match is None:
            raise ValueError(f"“{safe(part.strip(), 40)}” is no pair. Write key=value; other=value.")
        written = match[1].strip(), match[2].strip()
        key, value = kept.get(written) or _new(*written)
        if key in pairs:
            raise ValueError(f"The key “{safe(key, 40)}” comes twice.")
        pairs[key] = value
    return pairs, beyond_limits(pairs)


def text_of_metadata(pairs: Mapping[str, Any]) -> str:
    """The text that stands for these pairs."""
    return "; ".join(f"{_escaped(key)}={_escaped(_text(value))}" for key, value in pairs.items())


def beyond_limits(pairs: Mapping[str, Any]) -> str | None:
    """In a sentence, the limit that these pairs break, if the limits of old still hold."""
    if len(pairs) > MOST_KEYS:
        return f"There are {len(pairs)} keys; the server may take {MOST_KEYS} at the most."
    for key, value in pairs.items():
        if len(key) > LONGEST_KEY:
            return f"The key “{safe(key, 20)}” has {len(key)} characters; the server may take {LONGEST_KEY}."
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            return f"The value of “{safe(key, 20)}” has {len(value)} characters; the server may take {LONGEST_VALUE}."
    size = len(json.dumps(dict(pairs), ensure_ascii=False).encode("utf-8", "replace"))
    return f"These are {size} bytes; the server may take {MOST_BYTES}." if size > MOST_BYTES else None


def _new(key: str, value: str) -> tuple[str, str]:
    key, value = _plain(key), _plain(value)
    if not key:
        raise ValueError(f"The value “{safe(value, 40)}” has no key. Write key=value; other=value.")
    if _CANNOT.search(key) or _CANNOT.search(value.replace("\n", "").replace("\t", "")):
        raise ValueError(f"The pair of “{safe(key, 40)}” holds a control character, which cannot be sent.")
    return key, value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _escaped(text: str) -> str:
    named = "".join(_NAMED.get(char, char) for char in text)
    return _CANNOT.sub(lambda match: f"\\u{ord(match[0]):04x}", named)


def _plain(text: str) -> str:
    return _ESCAPED.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    return chr(int(match[2], 16)) if match[2] else _MEANT.get(match[1], match[1])
