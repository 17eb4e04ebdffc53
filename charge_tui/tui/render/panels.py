"""The small panes around the table: sidebar, tabs, status line, footer, and what stands where there are no rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from charge_tui.desk.attention.state import Queue
from charge_tui.desk.state import Feed, Filters, Freshness
from charge_tui.domain.attention import Severity
from charge_tui.domain.text import safe
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cells, cut, fit, width_of, wrap
from charge_tui.tui.render.tellings import severity_lines
from charge_tui.tui.views import VIEWS, View

NOTHING: Final = Queue()
"""Nothing that waits."""


def sidebar(
    view: View, counts: Mapping[str, str], filters: Filters, look: Look, width: int, queue: Queue = NOTHING
) -> list[Line]:
    """The views with their counts, the filters, and how much waits for a person by severity."""
    lines: list[Line] = []
    for other in VIEWS:
        count = counts.get(other.name, "")
        here = other is view
        room = width - 5 - cells(count)
        token: Token = "strong" if here else ""
        weight: Token = _alarm(queue) if other.name == "attention" and count else "strong" if here else "quiet"
        action = f"view:{other.name}"
        lines.append(
            (
                Span("▌" if here else " ", "accent", action),
                Span(other.key, "key" if here else "quiet", action),
                Span(" " + fit(other.title, room), token, action),
                Span(" " + count, weight, action),
            )
        )
    lines.append(BLANK)
    for name, value in _filters(filters, look):
        label = Span(" " + fit(name, 8), "quiet", "command:filter")
        lines.append((label, Span(cut(value or "any", width - 9), "accent" if value else "quiet", "command:filter")))
    severities = severity_lines(queue, width)
    return [*lines, BLANK, *severities] if severities else lines


def tabs(view: View, counts: Mapping[str, str], width: int, queue: Queue = NOTHING) -> Line:
    """The views on one line; counts go where they do not fit, then all but the present view's name."""
    for level in range(3):
        line: list[Span] = []
        for other in VIEWS:
            here, count = other is view, counts.get(other.name, "")
            action = f"view:{other.name}"
            text = other.short if here or level < 2 else ""
            line.append(Span(other.key, "key" if here else "quiet", action))
            line.append(Span(text, "title" if here else "", action))
            if count and (level == 0 or other.name == "attention"):
                line.append(Span(f" {count}", _alarm(queue) if other.name == "attention" else "quiet", action))
            line.append(Span("  "))
        if width_of(line[:-1]) <= width:
            break
    return tuple(line[:-1])


def footer(hints: Iterable[tuple[str, str, str]], width: int) -> Line:
    """The commands that fit, each given as key, title and id, the most useful ones first."""
    spans: list[Span] = [Span(" ")]
    used = 1
    for key, name, identity in hints:
        size = cells(key) + 1 + cells(name)
        if used + size > width:
            continue
        action = f"command:{identity}"
        spans += [Span(key, "key", action), Span(f" {name}", "quiet", action), Span("  ")]
        used += size + 2
    return tuple(spans[:-1])


def filter_words(filters: Filters, look: Look) -> str:
    """The filters in words ("driver Maya Okafor, vehicle GH-204-KT"); empty for none."""
    return ", ".join(f"{name} {value}" for name, value in _filters(filters, look) if value)


def _filters(filters: Filters, look: Look) -> list[tuple[str, str]]:
    return [
        ("driver", look.driver(filters.driver)),
        ("vehicle", look.vehicle(filters.vehicle)),
        ("station", look.station(filters.charging_station)),
    ]


def empty(
    view: View, feed: Feed, *, find: str, filters: str, loading: bool, fault: str, key_of: Callable[[str], str],
    snoozed: int = 0,
) -> list[Line]:  # fmt: skip
    """What stands where there are no rows: what that means, and what to do."""
    if fault:
        return _calm("bad", "This page could not be read", fault, f"{key_of('refresh')} tries again")
    if find:
        return _calm("strong", f"Nothing matches {safe(find, 40)!r}",
                     "Only what is loaded was searched.", f"{key_of('back')} shows all again")  # fmt: skip
    if loading or (feed.freshness is Freshness.LOADING and view.held):
        return _calm("quiet", "Loading reservations", safe(feed.activity, 60))
    if feed.freshness is Freshness.OFFLINE and not feed.complete:
        worst = feed.problems[0].sentence if feed.problems else "The API does not answer."
        more = f"{key_of('problems')} tells more"
        return _calm("bad", "No picture yet", safe(worst, 300), more)
    if filters:
        return _calm("strong", f"No {_what(view)} for {filters}", f"{key_of('clear_filter')} shows all again")
    if view.name == "attention":
        if snoozed:
            return _calm("good", "All clear", f"Nothing else is open; {snoozed:,} snoozed.")
        return _calm("good", "All clear", "No reservation is open, and none failed.")
    return _calm("strong", f"No {_what(view)}", f"{key_of('refresh')} looks again")


def _alarm(queue: Queue) -> Token:
    return "bad" if queue.fresh.get(Severity.CRITICAL) else "warn"


def _what(view: View) -> str:
    return "reservations" if view.status is None else f"{view.status} reservations"


def _calm(token: Token, title: str, *lines: str) -> list[Line]:
    return [(Span(title, token),), BLANK, *((Span(line, "quiet"),) for line in lines if line)]


def centred(lines: Sequence[Line], width: int, height: int) -> list[Line]:
    """Lines in the middle of a pane, wrapped where they are too long."""
    wide = max(10, width - 4)
    wrapped: list[Line] = []
    for line in lines:
        token = line[0].token if line else ""
        text = "".join(span.text for span in line)
        wrapped += [(Span(part, token),) for part in wrap(text, wide)] if text else [BLANK]
    above = max(0, (height - len(wrapped)) // 3)
    placed = [(Span(" " * ((width - width_of(line)) // 2)), *line) if line else BLANK for line in wrapped]
    return [BLANK] * above + placed


def too_small(width: int, height: int, least_width: int, least_height: int) -> list[Line]:
    """What a screen shows that is too small for the desk, as far as it fits."""
    lines: list[Line] = [
        (Span("charge", "strong"),),
        (Span(f"This terminal is {width}x{height}."),),
        (Span(f"The desk needs {least_width}x{least_height}."),),
        (Span("It goes on reading; q leaves it.", "quiet"),),
    ]
    return centred(lines, width, height)[: max(1, height)]
