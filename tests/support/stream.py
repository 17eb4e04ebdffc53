"""What a program wrote to its terminal, taken apart as a terminal would, and held against what it may write.

The parser is stricter than any terminal: what it cannot read as one whole sequence is an offence of its own.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["text", "control", "csi", "osc", "string", "escape", "broken"]

_STRINGS: Final = {"]": "osc", "P": "string", "X": "string", "^": "string", "_": "string"}
_CSI: Final = re.compile(r"[0-?]*[ -/]*[@-~]")
_ESCAPE: Final = re.compile(r"[ -/]*[0-~]")
_STRING_END: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_JOINERS: Final = "\u200c\u200d"
"""Invisible, and needed: Persian words and families of emoji are made with them."""
_SHOWN_FORMATS: Final = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Marks of category Cf that have a shape of their own."""


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a stream: text, a control character, or the inside of a sequence."""

    kind: Kind
    body: str


def tokens(stream: bytes) -> Iterator[Token]:
    """The pieces of a stream, in order. Whatever is no whole sequence comes as ``broken``."""
    try:
        text = stream.decode()
    except UnicodeDecodeError as fault:
        text = stream[: fault.start].decode()
        yield Token("broken", f"no UTF-8: {stream[fault.start : fault.start + 8]!r}")
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\x1b":
            token, at = _sequence(text, at + 1)
            yield token
        elif _is_control(char):
            yield Token("control", char)
            at += 1
        else:
            end = next((place for place in range(at, len(text)) if _is_control(text[place])), len(text))
            yield Token("text", text[at:end])
            at = end


def _sequence(text: str, at: int) -> tuple[Token, int]:
    intro = text[at : at + 1]
    if intro == "[":
        match = _CSI.match(text, at + 1)
        return (Token("csi", match[0]), match.end()) if match else (Token("broken", text[at : at + 12]), at + 1)
    if intro in _STRINGS and intro:
        end = _STRING_END.search(text, at + 1)
        body = text[at + 1 : end.start() if end else None]
        kind: Kind = "osc" if intro == "]" else "string"
        if end and end[0] == "\x07" and kind == "osc":
            return Token(kind, body), end.end()
        if end and text.startswith("\x1b\\", end.start()):
            return Token(kind, body), end.start() + 2
        return Token(
            "broken", f"{intro}{body[:40]!r} ends with {end[0] if end else ''!r}"
        ), end.start() if end else len(text)
    match = _ESCAPE.match(text, at)
    return (Token("escape", match[0]), match.end()) if match else (Token("broken", f"ESC {intro!r}"), at)


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char <= "\x9f"


@dataclass(frozen=True)
class Manners:
    """What the desk may write to a terminal of that size.

    ``colours`` are those of its theme, as ``R;G;B``; ``copied`` says which clipboard text it was asked for.
    """

    size: tuple[int, int]
    colours: frozenset[str]
    bells: int = 0
    copied: Callable[[str], bool] = field(default=lambda _text: False)
    notices: bool = False

    def offences(self, stream: bytes) -> list[str]:
        """What does not belong in the stream, each with what it is; empty for a well-behaved program."""
        found = []
        rung = 0
        for token in tokens(stream):
            if token.kind == "control" and token.body == "\x07":
                rung += 1
                if rung <= self.bells:
                    continue
            if not self._allows(token):
                found.append(f"{token.kind} {token.body[:80]!r}")
        return found

    def _allows(self, token: Token) -> bool:
        if token.kind == "text":
            return all(map(is_harmless, token.body)) if not token.body.isascii() else True
        if token.kind == "control":
            return token.body in "\r\n"
        if token.kind == "csi":
            return self._allows_csi(token.body)
        return token.kind == "osc" and self._allows_osc(token.body)

    def _allows_csi(self, body: str) -> bool:
        if body in _FIXED:
            return True
        if place := _PLACE.fullmatch(body):
            return 1 <= int(place[1]) <= self.size[1] and 1 <= int(place[2]) <= self.size[0]
        return body.endswith("m") and self._allows_style(body[:-1])

    def _allows_style(self, parameters: str) -> bool:
        for fore, attribute in _STYLES.findall(f"{parameters};"):
            if fore and fore[5:] not in self.colours:
                return False
            if attribute and attribute not in _ATTRIBUTES:
                return False
        return _STYLES.sub("", f"{parameters};") == ""

    def _allows_osc(self, body: str) -> bool:
        number, _, rest = body.partition(";")
        if not all(map(is_harmless, rest)):
            return False
        if number == "2":
            return rest.startswith("charge") and len(rest) <= 120
        if number == "22":
            return rest in ("default", "pointer", "text")
        if number == "52":
            return self._allows_copy(rest)
        form = {"9": _NOTICE, "777": _NOTICE_OF_VTE}.get(number)
        return self.notices and form is not None and form.fullmatch(rest) is not None

    def _allows_copy(self, rest: str) -> bool:
        try:
            text = base64.b64decode(rest.removeprefix("c;"), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return rest.startswith("c;") and self.copied(text)


_NOTICE: Final = re.compile(r"charge: [^;]{1,130}")
_NOTICE_OF_VTE: Final = re.compile(r"notify;charge;[^;]{1,130}")
_PLACE: Final = re.compile(r"(\d{1,4});(\d{1,4})H")
_STYLES: Final = re.compile(r"([34]8;2;\d{1,3};\d{1,3};\d{1,3});|(\d{0,3});")
_ATTRIBUTES: Final = frozenset({"0", "1", "2", "3", "4", "7", "39", "49", "30", "47"})
_MODES: Final = (7, 25, 1000, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048)
_FIXED: Final = frozenset(
    {"?2026$p", "?2048$p", ">25u", "<u", "22;2t", "23;2t"} | {f"?{mode}{set}" for mode in _MODES for set in "hl"}
)


def is_harmless(char: str) -> bool:
    """Whether a terminal only shows this character: no control, no direction mark, nothing invisible but joiners."""
    category = unicodedata.category(char)
    return category not in ("Cc", "Cf", "Zl", "Zp", "Cs") or char in _JOINERS or char in _SHOWN_FORMATS
