"""A finding explained: what it says, what it rests on, the rule behind it, what a person can do, what was said."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from charge_tui.desk.attention.state import Said, Verdict
from charge_tui.domain.attention.finding import Finding, Marked, Severity
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.attention.words import advice, formula, sentence, why
from charge_tui.domain.drafting import window_words
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.text import safe, short_id
from charge_tui.domain.times import countdown, parse_rfc3339, seconds_between, span, window, zone_word
from charge_tui.records import dataclass
from charge_tui.tui.render.forms import told_lines
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, fit, wrap
from charge_tui.tui.render.standing import TOKENS
from charge_tui.tui.render.words import instant

SETTINGS: Final = (
    "Its numbers are in [attention] of config.toml; charge-tui doctor shows them and where each comes from."
)

_NAMES: Final = {
    "status": "status",
    "failed_reason": "reason told",
    "ideal_start": "asked start",
    "ideal_end": "asked end",
    "reserved_start": "given start",
    "reserved_end": "given end",
    "earliest_start": "not before",
    "latest_end": "not after",
    "hard_end": "end of its limits",
    "due": "to be confirmed at",
    "free_until": "cancel free until",
    "problems": "how it differs",
    "windows": "windows",
    "failed": "failed ones",
    "vehicle": "vehicle",
    "driver": "driver",
    "payment_method": "payment method",
    "connector_type": "connector",
    "centre": "around",
}
"""What the facts are called; another one is called as it is."""
_LABEL: Final = 20
_MANY: Final = 6
"""How many ids of a fact are told; the others are counted."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the page is about, as it was when the key was pressed."""

    row: Row
    finding: Finding | None = None
    others: tuple[Finding, ...] = ()
    marks: tuple[Marked, ...] = ()
    verdict: Verdict | None = None


def why_lines(case: Case, limits: Thresholds, look: Look, width: int) -> list[Line]:
    """The whole page, what helps first."""
    about = _about(case.row, look, width)
    finding, marks = case.finding, case.marks
    if finding is None:
        if not marks:
            return [*about, BLANK, *told_lines("Nothing is wrong with it.", "good", width)]
        words = told_lines("A mark only informs: it is not counted, and asks for nothing.", "quiet", width - 2)
        return [*about, *_section("marks", [*_also(case, look, width), *_in(words)])]
    rule = [*told_lines(formula(finding.kind, limits), "", width - 2), *told_lines(SETTINGS, "quiet", width - 2)]
    said = told_lines(said_words(case.verdict, look), "", width - 2) if case.verdict else []
    return [
        *head_lines(finding, look, width), BLANK, *about,
        *_section("what to do", _in(told_lines(advice(finding.kind), "", width - 2))),
        *_section("what was said", _in(said)),
        *_section("also", _also(case, look, width)),
        *_section("facts", _facts(finding, look, width)),
        *_section("rule", _in(rule)),
    ]  # fmt: skip


def head_lines(finding: Finding, look: Look, width: int) -> list[Line]:
    """The finding by name, its sentence, and its time."""
    head: Line = (
        severity_span(finding.severity),
        Span(f" {why(finding)}", "strong"),
        Span(f"  {finding.severity.word}", "quiet"),
    )
    lines = [head, *told_lines(sentence(finding, look.zone, lambda identity: named(identity, look)), "", width)]
    return [*lines, (Span("deadline ", "quiet"), *due_spans(finding.due, look))]


def severity_span(severity: Severity) -> Span:
    """A severity in three cells, by shape and letter ("! H")."""
    return Span(f"{severity.shape:<2}{severity.letter}", TOKENS[severity])


def due_spans(due: datetime, look: Look) -> Line:
    """T, the time of consequence, with what is left until then."""
    left = seconds_between(look.now, due)
    words = f"in {countdown(left)}" if left > 0 else f"{span(left)} ago"
    return (Span(moment(due, look), "strong"), Span(f"  {words}", "" if left > 0 else "warn"))


def moment(at: datetime, look: Look) -> str:
    """A time in the zone that is shown; in UTC where that zone has no such time."""
    try:
        return instant(at, look.now, look.zone)
    except (OverflowError, ValueError):
        return at.isoformat()


def named(identity: str, look: Look) -> str | None:
    """The name of a vehicle, a driver or a payment method by its id; None where it is not known."""
    kinds = {"veh_": look.names.vehicle, "drv_": look.names.driver, "pm_": look.names.payment}
    return next((name(identity) for prefix, name in kinds.items() if identity.startswith(prefix)), None)


