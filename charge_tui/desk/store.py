"""A store file on a thread of its own: whoever asks does not wait, and what goes wrong is a sentence, not an error."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from charge_tui.desk.store_file import StoreFile, StoreUnwritable, Work

T = TypeVar("T")


class Store:
    """Works on one file, one piece of work after another. ``problem`` is a sentence while it cannot be written.

    Args:
        file: whose every call belongs on the store's thread from now on.
        writer: runs the work; a thread of its own by default.
    """

    def __init__(self, file: StoreFile, writer: Executor | None = None, *, name: str = "store") -> None:
        self.file = file
        self._writer = writer or ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self.problem: str | None = None

    @property
    def notice(self) -> str | None:
        """A sentence about a broken file that was moved aside in this run, else None."""
        return self.file.notice

    async def change(self, work: Work[T]) -> T | None:
        """Do work in one transaction; None where it could not be kept, which ``problem`` tells."""
        return await self.tried(lambda: self.file.change(work))

    async def read(self, work: Work[T]) -> T | None:
        """Do work that only reads; None where it could not be read."""
        return await self.tried(lambda: self.file.read(work))

    async def run(self, work: Callable[[], T]) -> T:
        """Do anything on the thread.

        Raises:
            StoreUnwritable: as the work raised it; ``problem`` tells it besides.
        """
        try:
            doing = self._writer.submit(lambda: self._noted(work))
        except RuntimeError as fault:  # the executor is shut down
            raise self.file.unwritable("the desk is closing") from fault
        return await asyncio.wrap_future(doing)

    async def tried(self, work: Callable[[], T]) -> T | None:
        """The same; None where it could not be done."""
        try:
            return await self.run(work)
        except StoreUnwritable:
            return None

    def later(self, work: Callable[[], object]) -> "Future[None]":
        """Do it when the thread gets to it, and return at once; ``close`` waits for it."""

        def noted() -> None:
            with suppress(StoreUnwritable):
                self._noted(work)

        try:
            return self._writer.submit(noted)
        except RuntimeError:  # the executor is shut down
            done: Future[None] = Future()
            done.set_result(None)
            return done

    def _noted(self, work: Callable[[], T]) -> T:
        """On the store's thread: being readable does not make it writable, so only what was kept ends a problem."""
        before = self.file.written
        try:
            result = work()
        except StoreUnwritable as fault:
            self.problem = fault.sentence
            raise
        if self.file.written != before:
            self.problem = None
        return result

    def close(self) -> None:
        """Finish what is to be done, and close the file."""
        self._writer.shutdown(wait=True)
        self.file.close()
