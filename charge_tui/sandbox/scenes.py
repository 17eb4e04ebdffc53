"""What every demo should show at its start: one of each trouble and oddity that a desk has to cope with."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final

from charge_tui.sandbox import lifecycle
from charge_tui.sandbox.directory import Crew, Directory
from charge_tui.sandbox.documents import Document, new_document
from charge_tui.sandbox.drafts import FEES, compose
from charge_tui.sandbox.ids import identity
from charge_tui.sandbox.instants import DAY, MINUTE, SECOND, read, stamp

_LENGTH: Final = 90 * MINUTE

_WORDS: Final = {
    "customer": "Łódź Logistics & Søn",
    "note": "Fahrer ruft 10 min vorher an; Tor 4, Code beim Pförtner 🚚",
    "route": "R-118 → R-121",
    "trip_id": "trip_9385",
    "zz_import": '{"batch":17,"row":"0042"}',
}


def scenes(rng: Random, directory: Directory, seed: int, start: int) -> list[Document]:
    """Reservations as they stand at the start of the world; none when the fleet is too small for them."""
    if len(directory.crews) < 30:
        return []
    return list(_Scenes(rng, directory, seed, start).all())


class _Scenes:
    def __init__(self, rng: Random, directory: Directory, seed: int, start: int) -> None:
        self.rng = rng
        self.seed = seed
        self.start = start
        crews = [crew for crew in directory.crews if not directory.declined(_method(crew))]
        self.broke = [crew for crew in directory.crews if directory.declined(_method(crew))]
        self.crews = iter(rng.sample(crews, len(crews)))
        self.by_currency = {crew.currency: crew for crew in crews}

    def all(self) -> Iterator[Document]:
        yield from self.failures()
        yield from self.unconfirmed()
        yield from self.wrong_windows()
        yield from self.collisions()
        yield from self.varieties()

    def failures(self) -> Iterator[Document]:
        crew = next(self.crews)
        station = self.rng.choice(crew.stations)
        for minutes in (14, 21, 26):
            lost = self.make(next(self.crews), minutes)
            lost["location"] = dict(lost["location"]) | station["location"]
            yield self.failed(lost, "no_available_connectors", minutes)
        yield self.failed(self.make(next(self.crews), 24), "other", 24)
        for crew in self.broke[:1]:
            for minutes in (18, 29, 150):
                unpaid = self.make(crew, minutes)
                unpaid["driver"] = crew.drivers[0]["id"]
                unpaid["payment_method"] = _method(crew)
                yield self.failed(unpaid, "payment_failed", minutes) if minutes < 60 else unpaid

    def unconfirmed(self) -> Iterator[Document]:
        late = self.make(next(self.crews), 12)
        self.destine(late, lambda at, due: at is not None and at > due + 7 * MINUTE)
        yield late
        for minutes in (-25, 20):
            stuck = self.make(next(self.crews), minutes)
            self.destine(stuck, lambda at, _: at is None)
            yield stuck

    def wrong_windows(self) -> Iterator[Document]:
        early = self.make(next(self.crews), 26)
        self.confirm(early, -22 * MINUTE, 0)
        early["earliest_start"] = _later(early["ideal_start"], -5 * MINUTE)
        yield early
        late = self.make(next(self.crews), 24)
        self.confirm(late, 22 * MINUTE, 22 * MINUTE)
        late["latest_end"] = _later(late["ideal_end"], 10 * MINUTE)
        yield late
        short = self.make(next(self.crews), 28)
        self.confirm(short, 0, -50 * MINUTE)
        yield short

    def collisions(self) -> Iterator[Document]:
        crew = next(self.crews)
        for minutes in (64, 100):
            yield self.make(crew, minutes)
        one, other = next(self.crews), next(self.crews)
        for crew in (one, other):
            doubled = self.make(crew, 130)
            doubled["driver"] = one.drivers[0]["id"]
            yield doubled

    def varieties(self) -> Iterator[Document]:
        minutes = (DAY - self.start % DAY) // MINUTE - 40
        yield self.make(next(self.crews), minutes if minutes > 40 else minutes + 24 * 60 - 90)
        told = self.make(next(self.crews), 45)
        told["metadata"] = dict(_WORDS)
        yield told
        for currency, minutes in (("jpy", 75), ("kwd", 90), ("gbp", 55)):
            if currency in self.by_currency:
                yield self.make(self.by_currency[currency], minutes)
        limited = self.make(next(self.crews), 50)
        limited["earliest_start"] = _later(limited["ideal_start"], -15 * MINUTE)
        limited["latest_end"] = _later(limited["ideal_end"], 60 * MINUTE)
        yield limited

    # Making

    def make(self, crew: Crew, minutes: int) -> Document:
        """A pending reservation whose window starts so many minutes after the world's start."""
        begin = self.start + minutes * MINUTE + self.rng.randrange(40 * SECOND)
        wanted = compose(self.rng, crew, crew.drivers[-1], begin, begin + _LENGTH)
        document = new_document(
            identity("res", self.rng),
            min(begin, self.start) - self.rng.randrange(70 * MINUTE, 300 * MINUTE),
            driver=wanted.driver,
            vehicle=wanted.vehicle,
            ideal=wanted.ideal,
            limits=(None, None),
            connector_type=wanted.connector_type,
            location={**wanted.station["location"], "radius": 1500},
            payment_method=wanted.payment_method,
            metadata=wanted.metadata,
            currency=wanted.currency,
            fee=FEES[wanted.currency],
        )
        self.station: dict[str, Any] = wanted.station
        self.begin = begin
        return document

    def failed(self, document: Document, reason: str, minutes: int) -> Document:
        at = self.start + minutes * MINUTE - round(self.rng.uniform(*lifecycle.LEAD) * SECOND)
        document |= {"status": "failed", "failed_reason": reason, "updated": stamp(min(at, self.start - SECOND))}
        return document

    def confirm(self, document: Document, start_off: int, end_off: int) -> None:
        at = min(self.begin - 31 * MINUTE - 45 * SECOND, self.start - SECOND)
        document |= {
            "charging_station": self.station["id"],
            "confirmed_at": stamp(at),
            "reserved_end": stamp(self.begin + _LENGTH + end_off + 8421),
            "reserved_start": stamp(self.begin + start_off - 5310),
            "status": "confirmed",
            "updated": stamp(at),
        }

    def destine(self, document: Document, fits: Callable[[int | None, int], bool]) -> None:
        """Give the reservation an id to which the lifecycle does what the scene wants."""
        due = max(self.start, self.begin - 1900 * SECOND)
        for _ in range(20_000):
            at = lifecycle.confirm_at(self.seed, document["id"], self.start, self.begin, troubled=True)
            if fits(at, due):
                return
            document["id"] = identity("res", self.rng)


def _method(crew: Crew) -> str | None:
    method: str | None = crew.drivers[0]["preferences"]["default_payment_method"]
    return method


def _later(text: str, by: int) -> str:
    return stamp(read(text) + by)
