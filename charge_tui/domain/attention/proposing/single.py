"""Proposals for what is wrong with one reservation: lost, not confirmed, wrong window."""

from collections.abc import Iterator
from datetime import datetime

from charge_tui.domain.attention.proposing.around import failing_payments, other_payments, ways_for
from charge_tui.domain.attention.proposing.proposal import MARGIN, MOST, Picture, Proposal, Verb
from charge_tui.domain.attention.proposing.ways import Way, differing, when_words
from charge_tui.domain.deadline import deadline
from charge_tui.domain.drafting import EDITABLE, Fields, copied, time_of, values_of
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe
from charge_tui.domain.times import seconds_between, span
from charge_tui.domain.windows import end, hard_end, start

NO_CONNECTOR = "no_available_connectors"
NOT_PAID = "payment_failed"
WIDE = 5000
"""Metres around a place that are wide enough for one that has not failed."""


def lost(row: Reservation, picture: Picture, now: datetime, *, replaces: bool) -> Iterator[Proposal]:
    """Book again, with what its ``failed_reason`` asks for [seed]."""
    values = copied(row, now + MARGIN, replaces=replaces).values
    found = ways_for(row, values, picture, now, wider=row.failed_reason == NO_CONNECTOR)
    if row.failed_reason == NOT_PAID:
        way = found[0] if found else Way({}, (), "", 0.0)
        for identity, name in other_payments(row, picture, now)[:MOST]:
            words = (*way.words, f"pay with {safe(name, 40)}")
            why = "The payment failed; this one has not failed in the last hour."
            yield _made(
                "book again", "Book again", row, values | way.changes | {"payment_method": identity}, words, why
            )
        return
    for way in differing(found, MOST):
        yield _made("book again", "Book again", row, values | way.changes, way.words, _sentence(way.why))


def not_confirmed(row: Reservation, picture: Picture, now: datetime) -> Iterator[Proposal]:
    """Have it confirmed now, or make that likelier first; give up one whose time is over."""
    if seconds_between(hard_end(row), now) >= 0:
        yield Proposal("Cancel it", "cancel", row, {}, f"Its time is over, and nothing came of it. {cost(row, now)}")
        yield accepted(row, "It blocks nothing but the list; Charge may end it by itself.")
        return
    values = copied(row, now + MARGIN, replaces=False).values
    begun = time_of(values["ideal_start"]) != row.ideal_start
    found = ways_for(row, values, picture, now)
    edits = [_edit(row, values, way) for way in differing([way for way in found if way.changes or begun], MOST)]
    confirm = Proposal("Confirm now", "confirm", row, {}, "Charge is late; this has it look for a connector at once.")
    if row.payment_method_id in failing_payments(picture, now):
        for identity, name in other_payments(row, picture, now)[:1]:
            yield confirm_paid(row, identity, name)
    enough = bool(found) and not any(found[0].sort[:2])
    if _nearly_over(row, now) if begun else not enough:
        yield from edits[:1]
    yield confirm
    yield from edits


def wrong_window(row: Reservation, picture: Picture, now: datetime, *, replaces: bool) -> Iterator[Proposal]:
    """Book what was asked for and cancel this one, or take it as it is: whichever is nearer to what was asked for."""
    values = copied(row, now + MARGIN, replaces=replaces).values
    accept = accepted(row, f"It was given {_given(row)} what was asked for.")
    found = ways_for(row, values, picture, now, without=(row.id,))
    present = _apart(row, start(row), end(row)) + (30 if _outside(row) else 0)
    known = [way for way in found if way.blind == found[0].blind]
    better = [way for way in differing(known, MOST - 1) if max(_cost(row, values | way.changes), way.cost) < present]
    for way in better:
        why = f"{_sentence(way.why)} {cost(row, now)}".strip()
        words = way.words or ("as asked",)
        yield _made("move", "Move", row, values | way.changes, words, why)
    yield accept


def accepted(row: Reservation, why: str) -> Proposal:
    """Leave it as it is: an acknowledgement."""
    return Proposal("Accept it as it is", "accept", row, {}, why)


def confirm_paid(row: Reservation, identity: str, name: str) -> Proposal:
    """Have it confirmed now by another payment method, which only this call can change [docs: charge-api 2.3]."""
    why = "Its payment method is failing; this one has not failed in the last hour."
    return Proposal(f"Confirm now, pay with {safe(name, 40)}", "confirm", row, {"payment_method": identity}, why)


def widened(row: Reservation, picture: Picture, now: datetime) -> Iterator[Proposal]:
    """Edits that make it likelier that a connector is found for a pending one, once; its window stays as it is.

    Nobody moves a driver before Charge has even tried, and one that is sought as far as ``WIDE`` needs no more yet.
    """
    if row.location is None or (row.location.radius or 0) >= WIDE:
        return
    values = copied(row, now + MARGIN, replaces=False).values
    found = ways_for(row, values, picture, now, wider=True, without=(row.id,))
    for way in differing([way for way in found if not way.sort[2]], MOST):
        yield _edit(row, values, way)


def cost(row: Reservation, now: datetime) -> str:
    """What cancelling costs now, in a short sentence."""
    limit = deadline(row)
    if limit is None:
        return ""
    return "Cancelling is free now." if limit.is_free(now) else f"Cancelling may cost up to {limit.fee}."


def _edit(row: Reservation, values: Fields, way: Way) -> Proposal:
    whole, present = values | way.changes, values_of(row)
    changed = {name: whole[name] for name in EDITABLE if whole[name] != present[name]}
    return _made("edit", "Edit", row, changed, way.words or (when_words(row, whole),), _sentence(way.why))


def _made(verb: Verb, head: str, row: Reservation, values: Fields, words: tuple[str, ...], why: str) -> Proposal:
    return Proposal(", ".join([head, *(part for part in words if part)]), verb, row, values, why)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _nearly_over(row: Reservation, now: datetime) -> bool:
    left = seconds_between(now, row.ideal_end)
    return left < seconds_between(row.ideal_start, row.ideal_end) / 2


def _given(row: Reservation) -> str:
    off = _apart(row, start(row), end(row))
    return f"{span(off * 60)} away from" if off >= 1 else "almost"


def _apart(row: Reservation, first: datetime, last: datetime) -> float:
    return max(abs(seconds_between(row.ideal_start, first)), abs(seconds_between(row.ideal_end, last))) / 60


def _cost(row: Reservation, values: Fields) -> float:
    first, last = time_of(values["ideal_start"]), time_of(values["ideal_end"])
    return _apart(row, first, last) if first and last else float("inf")


def _outside(row: Reservation) -> bool:
    early = row.earliest_start is not None and seconds_between(start(row), row.earliest_start) > 60
    late = row.latest_end is not None and seconds_between(row.latest_end, end(row)) > 60
    return early or late
