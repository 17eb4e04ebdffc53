"""Writes the picture down: what changed, when each reservation was seen, and how the reading stands."""

import asyncio
import sqlite3
from concurrent.futures import Future

from charge_tui.clock import Clock
from charge_tui.desk import shared
from charge_tui.desk.facts import Facts, drift_of
from charge_tui.desk.mirror import Mirror
from charge_tui.desk.outbox import Outbox
from charge_tui.desk.picture import PictureStore


class Keeper:
    """One write at a time; what cannot be written is written again, whole.

    Args:
        token: whose writes these are: once another desk claims the file, they come to nothing.
    """

    def __init__(self, store: PictureStore, mirror: Mirror, clock: Clock, token: str) -> None:
        self._store = store
        self._clock = clock
        self._token = token
        self._writing: Future[int | None] | None = None
        self._claim = True
        self._at = clock.monotonic()
        self.outbox = Outbox(mirror)
        self.failures = 0
        """Writes in a row that failed."""
        self.version = -1
        """The last one that was written."""

    def claim(self, *, whole: bool) -> None:
        """The file is this desk's from the next write on; ``whole`` when nothing in it can be relied on."""
        self._claim, self.failures, self._writing = True, 0, None
        self.outbox.rewrite_sights()
        if whole:
            self.outbox.rewrite_all()

    def since(self) -> float:
        """Seconds since the last write."""
        return self._clock.monotonic() - self._at

    def write(self, facts: Facts | None, *, last: bool = False) -> None:
        """Write what there is; later, if a write is under way and this one is not the last. Returns at once."""
        if self._writing is not None and not self._writing.done():
            if not last:
                return
        elif self._writing is not None:
            self._settle(self._writing.result())
        claim, token, batch = self._claim, self._token, self.outbox.batch(drift_of(self._clock), facts)
        self._at = self._clock.monotonic()

        def write(db: sqlite3.Connection) -> int:
            return shared.write(db, token, batch, claim=claim)

        self._writing = self._store.use(write)

    async def written(self) -> None:
        """Wait for the write under way."""
        if self._writing is not None:
            done = await asyncio.wrap_future(self._writing)
            self._writing = None
            self._settle(done)

    def _settle(self, version: int | None) -> None:
        if version:
            self.failures, self._claim, self.version = 0, False, version
            return
        self.failures += version is None
        self._claim = True
        self.outbox.rewrite_all()
