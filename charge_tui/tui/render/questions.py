"""What is asked before something is done: the reservation by name, its window, what happens, what it costs now."""

from collections.abc import Sequence

from charge_tui.desk.outcome import Outcome
from charge_tui.domain.drafting import (
    Difference,
    Fields,
    ThreeWay,
    cancel_cost,
    create_body,
    time_of,
    told,
    window_words,
)
from charge_tui.domain.lifecycle import CONFIRMED
from charge_tui.domain.money import money
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe
from charge_tui.domain.times import seconds_between, span, window
from charge_tui.domain.windows import start
from charge_tui.tui.render.forms import label, told_lines
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, fit, wrap

_LABEL = 10


def pair(name: str, text: str, width: int, token: Token = "") -> list[Line]:
    """A name and what it is, on as many lines as that needs."""
    lines: list[Line] = []
    for number, part in enumerate(wrap(text, max(10, width - _LABEL))):
        lines.append((Span(fit("" if number else name, _LABEL), "quiet"), Span(part, token)))
    return lines


def subject(row: Reservation, look: Look, width: int) -> list[Line]:
    """Which reservation it is."""
    who = " · ".join(part for part in (look.vehicle(row.vehicle_id), look.driver(row.driver_id)) if part)
    ahead = seconds_between(look.now, start(row))
    begins = f", starts in {span(ahead)}" if ahead > 0 else f", began {span(ahead)} ago"
    lines = [*told_lines(safe(row.id, 200), "title", width), *(told_lines(who, "", width) if who else [])]
    if row.station_id:
        lines += told_lines(look.station(row.station_id), "", width)
    lines.append(BLANK)
    lines += pair("status", safe(row.status, 40), width)
    return lines + pair("window", f"{window_words(row, look.zone)}{begins}", width)


def cost_of_cancelling(row: Reservation, look: Look, width: int) -> list[Line]:
    """What cancelling costs at this moment."""
    cost = cancel_cost(row, look.now, look.zone)
    return pair("cost", cost.words, width, "good" if cost.free else "warn")


def confirm_lines(row: Reservation, look: Look, width: int) -> list[Line]:
    """The question about confirming."""
    lines = subject(row, look, width)
    if row.reservation_fee is not None:
        lines += pair("fee", money(row.reservation_fee, row.currency), width)
    if row.payment_method_id:
        lines += pair("pays", look.payment(row.payment_method_id), width)
    lines += pair("then", f"Cancelling it later: {cancel_cost(row, look.now, look.zone).words}", width)
    lines.append(BLANK)
    words = "A connector is looked for and booked at once. If there is none, the reservation ends as failed."
    return lines + told_lines(words, "quiet", width)


def cancel_lines(row: Reservation, look: Look, width: int) -> list[Line]:
    """The question about cancelling."""
    lines = subject(row, look, width) + cost_of_cancelling(row, look, width)
    held = "The connector is given back, and" if row.status == CONFIRMED else "It is given up, and"
    return [*lines, BLANK, *told_lines(f"{held} this cannot be undone.", "quiet", width)]


def move_lines(row: Reservation, values: Fields, look: Look, width: int) -> list[Line]:
    """The question about moving: both windows, both costs."""
    lines = subject(row, look, width)
    lines += [BLANK, (Span("1  book the new window", "strong"),)]
    body = create_body(values)
    first, last = time_of(body.get("ideal_start")), time_of(body.get("ideal_end"))
    if first and last:
        lines += pair("   window", f"{told('ideal_start', body['ideal_start'], look.zone)}", width, "strong")
        lines += pair("", f"{window(first, last, look.zone)}, {span(seconds_between(first, last))} long", width)
    lines += pair("   cost", "Its fee is known once it is confirmed; until then it waits as pending.", width)
    lines.append((Span("2  then cancel the old one", "strong"),))
    cost = cancel_cost(row, look.now, look.zone)
    lines += pair("   cost", cost.words, width, "good" if cost.free else "warn")
    words = "If the first step fails, nothing is cancelled. If the second fails, both are there and it is said."
    return [*lines, BLANK, *told_lines(words, "quiet", width)]


def difference_page(found: Sequence[Difference], width: int) -> list[Line]:
    """Fields with their values now and as they will be."""
    lines: list[Line] = []
    for one in found:
        lines.append((Span(fit(label(one.field), 12), "strong"), Span(one.words, "accent")))
        lines += [(Span("   " + part, "quiet"),) for part in wrap(one.before, width - 3)]
        first, *more = wrap(one.after, width - 5)
        lines += [(Span("   → "), Span(first, "strong")), *((Span("     " + part, "strong"),) for part in more)]
    return lines


def undo_lines(row: Reservation, found: Sequence[Difference], look: Look, width: int) -> list[Line]:
    """The question about taking an edit back: what will be sent."""
    return [*subject(row, look, width), BLANK, (Span("will be sent", "head"),), *difference_page(found, width)]


def changed_lines(fields: Sequence[ThreeWay], width: int) -> list[Line]:
    """What somebody else changed under a question."""
    lines: list[Line] = []
    for one in fields:
        lines += pair(label(one.field), f"{one.was} → {one.theirs}", width, "warn")
    return lines


def outcome_lines(outcome: Outcome, width: int) -> list[Line]:
    """What came of it."""
    token: Token = "good" if outcome.well else "bad"
    lines = told_lines(outcome.sentence, token, width)
    if outcome.request_id and outcome.request_id not in outcome.sentence:
        lines += told_lines(f"request {safe(outcome.request_id, 80)}", "quiet", width)
    return lines
