"""The log as lines: columns that fit, one line for each entry, one entry in full."""

from collections.abc import Sequence
from typing import Final

from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.desk.log_words import detail_words, what_words, who_words
from charge_tui.domain.text import safe, short_id
from charge_tui.domain.times import rfc3339
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import Line, Span, Token, cut, fit, wrap
from charge_tui.tui.render.words import day_word

_SIZES: Final = {"time": 15, "what": 16, "vehicle": 11, "reservation": 14, "driver": 18, "by": 16}
_NARROW: Final = {"time": 13, "what": 12, "vehicle": 10, "by": 13}
_ROOMY: Final = 110
_BAD: Final = frozenset({"failed", "expired"})
_ALL: Final = 600


def heading(width: int) -> Line:
    """The titles of the columns."""
    return (Span(" " + "".join(fit(title, size) for title, size in _columns(width)), "head"),)


def log_line(entry: LogEntry, look: Look, width: int) -> Line:
    """An entry on one line of that many cells."""
    local = entry.at.astimezone(look.zone)
    day = day_word(entry.at, look.now, look.zone)
    clock = f"{local:%H:%M}" if day and width < _ROOMY else f"{local:%H:%M:%S}"
    who = who_words(entry)
    texts = {
        "time": (f"{day} {clock}".strip(), "quiet"),
        "what": (what_words(entry), _token(entry)),
        "vehicle": (look.vehicle(entry.vehicle) or ("" if width >= _ROOMY else _short(entry.reservation)), ""),
        "reservation": (_short(entry.reservation), "quiet"),
        "driver": (look.driver(entry.driver), ""),
        "detail": (detail_words(entry, look.zone), ""),
        "by": (who, "accent" if entry.who else "quiet"),
    }
    spans = [Span(" ")]
    for name, size in _columns(width):
        text, token = texts[name]
        spans.append(Span(fit(cut(text, size - 1), size), token))
    return tuple(spans)


def full(entry: LogEntry, look: Look, width: int, height: int) -> list[Line]:
    """All that an entry says, in at most so many lines."""
    names = [name for name in (look.vehicle(entry.vehicle), look.driver(entry.driver)) if name]
    parts = [safe(entry.reservation, 60), *names, detail_words(entry, look.zone), who_words(entry)]
    parts += [safe(entry.request, 60), f"changed {safe(entry.updated, 30)}" if entry.kind is LogKind.CHANGE else ""]
    parts += [f"noticed {rfc3339(entry.at)}" if entry.kind is LogKind.CHANGE else ""]
    text = " · ".join(part for part in parts if part)
    return [(Span(part, "quiet"),) for part in wrap(cut(text, _ALL), max(10, width))[:height]]


def empty(filtered: bool) -> Sequence[Line]:
    """What stands where there are no lines."""
    if filtered:
        return [(Span("nothing in the log answers that", "quiet"),), (Span("Esc shows all of it", "quiet"),)]
    return [(Span("nothing has changed yet", "quiet"),), (Span("every change that is seen comes here", "quiet"),)]


def _columns(width: int) -> list[tuple[str, int]]:
    sizes = dict(_SIZES if width >= _ROOMY else _NARROW)
    last = sizes.pop("by")
    return [*sizes.items(), ("detail", max(10, width - 2 - sum(sizes.values()) - last)), ("by", last)]


def _token(entry: LogEntry) -> Token:
    if entry.kind is LogKind.CHANGE:
        return "bad" if entry.after in _BAD and entry.before != entry.after else ""
    if entry.kind is LogKind.GAP:
        return "warn"
    return "warn" if entry.detail.startswith(("unknown", "open")) else "accent"


def _short(identity: str) -> str:
    return short_id(identity) if identity else ""
