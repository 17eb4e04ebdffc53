"""What can be done about a finding: at most three concrete fixes, the best first, each of them checked."""

from collections.abc import Iterator
from datetime import datetime

from charge_tui.domain.attention.finding import Finding, Kind
from charge_tui.domain.attention.proposing import several, single
from charge_tui.domain.attention.proposing.proposal import MARGIN, MOST, Picture, Proposal, Verb
from charge_tui.domain.drafting import create_body, flaws, time_of, values_of
from charge_tui.domain.lifecycle import CONFIRMED, OPEN, PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.times import utc

__all__ = ["MARGIN", "MOST", "Picture", "Proposal", "Verb", "propose", "timely"]


def propose(finding: Finding, picture: Picture, now: datetime, *, replaces: bool = True) -> tuple[Proposal, ...]:
    """The fixes for a finding; none where no fix is known that is certain to be well formed.

    ``now`` is world time. ``replaces`` has a copy name the old reservation in its metadata. A reservation that cannot
    be read, and one that is not in the picture, gets none. Never raises for what the API sent.
    """
    kept: list[Proposal] = []
    for one in _all(finding, picture, now, replaces):
        if _sound(one, now) and not any(one.verb == other.verb and _same(one, other) for other in kept):
            kept.append(one)
        if len(kept) == MOST:
            break
    return tuple(kept)


def timely(one: Proposal, now: datetime) -> bool:
    """Whether the window that a proposal asks for still lies ahead; one that was shown for long may have grown old."""
    begins = time_of(one.values.get("ideal_start"))
    return begins is None or begins >= utc(now)


def _all(finding: Finding, picture: Picture, now: datetime, replaces: bool) -> Iterator[Proposal]:
    known = [picture.rows.get(identity) for identity in finding.subjects]
    rows = [row for row in known if isinstance(row, Reservation)]
    match finding.kind:
        case Kind.BOOKED_TWICE:
            yield from several.booked_twice(rows, now)
        case Kind.PAYMENTS_FAILING:
            yield from several.payments_failing(rows, picture, now)
        case Kind.AREA_SHORT:
            yield from several.area_short(rows, picture, now)
    if not rows or rows[0].id != finding.lead:
        return
    match finding.kind:
        case Kind.LOST if rows[0].status not in OPEN:
            yield from single.lost(rows[0], picture, now, replaces=replaces)
        case Kind.NOT_CONFIRMED if rows[0].status == PENDING:
            yield from single.not_confirmed(rows[0], picture, now)
        case Kind.WRONG_WINDOW if rows[0].status == CONFIRMED:
            yield from single.wrong_window(rows[0], picture, now, replaces=replaces)


def _sound(one: Proposal, now: datetime) -> bool:
    """Whether nothing is certainly wrong with it, and it does not ask for what has passed."""
    if one.verb in ("cancel", "confirm", "accept"):
        return True
    new = one.verb != "edit"
    values = one.values if new else values_of(one.row) | one.values
    begins = time_of(values.get("ideal_start"))
    if flaws(values, new=new) or begins is None or not one.values:
        return False
    return begins >= utc(now) + MARGIN or (one.verb == "edit" and "ideal_start" not in one.values)


def _same(one: Proposal, other: Proposal) -> bool:
    if one.row.id != other.row.id:
        return False
    if one.verb in ("book again", "move"):
        return create_body(one.values) == create_body(other.values)
    return one.values == other.values
