"""What the documentation leaves open, as switches: each reading has a default and the other ways to take it.

This table is the one place where an undocumented behaviour is decided; everything else asks it.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One open question. The first of ``values`` is the default; each has its meaning in one line."""

    name: str
    question: str
    values: tuple[tuple[str, str], ...]

    @property
    def default(self) -> str:
        """The value taken when nothing is said."""
        return self.values[0][0]


def _reading(name: str, question: str, **values: str) -> Reading:
    return Reading(name, question, tuple((key.replace("_", "-").lstrip("-"), text) for key, text in values.items()))


READINGS: Final[tuple[Reading, ...]] = (
    _reading("metadata-update", "metadata in an update", merge="keys not sent survive", replace="keys not sent go"),
    _reading("metadata-null", "null for a metadata key", remove="removes the key", reject="is refused"),
    _reading("metadata-empty-string", '"" for a metadata key', keep="is a value", remove="removes the key"),
    _reading("metadata-empty-object", "{} for metadata in an update", keep="changes nothing", clear="removes all keys"),
    _reading("null-metadata", "null for metadata", reject="is refused", clear="removes all keys"),
    _reading("metadata-limits", "50 keys, 40 and 500 characters, 20 KB", enforce="hold", none="do not hold"),
    _reading("null-limits", "null for earliest_start, latest_end in an update", clear="clears", keep="is ignored"),
    _reading("location-update", "location in an update", replace="is replaced whole", merge="is merged by member"),
    _reading("omitted", "limits not sent in an update", keep="stay", reset="become null"),
    _reading("update-confirmed-metadata", "metadata alone, when confirmed", refuse="is refused", allow="is taken"),
    _reading("unknown-fields", "unknown fields in a body", ignore="are ignored", reject="are refused"),
    _reading("unknown-parameters", "unknown query parameters", ignore="are ignored", reject="are refused"),
    _reading("form-bodies", "form-encoded bodies", reject="are refused", accept="are taken"),
    _reading("large-bodies", "bodies above 1 MB", reject="are refused with 413", accept="are taken"),
    _reading("input-offsets", "other offsets and digits in times", accept="are taken", reject="are refused"),
    _reading("past-start", "a start that has passed", accept="is taken", reject="is refused"),
    _reading("window-order", "an end that is not after its start", reject="is refused", accept="is taken"),
    _reading("limits-order", "limits that cut the ideal window", reject="are refused", accept="are taken"),
    _reading("overlap", "a second reservation of a vehicle in a window", accept="is taken", reject="is refused"),
    _reading("empty-connector-type", "connector_type []", reject="is refused", accept="means any type"),
    _reading("unknown-connector-type", "a connector type beyond the three", reject="is refused", accept="is taken"),
    _reading("connector-order", "the order of connector_type", any="means nothing", preferred="is a preference"),
    _reading("vehicle-standard", "a type that the vehicle lacks", ignore="is taken", reject="is refused"),
    _reading("driver-vehicle", "a driver not attached to the vehicle", ignore="is taken", reject="is refused"),
    _reading("coordinates", "coordinates or radius out of range", reject="are refused", accept="are taken"),
    _reading("radius-unit", "the unit of radius", metres="is metres", kilometres="is kilometres"),
    _reading("default-payment-method", "payment_method not sent", driver="is the driver's default", none="stays null"),
    _reading("unknown-reference", "an unknown id in a body", _404="answers 404", _400="answers 400"),
    _reading("validation-status", "a body with a fault", _400="answers 400", _422="answers 422"),
    _reading("create-status", "a create", _200="answers 200", _201="answers 201"),
    _reading("wrong-state", "a call in the wrong status", _409="answers 409", _400="answers 400"),
    _reading("confirm-early", "confirm long before the window", allow="is tried", refuse="is refused"),
    _reading("confirm-payment-method", "payment_method in a confirm", optional="may lack", required="must be there"),
    _reading("confirm-after-failure", "confirm on a failed one", refuse="is refused", allow="is tried again"),
    _reading("confirm-failure-status", "a confirm that fails", _200="answers 200, status failed", _402="answers 402"),
    _reading("late-cancel", "cancelling after the free period", fee="succeeds", refuse="is refused when confirmed"),
    _reading(
        "free-until-from",
        "free_until_before counts from",
        earlier="the earlier start",
        ideal="ideal_start",
        reserved="reserved_start",
    ),
    _reading(
        "end-lag",
        "completed and expired follow the end",
        none="within five minutes",
        _10m="ten minutes later",
        _30m="half an hour later",
        _60m="an hour later",
    ),
    _reading("expires-from", "expired follows", confirmed="confirmed alone", both="pending too"),
    _reading("limit-out-of-range", "limit outside 1 to 100", reject="is refused", clamp="is clamped"),
    _reading("unknown-status", "an unknown status as a filter", reject="is refused", empty="finds nothing"),
    _reading("unknown-filter-id", "an unknown id as a filter", empty="finds nothing", _404="answers 404"),
    _reading(
        "page-other-filter", "a token with other filters", reject="is refused", ignore="goes on with the new ones"
    ),
    _reading("page-life", "a page token", endless="never lapses", _1h="lapses after an hour"),
    _reading("page-refusal", "a token that is no good", _400="answers 400", _404="answers 404"),
    _reading("page-urls", "page URLs name", request_host="the host that was asked", documented_host="api.chargeapi.co"),
    _reading("previous-order", "a page reached backwards", newest_first="is newest first", oldest_first="is turned"),
    _reading("expand", "expand on retrieve", on="works", off="is refused"),
    _reading("expand-on-list", "expand on a list", on="works", off="is refused"),
    _reading("expand-on-write", "expand on create, update, actions", on="works", off="is refused"),
    _reading("idempotency-conflict", "a key again with another body", _409="answers 409", _400="answers 400"),
    _reading("idempotency-failures", "a 4xx answer to a key", forget="is forgotten", remember="is given again"),
    _reading("idempotency-concurrent", "a key twice at once", wait="waits for the first", _409="answers 409"),
    _reading("replay-marker", "an answer given again", none="bears no mark", header="has Idempotent-Replayed: true"),
    _reading("unknown-version", "an unknown Charge-Version", ignore="is ignored", reject="is refused"),
    _reading("version-echo", "the version in the answer", off="is not told", on="is told in Charge-Version"),
    _reading("rate-limit", "a limit of requests", off="is not set", _60="is 60 a minute", _600="is 600 a minute"),
    _reading("retry-after", "Retry-After on a 429", seconds="has seconds", date="has a date", none="is not sent"),
    _reading("date-header", "the Date header", on="is sent", off="is not sent"),
    _reading("request-id-header", "the request id as a header", on="is sent", off="is not sent"),
)

