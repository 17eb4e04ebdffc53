"""The one model of a reservation, as S-object documents it [seed], and what is done with a row that departs from it."""

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
)

from charge_tui.domain.reading import odd_fields
from charge_tui.domain.times import rfc3339, utc
from charge_tui.records import dataclass

ALWAYS: Final = ("id", "object", "status", "ideal_start", "ideal_end", "created", "updated")
"""The fields documented as required in every reservation [seed]."""

_HEAD: Final = ("id", "object")
_AS_IT_IS: Final = frozenset({type(None), str, int, float, bool, list, dict})
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


_USUAL: Final = r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
_any_aware: Final[Callable[[object], datetime]] = TypeAdapter(
    AwareDatetime, config=ConfigDict(defer_build=True)
).validate_python


def _instant(value: object) -> datetime:
    at = _in_utc(_any_aware(_as_text(value)))
    if not MINYEAR < at.year < MAXYEAR:
        raise ValueError("outside the calendar in some time zone")
    return at


def _as_text(value: object) -> object:
    """Let no number pass as a time, nor a text of digits: pydantic would take them for seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and value[4:5] == "-"):
        return value
    raise ValueError("not a timestamp")


def _in_utc(at: datetime) -> datetime:
    try:
        return utc(at)
    except OverflowError:
        raise ValueError("outside the calendar in UTC") from None


if TYPE_CHECKING:
    _Instant = datetime
else:
    # the API's own form (2026-03-03T14:05:23.789Z) takes a way without a line of Python, and comes to the same
    _Instant = Annotated[
        Annotated[str, Field(pattern=_USUAL), AfterValidator(datetime.fromisoformat)]
        | Annotated[datetime, PlainValidator(_instant)],
        Field(union_mode="left_to_right"),
    ]
_Whole = Annotated[int, Field(strict=True)]
_Real = _Whole | Annotated[float, Field(strict=True, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Location(_Part):
    """The search area: decimal degrees, and a radius whose unit is not stated; read as metres [inferred]."""

    latitude: _Real
    longitude: _Real
    radius: _Real | None = None


class CancellationPolicy(_Part):
    """``free_until_before`` is read as seconds before the start [inferred]; any other ``type`` is "see policy"."""

    type: str | None = None
    free_until_before: _Whole | None = None


class Reservation(_Part):
    """A reservation of the Charge API.

    Only the seven fields of ``ALWAYS`` are required; unknown fields are kept (``model_extra``), unknown values of
    ``status``, ``failed_reason`` and ``connector_type`` are kept as text. Text is raw: it passes ``domain.text.safe``
    before it is shown. Times are in UTC. An id that was expanded stands as the object; ``ref`` gives the id of either.
    """

    id: Annotated[str, Field(min_length=1)]
    object: str
    status: str
    ideal_start: _Instant
    ideal_end: _Instant
    created: _Instant
    updated: _Instant
    driver: str | dict[str, Any] | None = None
    vehicle: str | dict[str, Any] | None = None
    charging_station: str | dict[str, Any] | None = None
    connector_type: list[str] | None = None
    location: Location | None = None
    earliest_start: _Instant | None = None
    latest_end: _Instant | None = None
    reserved_start: _Instant | None = None
    reserved_end: _Instant | None = None
    confirmed_at: _Instant | None = None
    failed_reason: str | None = None
    cancellation_policy: CancellationPolicy | None = None
    reservation_fee: _Whole | None = None
    currency: str | None = None
    payment_method: str | dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None

    @property
    def odd(self) -> Mapping[str, Any]:
        """Fields that the API sent in a form that the documentation does not have, with what it sent."""
        return _NOTHING

    @property
    def driver_id(self) -> str | None:
        """The driver's id, expanded or not."""
        return ref(self.driver)

    @property
    def vehicle_id(self) -> str | None:
        """The vehicle's id, expanded or not."""
        return ref(self.vehicle)

    @property
    def station_id(self) -> str | None:
        """The charging station's id, expanded or not."""
        return ref(self.charging_station)

    @property
    def payment_method_id(self) -> str | None:
        """The payment method's id, expanded or not."""
        return ref(self.payment_method)

    def document(self) -> dict[str, Any]:
        """The reservation as JSON in the documented key order (id, object, then alphabetical), odd values as sent."""
        if self.model_extra or self.odd:
            given = _given(self) | dict(self.odd)
            head = {name: _plain(given.pop(name)) for name in _HEAD if name in given}
            return head | {name: _plain(given[name]) for name in sorted(given)}
        held, sent = self.__dict__, self.model_fields_set
        return {name: _plain(held[name]) for name in _document_order(type(self)) if name in sent}


