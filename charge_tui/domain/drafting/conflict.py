"""Was, theirs, mine: what becomes of an edit when somebody else changed the same reservation meanwhile."""

from collections.abc import Mapping, Set
from datetime import tzinfo
from enum import StrEnum
from typing import Any, Final

from charge_tui.domain.drafting.fields import told
from charge_tui.domain.drafting.values import CREATABLE, Fields, flat
from charge_tui.records import dataclass

_ABSENT: Final = object()


class Side(StrEnum):
    """Who changed a field since it was shown."""

    MINE = "mine"
    """Only the person at this desk: it is kept."""
    THEIRS = "theirs"
    """Only somebody else: it is kept."""
    ALIKE = "alike"
    """Both, to the same value."""
    BOTH = "both"
    """Both, to different values: the person chooses."""


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """One field in its three values, in words that are safe to show."""

    field: str
    """The field's name, or ``metadata.KEY``; raw."""
    was: str
    theirs: str
    mine: str
    side: Side


def three_way(
    was: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], zone: tzinfo
) -> tuple[ThreeWay, ...]:
    """Every field that somebody changed, those to choose from first; what ``mine`` does not have was left as it was."""
    first, second = flat(was), flat(theirs)
    third = flat({name: value for name, value in was.items() if name not in mine} | dict(mine))
    found = []
    for name in _in_order(first.keys() | second.keys() | third.keys()):
        a, b, c = (values.get(name, _ABSENT) for values in (first, second, third))
        side = _side(a, b, c)
        if side:
            found.append(ThreeWay(name, _told(name, a, zone), _told(name, b, zone), _told(name, c, zone), side))
    return tuple(sorted(found, key=lambda one: one.side is not Side.BOTH))


def merged(
    was: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], keep_theirs: Set[str] = frozenset()
) -> Fields:
    """Their values with mine put over them, but for the fields to choose from of which theirs were chosen."""
    first, second = flat(was), flat(theirs)
    third = flat({name: value for name, value in was.items() if name not in mine} | dict(mine))
    result = dict(second)
    for name in first.keys() | second.keys() | third.keys():
        a, c = first.get(name, _ABSENT), third.get(name, _ABSENT)
        if _equal(a, c) or name in keep_theirs:
            continue
        if c is _ABSENT:
            result.pop(name, None)
        else:
            result[name] = c
    return _folded(result)


def _side(was: object, theirs: object, mine: object) -> Side | None:
    if _equal(was, theirs):
        return None if _equal(was, mine) else Side.MINE
    if _equal(was, mine):
        return Side.THEIRS
    return Side.ALIKE if _equal(theirs, mine) else Side.BOTH


def _equal(one: object, other: object) -> bool:
    nothing = (None, _ABSENT)
    return (one in nothing and other in nothing) or one == other


def _in_order(names: Set[str]) -> list[str]:
    order = {name: position for position, name in enumerate(CREATABLE)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _folded(values: Fields) -> Fields:
    plain = {name: value for name, value in values.items() if not name.startswith("metadata.")}
    prefix = len("metadata.")
    return plain | {"metadata": {n[prefix:]: value for n, value in values.items() if n.startswith("metadata.")}}


def _told(name: str, value: object, zone: tzinfo) -> str:
    return "none" if value is _ABSENT else told(name, value, zone)