_BY_NAME: Final = {reading.name: reading for reading in READINGS}


class Readings(Mapping[str, str]):
    """The readings in force: every name of the table with one of its values.

    Raises:
        ValueError: a name or a value that the table does not have; the text says what there is.
    """

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        self._values = {reading.name: reading.default for reading in READINGS}
        for name, value in (chosen or {}).items():
            reading = _BY_NAME.get(name)
            if reading is None:
                raise ValueError(f"there is no reading {name!r}; charge-tui sandbox --help lists them")
            known = [key for key, _ in reading.values]
            if value not in known:
                raise ValueError(f"reading {name} takes {' or '.join(known)}, not {value!r}")
            self._values[name] = value

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def is_(self, name: str, value: str) -> bool:
        """Whether a question is read in this way."""
        return self._values[name] == value

    def status(self, name: str) -> int:
        """The HTTP status that a reading stands for."""
        return int(self._values[name])


def parse_reading(text: str) -> tuple[str, str]:
    """Name and value of ``NAME=VALUE``.

    Raises:
        ValueError: it has another form, or names what the table does not have.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"a reading is NAME=VALUE, not {text!r}")
    Readings({name: value})
    return name, value


def describe() -> str:
    """The table as text, one question a line, the default first."""
    lines: list[str] = []
    for reading in READINGS:
        ways = "; ".join(f"{value} = {meaning}" for value, meaning in reading.values)
        lines.append(f"  {reading.name:<26}{reading.question}: {ways}")
    return "\n".join(lines)
