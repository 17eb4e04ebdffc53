"""One reservation in full: the drawn windows, the deadline, who, where and what it costs, and how it got there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from charge_tui.desk.entries import Entry, State
from charge_tui.desk.state import Change
from charge_tui.domain.attention.words import sentence
from charge_tui.domain.deadline import deadline
from charge_tui.domain.lifecycle import CONFIRMED, FAILED, PENDING, is_open
from charge_tui.domain.money import money
from charge_tui.domain.neighbours import Driver, Station, Vehicle
from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.domain.text import safe
from charge_tui.domain.times import HOUR, MINUTE, countdown, floor_minute, seconds_between, span, window
from charge_tui.domain.windows import drift, end, outside_limits, start
from charge_tui.records import dataclass
from charge_tui.tui.render import words
from charge_tui.tui.render.axis import Windows, axis
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cells, fit, width_of, wrap
from charge_tui.tui.render.standing import MARK, PLAIN, TOKENS, Standing

LABEL: Final = 9
"""Cells of the column of names, the space after it included."""
_SIGN: Final = 4
"""Cells of a finding's sign, the space after it included."""
_METADATA_SHOWN: Final = 50
_DEEDS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """What the desk knows about its own knowledge of one reservation."""

    age: float | None = None
    """World seconds since the row was last seen; None where the desk does not keep it."""
    standing: Standing = PLAIN
    """How it stands with the findings."""
    history: Sequence[Change] = ()
    seconds: bool = True
    """Whether ages and countdowns may tick; minutes otherwise."""
    deeds: Sequence[Entry] = ()
    """What was done to it from here, the newest first."""
    fixes: Sequence[Line] = ()
    """What can be done about its finding, as lines of the pane's width."""


_NOTHING_KNOWN: Final = Seen()


def detail(row: Row, look: Look, width: int, seen: Seen = _NOTHING_KNOWN) -> list[Line]:
    """The pane's lines, each at most ``width`` cells wide."""
    page = _Page(width)
    if isinstance(row, OddRow):
        _odd_row(page, row, seen)
        return page.lines
    page.text(safe(row.id, 200), "title")
    _status(page, row, look, seen)
    _standing(page, look, seen.standing)
    if seen.fixes:
        page.gap()
        page.lines += seen.fixes
    page.gap()
    page.lines += axis(_windows(row, look), look.zone, width)
    page.gap()
    _differences(page, row, look)
    _deadline(page, row, look, seen)
    page.gap()
    _people(page, row, look)
    _where(page, row, look)
    page.field("fee", money(row.reservation_fee, row.currency))
    if row.payment_method_id:
        page.field("pay", look.payment(row.payment_method_id))
    _metadata(page, row.metadata)
    _times(page, row, look)
    _ids(page, row)
    _oddities(page, row)
    _deeds(page, seen.deeds, look)
    _history(page, seen.history, look)
    return page.lines


def counts_seconds(row: Row, look: Look) -> bool:
    """Whether something of the row ends so soon that its seconds are counted down in the detail."""
    if not isinstance(row, Reservation):
        return False
    ends = deadline(row)
    moments = (start(row), end(row), ends.at if ends else None)
    return any(at is not None and -2 < seconds_between(look.now, at) < 2 * MINUTE + 5 for at in moments)


class _Page:
    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[Line] = []

    def text(self, text: str, token: Token = "") -> None:
        for part in wrap(text, self.width):
            self.lines.append((Span(part, token),))

    def gap(self) -> None:
        if self.lines and self.lines[-1] != BLANK:
            self.lines.append(BLANK)

    def head(self, title: str) -> None:
        self.gap()
        self.lines.append((Span(title, "head"),))

    def field(self, name: str, text: str, token: Token = "", column: int = LABEL) -> None:
        if not text:
            return
        label = fit(name, column - 1) + " "
        for part in wrap(text, max(8, self.width - column)):
            self.lines.append((Span(label, "quiet"), Span(part, token)))
            label = " " * column

    def pair(self, name: str, first: str, second: str) -> None:
        """A field with something less important behind it, or below where both are too long for one line."""
        if cells(first) + cells(second) + 2 + LABEL <= self.width and second:
            self.lines.append((Span(fit(name, LABEL), "quiet"), Span(first), Span(f"  {second}", "quiet")))
        else:
            self.field(name, first)
            self.field("", second, "quiet")


def _status(page: _Page, row: Reservation, look: Look, seen: Seen) -> None:
    told = [Span(safe(row.status, 40), "bad" if row.status == FAILED else "strong")]
    if row.status == FAILED:
        told.append(Span(f" · {words.reason(row.failed_reason)}"))
    if width_of(told) <= page.width:
        page.lines.append(tuple(told))
    else:
        for piece in told:
            page.text(piece.text.removeprefix(" · "), piece.token)
    when: list[str] = []
    if is_open(row.status):
        when.append(_relation(row, seconds_between(look.now, start(row)), look, seen))
    if seen.age is not None:
        when.append(f"seen {_age(seen)}")
    if when:
        page.text(" · ".join(when), "quiet")


