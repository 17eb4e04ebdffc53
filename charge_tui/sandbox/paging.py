"""Page tokens: ``page_`` and 43 characters [seed], opaque, stateless, and valid while rows come and go.

A token holds a position in the order of creation, a direction, the page size, a digest of the filters and the time it
was made at. It is sealed with the world's own secret: a changed one is refused, and nothing can be read from it.
"""

import hashlib
import hmac
import struct
from collections.abc import Mapping
from typing import Final

from charge_tui.records import dataclass
from charge_tui.sandbox.ids import base62, from_base62

PREFIX: Final = "page_"
LENGTH: Final = 43

_LAYOUT: Final = struct.Struct(">QBB8s6s")
_SEAL: Final = 8


@dataclass(frozen=True, slots=True)
class Token:
    """Where a page begins: next to ``position``, towards older rows or ``newer`` ones. ``made`` is in seconds."""

    position: int
    newer: bool
    limit: int
    filters: bytes
    made: int


class Pager:
    """Makes and reads the tokens of one world."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(f"page tokens of {secret}".encode()).digest()

    def write(self, token: Token) -> str:
        """The token's text."""
        plain = _LAYOUT.pack(token.position, token.newer, token.limit, token.filters, token.made.to_bytes(6, "big"))
        seal = self._seal(plain)
        number = int.from_bytes(seal + self._mask(seal, plain), "big")
        return PREFIX + base62(number, LENGTH)

    def read(self, text: str) -> Token:
        """The token that a text stands for.

        Raises:
            ValueError: the text is not one that this world wrote.
        """
        body = text.removeprefix(PREFIX)
        if body == text or len(body) != LENGTH:
            raise ValueError("not a page token")
        try:
            raw = from_base62(body).to_bytes(32, "big")
        except (ValueError, OverflowError) as fault:
            raise ValueError("not a page token") from fault
        plain = self._mask(raw[:_SEAL], raw[_SEAL:])
        if not hmac.compare_digest(self._seal(plain), raw[:_SEAL]):
            raise ValueError("not a page token of this world")
        position, newer, limit, filters, made = _LAYOUT.unpack(plain)
        return Token(position, bool(newer), limit, filters, int.from_bytes(made, "big"))

    def _seal(self, plain: bytes) -> bytes:
        return hmac.digest(self._key, b"seal" + plain, "sha256")[:_SEAL]

    def _mask(self, seal: bytes, text: bytes) -> bytes:
        stream = hmac.digest(self._key, b"mask" + seal, "sha256")
        return bytes(one ^ other for one, other in zip(text, stream, strict=False))


def digest(path: str, filters: Mapping[str, str]) -> bytes:
    """What a list and its filters are known by inside a token."""
    text = "\0".join([path, *(f"{name}\0{filters[name]}" for name in sorted(filters))])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]
