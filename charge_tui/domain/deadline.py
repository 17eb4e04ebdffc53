"""Until when cancelling is free, and what it may cost after. The API promises little here, so the words are careful.

What ``free_until_before`` counts from, and its unit, are not documented: seconds before the earlier of the two starts
is the careful reading [inferred: charge-api 2.4]. Whether a fee is taken shows nowhere in the data, so it is "up to".
"""

from datetime import datetime, timedelta

from charge_tui.domain.lifecycle import is_open
from charge_tui.domain.money import money
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import seconds_between, utc
from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of free cancellation of one reservation."""

    at: datetime | None
    """The moment, in UTC; None where the policy names none that this program can read."""
    fee: str
    """What cancelling later may cost, in words with the currency."""
    policy_known: bool
    """False for a policy type that is not documented: such a one is never called free."""

    def is_free(self, now: datetime) -> bool:
        """Whether cancelling now should cost nothing."""
        return self.at is not None and seconds_between(now, self.at) > 0

    def left(self, now: datetime) -> float | None:
        """Seconds of free cancellation left, negative once it has passed, None where there is no deadline."""
        return None if self.at is None else seconds_between(now, self.at)


def deadline(reservation: Reservation) -> Deadline | None:
    """The cancellation deadline; None for a reservation that can no longer be cancelled."""
    if not is_open(reservation.status):
        return None
    fee = money(reservation.reservation_fee, reservation.currency)
    policy = reservation.cancellation_policy
    if policy is None or policy.type != "free_cancellation" or policy.free_until_before is None:
        return Deadline(None, fee, policy_known=False)
    starts = [utc(reservation.ideal_start)]
    if reservation.reserved_start:
        starts.append(utc(reservation.reserved_start))
    try:
        at = min(starts) - timedelta(seconds=policy.free_until_before)
    except OverflowError:
        return Deadline(None, fee, policy_known=False)
    return Deadline(at, fee, policy_known=True)