def _standing(page: _Page, look: Look, standing: Standing) -> None:
    """Each finding as a sentence behind its sign, the worst first; then who took it, then what is only marked."""
    for finding in standing.findings:
        page.gap()
        sign, token = finding.severity, TOKENS[finding.severity]
        for number, part in enumerate(wrap(sentence(finding, look.zone, look.name), page.width - _SIGN)):
            shown = Span(f"{sign.shape:<2}{sign.letter}", token) if not number else Span(" " * (_SIGN - 1))
            page.lines.append((shown, Span(" "), Span(part)))
    verdict = standing.entry.verdict if standing.entry else None
    if verdict is not None:
        at, until = words.instant(verdict.at, look.now, look.zone), "until it clears"
        if verdict.until is not None:
            until = f"until {words.instant(verdict.until, look.now, look.zone)}"
        page.text(f"{verdict.said} by {safe(verdict.by, 40)} at {at}, {until}", "quiet")
        if verdict.reason:
            page.text(safe(verdict.reason, 200), "quiet")
    if standing.leaving:
        page.text("It left the open lists; its end is not known yet.", "warn")
    for marked in standing.marks:
        page.text(f"{MARK} {safe(marked.words or marked.mark.value, 120)}", "quiet")


def _relation(row: Reservation, ahead: float, look: Look, seen: Seen) -> str:
    if ahead > 0:
        return f"starts in {_left(ahead, seen)}"
    if row.status == PENDING:
        return f"was to start {span(ahead)} ago"
    left = seconds_between(look.now, end(row))
    return f"ends in {_left(left, seen)}" if left > 0 else f"ended {span(left)} ago"


def _left(seconds: float, seen: Seen) -> str:
    return countdown(seconds) if seen.seconds or seconds >= MINUTE else "under 1m"


def _age(seen: Seen) -> str:
    age = seen.age or 0.0
    return f"{span(age)} ago" if seen.seconds or age >= MINUTE else "just now"


def _windows(row: Reservation, look: Look) -> Windows:
    given = (row.reserved_start, row.reserved_end) if row.reserved_start and row.reserved_end else None
    ends = deadline(row)
    without = {PENDING: "not yet", FAILED: "no station"}.get(row.status, "none")
    return Windows(
        asked=(row.ideal_start, row.ideal_end),
        given=given,
        limits=(row.earliest_start, row.latest_end),
        free_until=ends.at if ends else None,
        now=look.now,
        without=without,
    )


def _differences(page: _Page, row: Reservation, look: Look) -> None:
    length = span(seconds_between(floor_minute(start(row)), floor_minute(end(row))))
    page.field("window", f"{window(start(row), end(row), look.zone)} · {length}")
    moved = drift(row)
    if moved:
        page.field("given", moved.words())
    for broken in outside_limits(row):
        page.field("limit", broken, "warn")


def _deadline(page: _Page, row: Reservation, look: Look, seen: Seen) -> None:
    ends = deadline(row)
    if ends is None:
        return
    if ends.at is None:
        page.field("cancel", f"see policy, may cost up to {ends.fee}")
        return
    left = ends.left(look.now) or 0.0
    at = words.instant(ends.at, look.now, look.zone)
    if left > 0:
        token: Token = "warn" if left < 10 * MINUTE else "good" if left < HOUR else ""
        page.field("cancel", f"free until {at}, {_left(left, seen)} left", token)
        page.field("", f"then may cost up to {ends.fee}", "quiet")
    else:
        page.field("cancel", f"may cost up to {ends.fee}")
        page.field("", f"free until {at}, {span(left)} ago", "quiet")


def _people(page: _Page, row: Reservation, look: Look) -> None:
    if row.driver_id:
        driver = look.names.details("driver", row.driver_id)
        phone = driver.phone if isinstance(driver, Driver) and driver.phone else ""
        page.pair("driver", look.driver(row.driver_id), safe(phone, 40))
    if row.vehicle_id:
        vehicle = look.names.details("vehicle", row.vehicle_id)
        page.pair("vehicle", look.vehicle(row.vehicle_id), _vehicle(vehicle))


def _vehicle(vehicle: object | None) -> str:
    if not isinstance(vehicle, Vehicle):
        return ""
    about = vehicle.information or {}
    parts = [safe(str(about[key]), 40) for key in ("make", "model") if about.get(key)]
    if vehicle.battery_capacity:
        parts.append(f"{vehicle.battery_capacity / 1000:g} kWh")
    if vehicle.charging_standard:
        parts.append(safe(vehicle.charging_standard, 20))
    return " ".join(parts)


