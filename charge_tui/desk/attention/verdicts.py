"""What people said about findings, the same for all desks of this user on this machine.

Whatever is said counts at once on this desk, is written by the store's thread, and is read by the other desks when they
next look. What cannot be written counts here alone and is tried again: after a restart such a finding is awake.
"""

from collections import deque
from collections.abc import Awaitable, Iterable, Mapping
from concurrent.futures import Future
from datetime import datetime
from types import MappingProxyType

from charge_tui.desk.attention import verdict_file
from charge_tui.desk.attention.terms import Standing
from charge_tui.desk.attention.verdict_file import Given, Ruling
from charge_tui.desk.store import Store
from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class _Sight:
    written: Given
    stored: Mapping[str, Standing]


class Verdicts:
    """Verdicts by the key of their finding. Lives on one thread; its file on the store's.

    Args:
        store: a store of which the file has ``VERDICT_TABLES``; whoever made it closes it.
        account: the digest of the account that these are of.
    """

    def __init__(self, store: Store, account: str) -> None:
        self.store = store
        self.account = account
        self.stored: Mapping[str, Standing] = MappingProxyType({})
        self._pending: dict[str, tuple[Standing | None, Standing | None]] = {}
        self._rulings: deque[Ruling] = deque()
        self._sights: deque[_Sight] = deque()
        self._poll: Future[None] | None = None
        self._version: int | None = None

    @property
    def problem(self) -> str | None:
        """Why they cannot be kept, in a sentence; None while they can."""
        return self.store.problem

    def of(self, key: str) -> Standing | None:
        """What was said about a finding, whether it still counts or not."""
        return self._pending[key][0] if key in self._pending else self.stored.get(key)

    def keys(self) -> set[str]:
        """The findings about which something was said."""
        said = {key for key, (now, _) in self._pending.items() if now is not None}
        return said | (self.stored.keys() - self._pending.keys())

    async def open(self) -> None:
        """Read what stands."""
        await self._keep()

    def give(self, given: Iterable[Standing], rulings: Iterable[Ruling]) -> Awaitable[None]:
        """Let verdicts stand from now on; what is returned is done when they are in the store."""
        for one in given:
            self._set(one.verdict.key, one)
        self._rulings.extend(rulings)
        return self._keep()

    def withdraw(self, keys: Iterable[str], rulings: Iterable[Ruling]) -> Awaitable[None]:
        """Take verdicts back; what is returned is done when the store has it."""
        self.forget(keys)
        self._rulings.extend(rulings)
        return self._keep()

    def forget(self, keys: Iterable[str]) -> None:
        """Let verdicts go whose finding is over or worse; the store learns it at the next look."""
        for key in keys:
            if self.of(key) is not None:
                self._set(key, None)

    def poll(self) -> bool:
        """Look, without waiting, for what other desks said; whether something is different. For once a second."""
        changed = self._take()
        if self._poll is None or self._poll.done():
            given = dict(self._pending)
            self._poll = self.store.later(lambda: self._sync(given))
        return changed

    async def rulings(self, since: datetime | None = None, limit: int = 1000) -> list[Ruling]:
        """What was said since a moment of world time, the newest first."""
        found = await self.store.read(lambda db: verdict_file.rulings(db, self.account, since, limit))
        return found or []

    def prune(self, now: datetime, days: float) -> None:
        """Forget what was said longer ago than that; without waiting."""
        self.store.later(lambda: self.store.file.change(lambda db: verdict_file.prune(db, now, days)))

    # -- inside -----------------------------------------------------------------------------------------------------

    def _set(self, key: str, now: Standing | None) -> None:
        self._pending[key] = (now, self.of(key))

    async def _keep(self) -> None:
        given = dict(self._pending)
        await self.store.tried(lambda: self._sync(given))
        self._take()

    def _take(self) -> bool:
        before = self.stored
        while self._sights:
            sight = self._sights.popleft()
            self.stored = sight.stored
            for key, written in sight.written.items():
                if self._pending.get(key) is written:
                    del self._pending[key]
        return before != self.stored

    def _sync(self, given: Given) -> None:
        """On the store's thread: write what is to be written, read what others wrote, hand both over in order."""
        file, account = self.store.file, self.account
        told = list(self._rulings)
        if given or told:
            file.change(lambda db: verdict_file.write(db, account, given, told))
            for _ in told:
                self._rulings.popleft()
        version = file.read(verdict_file.version)
        if not given and version == self._version:
            return
        stored = file.read(lambda db: verdict_file.standing(db, account))
        self._version = version
        self._sights.append(_Sight(given, stored))
