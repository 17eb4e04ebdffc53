"""How long a finding is put off: a usual length, until it clears, or until a time that is typed."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from charge_tui.desk.attention.terms import SNOOZES
from charge_tui.domain.attention.finding import Finding
from charge_tui.domain.times import seconds_between, span, zone_word
from charge_tui.domain.typed_times import TimeNotUnderstood, Twice, read_time
from charge_tui.records import dataclass
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.why import moment
from charge_tui.tui.screens.reasons import Choosing, Option

_UNTIL_IT_CLEARS: Final = len(SNOOZES) + 1


@dataclass(frozen=True, slots=True)
class Snooze:
    """What was chosen."""

    until: datetime | None
    """A world time; None for until it clears."""


class SnoozeMenu(Choosing[Snooze]):
    """Gives the end of the snooze as it was shown; None when it was left.

    Args:
        limit: the latest end that is allowed; not after now where none is.
    """

    def __init__(self, finding: Finding, look: Callable[[], Look], limit: datetime) -> None:
        self._limit = limit
        at = look()
        self._ends = tuple(at.now + length for length in SNOOZES)
        options = [
            Option(span(length.total_seconds()), self._note(end, at), self._too_long(end, at))
            for length, end in zip(SNOOZES, self._ends, strict=True)
        ]
        options.append(Option("until it clears", "or gets worse"))
        options.append(
            Option("a time", self._longest(at), "" if limit > at.now else _NONE_LEFT, typed="03:45, +20m, 1h30")
        )
        super().__init__("Snooze until when?", finding, look, options)

    def chosen(self, number: int, text: str) -> None:
        """An end that is allowed; what is wrong with it otherwise."""
        if number == _UNTIL_IT_CLEARS:
            self.dismiss(Snooze(None))
        elif not text:
            self.dismiss(Snooze(self._ends[number - 1]))
        else:
            self._typed(text)

    def _typed(self, text: str) -> None:
        at = self._look()
        try:
            end = typed_end(text, at)
        except TimeNotUnderstood as error:
            self.complain(error.sentence)
            return
        if isinstance(end, Twice):
            self.complain(end.question(at.zone))
        elif end <= at.now:
            self.complain(f"{_told(end, at)} is past.")
        elif refused := self._too_long(end, at):
            self.complain(refused)
        else:
            self.dismiss(Snooze(end))

    def _too_long(self, end: datetime, at: Look) -> str:
        if end <= self._limit:
            return ""
        return f"At most until {_told(self._limit, at)}." if self._limit > at.now else _NONE_LEFT

    def _note(self, end: datetime, at: Look) -> str:
        return f"until {_told(end, at)}" if end <= self._limit else "too long"

    def _longest(self, at: Look) -> str:
        if self._limit <= at.now:
            return "too near"
        return f"at most {span(seconds_between(at.now, self._limit))}, until {_told(self._limit, at)}"


_NONE_LEFT: Final = "Its time is too near: within 5 minutes of it, it must be awake."


def typed_end(text: str, look: Look) -> datetime | Twice:
    """The time that somebody types; a length with no sign counts from now, a bare number in minutes.

    Raises:
        TimeNotUnderstood: it is neither a time nor a length.
    """
    text = text.strip()
    length = f"+{text}m" if text.isascii() and text.isdigit() else f"+{text}"
    try:
        return read_time(text, zone=look.zone, now=look.now)
    except TimeNotUnderstood as error:
        try:
            return read_time(length, zone=look.zone, now=look.now)
        except TimeNotUnderstood:
            raise error from None


def _told(at: datetime, look: Look) -> str:
    return f"{moment(at, look)} {zone_word(at, look.zone)}"
