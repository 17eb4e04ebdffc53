"""The handover page from what is on disk alone: the saved picture, the verdicts, the journal, the log. Asks nobody."""

from datetime import datetime
from pathlib import Path

from charge_tui.api import ChargeClient
from charge_tui.clock import Clock
from charge_tui.desk import log_file
from charge_tui.desk.account import journal_file
from charge_tui.desk.attention import verdict_file
from charge_tui.desk.attention.order import by_return, entries
from charge_tui.desk.attention.state import Queue, Said, Verdict
from charge_tui.desk.attention.terms import Standing
from charge_tui.desk.desk import Desk
from charge_tui.desk.desk_store import DESK_STORE, desk_file
from charge_tui.desk.entries import Entry
from charge_tui.desk.facts import SAME_CLOCK, drift_of
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.handover import GIVEN, NOTE, Handover, Origin, gathered, shift_began
from charge_tui.desk.journal_file import JournalFile
from charge_tui.desk.log_entry import LogEntry
from charge_tui.desk.names import Names
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.state import Freshness
from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.attention.finding import Finding
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import rfc3339
from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a page is made from, and for whom."""

    state: Path
    picture: Path
    account: str
    operator: str
    thresholds: Thresholds | None


class SavedDesk:
    """The files of one account as they are now.

    Args:
        client: is asked nothing; it tells host and mode.
    """

    def __init__(self, shelf: Shelf, client: ChargeClient, clock: Clock) -> None:
        self._shelf = shelf
        picture = shelf.picture if shelf.picture.exists() else None
        self._store = PictureStore(picture, Inline())
        gauge = Gauge(clock, 1)
        saved = self._store.load()
        facts = saved.facts if saved else None
        if facts is not None and facts.world and abs(facts.drift - drift_of(clock)) < SAME_CLOCK:
            gauge.world.adopt(facts.world)
        self._desk = Desk(client, gauge, self._store, clock)
        self._desk.load_saved()
        self.notices: list[str] = []
        """Sentences about files that were broken."""

    @property
    def now(self) -> datetime:
        """World time, as far as the picture tells it."""
        return self._desk.now()

    @property
    def names(self) -> Names:
        """The names of the last run."""
        return self._desk.names

    def name(self, identity: str) -> str | None:
        """The name of a driver, vehicle, station or payment method."""
        names = self.names
        return names.vehicle(identity) or names.driver(identity) or names.station(identity) or names.payment(identity)

    def plate(self, identity: str) -> str | None:
        """The plate of a reservation's vehicle."""
        row = self._desk.known(identity)
        return self.names.vehicle(row.vehicle_id) if isinstance(row, Reservation) else None

    def page(self, since: datetime | None) -> Handover:
        """The page; without a moment it tells since the last handover, at most a shift ago.

        Raises:
            StoreUnwritable: a file cannot be read.
        """
        shelf, now = self._shelf, self.now
        kept = _Kept.read(shelf, now, since)
        queue = self._queue(kept.standing, now)
        host, mode = self._desk.client.host, self._desk.client.mode
        age = self._desk.feed().age if self._desk.saved_picture else None
        sent = self._journal(kept.since)
        self.notices += [kept.notice] if kept.notice else []
        return gathered(
            Origin(shelf.operator, host, mode, Freshness.SAVED, age), now, kept.since, queue,
            actions=[entry for entry in sent if entry.state.settled and entry.at >= kept.since],
            unknown=[entry for entry in sent if not entry.state.settled],
            log=kept.log, note=kept.note,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()

    def _queue(self, standing: dict[str, Standing], now: datetime) -> Queue:
        rows = self._desk.rows
        findings = Engine.evaluate(rows.values(), now, self._shelf.thresholds).values()

        def verdict(finding: Finding) -> Verdict | None:
            held = standing.get(finding.key)
            return held.verdict if held is not None and held.in_force(finding, now) else None

        every = entries(list(findings), verdict, rows)
        asleep = [one for one in every if one.verdict is not None and one.verdict.said is Said.SNOOZED]
        awake = tuple(one for one in every if one not in asleep)
        return Queue(awake, tuple(sorted(asleep, key=by_return)))

    def _journal(self, since: datetime) -> list[Entry]:
        path = journal_file(self._shelf.state)
        if not path.exists():
            return []
        file = JournalFile(path)
        try:
            where = "account = ? AND (at >= ? OR state IN ('open', 'unknown'))"
            found = file.entries(where, (self._shelf.account, rfc3339(since)))
        finally:
            file.close()
        if file.notice:
            self.notices.append(file.notice)
        return sorted(found, key=lambda entry: entry.number, reverse=True)


@dataclass(frozen=True, slots=True)
class _Kept:
    since: datetime
    standing: dict[str, Standing]
    log: list[LogEntry]
    note: str
    notice: str | None = None

    @staticmethod
    def read(shelf: Shelf, now: datetime, since: datetime | None) -> "_Kept":
        path = shelf.state / DESK_STORE
        if not path.exists():
            return _Kept(since or shift_began(None, now), {}, [], "")
        file, account = desk_file(path), shelf.account
        try:
            given = file.read(lambda db: log_file.fact(db, account, GIVEN))
            begin = since or shift_began(given, now)
            return _Kept(
                begin,
                file.read(lambda db: verdict_file.standing(db, account)),
                file.read(lambda db: list(log_file.every(db, account, log_file.Query(since=begin)))),
                file.read(lambda db: log_file.fact(db, account, NOTE)) or "",
                file.notice,
            )
        finally:
            file.close()
