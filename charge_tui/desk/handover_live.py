"""The handover page of a desk that runs."""

from datetime import datetime

from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.desk import Desk
from charge_tui.desk.handover import GIVEN, NOTE, Handover, Origin, gathered, shift_began
from charge_tui.desk.journal import Journal
from charge_tui.desk.log import LogBook
from charge_tui.desk.log_file import Query
from charge_tui.domain.times import rfc3339


class LiveHandover:
    """Makes the page from queue, journal and log, and keeps its free text."""

    def __init__(self, desk: Desk, watch: Watch, journal: Journal, log: LogBook) -> None:
        self._desk = desk
        self._watch = watch
        self._journal = journal
        self.log = log

    async def page(self, since: datetime | None) -> Handover:
        """The page as of now; without a moment it tells since the last handover, at most a shift ago."""
        now, feed = self._desk.now(), self._desk.feed()
        begin = since or shift_began(await self.log.fact(GIVEN), now)
        await self.log.written()
        account = self._journal.account
        sent = await self._journal.since(begin)
        return gathered(
            Origin(self._journal.operator, account.host, account.mode, feed.freshness, feed.age), now, begin,
            self._watch.queue(),
            actions=[entry for entry in sent if entry.state.settled],
            unknown=await self._journal.unsettled(),
            log=await self.log.all(Query(since=begin)),
            note=await self.note(),
        )  # fmt: skip

    async def note(self) -> str:
        """The free text as it was typed."""
        return await self.log.fact(NOTE) or ""

    def keep_note(self, text: str) -> None:
        """Keep the free text. Returns at once."""
        self.log.jot(NOTE, text or None)

    def given(self, made: datetime) -> None:
        """A page was written: the next one tells from then on."""
        self.log.jot(GIVEN, rfc3339(made))
