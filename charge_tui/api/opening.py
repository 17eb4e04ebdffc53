"""A connection while it is being opened: closed by us when the exchange that opens it is broken off.

httpcore closes a connection whose TLS handshake fails, and forgets one whose handshake is cancelled: its socket stays
open, and the server keeps waiting on it, until the program ends.
"""

from collections.abc import Mapping
from typing import Any, Protocol


class _Stream(Protocol):
    async def aclose(self) -> None:
        """Close the connection."""


class Opening:
    """Follows one request through httpx's trace extension, and knows the connection that nobody owns yet."""

    def __init__(self) -> None:
        self._stream: _Stream | None = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpcore is doing: between these two events the connection is in no pool."""
        if event == "connection.connect_tcp.complete":
            self._stream = info["return_value"]
        elif event == "connection.start_tls.complete":
            self._stream = None

    async def give_up(self) -> None:
        """Close what was being opened, if anything was."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.aclose()