def said_words(verdict: Verdict, look: Look) -> str:
    """What was said, by whom, when, until when and why."""
    words = f"{verdict.said} by {safe(verdict.by, 40)} at {moment(verdict.at, look)}"
    words += f", {back_words(verdict, look)}"
    return f"{words}: {safe(verdict.reason, 200)}" if verdict.reason else words


def back_words(verdict: Verdict, look: Look) -> str:
    """When it comes back."""
    if verdict.until is not None:
        return f"back at {moment(verdict.until, look)}"
    return "back when it gets worse" if verdict.said is Said.HANDLED else "until it clears"


def _about(row: Row, look: Look, width: int) -> list[Line]:
    lines = told_lines(safe(row.id, 200), "title", width)
    if not isinstance(row, Reservation):
        return lines
    who = (look.vehicle(row.vehicle_id), look.driver(row.driver_id), look.station(row.station_id))
    parts = [safe(row.status, 30), window_words(row, look.zone), *(one for one in who if one)]
    return lines + told_lines(" · ".join(parts), "quiet", width)


def _also(case: Case, look: Look, width: int) -> list[Line]:
    told: list[Line] = []
    for other in case.others:
        told.append((Span("  "), severity_span(other.severity), Span(f" {why(other)}")))
        words = sentence(other, look.zone, lambda identity: named(identity, look))
        told += [(Span("      "), *line) for line in told_lines(words, "quiet", width - 6)]
    for one in case.marks:
        first, *more = wrap(f"{one.mark}: {safe(one.words, 300)}", max(10, width - 6))
        told += [(Span("  ~   ", "quiet"), Span(first)), *((Span("      " + part),) for part in more)]
    return told


def _section(title: str, lines: Sequence[Line]) -> list[Line]:
    return [BLANK, (Span(title, "head"),), *lines] if lines else []


def _in(lines: Sequence[Line]) -> list[Line]:
    return [(Span("  "), *line) for line in lines]


def _facts(finding: Finding, look: Look, width: int) -> list[Line]:
    lines: list[Line] = []
    label = min(_LABEL, max(8, width // 3))
    for name, value in finding.facts.items():
        head = _NAMES.get(name) or safe(name, 40).replace("_", " ")
        for part in _told(name, value, look):
            for piece in wrap(part, max(10, width - label - 3)):
                lines.append((Span(f"  {fit(head, label)} ", "quiet"), Span(piece)))
                head = ""
    return lines


def _told(name: str, value: Any, look: Look) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{_who(str(key), look)}  {_one(name, part, look)}" for key, part in list(value.items())[:_MANY]]
    if isinstance(value, (list, tuple)) and name == "failed":
        more = [f"and {len(value) - _MANY} more"] if len(value) > _MANY else []
        return [*(safe(str(one), 60) for one in value[:_MANY]), *more]
    return [_one(name, value, look)]


def _one(name: str, value: Any, look: Look) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return _several(name, value, look)
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, int | float) else safe(str(value), 200)
    at = _time(value)
    if at is not None:
        return _timed(at, look)
    if name in ("vehicle", "driver", "payment_method"):
        return _who(value, look)
    shown = safe(value, 200)
    return shown.replace("_", " ") if name in ("failed_reason", "status") else shown


def _several(name: str, value: Sequence[Any], look: Look) -> str:
    times = [_time(one) if isinstance(one, str) else None for one in value]
    if len(times) == 2 and times[0] and times[1]:
        return f"{window(times[0], times[1], look.zone)} {_zone(times[0], look)}"
    if name == "centre" and len(value) == 2:
        return (
            ", ".join(f"{one:.4f}" if isinstance(one, float) else safe(str(one), 20) for one in value) + " (lat, lon)"
        )
    return ", ".join(safe(str(one), 60) for one in value) or "none"


def _who(identity: str, look: Look) -> str:
    name = named(identity, look)
    return f"{safe(name, 60)} ({short_id(identity)})" if name else short_id(identity)


def _timed(at: datetime, look: Look) -> str:
    return f"{moment(at, look)} {_zone(at, look)}".rstrip()


def _zone(at: datetime, look: Look) -> str:
    try:
        return zone_word(at, look.zone)
    except (OverflowError, ValueError):
        return ""


def _time(text: str) -> datetime | None:
    try:
        return parse_rfc3339(text)
    except ValueError:
        return None
