"""What people said about findings, as lines: who, about what, when, until when, why."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from charge_tui.desk.attention.state import Entry, Said
from charge_tui.domain.attention.words import why
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.text import safe, short_id
from charge_tui.domain.times import hhmm, seconds_between, span
from charge_tui.domain.windows import start
from charge_tui.records import dataclass
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, fit, fit_line, wrap
from charge_tui.tui.render.why import back_words, moment, severity_span

_ORDER: Final = (Said.SNOOZED, Said.ACKNOWLEDGED, Said.HANDLED)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """The list as lines, and where each entry stands in it: its first line and its last."""

    lines: Sequence[Line]
    places: Sequence[tuple[int, int]]


def judged(entries: Iterable[Entry]) -> list[Entry]:
    """The same by what was said: the snoozed, the acknowledged, the handled; in each the soonest back first."""

    def key(entry: Entry) -> tuple[int, datetime, int, datetime, str]:
        verdict, finding = entry.verdict, entry.finding
        back = verdict.until if verdict is not None and verdict.until is not None else _NEVER
        place = _ORDER.index(verdict.said) if verdict is not None else len(_ORDER)
        return place, back, -finding.severity, finding.due, finding.key

    return sorted(entries, key=key)


def verdict_lines(entries: Sequence[Entry], rows: Iterable[Row | None], at: int, look: Look, width: int) -> Told:
    """The list with the cursor on the entry ``at``."""
    lines: list[Line] = []
    places: list[tuple[int, int]] = []
    before: Said | None = None
    for place, (entry, row) in enumerate(zip(entries, rows, strict=True)):
        verdict = entry.verdict
        if verdict is None:
            continue
        if verdict.said is not before:
            before = verdict.said
            many = sum(1 for one in entries if one.verdict is not None and one.verdict.said is before)
            lines += [*([BLANK] if lines else []), (Span(f"{before} {many}", "head"),)]
        first = len(lines)
        lines += _entry(entry, row, look, width, here=place == at)
        places.append((first, len(lines) - 1))
    return Told(lines, places)


def _entry(entry: Entry, row: Row | None, look: Look, width: int, *, here: bool) -> list[Line]:
    finding, verdict = entry.finding, entry.verdict
    if verdict is None:
        return []
    sign = Span("▌" if here else " ", "accent")
    back = back_words(verdict, look)
    if verdict.until is not None:
        back += f", in {span(max(0.0, seconds_between(look.now, verdict.until)))}"
    head: Line = (
        sign, severity_span(finding.severity), Span(f" {fit(why(finding), 22)} ", "strong" if here else ""),
        Span(fit(_who(entry, row, look), max(10, width - 30))),
    )  # fmt: skip
    told = f"{back} · {safe(verdict.by, 40)} {moment(verdict.at, look)}"
    if verdict.reason:
        told += f" · {safe(verdict.reason, 200)}"
    return [fit_line(head, width), *((sign, Span(f"    {part}", "quiet")) for part in wrap(told, max(10, width - 5)))]


def _who(entry: Entry, row: Row | None, look: Look) -> str:
    more = f" and {len(entry.finding.subjects) - 1} more" if len(entry.finding.subjects) > 1 else ""
    if not isinstance(row, Reservation):
        return short_id(entry.id) + more
    return f"{look.vehicle(row.vehicle_id) or short_id(entry.id)}{more} · starts {hhmm(start(row), look.zone)}"
