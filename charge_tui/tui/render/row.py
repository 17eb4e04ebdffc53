"""One reservation as one line of the table."""

from collections.abc import Callable, Sequence
from typing import Final

from charge_tui.domain.lifecycle import FAILED, PENDING, is_open, short
from charge_tui.domain.money import money
from charge_tui.domain.reservation import OddRow, Reservation, Row
from charge_tui.domain.text import safe
from charge_tui.domain.times import hhmm, minutes_span, seconds_between, signed, window
from charge_tui.domain.windows import drift, end, start
from charge_tui.tui.render import words
from charge_tui.tui.render.columns import Placed, gap_after
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import Line, Span, Token, fit
from charge_tui.tui.render.standing import PLAIN, Cell, Standing, note, severity_cell, shape_cell, until


def heading(columns: Sequence[Placed], sorted_by: str | None = None, descending: bool = False) -> Line:
    """The line of titles; the column that the rows are sorted by bears an arrow."""
    spans: list[Span] = []
    for number, placed in enumerate(columns):
        column = placed.column
        arrow = "▼" if descending else "▲"
        title = column.title + (arrow if column.key == sorted_by and column.title else "")
        last = number == len(columns) - 1
        spans.append(Span(fit(title, placed.width, column.align), "head", f"sort:{column.key}"))
        if not last:
            spans.append(Span(_gap(placed)))
    return tuple(spans)


def row_line(row: Row, columns: Sequence[Placed], look: Look, standing: Standing = PLAIN) -> Line:
    """The reservation's line: a cell for each column, all text safe.

    Colour stands in the severity alone, and for a while in what changed; a row that needs nobody any more is dim.
    """
    spans: list[Span] = []
    for number, placed in enumerate(columns):
        text, token = cell(row, placed.column.key, look, standing)
        token = _weighed(token, placed.column.key, standing)
        spans.append(Span(fit(text, placed.width, placed.column.align), token))
        if number < len(columns) - 1:
            spans.append(Span(_gap(placed)))
    return tuple(spans)


def _weighed(token: Token, key: str, standing: Standing) -> Token:
    if standing.sunk:
        return "quiet"
    return "accent" if key in standing.changed and token in ("", "quiet") else token


def cell(row: Row, key: str, look: Look, standing: Standing = PLAIN) -> Cell:
    """What one column says about a row."""
    if key == "severity":
        return severity_cell(row, standing)
    if key == "mark":
        return shape_cell(row, standing)
    if key in ("why", "note"):
        return note(row, standing)
    if key == "in" and standing.listed and not standing.became and standing.entry is not None:
        return until(standing.entry.finding.due, look.now), ""
    if isinstance(row, OddRow):
        return _odd_cell(row, key)
    return _CELLS[key](row, look)


def _odd_cell(row: OddRow, key: str) -> Cell:
    if key == "id":
        return safe(row.id, 60), ""
    if key == "status":
        return safe(short(row.text("status") or "?"), 4), "quiet"
    return ("?", "quiet") if key in ("in", "window", "day") else ("", "")


def _in(row: Reservation, look: Look) -> Cell:
    ahead = seconds_between(look.now, start(row))
    if not is_open(row.status):
        return (minutes_span(ahead), "") if row.status == FAILED and ahead > 0 else ("", "")
    if ahead > -60 or row.status == PENDING:
        return minutes_span(ahead), ""
    left = seconds_between(look.now, end(row))
    return ("▸" + minutes_span(left) if left > 0 else "ended"), "quiet"


def _window(row: Reservation, look: Look) -> Cell:
    return window(start(row), end(row), look.zone), ""


def _limits(row: Reservation, look: Look) -> Cell:
    low, high = row.earliest_start, row.latest_end
    if low and high:
        return window(low, high, look.zone), "quiet"
    if low:
        return f"{hhmm(low, look.zone)}–any", "quiet"
    return (f"any–{hhmm(high, look.zone)}", "quiet") if high else ("", "")


def _drift(row: Reservation, look: Look) -> Cell:
    moved = drift(row)
    return (signed(moved.start), "quiet") if moved and moved.notable else ("", "")


def _status(row: Reservation, look: Look) -> Cell:
    return safe(short(row.status), 4), "" if is_open(row.status) or row.status == FAILED else "quiet"


def _fee(row: Reservation, look: Look) -> Cell:
    return ("", "") if row.reservation_fee is None else (money(row.reservation_fee, row.currency), "")


_CELLS: Final[dict[str, Callable[[Reservation, Look], Cell]]] = {
    "in": _in,
    "day": lambda row, look: (words.day_word(start(row), look.now, look.zone), ""),
    "window": _window,
    "vehicle": lambda row, look: (look.vehicle(row.vehicle_id), ""),
    "status": _status,
    "station": lambda row, look: (look.station(row.station_id), ""),
    "driver": lambda row, look: (look.driver(row.driver_id), ""),
    "limits": _limits,
    "drift": _drift,
    "fee": _fee,
    "connector": lambda row, look: (safe(", ".join(row.connector_type or ()), 60), ""),
    "created": lambda row, look: (words.instant(row.created, look.now, look.zone), "quiet"),
    "updated": lambda row, look: (words.instant(row.updated, look.now, look.zone), "quiet"),
    "id": lambda row, look: (safe(row.id, 60), ""),
}


def _gap(placed: Placed) -> str:
    return " " * gap_after(placed.column.key)
