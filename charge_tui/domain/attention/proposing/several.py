"""Proposals for what is wrong with several reservations: booked twice, payments failing, area short."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from charge_tui.domain.attention.proposing.around import other_payments
from charge_tui.domain.attention.proposing.proposal import MARGIN, MOST, Picture, Proposal
from charge_tui.domain.attention.proposing.single import accepted, confirm_paid, cost, widened
from charge_tui.domain.deadline import deadline
from charge_tui.domain.drafting import REPLACES, Fields, shifted, time_of, values_of
from charge_tui.domain.lifecycle import OPEN, PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe, short_id
from charge_tui.domain.times import MINUTE, seconds_between, span, utc
from charge_tui.domain.windows import end, start

_ENOUGH: Final = 60 * MINUTE
_STEP: Final = 5 * MINUTE
_LOOKED_AT: Final = 10


def booked_twice(rows: Sequence[Reservation], now: datetime) -> Iterator[Proposal]:
    """Which of two to cancel, and why; or to move the later one out of the other's way, where that is a small step."""
    pair = _worst_pair(rows)
    if pair is None:
        return
    loser, keeper, reasons = _loser(*pair, now)
    same = loser.vehicle_id == keeper.vehicle_id
    after = _after(*pair, now)
    overlap = _overlap(*pair)
    shortest = min(seconds_between(start(row), end(row)) for row in pair)
    cancel = _cancel(loser, keeper, ", ".join(reasons), now)
    if after is not None and overlap < shortest / 2 and not _replaces(keeper, loser):
        yield after
        yield cancel
    elif not same and overlap < shortest / 2:
        yield accepted(loser, "One driver, two vehicles: a colleague may take over one of them.")
        yield cancel
    else:
        yield cancel
        if after is not None:
            yield after
    yield _cancel(keeper, loser, "if it is this one that is not needed", now)


def payments_failing(rows: Sequence[Reservation], picture: Picture, now: datetime) -> Iterator[Proposal]:
    """Pay for the next one at risk in another way, then for the one after it."""
    for row in _pending(rows):
        for identity, name in other_payments(row, picture, now)[:1]:
            yield confirm_paid(row, identity, name)


def area_short(rows: Sequence[Reservation], picture: Picture, now: datetime) -> Iterator[Proposal]:
    """Let the next ones at risk be sought more widely before Charge tries; one that is sought widely is left alone."""
    found = [fixes for row in _pending(rows)[:_LOOKED_AT] if (fixes := list(widened(row, picture, now)))]
    for fixes in found[:MOST]:
        yield from fixes[: MOST if len(found) == 1 else 1]


def _pending(rows: Sequence[Reservation]) -> list[Reservation]:
    return sorted((row for row in rows if row.status == PENDING), key=lambda row: (row.ideal_start, row.id))


def _worst_pair(rows: Sequence[Reservation]) -> tuple[Reservation, Reservation] | None:
    current = [row for row in rows if row.status in OPEN]
    pairs = [pair for pair in combinations(current[:20], 2) if _overlap(*pair) > 0]
    return max(pairs, key=lambda pair: (_overlap(*pair), pair[0].id, pair[1].id), default=None)


def _overlap(one: Reservation, other: Reservation) -> float:
    return seconds_between(max(utc(start(one)), utc(start(other))), min(utc(end(one)), utc(end(other))))


def _loser(one: Reservation, other: Reservation, now: datetime) -> tuple[Reservation, Reservation, list[str]]:
    """The one to give up, the other, and why: an old one that was replaced, one that costs nothing, a later one."""
    for old, new in ((one, other), (other, one)):
        if _replaces(new, old):
            return old, new, [f"{short_id(new.id)} was booked in its place"]
    rules = (
        (lambda row: row.status == PENDING, "it has no connector yet"),
        (lambda row: _free(row, now), ""),
        (lambda row: row == max((one, other), key=lambda row: (row.created, row.id)), "it was made later"),
    )
    for rule, _ in rules:
        if rule(one) != rule(other):
            loser, keeper = (one, other) if rule(one) else (other, one)
            return loser, keeper, [words for holds, words in rules if words and holds(loser) and not holds(keeper)]
    return one, other, []


def _cancel(row: Reservation, keeper: Reservation, reason: str, now: datetime) -> Proposal:
    label = f"Cancel {short_id(row.id)}, keep {short_id(keeper.id)}"
    because = f"{reason[:1].upper()}{reason[1:]}. " if reason else ""
    return Proposal(label, "cancel", row, {}, f"{because}{cost(row, now)}")


def _after(one: Reservation, other: Reservation, now: datetime) -> Proposal | None:
    """Move the later one, if it is pending and its limits allow that, to begin when the other has ended."""
    first, second = sorted((one, other), key=lambda row: (utc(start(row)), row.id))
    if second.status != PENDING:
        return None
    present = values_of(second)
    seconds = seconds_between(start(second), end(first))
    by = timedelta(seconds=-(-seconds // _STEP) * _STEP)
    try:
        moved: Fields = shifted(present, by)
    except OverflowError:
        return None
    latest, ends, begins = (time_of(moved.get(name)) for name in ("latest_end", "ideal_end", "ideal_start"))
    fits = latest is None or ends is None or ends <= latest
    if not fits or begins is None or begins < utc(now) + MARGIN or not 0 < by.total_seconds() <= _ENOUGH:
        return None
    values = {name: moved[name] for name in ("ideal_start", "ideal_end")}
    label = f"Edit {short_id(second.id)}, {span(by.total_seconds())} later"
    return Proposal(label, "edit", second, values, f"Then it begins when {safe(short_id(first.id), 20)} has ended.")


def _replaces(new: Reservation, old: Reservation) -> bool:
    return (new.metadata or {}).get(REPLACES) == old.id


def _free(row: Reservation, now: datetime) -> bool:
    limit = deadline(row)
    return limit is not None and limit.is_free(now)
