"""Marks: what informs and is never counted."""

from typing import Any

import pytest

from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.attention.finding import Mark
from charge_tui.domain.reservation import Row, read_row
from tests.support.judging import after_noon, fallen, partly_odd
from tests.support.reservations import NOON, confirmed, document, reservation


def _marks(row: Row, seconds: float = 0, **known: Any) -> list[Mark]:
    engine = Engine()
    engine.put(row, NOON, **known)
    engine.settle(after_noon(seconds))
    return [it.mark for it in engine.marks(row.id)]


@pytest.mark.parametrize(
    ("seconds", "mark"),
    [
        (3600 + 899.999, []),
        (3600 + 900, [Mark.NO_OUTCOME]),
        (9000 + 599.999, [Mark.NO_OUTCOME]),
        (9000 + 600, [Mark.OVERRUN]),
        (900_000, [Mark.OVERRUN]),
    ],
)
def test_one_that_started_without_an_outcome(seconds: float, mark: list[Mark]) -> None:
    assert _marks(confirmed(), seconds) == mark


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (reservation(), None),
        (confirmed(), None),
        (confirmed(charging_station=None), "confirmed without station"),
        (confirmed(reserved_end=None), "confirmed without times"),
        (reservation(lasts=-1), "asked end before start"),
        (reservation(lasts=0), None),
        (confirmed(drift=(0, -5401)), "granted end before start"),
        (reservation(earliest_start=after_noon(9), latest_end=after_noon(8)), "limits inside out"),
        (reservation(earliest_start=after_noon(8), latest_end=after_noon(8)), None),
        (reservation(status="maybe\x1b[31m"), "unknown status maybe\ufffd[31m"),
        (partly_odd(latest_end=7), "unreadable latest_end"),
        (partly_odd(status="confirmed", charging_station=7), "confirmed without times; unreadable charging_station"),
        (read_row(document() | {"ideal_start": 5}), "ideal_start unreadable"),
        (read_row([]), "not an object"),
    ],
)
def test_odd_data_is_said_in_words(row: Row, words: str | None) -> None:
    engine = Engine()
    engine.put(row, NOON)
    engine.settle(NOON)
    told = [it.words for it in engine.marks(row.id) if it.mark is Mark.ODD_DATA]
    assert told == ([words] if words else [])


def test_a_turn_that_the_lifecycle_does_not_have_stays_told() -> None:
    engine = Engine()
    engine.put(reservation(status="pending"), NOON, odd_turn="failed, then pending")
    engine.put(reservation(updated=NOON), NOON)
    engine.settle(NOON)
    assert [it.words for it in engine.marks("res_1")] == ["failed, then pending"]


def test_cancelled_by_others_and_failed_again() -> None:
    assert _marks(reservation(status="cancelled")) == []
    assert _marks(reservation(status="cancelled"), elsewhere=True) == [Mark.CANCELLED_ELSEWHERE]
    assert _marks(fallen()) == []
    assert _marks(fallen(metadata={"replaces": "res_0"})) == [Mark.FAILED_AGAIN]


def test_the_journal_tells_of_a_replacement_that_failed_too() -> None:
    engine = Engine()
    engine.put(fallen(), NOON)
    engine.settle(NOON)
    before = engine.revision
    engine.replaced("res_0", "res_1")
    engine.settle(NOON)
    assert [it.mark for it in engine.marks("res_1")] == [Mark.FAILED_AGAIN]
    assert engine.revision > before


def test_a_row_that_becomes_readable_loses_its_mark_and_one_that_goes_too() -> None:
    engine = Engine()
    odd = read_row(document() | {"ideal_start": 5})
    engine.put(reservation(starts_in=600), NOON)
    engine.settle(NOON)
    engine.put(odd, NOON)
    assert [it.key for it in engine.settle(NOON).ended] == ["not confirmed:res_1"]
    engine.put(reservation(starts_in=600), NOON)
    assert [it.key for it in engine.settle(NOON).begun] == ["not confirmed:res_1"]
    assert engine.marks("res_1") == ()
    engine.put(odd, NOON)
    engine.drop("res_1")
    assert engine.marks("res_1") == ()
