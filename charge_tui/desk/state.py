"""What the desk tells whoever shows it: values only, each true at the moment at which it was made."""

from datetime import datetime
from enum import StrEnum

from charge_tui.domain.diff import FieldChange
from charge_tui.domain.reservation import Row
from charge_tui.records import dataclass


class Freshness(StrEnum):
    """How far the picture can be trusted; it stands for the oldest open row that should have been seen."""

    LOADING = "LOADING"
    """Nothing has been seen yet, neither from the API nor from disk, or the first walk is not finished."""
    SAVED = "SAVED"
    """What is shown is the last picture from disk; the API has not answered yet."""
    FRESH = "FRESH"
    """Every open row was seen within twice the planned cycle."""
    STALE = "STALE"
    """At least one open row should have been seen and was not."""
    OFFLINE = "OFFLINE"
    """Three reads in a row failed, or the key is refused."""
    OFF = "REFRESH OFF"
    """Reads happen only when a person asks (``refresh`` is 0)."""


class Gravity(StrEnum):
    """How much a problem of the system itself matters."""

    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the system itself: shown on the truth line in words, with a page of details."""

    code: str
    """A stable name: offline, refused, rate-limited, skew, feed, budget, store, seat, odd, settings, journal or
    unknown."""
    gravity: Gravity
    words: str
    """At most 30 characters for the truth line ("key refused", "rate limited, 45s")."""
    sentence: str
    """What happened, what the desk does, what the person can do."""
    since: datetime
    """World time at which it was first noticed."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The state of the feed, for the truth line."""

    freshness: Freshness
    age: float | None
    """Seconds of world time since the oldest open row that should have been seen was seen; None if none was."""
    next_read: float | None
    """Real seconds until the next planned read; None while one is under way or none is planned."""
    activity: str
    """What is under way, in a few words ("loading 1,200", "retry in 12s"); empty when nothing is."""
    complete: bool
    """Whether the open set was walked whole at least once: only then are counts exact and orders complete."""
    rate: float
    """World seconds in a real second: 1 but for a sandbox that is speeded up."""
    problems: tuple[Problem, ...]
    requests_last_minute: int
    budget: int


@dataclass(frozen=True, slots=True)
class Change:
    """What was noticed about one reservation."""

    id: str
    before: Row | None
    after: Row | None
    fields: tuple[FieldChange, ...]
    at: datetime
    """World time at which the desk noticed it."""
    source: str
    """How it was noticed: poll, read, page, start, write."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What one step of the desk did to its picture; empty fields where nothing changed."""

    changes: tuple[Change, ...] = ()
    names: frozenset[str] = frozenset()
    """Ids of drivers, vehicles and stations of which the name became known."""
    feed: bool = False
    """Whether anything of the feed besides the passing of time is different."""
    whole: bool = False
    """The picture was replaced (first load, saved picture): whoever shows it starts anew."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters that the API has, as exact ids [seed: S-list]; the desk applies the same to its own mirror."""

    driver: str | None = None
    vehicle: str | None = None
    charging_station: str | None = None

    def __bool__(self) -> bool:
        return any((self.driver, self.vehicle, self.charging_station))


@dataclass(frozen=True, slots=True)
class ServerPage:
    """A page of a view that the server pages, with the way back and forth by its own URLs."""

    rows: tuple[Row, ...]
    number: int
    next_url: str | None
    previous_url: str | None
    seen: datetime
    """World time at which the page was read."""
