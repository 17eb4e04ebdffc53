"""A desk and its watch that a test feeds by hand: a sight of some rows, then some seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

from charge_tui.api import ChargeClient
from charge_tui.desk.attention.verdicts import Verdicts
from charge_tui.desk.attention.watch import Watch
from charge_tui.desk.desk import Desk
from charge_tui.desk.desk_store import desk_store
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.store import Store
from charge_tui.domain.attention.finding import Finding
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.secret import Secret
from tests.support.clocks import StoppedClock
from tests.support.reservations import NOON, confirmed, reservation
from tests.support.simulation import BASE_URL

INTERVAL = 15.0


def lost(identity: str = "res_1", *, limit: float | None = None, **fields: object) -> Reservation:
    """One that failed half an hour before its start; ``limit`` is its latest end in seconds after noon."""
    end = None if limit is None else NOON + timedelta(seconds=limit)
    about = {"vehicle": f"veh_{identity}", "driver": f"drv_{identity}"}
    given = about | {"failed_reason": "other", "updated": NOON} | fields
    return reservation(identity, starts_in=1800, status="failed", latest_end=end, **given)


def wrong(identity: str = "res_1", *, late: float = 1200, starts_in: float = 3600, **fields: object) -> Reservation:
    """One that ends so many seconds after its limit: high."""
    given = {"vehicle": f"veh_{identity}", "driver": f"drv_{identity}"} | fields
    end = NOON + timedelta(seconds=starts_in + 5400)
    return confirmed(identity, drift=(0, late), starts_in=starts_in, latest_end=end, **given)


def right(identity: str = "res_1") -> Reservation:
    """The same, put right a minute later."""
    bad = wrong(identity)
    return bad.model_copy(update={"reserved_end": bad.ideal_end, "updated": NOON + timedelta(seconds=60)})


def waiting(identity: str = "res_1", *, starts_in: float = 1200, **fields: object) -> Reservation:
    """A pending one; by default Charge should have confirmed it five minutes ago: medium."""
    given = {"vehicle": f"veh_{identity}", "driver": f"drv_{identity}"} | fields
    return reservation(identity, starts_in=starts_in, **given)


class HandDesk:
    """It begins before its first look; ``looked`` ends that. Time is the world's, and passes only when told."""

    def __init__(
        self,
        *rows: Row,
        store: Store | None = None,
        clock: StoppedClock | None = None,
        thresholds: Thresholds | None = None,
        operator: str = "Ana",
        picture: PictureStore | None = None,
    ) -> None:
        self.clock = clock or StoppedClock()
        self.store = store or desk_store(None, writer=Inline())
        gauge = Gauge(self.clock, 60)
        client = ChargeClient(Secret("ch_sk_test_hand"), BASE_URL, clock=self.clock, observer=gauge)
        kept = picture or PictureStore(None, Inline())
        self.desk = Desk(client, gauge, kept, self.clock, refresh=INTERVAL)
        verdicts = Verdicts(self.store, "test")
        self.watch = Watch(self.desk, verdicts, thresholds, operator=operator, clock=self.clock)
        self.rows = {row.id: row for row in rows}
        self.told = 0
        self.watch.subscribe(self._count)
        self.see()

    def _count(self) -> None:
        self.told += 1

    @property
    def now(self) -> datetime:
        """World time."""
        return self.desk.now()

    def looked(self) -> HandDesk:
        """The first look is over: both open lists were read to their end."""
        for walk in (self.desk._plan.pending, self.desk._plan.confirmed):
            walk.begin(self.clock.at, None)
        self.watch.tick()
        return self

    def see(self, *rows: Row, source: str = "poll") -> HandDesk:
        """The API shows these as they are now, and all others as they were."""
        self.rows |= {row.id: row for row in rows}
        now = self.clock.at
        self.desk._gauge.world.observe(date=None, world_now=None, rate=None, sent=now, received=now)
        self.desk.take(tuple(self.rows.values()), now, source)
        self.desk.step_done()
        return self

    def pass_(self, seconds: float, *, seen: bool = True) -> HandDesk:
        """Let time pass, second by second; the rows are seen again each interval unless ``seen`` is False."""
        for _ in range(round(seconds)):
            self.clock.at += 1
            if seen and self.clock.at % INTERVAL == 0:
                self.see()
            self.watch.tick()
        return self

    def until(self, at: datetime) -> HandDesk:
        """Let time pass until that moment of the world, at once, with a sight at its end."""
        self.clock.at = (at - NOON) / timedelta(seconds=1)
        self.see()
        self.watch.tick()
        return self

    def shown(self) -> list[str]:
        """The keys of the queue's entries, in order."""
        return [entry.finding.key for entry in self.watch.queue().entries]

    def fresh(self) -> list[str]:
        """The keys of those that wait for a verdict."""
        return [entry.finding.key for entry in self.watch.queue().entries if entry.fresh]

    def snoozed(self) -> list[str]:
        """The keys of the snoozed."""
        return [entry.finding.key for entry in self.watch.queue().snoozed]

    def finding(self, key: str) -> Finding:
        """One that is shown."""
        found = self.watch.finding(key)
        assert found is not None, (key, self.shown())
        return found
