"""A new world: its fleet, the fixtures, some days of history, and the reservations that are open at the start."""

from random import Random
from typing import Any, Final

from charge_tui.records import dataclass
from charge_tui.sandbox import lifecycle
from charge_tui.sandbox.chance import between
from charge_tui.sandbox.directory import Directory
from charge_tui.sandbox.documents import Document, columns, encode, ideal, new_document
from charge_tui.sandbox.drafts import FEES, Draft, draft
from charge_tui.sandbox.fixtures import FIXTURES, documents
from charge_tui.sandbox.fleet import build_fleet
from charge_tui.sandbox.ids import identity
from charge_tui.sandbox.instants import DAY, HOUR, MINUTE, SECOND, read, stamp
from charge_tui.sandbox.options import SandboxOptions
from charge_tui.sandbox.readings import Readings
from charge_tui.sandbox.scenes import scenes
from charge_tui.sandbox.store import Store
from charge_tui.sandbox.world import FIXTURE, TRAFFIC, World

_CANCELLED: Final = 0.09
_FAILED: Final = 0.05
_SLOT: Final = 30 * MINUTE


def seed_world(store: Store, options: SandboxOptions, start: int) -> World:
    """Fill an empty store and return the world that it holds, standing at ``start``."""
    with store.transaction():
        neighbours = build_fleet(options.seed, start, options.open_target)
        store.add_neighbours((kind, document["id"], encode(document)) for kind, document in neighbours)
        for name, value in {
            "seed": str(options.seed),
            "start": str(start),
            "now": str(start),
            "open": str(options.open_target),
        }.items():
            store.remember(name, value)
        readings = Readings(options.readings)
        world = World(
            store, options.seed, readings, options.open_target, traffic=options.traffic, trouble=options.trouble
        )
        seeder = _Seeder(world, start)
        seeder.fill(options.reservations, options.open_target)
        for fixture in documents(start):
            seeder.keep(fixture, FIXTURE)
        seeder.made.sort(key=lambda made: made.created)
        store.add(made.row for made in seeder.made)
        store.add_indexes()
        store.book(seeder.bookings)
        for made in seeder.made:
            if made.pending is not None:
                world.plan(made.pending, TRAFFIC)
        store.schedule(seeder.events)
        world.start_traffic()
    return world


@dataclass(frozen=True, slots=True)
class _Made:
    created: str
    row: tuple[Any, ...]
    pending: Document | None


