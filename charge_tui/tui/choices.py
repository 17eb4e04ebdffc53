"""What can be meant by a name or an id that somebody types: drivers, vehicles, stations, payment methods."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from charge_tui.domain.text import safe
from charge_tui.records import dataclass

PREFIXES: Final = {"driver": "drv_", "vehicle": "veh_", "station": "chst_", "payment_method": "pm_"}
"""With what an id of each kind begins [docs]."""
_OF_AN_ID: Final = 4
"""Characters from which on a text may be a piece of an id; fewer are in too many of them by chance."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be meant."""

    id: str
    label: str
    """Safe to show."""


def told_apart(choices: Sequence[Choice]) -> list[Choice]:
    """The same choices with the end of the id behind every label that two of them share."""
    times = Counter(one.label for one in choices)
    return [
        Choice(one.id, f"{one.label} …{safe(one.id, 200)[-4:]}") if times[one.label] > 1 else one for one in choices
    ]


def matching(typed: str, choices: Sequence[Choice], limit: int = 8) -> list[Choice]:
    """The choices that a text can mean: those that begin with it first, then those that have it anywhere."""
    text = typed.casefold().strip()
    if not text:
        return []
    first = [one for one in choices if one.label.casefold().startswith(text) or one.id.casefold() == text]
    rest = [
        one
        for one in choices
        if one not in first and (text in one.label.casefold() or (len(text) >= _OF_AN_ID and text in one.id.casefold()))
    ]
    return [*sorted(first, key=lambda one: one.label), *sorted(rest, key=lambda one: one.label)][:limit]


def meant(typed: str, choices: Sequence[Choice], prefix: str) -> str | None:
    """The id that a text means: a whole label or id, the only choice that fits, or an id that is not known here."""
    exact = [one.id for one in choices if typed.casefold() in (one.label.casefold(), one.id.casefold())]
    if exact:
        return exact[0]
    if typed.startswith(prefix):
        return typed
    found = matching(typed, choices, 2)
    return found[0].id if len(found) == 1 else None


def label_of(identity: str, choices: Sequence[Choice]) -> str:
    """What an id is called; the id itself where it has no name."""
    return next((one.label for one in choices if one.id == identity), safe(identity, 100))