class PartlyOddReservation(Reservation):
    """A reservation of which optional fields could not be read: they are None here, and ``odd`` holds what was sent."""

    model_config = ConfigDict(defer_build=True)

    _unread: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def odd(self) -> Mapping[str, Any]:
        """Fields that the API sent in a form that the documentation does not have, with what it sent."""
        return self._unread

    @classmethod
    def of(cls, sound: Mapping[str, Any], unread: dict[str, Any]) -> "PartlyOddReservation":
        """A reservation from the fields that could be read, beside those that could not."""
        row = cls.model_validate(sound)
        row._unread = unread
        return row


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row that lacks a required field or has it in an unreadable form; shown as far as it can be, never acted on."""

    id: str
    """The row's id, or a made-up one ("row 7") when it has none."""
    raw: Any
    """What the API sent, as parsed JSON."""
    problems: tuple[str, ...]
    """One short text for each field that is missing or unreadable ("ideal_start missing")."""

    @property
    def identified(self) -> bool:
        """Whether ``id`` is the API's own, so that the row can be told from others and read again."""
        return self.text("id") == self.id

    def field(self, name: str) -> Any:
        """A field as it was sent, None where it is missing."""
        return self.raw.get(name) if isinstance(self.raw, dict) else None

    def text(self, name: str) -> str | None:
        """A field that was sent as a string; None for anything else."""
        value = self.field(name)
        return value if isinstance(value, str) else None

    def time(self, name: str) -> datetime | None:
        """A field that reads as a timestamp with a zone; None for anything else."""
        text = self.text(name)
        try:
            at = datetime.fromisoformat(text) if text else None
            return at.astimezone(UTC) if at and at.tzinfo else None
        except (ValueError, OverflowError):
            return None


Row = Reservation | OddRow
"""What one place of a list can hold."""


def ref(value: str | dict[str, Any] | None) -> str | None:
    """The id in a field that may hold an id, an expanded object, or nothing [docs: charge-api 1.9]."""
    if isinstance(value, dict):
        inner = value.get("id")
        return inner if isinstance(inner, str) else None
    return value


def read_row(raw: Any, position: int = 0) -> Row:
    """Read one reservation from parsed JSON, however odd. Never raises."""
    try:
        return Reservation.model_validate(raw)
    except (ValidationError, RecursionError):
        if not isinstance(raw, dict):
            return OddRow(f"row {position + 1}", raw, ("not an object",))
    odd = odd_fields(Reservation, raw)
    if odd.isdisjoint(ALWAYS):
        try:
            sound = {key: value for key, value in raw.items() if key not in odd}
            return PartlyOddReservation.of(sound, {key: raw[key] for key in sorted(odd)})
        except (ValidationError, RecursionError):
            odd = set(raw)
    identity = raw.get("id")
    name = identity if isinstance(identity, str) and identity else f"row {position + 1}"
    return OddRow(name, raw, tuple(f"{key} {'unreadable' if key in raw else 'missing'}" for key in sorted(odd)))


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:  # asking whether a thing is a model costs more than all the rest
        return value
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, BaseModel):
        if not value.model_extra:
            held, sent = value.__dict__, value.model_fields_set
            return {name: _plain(held[name]) for name in _alphabetical(type(value)) if name in sent}
        given = _given(value)
        return {name: _plain(given[name]) for name in sorted(given)}
    return value


@cache
def _alphabetical(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(sorted(kind.model_fields))


@cache
def _document_order(kind: type[BaseModel]) -> tuple[str, ...]:
    return (*_HEAD, *(name for name in _alphabetical(kind) if name not in _HEAD))


def _given(model: BaseModel) -> dict[str, Any]:
    held, extra = model.__dict__, model.model_extra
    given = {name: held[name] for name in model.model_fields_set if name in held}
    return given | extra if extra else given
