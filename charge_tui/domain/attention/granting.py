"""Wrong window: what was granted breaks the driver's limits, is much shorter than asked, or lies elsewhere."""

from collections.abc import Mapping
from functools import partial
from math import isfinite
from typing import Any, Final

from charge_tui.domain.attention.case import Case, at, told
from charge_tui.domain.attention.finding import Facts, Finding, Kind, Severity
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.lifecycle import CONFIRMED

BEFORE_LIMIT: Final = "starts before limit"
AFTER_LIMIT: Final = "ends after limit"
SHORT: Final = "too short"
START_DIFFERS: Final = "start differs"
END_DIFFERS: Final = "end differs"


def wrong_window(case: Case, now: float, limits: Thresholds) -> Finding | None:
    """The finding, when it holds; T is the end of free cancellation while that is ahead."""
    if case.status != CONFIRMED or not now < case.start:
        return None
    problems = departures(case, limits)
    if not problems:
        return None
    facts = Facts(partial(_facts, case, tuple(problems)))
    due = at(case.free_at) if now < case.free_at else case.row.reserved_start or case.row.ideal_start
    return Finding(Kind.WRONG_WINDOW, f"{Kind.WRONG_WINDOW}:{case.id}", max(problems.values()), (case.id,), due, facts)


def moments(case: Case) -> tuple[float, ...]:
    """When the answer may change by time alone."""
    return (case.start, case.free_at) if case.status == CONFIRMED else ()


def departures(case: Case, limits: Thresholds) -> Mapping[str, Severity]:
    """How the granted window departs from what was asked, each with its weight; the heaviest first."""
    found: dict[str, Severity] = {}
    begins, ends = case.reserved_start, case.reserved_end
    if begins is not None and case.earliest is not None and begins < case.earliest - limits.noise:
        found[BEFORE_LIMIT] = Severity.HIGH
    if ends is not None and case.latest is not None and ends > case.latest + limits.noise:
        found[AFTER_LIMIT] = Severity.HIGH
    if begins is not None and ends is not None:
        wanted, given = case.ideal_end - case.ideal_start, ends - begins
        if wanted - given >= limits.shorter_by and given < limits.shorter_medium * wanted:
            found[SHORT] = Severity.HIGH if given < limits.shorter_high * wanted else Severity.MEDIUM
    if begins is not None and case.earliest is None and abs(begins - case.ideal_start) > limits.drift:
        found[START_DIFFERS] = Severity.MEDIUM
    if ends is not None and case.latest is None and abs(ends - case.ideal_end) > limits.drift:
        found[END_DIFFERS] = Severity.MEDIUM
    if len(found) > 1:
        return dict(sorted(found.items(), key=lambda item: -item[1]))
    return found


def _facts(case: Case, problems: tuple[str, ...]) -> dict[str, Any]:
    return {
        "problems": list(problems),
        "ideal_start": told(case.ideal_start),
        "ideal_end": told(case.ideal_end),
        "reserved_start": _told(case.reserved_start),
        "reserved_end": _told(case.reserved_end),
        "earliest_start": _told(case.earliest),
        "latest_end": _told(case.latest),
        "free_until": _told(case.free_at),
    }


def _told(moment: float | None) -> str | None:
    return told(moment) if moment is not None and isfinite(moment) else None
