"""Fees, in the currency's own digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain import money as module
from charge_tui.domain.money import exponent, money
from charge_tui.domain.text import safe

ISO_4217_ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
ISO_4217_THREE = "BHD IQD JOD KWD LYD OMR TND"


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (1200, "eur", "EUR 12.00"),
        (1200, "jpy", "JPY 1200"),
        (1200, "kwd", "KWD 1.200"),
        (5, "eur", "EUR 0.05"),
        (5, "tnd", "TND 0.005"),
        (0, "usd", "USD 0.00"),
        (-1234, "gbp", "GBP -12.34"),
        (1200, "xbt", "1200 minor units of XBT"),
        (1200, None, "1200 minor units, currency unknown"),
        (1200, "", "1200 minor units, currency unknown"),
        (None, "eur", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_fees_read_as_a_person_reads_them(amount: int | None, currency: str | None, shown: str) -> None:
    assert money(amount, currency) == shown


@pytest.mark.parametrize(("codes", "digits"), [(ISO_4217_ZERO, 0), (ISO_4217_THREE, 3), ("EUR USD GBP CHF SEK", 2)])
def test_each_currency_has_its_own_exponent_in_any_case(codes: str, digits: int) -> None:
    for code in codes.split():
        assert exponent(code) == exponent(code.lower()) == digits


def test_no_currency_has_two_exponents() -> None:
    assert not module._TWO & module._ZERO
    assert not module._TWO & module._THREE
    assert not module._ZERO & module._THREE


@given(amount=st.integers(), currency=st.sampled_from(sorted(module._TWO | module._ZERO | module._THREE)))
def test_no_minor_unit_is_lost(amount: int, currency: str) -> None:
    code, _, number = money(amount, currency.lower()).partition(" ")
    digits = exponent(currency)
    assert digits is not None
    assert code == currency
    assert int(number.replace(".", "")) == amount
    assert len(number.partition(".")[2]) == digits


@given(amount=st.none() | st.integers(), currency=st.none() | st.text(st.characters(codec=None)))
def test_any_fee_is_safe_to_show(amount: int | None, currency: str | None) -> None:
    shown = money(amount, currency)
    assert safe(shown, 20_000) == shown
