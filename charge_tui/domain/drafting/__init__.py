"""The rules of forms, without a form: what may be typed, what is certainly wrong, what changed and what leaves.

Values are JSON as the API takes them (``values``); texts become values and back (``fields``); a whole form is checked
and compared (``checks``); a change by somebody else is laid beside it (``conflict``); a lost reservation is copied
(``again``); and cancelling has a price (``cost``). Everything is pure.
"""

from charge_tui.domain.drafting.again import RADII, Copy, Offer, copied, more_types, offers, overlapping
from charge_tui.domain.drafting.checks import (
    Difference,
    Flaw,
    applied,
    create_body,
    departures,
    differences,
    edit_body,
    flaws,
    shifted,
    touched,
)
from charge_tui.domain.drafting.conflict import Side, ThreeWay, merged, three_way
from charge_tui.domain.drafting.cost import Cost, cancel_cost, window_words
from charge_tui.domain.drafting.fields import Ask, FieldError, Understood, check_travels, text_of, told, understand
from charge_tui.domain.drafting.values import (
    CREATABLE,
    EDITABLE,
    REPLACES,
    REQUIRED,
    SEEN,
    Fields,
    flat,
    stamp,
    time_of,
    values_of,
)

__all__ = [
    "CREATABLE",
    "EDITABLE",
    "RADII",
    "REPLACES",
    "REQUIRED",
    "SEEN",
    "Ask",
    "Copy",
    "Cost",
    "Difference",
    "FieldError",
    "Fields",
    "Flaw",
    "Offer",
    "Side",
    "ThreeWay",
    "Understood",
    "applied",
    "cancel_cost",
    "check_travels",
    "copied",
    "create_body",
    "departures",
    "differences",
    "edit_body",
    "flat",
    "flaws",
    "merged",
    "more_types",
    "offers",
    "overlapping",
    "shifted",
    "stamp",
    "text_of",
    "three_way",
    "time_of",
    "told",
    "touched",
    "understand",
    "values_of",
    "window_words",
]
