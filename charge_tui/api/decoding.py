"""The body of an answer, decompressed as it comes and never beyond its limit."""

import zlib
from typing import Final

import httpx

ACCEPTED: Final = "gzip"
"""The compression that is asked for; the documentation says nothing of any [unknown]."""
BODY_LIMIT: Final = 5 * 1024 * 1024
"""Bytes of an answer, decompressed; a longer one is not read to its end."""

_GZIP: Final = zlib.MAX_WBITS | 16
_TOO_LONG: Final = f"is longer than {BODY_LIMIT // 1024 // 1024} MB"


class _Limited:
    """What has come, and how much more may. httpx would unpack each piece whole, and as often as the server says."""

    def __init__(self, *, packed: bool) -> None:
        self.pieces: list[bytes] = []
        self.left = BODY_LIMIT
        self.flaw: str | None = None
        self._gzip = zlib.decompressobj(_GZIP) if packed else None

    def take(self, piece: bytes) -> bool:
        """Take in what came; whether more is wanted."""
        if self._gzip is not None and self._gzip.eof:
            self.left -= len(piece)  # nothing belongs there, and it is not kept
            piece = b""
        elif self._gzip is not None:
            try:
                # One byte beyond the limit tells a body that has just that length from a longer one.
                piece = self._gzip.decompress(piece, self.left + 1)
            except zlib.error:
                self.flaw = "has a broken compression"
                return False
        self.pieces.append(piece[: self.left])
        self.left -= len(piece)
        if self.left < 0:
            self.flaw = _TOO_LONG
        return self.flaw is None

    def end(self) -> None:
        """Nothing more came."""
        if self._gzip is not None and self.flaw is None and self.pieces and not self._gzip.eof:
            self.flaw = "has a broken compression"


async def body_of(response: httpx.Response) -> tuple[bytes, str | None]:
    """The body as it was before it was compressed, and what kept it from being read to its end, if anything did."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    packed = coding in ("gzip", "x-gzip")
    if not packed and coding not in ("identity", ""):
        return b"", "has a compression that was not asked for"
    body = _Limited(packed=packed)
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for piece in response.stream:
        if not body.take(piece):
            break
    body.end()
    return b"".join(body.pieces), body.flaw
