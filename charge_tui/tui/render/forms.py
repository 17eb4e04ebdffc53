"""What forms and questions say, as lines: notes of fields, what will be sent, the three sides of a conflict."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Final

from charge_tui.domain.drafting import Difference, Offer, Side, ThreeWay, create_body, time_of, told
from charge_tui.domain.text import safe
from charge_tui.tui.choices import Choice
from charge_tui.tui.render import words
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cells, cut, fit, wrap
from charge_tui.tui.sheet import IDENTITIES, TIMES, Sheet

LABELS: Final = {
    "driver": "driver",
    "vehicle": "vehicle",
    "ideal_start": "start",
    "ideal_end": "end",
    "earliest_start": "not before",
    "latest_end": "not after",
    "connector_type": "connectors",
    "location": "location",
    "payment_method": "payment",
    "metadata": "metadata",
    "status": "status",
    "reserved_start": "given start",
    "reserved_end": "given end",
    "charging_station": "station",
    "reservation_fee": "fee",
}
"""What a field of the API is called on the screen."""

HINTS: Final = {
    "driver": "a name or an id",
    "vehicle": "a plate or an id",
    "ideal_start": "14:30, tue 9:15, +45m, 2026-04-01 09:15",
    "ideal_end": "16:00, tue 10:45, +2h, 2026-04-01 10:45",
    "earliest_start": "no limit; a time, none clears it",
    "latest_end": "no limit; a time, none clears it",
    "connector_type": "CCS, CHAdeMO, Type2",
    "location": "latitude, longitude, radius in metres",
    "payment_method": "the account's own; a name or an id",
    "metadata": "key=value; other=value",
}
"""What stands in an empty field."""

_SIDES: Final = ("was", "theirs", "mine")
_LABEL: Final = 12


def label(field: str) -> str:
    """A field, or a key of the metadata, as the screen calls it; safe."""
    return LABELS.get(field) or safe(field.removeprefix("metadata."), 30)


def told_lines(text: str, token: Token, width: int) -> list[Line]:
    """A sentence on as many lines as it needs."""
    return [(Span(part, token),) for part in wrap(text, max(10, width))]


def field_note(
    sheet: Sheet, name: str, *, told_faults: bool, focused: bool, found: Sequence[Choice], width: int
) -> list[Line]:
    """What stands below a field: its fault once it was left, what can be completed, how the text is understood."""
    fault = sheet.faults().get(name)
    typed = sheet.texts[name].strip()
    if focused and found and not any(typed in (one.label, one.id) for one in found):
        more = ", ".join(one.label for one in found[1:4])
        line: Line = (Span("Tab ", "key"), Span(found[0].label), Span(f"  or {more}" if more else "", "quiet"))
        return [line]
    if fault and (told_faults or sheet.meaning(name) is not None) and sheet.texts[name].strip():
        return told_lines(fault, "bad" if told_faults else "warn", width)
    if fault and told_faults:
        return told_lines(fault, "bad", width)
    back, warning = sheet.read_back(name), sheet.warning(name)
    if name in ("connector_type", "location", "metadata") and not sheet.changed(name):
        back = ""
    if name in IDENTITIES:
        back = back.removeprefix(f"{sheet.texts[name].strip()}  ")
    lines = told_lines(back, "quiet", width) if back and back != "none" else []
    if warning:
        lines += told_lines(warning, "warn", width)
    return lines or [BLANK]


def difference_lines(found: Iterable[Difference], sheet: Sheet, now: datetime, width: int) -> list[Line]:
    """What an edit will send, a field to a line where it fits: before, after, and the difference."""
    lines: list[Line] = []
    for one in found:
        before, after = (_short(sheet, one.field, side, now) for side in ("before", "after"))
        before, after = before or one.before, after or one.after
        name = fit(label(one.field), _LABEL - 1) + " "
        tail = f"  {one.words}" if one.words else ""
        whole = f"{before} → {after}"
        if cells(whole) + cells(tail) + _LABEL <= width:
            lines.append(
                (Span(name, "quiet"), Span(f"{before} → ", "quiet"), Span(after, "strong"), Span(tail, "accent"))
            )
            continue
        lines.append((Span(name, "quiet"), Span(one.words or "changed", "accent")))
        lines += [(Span("  " + part, "quiet"),) for part in wrap(before, width - 2)]
        first, *more = wrap(after, width - 4)
        lines.append((Span("  → ", "quiet"), Span(first, "strong")))
        lines += [(Span("    " + part, "strong"),) for part in more]
    return lines


def _short(sheet: Sheet, field: str, side: str, now: datetime) -> str:
    values = sheet.present if side == "before" else sheet.values
    at = time_of(values.get(field)) if field in TIMES else None
    if at is None:
        return ""
    seconds = f":{at:%S}" if at.second else ""
    return words.instant(at, now, sheet.zone) + seconds


def body_lines(sheet: Sheet, now: datetime, width: int) -> list[Line]:
    """What a new reservation will have, a field to a line."""
    body = create_body(sheet.values)
    lines: list[Line] = []
    for name in sheet.names:
        if name not in body:
            continue
        at = time_of(body[name]) if name in TIMES else None
        text = words.instant(at, now, sheet.zone) if at else told(name, body[name], sheet.zone)
        if name in IDENTITIES:
            text = sheet.read_back(name).partition("  ")[0]
        for number, part in enumerate(wrap(text, max(10, width - _LABEL))):
            lines.append((Span(fit("" if number else label(name), _LABEL - 1) + " ", "quiet"), Span(part)))
    return lines


def offer_lines(offers: Sequence[Offer], keys: Sequence[str], width: int) -> list[Line]:
    """What may help, each with its key."""
    return [(Span(f"{key:<4}", "key"), Span(cut(one.label, width - 4))) for key, one in zip(keys, offers, strict=False)]


def conflict_lines(
    fields: Sequence[ThreeWay], chosen: dict[str, Side], at: int | None, width: int
) -> tuple[list[Line], int]:
    """Was, theirs and mine side by side, and the line on which the field under the cursor begins.

    The side that will be kept bears a mark; nothing does where the person has yet to choose.
    """
    room = max(8, (width - _LABEL - 2) // 3)
    head = "".join(fit(f"  {side}", room) for side in _SIDES)
    lines: list[Line] = [(Span(" " * (_LABEL + 2), "head"), Span(head, "head"))]
    place = 0
    for number, one in enumerate(fields):
        here, open_ = number == at, one.side is Side.BOTH
        kept = chosen.get(one.field) if open_ else one.side
        if here:
            place = len(lines)
        parts = [wrap(text, room - 3) for text in (one.was, one.theirs, one.mine)]
        for row in range(max(map(len, parts))):
            spans: list[Span] = [Span("▌" if here else " ", "accent")]
            spans.append(Span(" " + fit(label(one.field) if row == 0 else "", _LABEL), "strong" if open_ else "quiet"))
            for side, cell in zip(_SIDES, parts, strict=True):
                keeps = kept is not None and side != "was" and (kept == side or kept is Side.ALIKE)
                sign = "▸ " if keeps and row == 0 else "  "
                token: Token = "strong" if keeps else "" if open_ and side != "was" else "quiet"
                spans += [Span(sign, "good"), Span(fit(cell[row] if row < len(cell) else "", room - 2), token)]
            lines.append(tuple(spans))
        if open_ and kept is None:
            lines.append((Span("▌" if here else " ", "accent"), Span(" " * (_LABEL + 1)), Span("choose", "warn")))
        lines.append(BLANK)
    return lines, place


def at_words(at: datetime, zone: tzinfo) -> str:
    """When a draft was kept."""
    return f"{at.astimezone(zone):%a %H:%M}"
