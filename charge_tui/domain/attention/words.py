"""What a finding says: the few words of the queue, one full sentence, the rule behind it, and what a person can do.

All of it is safe to show. Times are told in the zone of the reader.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any, Final

from charge_tui.domain.attention import granting
from charge_tui.domain.attention.finding import Finding, Kind, Severity
from charge_tui.domain.attention.formulas import advice, formula
from charge_tui.domain.lifecycle import EXPIRED
from charge_tui.domain.text import safe, short_id
from charge_tui.domain.times import hhmm, parse_rfc3339, rfc3339, span

__all__ = ["NameBook", "advice", "formula", "reason", "sentence", "why"]

NameBook = Callable[[str], str | None]
"""A name for an id ("GH-204-KT" for a vehicle); None while it is not known."""

_REASONS: Final = {
    "no_available_connectors": "no connector",
    "payment_failed": "payment failed",
    "other": "no reason told",
}
_PROBLEMS: Final = {
    granting.BEFORE_LIMIT: "starts before limit",
    granting.AFTER_LIMIT: "ends after limit",
    granting.SHORT: "shorter than asked",
    granting.START_DIFFERS: "start differs",
    granting.END_DIFFERS: "end differs",
}
_WHY: Final = 22


def why(finding: Finding) -> str:
    """The finding in at most 22 cells ("lost: no connector")."""
    facts = finding.facts
    match finding.kind:
        case Kind.NOT_CONFIRMED:
            words = "not confirmed, stuck" if _stuck(finding) else "not confirmed, late"
        case Kind.LOST:
            words = "lost: expired" if facts.get("status") == EXPIRED else f"lost: {reason(facts.get('failed_reason'))}"
        case Kind.WRONG_WINDOW:
            words = _PROBLEMS.get(str((facts.get("problems") or [""])[0]), "wrong window")
        case Kind.BOOKED_TWICE:
            words = "driver booked twice" if "driver" in facts else "booked twice"
        case Kind.PAYMENTS_FAILING:
            words = "payments failing"
        case Kind.AREA_SHORT:
            words = f"area short of {safe(str(facts.get('connector_type')), 9)}"
    return safe(words, _WHY)


def reason(failed_reason: object) -> str:
    """Why it failed, as a person says it; an unknown reason as the API gives it."""
    if not isinstance(failed_reason, str) or not failed_reason:
        return "no reason told"
    return _REASONS.get(failed_reason) or safe(failed_reason, 60).replace("_", " ")


def sentence(finding: Finding, zone: tzinfo, names: NameBook | None = None) -> str:
    """The finding in one full sentence with its times ("Confirmed, but ends 40m after its limit; cancel free ...")."""
    told = _Teller(finding, zone, names)
    match finding.kind:
        case Kind.NOT_CONFIRMED:
            words = told.not_confirmed()
        case Kind.LOST:
            words = told.lost()
        case Kind.WRONG_WINDOW:
            words = told.wrong_window()
        case Kind.BOOKED_TWICE:
            words = told.booked_twice()
        case Kind.PAYMENTS_FAILING:
            words = told.payments_failing()
        case Kind.AREA_SHORT:
            words = told.area_short()
    return safe(f"{words}.", 300)


class _Teller:
    def __init__(self, finding: Finding, zone: tzinfo, names: NameBook | None) -> None:
        self._finding = finding
        self._facts = finding.facts
        self._zone = zone
        self._names = names

    def not_confirmed(self) -> str:
        if _stuck(self._finding):
            return f"Still pending, though its time ended at {self._at('hard_end')}"
        since = f"Charge should have confirmed it at {self._at('due')}"
        if self._finding.severity is Severity.CRITICAL:
            return (
                f"Not confirmed and its start {self._at('ideal_start')} has passed; there is time until {self._due()}"
            )
        return f"Not confirmed yet: {since}; it starts at {self._at('ideal_start')}"

    def lost(self) -> str:
        what = "Expired early" if self._facts.get("status") == EXPIRED else f"Failed: {self._reason()}"
        return (
            f"{what}, nothing replaces it; wanted {self._at('ideal_start')}, another must end by {self._at('hard_end')}"
        )

    def wrong_window(self) -> str:
        problems = [str(problem) for problem in self._facts.get("problems") or ()]
        how = ", ".join(self._departure(problem) for problem in problems)
        return f"Confirmed, but {how}{self._free()}"

    def booked_twice(self) -> str:
        windows = self._facts.get("windows") or {}
        if "driver" in self._facts:
            who = self._named("driver")
            return f"{who} has {len(windows)} reservations with different vehicles at the same time{self._free()}"
        lengths = [(_instant(begin), _instant(end)) for begin, end in windows.values()]
        begin = max((begin for begin, _ in lengths if begin), default=None)
        end = min((end for _, end in lengths if end), default=None)
        shared = f" from {hhmm(begin, self._zone)} to {hhmm(end, self._zone)}" if begin and end else ""
        return f"{self._named('vehicle')} has two reservations{shared}{self._free()}"

    def payments_failing(self) -> str:
        count, waiting = len(self._facts.get("failed") or ()), len(self._finding.subjects)
        return (
            f"{count} payments failed with {self._named('payment_method')}; {waiting} more to be paid with it, "
            f"the first starts at {self._due()}"
        )

    def area_short(self) -> str:
        count, waiting = len(self._facts.get("failed") or ()), len(self._finding.subjects)
        connector = safe(str(self._facts.get("connector_type")), 20)
        return (
            f"{count} reservations near each other found no {connector} connector; {waiting} more wait there, "
            f"the first starts at {self._due()}"
        )

    def _departure(self, problem: str) -> str:
        match problem:
            case granting.BEFORE_LIMIT:
                return f"starts {self._apart('reserved_start', 'earliest_start')} before its limit"
            case granting.AFTER_LIMIT:
                return f"ends {self._apart('latest_end', 'reserved_end')} after its limit"
            case granting.SHORT:
                given = self._apart("reserved_start", "reserved_end")
                return f"lasts {given} instead of {self._apart('ideal_start', 'ideal_end')}"
            case granting.START_DIFFERS:
                return f"starts {self._shift('ideal_start', 'reserved_start')}"
            case granting.END_DIFFERS:
                return f"ends {self._shift('ideal_end', 'reserved_end')}"
        return safe(problem, 40)

    def _free(self) -> str:
        free = self._facts.get("free_until")
        moments = free.values() if isinstance(free, dict) else (free,)
        return f"; cancel free until {self._due()}" if rfc3339(self._finding.due) in moments else ""

    def _reason(self) -> str:
        return reason(self._facts.get("failed_reason"))

    def _named(self, fact: str) -> str:
        identity = str(self._facts.get(fact))
        return safe((self._names(identity) if self._names else None) or short_id(identity), 60)

    def _due(self) -> str:
        return _clock(self._finding.due, self._zone)

    def _at(self, fact: str) -> str:
        at = _instant(self._facts.get(fact))
        return _clock(at, self._zone) if at else "an unknown time"

    def _apart(self, earlier: str, later: str) -> str:
        return span(self._seconds(earlier, later))

    def _shift(self, earlier: str, later: str) -> str:
        seconds = self._seconds(earlier, later)
        return f"{span(seconds)} {'late' if seconds > 0 else 'early'}"

    def _seconds(self, earlier: str, later: str) -> float:
        begin, end = _instant(self._facts.get(earlier)), _instant(self._facts.get(later))
        return (end - begin).total_seconds() if begin and end else 0.0


def _stuck(finding: Finding) -> bool:
    return finding.severity < Severity.HIGH and rfc3339(finding.due) != finding.facts.get("ideal_start")


def _instant(text: Any) -> datetime | None:
    try:
        return parse_rfc3339(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _clock(at: datetime, zone: tzinfo) -> str:
    try:
        return hhmm(at, zone)
    except OverflowError:
        return rfc3339(at)
