"""A whole form: what is certainly wrong, what changed, and what leaves."""

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import Any, Final

from charge_tui.domain.drafting.fields import told
from charge_tui.domain.drafting.values import CREATABLE, EDITABLE, REQUIRED, TIMES, Fields, flat, stamp, time_of
from charge_tui.domain.text import safe
from charge_tui.domain.times import seconds_between, signed
from charge_tui.records import dataclass

ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a form, at the field where it is to be mended; ``sentence`` is for a person."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that an edit changes, in words that are safe to show."""

    field: str
    """The field's name, or ``metadata.KEY``; raw."""
    before: str
    after: str
    words: str
    """The difference in short: "+30m", "cleared", "added", "removed", "also Type2", or nothing."""


def flaws(values: Mapping[str, Any], *, new: bool) -> tuple[Flaw, ...]:
    """What is certainly wrong: an end before its start, limits that cut the window, a field that must be there."""
    found: list[Flaw] = []
    if new:
        found += [Flaw(name, f"A {name.replace('_', ' ')} is needed.") for name in REQUIRED if not values.get(name)]
    start, end = time_of(values.get("ideal_start")), time_of(values.get("ideal_end"))
    earliest, latest = time_of(values.get("earliest_start")), time_of(values.get("latest_end"))
    if start and end and end <= start:
        found.append(Flaw("ideal_end", "The end must be after the start."))
    if start and earliest and earliest > start:
        found.append(Flaw("earliest_start", "The limit must not be after the start."))
    if end and latest and latest < end:
        found.append(Flaw("latest_end", "The limit must not be before the end."))
    return tuple(found)


def shifted(values: Mapping[str, Any], by: timedelta, *, limits: bool = False) -> Fields:
    """The values with the whole window moved; the limits are the driver's own and stay, unless asked to go with it.

    Raises:
        OverflowError: the window would leave the calendar.
    """
    moved = dict(values)
    for name in TIMES if limits else TIMES[:2]:
        at = time_of(values.get(name))
        if at:
            moved[name] = stamp(at + by)
    return moved


def edit_body(before: Mapping[str, Any], after: Mapping[str, Any]) -> Fields:
    """The body of an update: only what changed, of metadata only the keys, a key that goes as null [inferred]."""
    body: Fields = {}
    for name in EDITABLE:
        if name not in after or after[name] == before.get(name):
            continue
        if name == "metadata":
            body[name] = _metadata_changes(before.get(name) or {}, after[name] or {})
        else:
            body[name] = after[name]
    return body


def create_body(values: Mapping[str, Any]) -> Fields:
    """The body of a create: everything that has a value [seed: S-create]."""
    return {name: values[name] for name in CREATABLE if values.get(name) not in (None, {}, [])}


def applied(before: Mapping[str, Any], body: Mapping[str, Any]) -> Fields:
    """The values that an update should leave behind, metadata merged [inferred: S-update]."""
    after = dict(before) | {name: value for name, value in body.items() if name != "metadata"}
    if "metadata" in body:
        merged = (before.get("metadata") or {}) | body["metadata"]
        after["metadata"] = {key: value for key, value in merged.items() if value is not None}
    return after


def touched(values: Mapping[str, Any], body: Mapping[str, Any]) -> Fields:
    """Of some values those that an update names, of metadata only the keys that it names."""
    found = {name: values.get(name) for name in body}
    if "metadata" in body:
        found["metadata"] = {
            key: text for key, text in (values.get("metadata") or {}).items() if key in body["metadata"]
        }
    return found


def differences(before: Mapping[str, Any], after: Mapping[str, Any], zone: tzinfo) -> tuple[Difference, ...]:
    """What an edit changes, in the order of the form; fields that ``after`` does not have stay as they are."""
    old = flat(before)
    new = flat({name: value for name, value in before.items() if name not in after} | dict(after))
    names = [*(name for name in CREATABLE if name != "metadata"), *sorted(n for n in old | new if "." in n)]
    found = []
    for name in names:
        was, will = old.get(name, ABSENT), new.get(name, ABSENT)
        if was != will and not (_nothing(was) and _nothing(will)):
            found.append(Difference(name, _told(name, was, zone), _told(name, will, zone), _words(name, was, will)))
    return tuple(found)


def departures(body: Mapping[str, Any], answer: Mapping[str, Any], zone: tzinfo) -> tuple[Difference, ...]:
    """Where an answer is not what was sent: ``before`` is what was asked for, ``after`` what came back."""
    found = []
    have = flat(answer)
    for name, sent in flat(body).items():
        came = have.get(name)
        if not _alike(name, sent, came):
            words = "still there" if sent is None else "not taken over"
            found.append(Difference(name, _told(name, sent, zone), _told(name, came, zone), words))
    return tuple(found)


def _alike(name: str, sent: Any, came: Any) -> bool:
    if name in TIMES and sent is not None:
        return time_of(sent) == time_of(came)
    if name == "connector_type" and isinstance(sent, list) and isinstance(came, list):
        return sorted(map(str, sent)) == sorted(map(str, came))
    return bool(sent == came)


def _metadata_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Fields:
    changed = {key: value for key, value in after.items() if key not in before or before[key] != value}
    return changed | {key: None for key in before if key not in after}


def _nothing(value: object) -> bool:
    return value is ABSENT or value is None


def _told(name: str, value: object, zone: tzinfo) -> str:
    return "none" if value is ABSENT else told(name, value, zone)


def _words(name: str, was: Any, will: Any) -> str:
    if name in TIMES:
        before, after = time_of(was), time_of(will)
        if before and after:
            return signed(seconds_between(before, after))
    if _nothing(was):
        return "added"
    if _nothing(will):
        return "removed" if name.startswith("metadata.") else "cleared"
    if name == "connector_type":
        more = [safe(str(kind), 40) for kind in will if kind not in was]
        less = [safe(str(kind), 40) for kind in was if kind not in will]
        parts = [f"also {', '.join(more)}"] * bool(more) + [f"no more {', '.join(less)}"] * bool(less)
        return ", ".join(parts) or "another order"
    if name == "location" and {**was, "radius": 0} == {**will, "radius": 0}:
        return _radius(was.get("radius"), will.get("radius"))
    return ""


def _radius(was: Any, will: Any) -> str:
    if isinstance(was, int | float) and isinstance(will, int | float):
        return f"radius {will - was:+g} m"
    return "another radius"
