"""What a desk does for the picture of its account, and with what."""

from enum import Enum
from typing import Protocol

from charge_tui.clock import Clock
from charge_tui.desk.facts import Facts, drift_of, walks_of
from charge_tui.desk.follower import Merges
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.health import Pulse
from charge_tui.desk.mirror import Mirror
from charge_tui.desk.names import Names
from charge_tui.desk.plan import Plan
from charge_tui.desk.poller import Poller
from charge_tui.desk.seat import this_machine
from charge_tui.desk.trouble import Trouble
from charge_tui.domain.reservation import Row
from charge_tui.records import dataclass


class Role(Enum):
    """What a desk does for the picture."""

    LEADS = "reads for all"
    FOLLOWS = "follows"
    ALONE = "reads for itself"


class Hooks(Merges, Protocol):
    """The desk, as far as sharing needs it."""

    def take(self, rows: tuple[Row, ...], seen: float, source: str) -> None:
        """Take in rows that were asked for at that monotonic moment."""

    def take_gone(self, identity: str) -> None:
        """The API has no such reservation."""

    def step_done(self) -> None:
        """Tell whoever listens."""

    def plan_anew(self) -> None:
        """Work out from the rows when each is to be read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reads, whether it is on duty or not."""

    mirror: Mirror
    names: Names
    gauge: Gauge
    plan: Plan
    trouble: Trouble
    poller: Poller

    def facts(self, pulse: Pulse, clock: Clock) -> Facts:
        """How the reading stands now, for the desks that follow."""
        now = clock.monotonic()
        return Facts(
            machine=this_machine(),
            beat=now,
            drift=drift_of(clock),
            pulse=pulse,
            hold_until=now + pulse.hold if pulse.hold > 0 else None,
            next_read=now + pulse.next_read if pulse.next_read is not None and pulse.waited is None else None,
            busy_since=self.poller.busy_since,
            walks=walks_of(self.plan),
            looked_back=self.plan.has_looked_back,
            world=self.gauge.world.known(),
        )
