"""Text from elsewhere inside Markdown: it is read as it stands, and makes no structure, no link and no HTML."""

import re
from typing import Final

from charge_tui.domain.text import safe

_ESCAPES: Final = {
    **{char: f"\\{char}" for char in "\\`*_[]|~"},
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "$": "&#36;",
}  # fmt: skip
_SPECIAL: Final = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
_ADDRESS: Final = re.compile(r":(?=//)|\.(?<=www\.)", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.-]+\Z")
_NUMBER: Final = re.compile(r"\d+(?=[.)])")


def escaped(text: str, limit: int = 500) -> str:
    """A text on one line that every Markdown reader shows as it is."""
    text = _SPECIAL.sub(lambda match: _ESCAPES[match[0]], safe(text, limit).strip())
    text = _ADDRESS.sub(lambda match: f"&#{ord(match[0])};", text)
    if text[:1] in tuple("#+-=:"):
        return "\\" + text
    if number := _NUMBER.match(text):
        return f"{number[0]}\\{text[number.end() :]}"
    return text


def code(text: str, limit: int = 80) -> str:
    """An id as code; one that is no plain word as escaped text."""
    return f"`{text}`" if _PLAIN.match(text) and len(text) <= limit else escaped(text, limit)


def cells(values: "list[str]") -> str:
    """A row of a table; the values are escaped already."""
    return "| " + " | ".join(value or " " for value in values) + " |"
