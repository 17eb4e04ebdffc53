"""What a finding says: short, plain, true, and harmless whatever the API sends."""

from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.attention.finding import Kind
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.attention.words import advice, formula, sentence, why
from charge_tui.domain.reservation import Reservation, Row
from tests.support.any_rows import rows
from tests.support.hostile import FORBIDDEN, HOSTILE
from tests.support.judging import after_noon, fallen, found
from tests.support.reservations import confirmed, reservation


@pytest.mark.parametrize(
    ("row", "seconds", "short", "whole"),
    [
        (
            reservation(),
            2700,
            "not confirmed, late",
            "Not confirmed yet: Charge should have confirmed it at 12:30; it starts at 13:00.",
        ),
        (
            reservation(),
            3600,
            "not confirmed, late",
            "Not confirmed and its start 13:00 has passed; there is time until 14:30.",
        ),
        (reservation(), 9000, "not confirmed, stuck", "Still pending, though its time ended at 14:30."),
        (
            fallen(reason="no_available_connectors"),
            0,
            "lost: no connector",
            "Failed: no connector, nothing replaces it; wanted 13:00, another must end by 14:30.",
        ),
        (
            fallen(reason="meteor_strike"),
            0,
            "lost: meteor strike",
            "Failed: meteor strike, nothing replaces it; wanted 13:00, another must end by 14:30.",
        ),
        (
            reservation(status="expired"),
            0,
            "lost: expired",
            "Expired early, nothing replaces it; wanted 13:00, another must end by 14:30.",
        ),
        (
            confirmed(drift=(0, 2400), latest_end=after_noon(9000)),
            0,
            "ends after limit",
            "Confirmed, but ends 40m after its limit; cancel free until 12:30.",
        ),
        (
            confirmed(drift=(0, 2400), latest_end=after_noon(9000)),
            1800,
            "ends after limit",
            "Confirmed, but ends 40m after its limit.",
        ),
        (
            confirmed(drift=(-1000, -1000)),
            1000,
            "start differs",
            "Confirmed, but starts 16m early, ends 16m early.",
        ),
    ],
)
def test_one_reservation_s_finding_is_told(row: Reservation, seconds: float, short: str, whole: str) -> None:
    [finding] = found(row, seconds)
    assert why(finding) == short
    assert sentence(finding, UTC) == whole


def test_a_pair_is_told_with_the_plate_and_the_reader_s_time() -> None:
    [finding] = found([reservation(), reservation("res_2", driver="drv_2", starts_in=5400)])
    assert why(finding) == "booked twice"
    told = sentence(finding, ZoneInfo("Europe/Paris"), {"veh_1": "GH-204-KT"}.get)
    assert told == "GH-204-KT has two reservations from 15:30 to 16:30; cancel free until 14:30."


def test_a_finding_of_many_tells_how_many() -> None:
    failed = [fallen(name, "payment_failed", updated=after_noon(0), vehicle=name) for name in ("a", "b")]
    [finding] = [it for it in found([*failed, reservation()]) if it.kind is Kind.PAYMENTS_FAILING]
    assert sentence(finding, UTC) == (
        "2 payments failed with pm_1; 1 more to be paid with it, the first starts at 13:00."
    )


@given(st.lists(rows(), max_size=6), st.integers(-20_000, 20_000))
def test_no_rule_raises_on_any_reservation_and_words_are_harmless(held: list[Row], seconds: int) -> None:
    engine = Engine()
    for row in held:
        engine.put(row, after_noon(seconds))
    engine.settle(after_noon(seconds))
    for finding in engine.findings.values():
        _harmless(why(finding), 22)
        _harmless(sentence(finding, ZoneInfo("Pacific/Kiritimati")), 300)
    for row in held:
        for mark in engine.marks(row.id):
            _harmless(mark.words, 400)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_told_harmlessly(text: str) -> None:
    [finding] = found(fallen(reason=text), 1)
    _harmless(why(finding), 22)
    pair = [reservation(driver=None, vehicle=text), reservation("res_2", driver=None, vehicle=text)]
    for told in found(pair):
        _harmless(sentence(told, UTC), 300)
        _harmless(sentence(told, UTC, lambda _: text), 300)


def _harmless(text: str, length: int) -> None:
    assert len(text) <= length
    assert not FORBIDDEN & set(text)


@pytest.mark.parametrize("kind", Kind)
def test_each_rule_is_explained_with_its_present_numbers(kind: Kind) -> None:
    usual = formula(kind, Thresholds())
    other = Thresholds(grace=120, critical_slack=120, drift=120, noise=120, payments_window=120, area_window=120)
    assert formula(kind, other) != usual
    assert "2m" in formula(kind, other)
    assert formula(kind, replace(Thresholds(), warning=1)) == usual
    assert advice(kind).endswith(".")
