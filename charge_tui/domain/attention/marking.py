"""Marks: what only informs. They stand on the row and in the detail, and are never counted."""

from charge_tui.domain.attention.case import Case
from charge_tui.domain.attention.finding import Mark, Marked
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.lifecycle import CANCELLED, CONFIRMED, FAILED, PENDING, STATUSES
from charge_tui.domain.reservation import OddRow
from charge_tui.domain.text import safe


def marks(case: Case, now: float, limits: Thresholds, *, replacement: bool) -> tuple[Marked, ...]:
    """All marks of one reservation; ``replacement`` says that it was booked in the place of another."""
    found: list[Marked] = []
    if case.status == CONFIRMED:
        if case.reserved_end is not None and now >= case.reserved_end + limits.overrun:
            found.append(Marked(Mark.OVERRUN, "past its reserved end, no outcome"))
        elif case.reserved_start is not None and now >= case.reserved_start + limits.noshow:
            found.append(Marked(Mark.NO_OUTCOME, "started, the API tells no outcome yet"))
    elif case.status == CANCELLED and case.elsewhere:
        found.append(Marked(Mark.CANCELLED_ELSEWHERE, "cancelled, not by this desk"))
    elif case.status == FAILED and replacement:
        found.append(Marked(Mark.FAILED_AGAIN, "booked again, and failed again"))
    odd = _odd(case)
    if odd:
        found.append(Marked(Mark.ODD_DATA, "; ".join(odd)))
    return tuple(found) if found else ()


def odd_row(row: OddRow) -> tuple[Marked, ...]:
    """The mark of a row that could not be read."""
    return (Marked(Mark.ODD_DATA, "; ".join(safe(problem, 60) for problem in row.problems[:4])),)


def moments(case: Case, limits: Thresholds) -> tuple[float, ...]:
    """When a mark may come by time alone."""
    if case.status != CONFIRMED:
        return ()
    began = () if case.reserved_start is None else (case.reserved_start + limits.noshow,)
    ended = () if case.reserved_end is None else (case.reserved_end + limits.overrun,)
    return *began, *ended


def plain(case: Case) -> bool:
    """Whether it is a pending one with nothing about it that could bear a mark: nearly all are, and it is soon told."""
    return (
        case.status == PENDING
        and not case.odd
        and case.odd_turn is None
        and case.ideal_start <= case.ideal_end
        and (case.latest is None or case.earliest is None or case.earliest <= case.latest)
        and case.reserved_start is None
    )


def _odd(case: Case) -> list[str]:
    found: list[str] = []
    odd = case.odd
    if case.status == CONFIRMED:
        row = case.row
        if row.charging_station is None and "charging_station" not in odd:
            found.append("confirmed without station")
        if row.reserved_start is None or row.reserved_end is None:
            found.append("confirmed without times")
    elif case.status not in STATUSES:
        found.append(f"unknown status {safe(case.status, 20)}")
    if case.ideal_end < case.ideal_start:
        found.append("asked end before start")
    if case.reserved_start is not None and case.reserved_end is not None and case.reserved_end < case.reserved_start:
        found.append("granted end before start")
    if case.earliest is not None and case.latest is not None and case.latest < case.earliest:
        found.append("limits inside out")
    if odd:
        found.append(f"unreadable {', '.join(safe(name, 30) for name in list(odd)[:4])}")
    if case.odd_turn:
        found.append(safe(case.odd_turn, 60))
    return found
