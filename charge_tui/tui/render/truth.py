"""The line on top: which account, how far the picture can be trusted, what needs a person, the time."""

from datetime import datetime, tzinfo
from typing import Final

from charge_tui.desk.state import Feed, Freshness, Gravity
from charge_tui.domain.text import safe
from charge_tui.domain.times import MINUTE, day, hhmm, seconds_between, span, zone_word
from charge_tui.records import dataclass
from charge_tui.tui.render.spans import Line, Span, Token, width_of

_WORDS: Final[dict[Freshness, Token]] = {
    Freshness.LOADING: "quiet",
    Freshness.SAVED: "warn",
    Freshness.FRESH: "good",
    Freshness.STALE: "warn",
    Freshness.OFFLINE: "bad",
    Freshness.OFF: "warn",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What the line says at one moment."""

    mode: str
    host: str
    feed: Feed
    now: datetime
    zone: tzinfo
    needs: int | None
    """Reservations that need a person; None while that is not known."""
    critical: int = 0
    """How many of them are critical."""
    deadline: datetime | None = None
    """The next moment at which something is due."""
    paused: str = ""
    """What happened since the paint was frozen ("4 changed"); empty when it is not."""
    frozen: bool = False
    seconds: bool = True
    """Whether seconds may tick; below a minute "<1m" stands otherwise."""
    read_only: bool = False
    """Whether nothing can be changed from here now."""

    def looks(self) -> object:
        """What the line is made of, ages and countdowns in the units that it shows: equal where it would look the same.

        Only for a line on which no second ticks.
        """
        feed, minute = self.feed, MINUTE
        return (
            feed.freshness, feed.activity, feed.problems, None if feed.age is None else feed.age // minute,
            self.deadline, self.deadline and seconds_between(self.now, self.deadline) // minute,
            self.now.replace(second=0, microsecond=0), self.needs, self.critical, self.paused, self.frozen,
            self.read_only, self.zone, self.mode, self.host,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    spans: tuple[Span, ...]
    drop: int
    """The order in which parts go when room is scarce, 0 for never."""
    side: int
    """0 left, 1 middle, 2 right."""


def truth_line(truth: Truth, width: int) -> Line:
    """The line in exactly ``width`` cells; it drops next refresh, host, date, zone name, in that order."""
    parts = _parts(truth)
    while width_of(_flat(parts)) + 1 > width and (droppable := [part for part in parts if part.drop]):
        parts.remove(min(droppable, key=lambda part: part.drop))
    left, middle, right = (_side(parts, side) for side in range(3))
    used = width_of(left) + width_of(middle) + width_of(right)
    room = max(0, width - used)
    before = room // 2 if middle else room
    return (*left, Span(" " * before), *middle, Span(" " * (room - before)), *right)


def _parts(truth: Truth) -> list[_Part]:
    feed = truth.feed
    mode: Token = "critical" if truth.mode == "PRODUCTION" else "mode"
    parts = [
        _Part((Span("charge", "strong"), Span(" ")), 7, 0),
        _Part((Span(f" {truth.mode} " if mode == "critical" else truth.mode, mode), Span("  ")), 0, 0),
        *([_Part((Span("READ-ONLY", "warn"), Span("  ")), 0, 0)] if truth.read_only else []),
        _Part((Span(safe(truth.host, 60), "quiet"), Span("  ")), 2, 0),
        _Part((*_freshness(truth), Span(" ")), 0, 0),
    ]
    if feed.activity:
        parts.append(_Part((Span(f"· {safe(feed.activity, 40)} ", "quiet"),), 5, 0))
    elif feed.next_read is not None and truth.seconds and not truth.frozen:
        parts.append(_Part((Span(f"· next {span(feed.next_read)} ", "quiet"),), 1, 0))
    if feed.problems:
        worst = max(feed.problems, key=lambda problem: problem.gravity is Gravity.ERROR)
        token: Token = "bad" if worst.gravity is Gravity.ERROR else "warn"
        more = f" +{len(feed.problems) - 1}" if len(feed.problems) > 1 else ""
        parts.append(_Part((Span(f" ! {safe(worst.words, 30)}{more} ", token, "command:problems"),), 0, 1))
    parts.append(_Part(_needs(truth.needs, truth.critical), 0, 1))
    if truth.needs and truth.critical:
        parts.append(_Part((Span(f"{truth.critical} critical ", "bad", "view:attention"),), 8, 1))
    if truth.deadline:
        left = seconds_between(truth.now, truth.deadline)
        words = f" next {hhmm(truth.deadline, truth.zone)} in {_short(left, truth.seconds)} "
        parts.append(_Part((Span(words, "quiet"),), 6, 1))
    parts += [
        _Part((Span(f" {day(truth.now, truth.zone)}", "quiet"),), 3, 2),
        _Part((Span(f" {hhmm(truth.now, truth.zone)}", "strong"),), 0, 2),
        _Part((Span(f" {safe(zone_word(truth.now, truth.zone), 8)}", "quiet"),), 4, 2),
    ]
    return parts


def _freshness(truth: Truth) -> tuple[Span, ...]:
    feed = truth.feed
    word = Span(feed.freshness.value, _WORDS[feed.freshness], "command:problems")
    age = () if feed.age is None else (Span(f" {_short(feed.age, truth.seconds)}"),)
    if truth.frozen:
        told = f" {truth.paused}" if truth.paused else ""
        return (Span("PAUSED", "warn", "command:pause"), Span(f"{told} · "), word, *age)
    return (word, *age)


def _short(seconds: float, ticking: bool) -> str:
    return span(seconds) if ticking or seconds >= MINUTE else "<1m"


def _needs(count: int | None, critical: int) -> tuple[Span, ...]:
    if count is None:
        return ()
    if count == 0:
        return (Span(" all clear ", "quiet"),)
    verb = "needs" if count == 1 else "need"
    return (Span(f" {count} {verb} you{',' if critical else ''} ", "bad" if critical else "warn", "view:attention"),)


def _side(parts: list[_Part], side: int) -> tuple[Span, ...]:
    return tuple(span for part in parts if part.side == side for span in part.spans)


def _flat(parts: list[_Part]) -> list[Span]:
    return [span for part in parts for span in part.spans]


def title(truth: Truth) -> str:
    """The terminal's title: freshness and what needs a person, for a window list or tmux; safe to send."""
    word = "PAUSED" if truth.frozen else truth.feed.freshness.value
    if not truth.needs:
        return f"charge {word}"
    critical = f", {truth.critical} critical" if truth.critical else ""
    return f"charge {word} · {truth.needs} need{'s' if truth.needs == 1 else ''} you{critical}"
