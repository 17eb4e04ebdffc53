"""The table ``[attention]``: each number of the findings with its unit and bounds, and the findings that are off."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from charge_tui.config import checks
from charge_tui.domain.attention.finding import Kind

_LENGTH: Final = checks.number(0, 86_400, "seconds")
_SHARE: Final = checks.number(0.01, 1, "parts of one")

THRESHOLDS: Final[Mapping[str, checks.Check]] = MappingProxyType(
    {
        "lead": _LENGTH,
        "grace": _LENGTH,
        "high_before": _LENGTH,
        "critical_slack": _LENGTH,
        "noise": checks.number(30, 3600, "seconds"),
        "drift": _LENGTH,
        "shorter_by": _LENGTH,
        "shorter_medium": _SHARE,
        "shorter_high": _SHARE,
        "noshow": _LENGTH,
        "overrun": _LENGTH,
        "warning": _LENGTH,
        "payments_window": checks.number(60, 86_400, "seconds"),
        "payments_least": checks.whole(1, 100),
        "area_window": checks.number(60, 86_400, "seconds"),
        "area_least": checks.whole(2, 100),
        "area_km": checks.number(0.1, 200, "kilometres"),
        "cover": _SHARE,
    }
)
"""What each number must be."""


def table(value: object) -> dict[str, Any]:
    """The entries that are given, checked, under the names of ``Thresholds``."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a table such as [attention], not {checks.told(value)}")
    return {name: _entry(name, given) for name, given in value.items()}


def _entry(name: str, given: object) -> Any:
    try:
        if name == "off":
            return _kinds(given)
        if name in THRESHOLDS:
            return THRESHOLDS[name](given)
    except ValueError as fault:
        raise ValueError(fault.args[0], name) from fault
    raise ValueError(f"is no threshold{checks.nearest(name, [*THRESHOLDS, 'off'])}", name)


def _kinds(given: object) -> frozenset[Kind]:
    if not isinstance(given, list):
        raise ValueError(f'must be a list of findings such as ["area short"], not {checks.told(given)}')
    known = [kind.value for kind in Kind]
    for name in given:
        if name not in known:
            raise ValueError(f"must name findings ({checks.listed(known)}), not {checks.told(name)}")
    return frozenset(Kind(name) for name in given)
