"""Fees as a person reads them."""

from typing import Final

from charge_tui.domain.text import safe

_ZERO: Final = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_TWO: Final = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
    COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
    SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW
    """.split()
)


def exponent(currency: str) -> int | None:
    """Digits after the point in ISO 4217, None for a code that is not known."""
    code = currency.upper()
    if code in _TWO:
        return 2
    return 0 if code in _ZERO else 3 if code in _THREE else None


def money(amount: int | None, currency: str | None) -> str:
    """A fee in minor units as text ("EUR 12.00", "JPY 1200", "KWD 1.200").

    With an unknown currency the integer stands as it came, and is called what it is ("1200 minor units of XBT").
    """
    if amount is None:
        return "unknown"
    if not currency:
        return f"{amount} minor units, currency unknown"
    digits = exponent(currency)
    code = safe(currency.upper(), 12)
    if digits is None:
        return f"{amount} minor units of {code}"
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 10**digits)
    return f"{code} {sign}{whole}" + (f".{rest:0{digits}d}" if digits else "")
