"""One field of a form: what a typed text means, what is wrong with it, and the text that a value begins with.

Only what is certain is refused here; everything else is the server's to say.
"""

import math
import re
from datetime import datetime, tzinfo
from typing import Any, Final

from charge_tui.domain.drafting.metadata import read_metadata, text_of_metadata
from charge_tui.domain.drafting.values import CLEARABLE, CONNECTORS, INSTANTS, TIMES, Fields, stamp, time_of
from charge_tui.domain.text import safe
from charge_tui.domain.typed_times import TimeNotUnderstood, Twice, read_back, read_time, typed
from charge_tui.records import dataclass

NONE: Final = "none"
"""The word that clears a field which may be empty."""

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_KEY: Final = re.compile(r"ch_sk_(?:test|live)_\w")
_NUMBER: Final = re.compile(r"[+-]?\d{1,6}(?:\.\d{1,12})?", re.ASCII)
_RADIUS: Final = re.compile(r"(\d{1,7}(?:\.\d{1,6})?)\s*(km|m)?", re.ASCII)
_BOUNDS: Final = {"latitude": 90.0, "longitude": 180.0}


class FieldError(ValueError):
    """A text that a field cannot take; ``sentence`` says why, and what it would take."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text means: the value as the API takes it, and as it is read back to the person, safe to show."""

    value: Any
    read_back: str
    warning: str | None = None
    """What the server will probably refuse, or what the person may not have meant; it does not stop anything."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A time that a DST night has twice: the person has to choose."""

    question: str
    choices: tuple[Understood, Understood]


def understand(field: str, text: str, *, zone: tzinfo, now: datetime, present: Any = None) -> Understood | Ask:
    """Read the text of a field. ``present`` is the value before the edit, None in a new reservation.

    The text that ``text_of`` gives for the present value always means exactly that value.

    Raises:
        FieldError: the text cannot be taken.
    """
    if present is not None and text == text_of(field, present, zone):
        return Understood(present, told(field, present, zone))
    check_travels(field, text)
    plain = text.strip()
    if field in CLEARABLE and plain.lower() in ("", NONE):
        return Understood(None, "none")
    if field in TIMES:
        return _time(field, plain, zone, now, present)
    if field == "connector_type":
        return _connectors(plain)
    if field == "location":
        return _location(plain)
    if field == "metadata":
        return _metadata(text, present)
    return _identity(field, plain)


def text_of(field: str, value: Any, zone: tzinfo) -> str:
    """The text with which a field begins; empty for no value."""
    if value is None:
        return ""
    if field in TIMES:
        at = time_of(value)
        return typed(at, zone) if at else str(value)
    if field == "connector_type":
        return ", ".join(map(str, value))
    if field == "location":
        return ", ".join(_number_text(value.get(member)) for member in ("latitude", "longitude", "radius"))
    if field == "metadata":
        return text_of_metadata(value)
    return str(value)


def told(field: str, value: Any, zone: tzinfo) -> str:
    """A value for a person to read, safe to show; a field may be a metadata key (``metadata.trip_id``)."""
    if value is None or value == {} or value == []:
        return "none"
    if field in INSTANTS:
        at = time_of(value)
        return read_back(at, zone) if at else safe(str(value), 60)
    if field == "location" and isinstance(value, dict):
        radius = value.get("radius")
        reach = "no radius" if radius is None else f"~{_number_text(radius)} m around"
        return f"{reach} {_number_text(value.get('latitude'))}, {_number_text(value.get('longitude'))}"
    return safe(text_of(field, value, zone), 200)


def check_travels(field: str, text: str) -> None:
    """Refuse a text that cannot be sent, or that must not be.

    Raises:
        FieldError: half a character, a control character, or something that looks like an API key.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise FieldError(field, "The text holds half a character (a lone surrogate), which cannot be sent.") from None
    if _CONTROL.search(text):
        raise FieldError(field, "The text holds a control character, which cannot be sent; type it without.")
    if _KEY.search(text):
        raise FieldError(field, "This looks like an API key; keys are sent nowhere and kept nowhere.")


def _time(field: str, text: str, zone: tzinfo, now: datetime, present: Any) -> Understood | Ask:
    try:
        found = read_time(text, zone=zone, now=now, present=time_of(present))
    except TimeNotUnderstood as fault:
        clears = f" “{NONE}” clears it." if field in CLEARABLE else ""
        raise FieldError(field, fault.sentence + clears) from None
    if isinstance(found, Twice):
        return Ask(found.question(zone), (_at(found.first, zone, now), _at(found.second, zone, now)))
    return _at(found, zone, now, starts=field == "ideal_start")


def _at(at: datetime, zone: tzinfo, now: datetime, *, starts: bool = False) -> Understood:
    return Understood(stamp(at), read_back(at, zone), "This has passed." if starts and at < now else None)


def _connectors(text: str) -> Understood:
    names = [word for word in re.split(r"[,;\s]+", text) if word]
    if not names:
        raise FieldError("connector_type", f"At least one connector type is needed: {', '.join(CONNECTORS)}.")
    known = {name.lower(): name for name in CONNECTORS}
    kinds = list(dict.fromkeys(known.get(name.lower(), name) for name in names))
    strange = [safe(name, 40) for name in kinds if name not in CONNECTORS]
    warning = f"Not documented: {', '.join(strange)}; there are {', '.join(CONNECTORS)}." if strange else None
    return Understood(kinds, safe(", ".join(kinds), 200), warning)


def _location(text: str) -> Understood:
    shape = "latitude, longitude, radius in metres, as in 48.8698, 2.3319, 1500"
    parts = [part for part in re.split(r"\s*[,;]\s*|\s+(?!k?m\b)", text) if part]
    if len(parts) != 3:
        raise FieldError("location", f"A location has three parts: {shape}.")
    place: Fields = {}
    for member, part in zip(("latitude", "longitude"), parts, strict=False):
        if not _NUMBER.fullmatch(part):
            raise FieldError("location", f"The {member} “{safe(part, 30)}” is no number of degrees. Write {shape}.")
        place[member] = _number(part)
        if abs(place[member]) > _BOUNDS[member]:
            bound = f"{_BOUNDS[member]:g}"
            raise FieldError("location", f"The {member} must be from -{bound} to {bound} degrees.")
    match = _RADIUS.fullmatch(parts[2].lower())
    if match is None:
        raise FieldError("location", f"The radius “{safe(parts[2], 30)}” is no number of metres. Write {shape}.")
    place["radius"] = _whole(float(match[1]) * 1000) if match[2] == "km" else _number(match[1])
    warning = "A radius of 0 finds nothing." if place["radius"] == 0 else None
    return Understood(place, told_place(place), warning)


def told_place(place: Fields) -> str:
    """A location for a person ("~1500 m around 48.8698, 2.3319"); the API does not state the unit [inferred]."""
    return f"~{_number_text(place['radius'])} m around {place['latitude']}, {place['longitude']}"


def _metadata(text: str, present: Any) -> Understood:
    try:
        pairs, warning = read_metadata(text, present or {})
    except ValueError as fault:
        raise FieldError("metadata", str(fault)) from None
    return Understood(pairs, safe(text_of_metadata(pairs), 200) or "none", warning)


def _identity(field: str, text: str) -> Understood:
    if not text:
        raise FieldError(field, f"A {field.replace('_', ' ')} is needed: type an id or a name.")
    if re.search(r"\s", text):
        raise FieldError(field, f"“{safe(text, 40)}” is no id of a {field.replace('_', ' ')}.")
    return Understood(text, safe(text, 80))


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _whole(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def _number_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    return str(value)
