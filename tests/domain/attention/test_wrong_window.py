"""Wrong window: what a granted window may differ in, and until when the finding can be undone for nothing."""

from typing import Any

import pytest

from charge_tui.domain.attention.finding import Kind
from charge_tui.domain.attention.thresholds import Thresholds
from tests.support.judging import after_noon, found, partly_odd, told
from tests.support.reservations import confirmed, document, reservation

EARLIEST, LATEST = after_noon(3600), after_noon(9000)


def _said(start: float, end: float, **fields: Any) -> str | None:
    findings = found(confirmed(drift=(start, end), **fields))
    return findings[0].severity.letter if findings else None


@pytest.mark.parametrize(
    ("start", "end", "limits", "severity"),
    [
        (-20, 22, {}, None),
        (-60, 0, {"earliest_start": EARLIEST}, None),
        (-60.001, 0, {"earliest_start": EARLIEST}, "H"),
        (0, 60, {"latest_end": LATEST}, None),
        (0, 60.001, {"latest_end": LATEST}, "H"),
        (-600, 600, {"earliest_start": EARLIEST, "latest_end": LATEST}, "H"),
        (-900, -900, {}, None),
        (-900.001, -900.001, {}, "M"),
        (900.001, 900.001, {}, "M"),
        (1000, 1000, {"earliest_start": EARLIEST, "latest_end": after_noon(20_000)}, None),
        (1000, 1000, {"earliest_start": EARLIEST}, "M"),
        (1000, 1000, {"latest_end": after_noon(20_000)}, "M"),
        (0, -599, {}, None),
        (0, -1080, {"latest_end": LATEST}, None),
        (0, -1080.001, {"latest_end": LATEST}, "M"),
        (0, -2700, {"latest_end": LATEST}, "M"),
        (0, -2700.001, {"latest_end": LATEST}, "H"),
    ],
)
def test_how_far_it_may_differ(start: float, end: float, limits: dict[str, Any], severity: str | None) -> None:
    assert _said(start, end, **limits) == severity


@pytest.mark.parametrize(("end", "severity"), [(-599.999, None), (-600, "H")])
def test_a_short_window_is_short_from_ten_minutes_on(end: float, severity: str | None) -> None:
    findings = found(confirmed(drift=(0, end), lasts=900, latest_end=after_noon(4500)))
    assert [it.severity.letter for it in findings] == ([severity] if severity else [])


def test_it_is_told_until_it_starts_and_first_until_cancelling_costs() -> None:
    row = confirmed(drift=(-1000, 0))
    free_until = 3600 - 1000 - 1800
    assert told(row) == [f"M wrong window:res_1 {free_until}"]
    assert told(row, free_until - 0.001) == [f"M wrong window:res_1 {free_until}"]
    assert told(row, free_until) == ["M wrong window:res_1 2600"]
    assert told(row, 2599.999) == ["M wrong window:res_1 2600"]
    assert told(row, 2600) == []


@pytest.mark.parametrize(
    "policy",
    [None, {"type": "other", "free_until_before": 10}, {"type": "free_cancellation"}, {"free_until_before": 9}],
)
def test_a_policy_that_is_not_known_is_never_free(policy: object) -> None:
    assert told(confirmed(drift=(1000, 1000), cancellation_policy=policy)) == ["M wrong window:res_1 4600"]


@pytest.mark.parametrize("size", [10**400, -(10**400), 10**18])
def test_a_policy_of_any_size_is_no_accident(size: int) -> None:
    policy = {"type": "free_cancellation", "free_until_before": size}
    assert len(found(confirmed(drift=(1000, 1000), cancellation_policy=policy))) == 1


@pytest.mark.parametrize("status", ["pending", "completed", "cancelled", "failed", "confirming"])
def test_only_a_confirmed_one_is_judged(status: str) -> None:
    rows = confirmed(drift=(1000, 1000), status=status)
    assert [it for it in found(rows) if it.kind is Kind.WRONG_WINDOW] == []


def test_half_of_it_missing_judges_the_other_half() -> None:
    assert told(reservation(status="confirmed")) == []
    assert told(reservation(status="confirmed", reserved_start=after_noon(5000))) == ["M wrong window:res_1 1800"]
    assert told(reservation(status="confirmed", reserved_end=after_noon(19_000))) == ["M wrong window:res_1 1800"]


def test_what_cannot_be_read_is_not_judged() -> None:
    sent = document(status="confirmed", reserved_start=after_noon(4600), reserved_end=after_noon(10_000))
    assert len(found(partly_odd(**_given(sent)))) == 1
    odd = _given(sent) | {"earliest_start": 5, "latest_end": []}
    assert found(partly_odd(**odd)) == []
    assert found(partly_odd(**_given(sent) | {"reserved_start": "x", "earliest_start": None})) == []


def test_its_numbers_can_be_set() -> None:
    row = confirmed(drift=(500, 500))
    assert told(row) == []
    assert told(row, limits=Thresholds(drift=499)) == ["M wrong window:res_1 1800"]


def _given(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if name != "id"}