def _where(page: _Page, row: Reservation, look: Look) -> None:
    if row.station_id:
        station = look.names.details("station", row.station_id)
        page.field("station", look.station(row.station_id))
        if isinstance(station, Station):
            page.field("", _address(station.address))
            contact = " ".join(safe(part, 80) for part in (station.operator, station.operator_contact) if part)
            page.field("", contact, "quiet")
    elif row.status == CONFIRMED:
        page.field("station", "not told", "warn")
    if row.connector_type:
        page.field("plug", safe(", ".join(row.connector_type), 120))
    if row.location:
        place = f"{row.location.latitude:.4f}, {row.location.longitude:.4f}"
        radius = "" if row.location.radius is None else f" ({_metres(row.location.radius)})"
        page.field("near", place + radius)


def _metres(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def _address(address: Mapping[str, Any] | None) -> str:
    parts = [address.get(key) for key in ("line1", "postal_code", "city")] if address else []
    return ", ".join(safe(str(part), 60) for part in parts if part)


def _metadata(page: _Page, metadata: Mapping[str, Any] | None) -> None:
    if not metadata:
        return
    page.head("metadata")
    shown = {safe(key, 40): value for key, value in list(metadata.items())[:_METADATA_SHOWN]}
    column = max(LABEL, min(page.width // 2, max(cells(key) for key in shown) + 2))
    for key, value in shown.items():
        page.field(key, safe(value if isinstance(value, str) else repr(value), 300), column=column)
    if len(metadata) > _METADATA_SHOWN:
        page.text(f"and {len(metadata) - _METADATA_SHOWN} more; J shows all", "quiet")


def _times(page: _Page, row: Reservation, look: Look) -> None:
    page.head("times")
    page.field("made", words.instant(row.created, look.now, look.zone))
    if row.confirmed_at:
        ahead = seconds_between(row.confirmed_at, row.ideal_start)
        before = f", {span(ahead)} ahead" if ahead > 0 else ""
        page.field("confirmd", words.instant(row.confirmed_at, look.now, look.zone) + before)
    page.field("changed", words.instant(row.updated, look.now, look.zone))


def _ids(page: _Page, row: Reservation) -> None:
    page.head("ids")
    named = (
        ("driver", row.driver_id),
        ("vehicle", row.vehicle_id),
        ("station", row.station_id),
        ("pay", row.payment_method_id),
    )
    for name, identity in named:
        if identity:
            page.field(name, safe(identity, 200), "quiet")


def _oddities(page: _Page, row: Reservation) -> None:
    unknown = row.model_extra or {}
    if not row.odd and not unknown:
        return
    page.head("not as documented")
    shown = {safe(name, 40): (value, name in row.odd) for name, value in [*row.odd.items(), *unknown.items()]}
    column = max(LABEL, min(page.width // 2, max(cells(name) for name in shown) + 2))
    for name, (value, odd) in shown.items():
        page.field(name, safe(repr(value), 200), "warn" if odd else "quiet", column)


def _odd_row(page: _Page, row: OddRow, seen: Seen) -> None:
    page.text(safe(row.id, 200), "title")
    page.text("This row cannot be read as a reservation.", "warn")
    page.gap()
    for problem in row.problems:
        page.text(f"- {safe(problem, 200)}")
    if isinstance(row.raw, dict):
        page.head("what was sent")
        for name in list(row.raw)[:_METADATA_SHOWN]:
            page.field(safe(str(name), 40), safe(repr(row.raw[name]), 300), "quiet")


def _deeds(page: _Page, deeds: Sequence[Entry], look: Look) -> None:
    if not deeds:
        return
    page.head("done from here")
    for entry in deeds[:_DEEDS_SHOWN]:
        known = entry.state.settled
        token: Token = "" if entry.state is State.DONE else "quiet" if known else "bad"
        text = f"{entry.plan.cause} by {safe(entry.operator, 30)}: {safe(entry.outcome or 'not known', 200)}"
        page.field(words.instant(entry.at, look.now, look.zone)[-8:], text, token)


def _history(page: _Page, history: Iterable[Change], look: Look) -> None:
    told = list(history)
    if not told:
        return
    page.head("seen by this desk")
    for change in reversed(told):
        page.field(words.instant(change.at, look.now, look.zone)[-8:], told_change(change))


def told_change(change: Change) -> str:
    """One change in a few words, safe to show."""
    if change.before is None:
        return "first seen"
    if change.after is None:
        return "gone"
    status = next((field for field in change.fields if field.field == "status"), None)
    if status:
        return safe(f"{status.before} → {status.after}", 80)
    return safe(", ".join(field.field for field in change.fields), 120) or "seen"
