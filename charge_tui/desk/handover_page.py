"""The handover page in sections of short texts, all safe to show; and the same as Markdown."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from charge_tui.desk.attention.state import Entry as Attended
from charge_tui.desk.attention.state import Said
from charge_tui.desk.entries import Entry
from charge_tui.desk.handover import Handover, is_stale
from charge_tui.desk.log_words import detail_words, what_words
from charge_tui.domain import markdown
from charge_tui.domain.attention.finding import Severity
from charge_tui.domain.attention.words import sentence
from charge_tui.domain.text import safe
from charge_tui.domain.times import day, hhmm, span, zone_word
from charge_tui.records import dataclass

Names = Callable[[str], str | None]
"""A name for the id of a driver, vehicle or station; None while it is not known."""
Vehicles = Callable[[str], str | None]
"""The plate of a reservation's vehicle, by the reservation's id; None where it is not known."""

MOST: Final = 500
"""Items of one section that are told; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a section. ``code`` are ids that belong to it."""

    words: str
    head: str = ""
    severity: Severity | None = None
    code: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with what it says when there is nothing in it."""

    title: str
    items: tuple[Item, ...]
    nothing: str
    bad: bool = False
    """Whether having items is abnormal."""


def headline(page: Handover, zone: tzinfo) -> list[str]:
    """Who hands over, when, what the page rests on."""
    age = "" if page.age is None else f", the oldest open reservation was seen {span(page.age)} ago"
    trust = "there is no picture" if page.age is None and page.freshness == "SAVED" else f"{page.freshness}{age}"
    return [
        f"{_moment(page.made, zone)} {zone_word(page.made, zone)}, by {safe(page.by, 60)}, {safe(page.mode, 20)} "
        f"{safe(page.host, 80)}",
        f"Picture: {trust}." + (" What is below may have changed." if is_stale(page.freshness) else ""),
        f"Told since {_moment(page.since, zone)}.",
    ]


def sections(page: Handover, zone: tzinfo, names: Names, plate: Vehicles) -> list[Section]:
    """The page in its order: what needs a person first."""
    by_severity = [
        Section(
            f"Open, {severity.word}",
            _cut([_finding(one, zone, names, plate) for one in page.fresh if one.finding.severity is severity]),
            "",
            bad=severity >= Severity.HIGH,
        )
        for severity in sorted(Severity, reverse=True)
    ]
    opened = [section for section in by_severity if section.items] or [Section("Open", (), "All clear.")]
    turned = ", ".join(f"{count} {safe(status, 20)}" for status, count in page.turned)
    return [
        *opened,
        Section("Unknown outcomes", _cut([_action(one, zone) for one in page.unknown]), "None.", bad=True),
        Section("Snoozed", _cut([_judged(one, zone, names, plate) for one in page.snoozed]), "None."),
        Section(
            "Acknowledged or handled, not cleared",
            _cut([_judged(one, zone, names, plate) for one in page.taken]),
            "None.",
        ),
        Section("Done from here", _cut([_action(one, zone) for one in page.actions]), "Nothing was sent."),
        Section("Seen", (Item(f"Reservations that came to a status: {turned}."),) if turned else (), "No change."),
        Section(
            "Gaps in the feed",
            _cut([Item(detail_words(one, zone), f"{what_words(one)}, {day(one.at, zone)}") for one in page.gaps]),
            "None.",
            bad=True,
        ),
    ]


def as_markdown(page: Handover, zone: tzinfo, names: Names, plate: Vehicles) -> str:
    """The page as Markdown; whatever stands in the data makes no structure of its own."""
    lines = ["# Handover", ""]
    for text in headline(page, zone):
        lines += [markdown.escaped(text), ""]
    lines += ["## Note", ""]
    lines += [f"> {markdown.escaped(line, 2000)}".rstrip() for line in page.note.splitlines() or ["None."]]
    for section in sections(page, zone, names, plate):
        lines += ["", f"## {section.title}", ""]
        lines += [_markdown(item) for item in section.items] or [section.nothing]
    return "\n".join(lines) + "\n"


def _markdown(item: Item) -> str:
    shape = f"**{item.severity.letter}** " if item.severity else ""
    head = f"{markdown.escaped(item.head)}: " if item.head else ""
    ids = " ".join(markdown.code(one) for one in item.code)
    return f"- {shape}{head}{markdown.escaped(item.words, 1000)}" + (f" ({ids})" if ids else "")


def _finding(entry: Attended, zone: tzinfo, names: Names, plate: Vehicles) -> Item:
    finding = entry.finding
    also = f" Also: {', '.join(str(one.kind) for one in entry.others)}." if entry.others else ""
    head = f"{finding.kind}, {_moment(finding.due, zone)}"
    if (name := plate(finding.lead)) is not None:
        head += f", {safe(name, 40)}"
    return Item(sentence(finding, zone, names) + also, head, finding.severity, finding.subjects[:3])


def _judged(entry: Attended, zone: tzinfo, names: Names, plate: Vehicles) -> Item:
    item, verdict = _finding(entry, zone, names, plate), entry.verdict
    if verdict is None:
        return item
    end = f"until {_moment(verdict.until, zone)}" if verdict.until else "until it clears"
    told = f"{verdict.said} by {safe(verdict.by, 40)} at {hhmm(verdict.at, zone)}"
    told += f", {end}" if verdict.said is not Said.HANDLED else ""
    told += f", because: {safe(verdict.reason, 200)}" if verdict.reason else ""
    return Item(f"{item.words} [{told}]", item.head, item.severity, item.code)


def _action(entry: Entry, zone: tzinfo) -> Item:
    outcome = safe(entry.outcome, 300) or "what came of it is not known yet"
    ids = tuple(one for one in (entry.plan.reservation, entry.request_id) if one)
    head = f"{_moment(entry.at, zone)} {safe(entry.plan.cause, 30)} by {safe(entry.operator, 40)}"
    return Item(f"{entry.state}. {outcome}", head, code=ids)


def _cut(items: list[Item]) -> tuple[Item, ...]:
    if len(items) <= MOST:
        return tuple(items)
    return (*items[:MOST], Item(f"and {len(items) - MOST:,} more; the log has them all"))


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{day(at, zone)} {hhmm(at, zone)}"
