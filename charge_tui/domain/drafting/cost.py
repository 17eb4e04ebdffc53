"""What cancelling costs at this moment, in words that promise no more than the API does."""

from datetime import datetime, tzinfo

from charge_tui.domain.deadline import deadline
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import DAY, hhmm, span, window, zone_word
from charge_tui.domain.times import day as day_word
from charge_tui.domain.windows import end, start
from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of cancelling now. ``free`` is None where the policy cannot be read."""

    free: bool | None
    words: str
    """For the question, safe to show ("free until about 03:18 CEST, 12m from now")."""


def cancel_cost(row: Reservation, now: datetime, zone: tzinfo) -> Cost:
    """What cancelling this reservation costs now; "nothing to cancel" where it is not open."""
    limit = deadline(row)
    if limit is None:
        return Cost(None, f"It is {row.status}: there is nothing to cancel.")
    left = limit.left(now)
    if limit.at is None or left is None:
        return Cost(None, f"The policy is not one that is documented; a fee of up to {limit.fee} may apply.")
    at = f"{hhmm(limit.at, zone)} {zone_word(limit.at, zone)}"
    if abs(left) > DAY / 2:
        at = f"{day_word(limit.at, zone)} {at}"
    if left > 0:
        return Cost(True, f"Free until about {at}, {span(left)} from now; after that a fee of up to {limit.fee}.")
    return Cost(False, f"A fee of up to {limit.fee} may apply, since about {at} ({span(left)} ago).")


def window_words(row: Reservation, zone: tzinfo) -> str:
    """The window that counts, with its day and zone ("Wed 1 Apr 03:28–04:58 CEST"), as a question names it."""
    first = start(row)
    return f"{day_word(first, zone)} {window(first, end(row), zone)} {zone_word(first, zone)}"
