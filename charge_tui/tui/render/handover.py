"""The handover page as lines for a screen."""

from collections.abc import Callable
from typing import Final

from charge_tui.desk.handover import Handover, is_stale
from charge_tui.desk.handover_page import Item, Section, headline, sections
from charge_tui.domain.attention.finding import Severity
from charge_tui.domain.text import safe, short_id
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, wrap

_TOKENS: Final[dict[Severity, Token]] = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "bad",
    Severity.MEDIUM: "warn",
    Severity.LOW: "quiet",
}
_INDENT: Final = 5


def page_lines(page: Handover, look: Look, width: int, plate: Callable[[str], str | None]) -> list[Line]:
    """The page in lines of at most that many cells."""
    lines: list[Line] = []
    for number, text in enumerate(headline(page, look.zone)):
        token: Token = "warn" if number == 1 and is_stale(page.freshness) else "quiet"
        lines += [(Span(part, token),) for part in wrap(text, width)]
    for section in sections(page, look.zone, _names(look), plate):
        lines += [BLANK, _title(section)]
        if not section.items:
            lines.append((Span("  " + section.nothing, "good" if section.nothing == "All clear." else "quiet"),))
        for item in section.items:
            lines += _item(item, width)
    return lines


def _title(section: Section) -> Line:
    count = f"  {len(section.items):,}" if len(section.items) > 1 else ""
    return (Span(section.title, "warn" if section.bad and section.items else "head"), Span(count, "quiet"))


def _item(item: Item, width: int) -> list[Line]:
    severity = item.severity
    sign = Span(severity.shape, _TOKENS[severity]) if severity else Span("·", "quiet")
    mark = (Span(" "), sign, Span(" " * (3 - len(sign.text))))
    room = max(10, width - _INDENT)
    lines: list[Line] = []
    if item.head:
        head, *more = wrap(item.head, room)
        lines = [(*mark, Span(head, "strong")), *((Span(" " * 4), Span(part, "strong")) for part in more)]
    ids = "  ".join(short_id(safe(one, 80), 12, 6) for one in item.code)
    for place, part in enumerate(wrap(item.words, room)):
        lines.append((*(mark if not lines and place == 0 else (Span(" " * 4),)), Span(part)))
    if ids:
        lines += [(Span(" " * 4), Span(part, "quiet")) for part in wrap(ids, room)]
    return lines


def _names(look: Look) -> Callable[[str], str | None]:
    book = look.names
    return lambda one: book.vehicle(one) or book.driver(one) or book.station(one) or book.payment(one)