class _Seeder:
    def __init__(self, world: World, start: int) -> None:
        self.seed = world.seed
        self.readings = world.readings
        self.trouble = world.trouble
        self.directory: Directory = world.directory
        self.start = start
        self.rng = Random(f"{world.seed}:seeding")
        self.made: list[_Made] = []
        self.bookings: list[tuple[str, str, str, int, int]] = []
        self.events: list[tuple[int, str, str]] = []
        self._taken: set[tuple[str, int]] = set()
        self._locked: set[tuple[str, str, int]] = set()

    def fill(self, total: int, open_target: int) -> None:
        """Make ``total`` reservations, the fixtures among them, of which ``open_target`` are open."""
        room = max(0, total - len(FIXTURES))
        opened = 0
        staged = self.trouble and min(open_target, room) >= 40
        for scene in scenes(self.rng, self.directory, self.seed, self.start) if staged else ():
            self._occupy(scene)
            self._lock(scene)
            if scene["status"] == "confirmed":
                self._schedule_end(scene)
            self.keep(scene)
            opened += scene["status"] in ("pending", "confirmed")
        fixed = len(FIXTURES)
        for _ in range(max(0, min(open_target - fixed, room) - opened)):
            self.keep(self._open_one())
        days = max(1.0, (total - open_target) / max(open_target, 1) / 2.1)
        for _ in range(room - len(self.made)):
            earliest = self.start - round(days * DAY)
            self.keep(self._closed_one(earliest, self.start - 2 * HOUR - 10 * MINUTE))

    def keep(self, document: Document, origin: str = TRAFFIC) -> None:
        """Take a finished reservation into the world, as the row that it will be."""
        pending = document if origin == TRAFFIC and document["status"] == "pending" else None
        self.made.append(_Made(document["created"], columns(document, origin), pending))

    # One reservation

    def _open_one(self) -> Document:
        earliest = self.start - 70 * MINUTE
        span = 25 * HOUR + 10 * MINUTE
        latest = earliest + round(span * (1 - self.rng.random() ** 0.6 * 0.9)) + HOUR
        document = self._pending(self._draft(earliest, min(latest, self.start + DAY)), DAY)
        begin = read(document["ideal_start"])
        due = begin - round(self.rng.uniform(*lifecycle.LEAD) * SECOND)
        if due < self.start:
            self._confirmed(document, due)
            if read(document["reserved_end"]) <= self.start:
                document["reserved_end"] = stamp(self.start + between(self.rng, MINUTE, 20 * MINUTE))
            self._schedule_end(document)
            self._lock(document)
        return document

    def _closed_one(self, earliest: int, latest: int) -> Document:
        document = self._pending(self._draft(earliest, latest), DAY)
        begin, _ = ideal(document)
        due = max(begin - round(self.rng.uniform(*lifecycle.LEAD) * SECOND), read(document["created"]) + 9 * SECOND)
        fate = self.rng.random()
        if fate < _CANCELLED:
            at = between(self.rng, read(document["created"]) + SECOND, begin)
            if at > due:
                self._confirmed(document, due)
            self._end(document, "cancelled", at)
        elif fate < _CANCELLED + _FAILED or self.directory.declined(document["payment_method"]):
            declined = self.directory.declined(document["payment_method"])
            other = "other" if self.rng.random() < 0.12 else "no_available_connectors"
            document["failed_reason"] = "payment_failed" if declined else other
            self._end(document, "failed", due)
        else:
            self._confirmed(document, due)
            at, status = self._outcome(read(document["reserved_end"]))
            self._end(document, status, min(at, self.start - SECOND))
        return document

    def _schedule_end(self, document: Document) -> None:
        at, _ = lifecycle.outcome(self.seed, document["id"], read(document["reserved_end"]), self.readings["end-lag"])
        self.events.append((at, "end", document["id"]))

    def _outcome(self, reserved_end: int) -> tuple[int, str]:
        if self.rng.random() < lifecycle.NO_SHOW:
            return reserved_end + between(self.rng, 60 * SECOND, 300 * SECOND), "expired"
        return reserved_end + between(self.rng, 5 * SECOND, 150 * SECOND), "completed"

    def _pending(self, wanted: Draft, longest_lead: int) -> Document:
        begin = wanted.ideal[0]
        last = min(self.start - 5 * SECOND, begin - 40 * MINUTE)
        created = between(self.rng, min(begin - longest_lead, last - MINUTE), last)
        document = new_document(
            identity("res", self.rng),
            created,
            driver=wanted.driver,
            vehicle=wanted.vehicle,
            ideal=wanted.ideal,
            limits=wanted.limits,
            connector_type=wanted.connector_type,
            location=wanted.location,
            payment_method=wanted.payment_method,
            metadata=wanted.metadata,
            currency=wanted.currency,
            fee=FEES[wanted.currency],
        )
        self._station = wanted.station
        self._occupy(document)
        return document

    def _draft(self, earliest: int, latest: int) -> Draft:
        return draft(self.rng, self.directory, earliest, latest, self._busy)

    def _confirmed(self, document: Document, at: int) -> None:
        begin, end = ideal(document)
        document |= {
            "charging_station": self._station["id"],
            "confirmed_at": stamp(at),
            "reserved_end": stamp(end + round(self.rng.uniform(*lifecycle.END_DRIFT) * SECOND)),
            "reserved_start": stamp(begin + round(self.rng.uniform(*lifecycle.START_DRIFT) * SECOND)),
            "status": "confirmed",
            "updated": stamp(min(at + between(self.rng, 0, 900), self.start - 1)),
        }

    def _end(self, document: Document, status: str, at: int) -> None:
        document |= {"status": status, "updated": stamp(max(at, read(document["created"]) + SECOND))}

    # What is taken

    def _occupy(self, document: Document) -> None:
        begin, end = ideal(document)
        for slot in range(begin // _SLOT, end // _SLOT + 1):
            self._taken.add((document["vehicle"], slot))
            self._taken.add((document["driver"], slot))

    def _busy(self, vehicle: str, driver: str, starts: int, ends: int) -> bool:
        slots = range(starts // _SLOT, ends // _SLOT + 1)
        return any((vehicle, slot) in self._taken or (driver, slot) in self._taken for slot in slots)

    def _lock(self, document: Document) -> None:
        """Lock a connector of the station for one that is confirmed at the start."""
        if document["status"] != "confirmed":
            return
        window = read(document["reserved_start"]), read(document["reserved_end"])
        slots = range(window[0] // _SLOT, window[1] // _SLOT + 1)
        station: dict[str, Any] = self.directory.get("charging_station", document["charging_station"]) or {}
        for connector in station["connectors"]:
            name = connector["id"]
            fits = connector["type"] in document["connector_type"]
            if fits and not any((station["id"], name, slot) in self._locked for slot in slots):
                self._locked |= {(station["id"], name, slot) for slot in slots}
                self.bookings.append((document["id"], station["id"], name, *window))
                return


def take_up(store: Store, options: SandboxOptions) -> World:
    """The world that a store already holds, with the readings of now."""
    seed = int(store.recall("seed") or options.seed)
    target = int(store.recall("open") or options.open_target)
    return World(store, seed, Readings(options.readings), target, traffic=options.traffic, trouble=options.trouble)
