"""The journal: what this desk sends is on disk before it leaves, and what came of it after.

One SQLite file in the state folder, written by one thread; several desks of one user share it. Drafts of forms are in
the same file. No API key is ever in it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from charge_tui.clock import Clock
from charge_tui.desk.alive import Presence
from charge_tui.desk.entries import Draft, Entry, Plan, State
from charge_tui.desk.journal_file import JournalFile, JournalUnwritable
from charge_tui.desk.store import Store
from charge_tui.domain.times import rfc3339
from charge_tui.records import dataclass

_PRUNE_EVERY: Final = 500
"""Entries after which a run that goes on for weeks looks at the bounds again."""
_AGAIN: Final = 3.0
"""Seconds between two looks at a journal that could not be written."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept: days, and megabytes of settled entries. What is not settled is kept whatever they say."""

    days: float = 365.0
    megabytes: float = 50.0


@dataclass(frozen=True, slots=True)
class Account:
    """Whose entries these are: a digest of base URL and key, the host as it is shown, test or production."""

    digest: str
    host: str
    mode: str


class Journal:
    """Entries and drafts of one account.

    Args:
        path: the file, in the state folder; None keeps everything in memory alone.
        account: whose.
        operator: who is at the desk.
        token: the name of this run, different for each.
        now: world time.
        clock: the machine's time.
        writer: runs the writes one after another; a thread of its own by default.
    """

    def __init__(
        self,
        path: Path | None,
        account: Account,
        *,
        operator: str,
        token: str,
        now: Callable[[], datetime],
        clock: Clock,
        bounds: Bounds | None = None,
        writer: Executor | None = None,
        patience: float = 5.0,
    ) -> None:
        self.account = account
        self.operator = operator
        self._now = now
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._file = JournalFile(path, patience)
        self._store = Store(self._file, writer, name="journal")
        self._presence = Presence(path.parent if path else None, token)
        self._written = 0
        self._again_at = 0.0

    @property
    def problem(self) -> str | None:
        """Why it cannot be written, in a sentence; None while it can."""
        return self._store.problem

    @property
    def notice(self) -> str | None:
        """A sentence about a broken file that was moved aside in this run, else None."""
        return self._file.notice

    def look_again(self) -> None:
        """Where it could not be written, see every few seconds whether it can be. Returns at once."""
        now = self._clock.monotonic()
        if self.problem is not None and now >= self._again_at:
            self._again_at = now + _AGAIN
            self._store.later(self._try_again)

    async def open(self) -> None:
        """Open the file, let other desks know of this one, and forget what is beyond the bounds.

        What goes wrong is told by ``problem``: the desk works without, and writes nothing.
        """
        await self._store.tried(self._prepare)

    async def begin(self, *plans: Plan) -> list[Entry]:
        """Write an open entry for each plan; they are on disk, all of them, when this returns.

        Raises:
            JournalUnwritable: they are not, so nothing may be sent.
        """
        stamp = self._stamp()
        numbers = await self._store.run(lambda: self._write(stamp, plans))
        return [
            Entry(number, *stamp, plan, State.OPEN, "", None, None, None, None)
            for number, plan in zip(numbers, plans, strict=True)
        ]

    async def end(
        self,
        entry: Entry,
        state: State,
        outcome: str,
        *,
        settled: str | None = None,
        request_id: str | None = None,
        answer: dict[str, Any] | None = None,
        reservation: str | None = None,
    ) -> bool:
        """Note what became of an entry; False where that could not be written, or another desk has done so.

        ``settled`` says how it is known: answer, read, retry, person; None leaves it unsettled.
        """
        columns: dict[str, Any] = {"state": str(state), "outcome": outcome}
        given = {"settled": settled, "request": request_id, "answer": answer, "reservation": reservation}
        columns |= {name: value for name, value in given.items() if value is not None}
        if state.settled:
            columns["ended"] = self._now()
        return await self._store.tried(lambda: self._file.settle(entry.plan.key, **columns)) or False

    async def unsettled(self) -> list[Entry]:
        """This account's entries of which the outcome is not known, the newest first."""
        return await self._entries("account = ? AND state IN ('open', 'unknown')", (self.account.digest,))

    async def entry(self, number: int) -> Entry | None:
        """One entry."""
        found = await self._entries("number = ?", (number,))
        return found[0] if found else None

    async def of(self, reservation: str) -> list[Entry]:
        """What this desk did to one reservation, the unsettled first, then the newest."""
        return await self._entries("account = ? AND reservation = ?", (self.account.digest, reservation))

    async def group(self, name: str) -> list[Entry]:
        """The entries of one decision."""
        return await self._entries("account = ? AND cluster = ?", (self.account.digest, name))

    async def recent(self, limit: int = 1000) -> list[Entry]:
        """This account's entries, the unsettled first, then the newest."""
        return await self._entries("account = ?", (self.account.digest,), limit)

    async def since(self, at: datetime) -> list[Entry]:
        """This account's entries that were written at or after a world time, the newest first."""
        found = await self._entries("account = ? AND at >= ?", (self.account.digest, rfc3339(at)))
        return sorted(found, key=lambda entry: entry.number, reverse=True)

    async def replaced(self) -> dict[str, str]:
        """Old reservations with the copies that this desk booked for them."""
        query = (
            "account = ? AND replaces IS NOT NULL AND state = 'done' AND reservation IS NOT NULL AND verb = 'create'"
        )
        found = await self._entries(query, (self.account.digest,))
        return {one.plan.replaces or "": one.plan.reservation or "" for one in reversed(found)}

    def is_under_way(self, entry: Entry) -> bool:
        """Whether the desk that wrote an open entry is another one that still runs, and may yet get its answer."""
        return entry.state is State.OPEN and entry.desk != self._presence.token and self._presence.is_here(entry.desk)

    def keep_draft(self, name: str, texts: dict[str, str]) -> "Future[None]":
        """Keep what stands in a form. Returns at once; ``close`` waits for it."""
        draft = Draft(name, dict(texts), self._clock.now())
        return self._store.later(lambda: self._file.keep_draft(self.account.digest, draft))

    def drop_draft(self, name: str) -> "Future[None]":
        """Forget a draft. Returns at once."""
        return self._store.later(lambda: self._file.drop_draft(self.account.digest, name))

    async def drafts(self) -> list[Draft]:
        """All drafts, the newest first."""
        return await self._store.tried(lambda: self._file.drafts(self.account.digest)) or []

    async def draft(self, name: str) -> Draft | None:
        """The draft of one form."""
        return next((draft for draft in await self.drafts() if draft.name == name), None)

    def close(self) -> None:
        """Finish what is to be written, and close the file."""
        self._store.close()
        self._presence.let_go()

    def _prepare(self) -> None:
        self._prune()
        self._take_place()

    def _try_again(self) -> None:
        self._take_place()
        self._file.probe()

    def _write(self, stamp: Sequence[object], plans: Sequence[Plan]) -> list[int]:
        self._take_place()
        self._written += len(plans)
        if self._written >= _PRUNE_EVERY:
            self._prune()
        return self._file.write(stamp, plans)

    def _prune(self) -> None:
        self._written = 0
        self._file.prune(self._clock.now(), self._bounds.days, self._bounds.megabytes)

    def _take_place(self) -> None:
        try:
            self._presence.hold()
        except OSError as fault:
            raise JournalUnwritable(fault.strerror or "no lock") from fault

    def _stamp(self) -> tuple[datetime, datetime, str, str, str, str, str]:
        whose = self.account
        head = (self._now(), self._clock.now())
        return (*head, self.operator, whose.host, whose.digest, whose.mode, self._presence.token)

    async def _entries(self, where: str, values: Sequence[object], limit: int = -1) -> list[Entry]:
        return await self._store.tried(lambda: self._file.entries(where, values, limit)) or []
