"""The sandbox as one object: a world, its clock, its faults and a log of requests, safe for several threads."""

import secrets
import string
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from threading import RLock
from typing import Any, Final

from charge_tui.clock import Clock
from charge_tui.records import dataclass
from charge_tui.sandbox.documents import Document
from charge_tui.sandbox.faults import Faults
from charge_tui.sandbox.ids import derived
from charge_tui.sandbox.instants import SECOND, millis, moment, read, stamp
from charge_tui.sandbox.lists import Lists
from charge_tui.sandbox.options import SandboxOptions, check_key
from charge_tui.sandbox.paging import Pager
from charge_tui.sandbox.reservations import Reservations
from charge_tui.sandbox.seeding import seed_world, take_up
from charge_tui.sandbox.store import Store
from charge_tui.sandbox.world import World

_LOGGED: Final = 10_000
_KEY_LENGTH: Final = 32
_FOLLOWS_WALL: Final = "wall"


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as it came in, and the status it was answered with (0: no answer was sent)."""

    method: str
    path: str
    status: int
    idempotency_key: str | None
    request_id: str


class Sandbox:
    """A world that answers. Its time is the start plus ``speed`` times the clock's monotonic seconds."""

    def __init__(self, world: World, clock: Clock, options: SandboxOptions, key: str) -> None:
        self.world = world
        self.clock = clock
        self.options = options
        self.key = key
        self.readings = world.readings
        self.reservations = Reservations(world)
        self.lists = Lists(world.readings, Pager(f"{world.seed}:{world.store.recall('start')}"))
        self.faults = Faults(world.seed, options.faults)
        self.lock = RLock()
        self._log: deque[Logged] = deque(maxlen=_LOGGED)
        self._served = 0
        self._run = int(world.store.recall("runs") or 0) + 1
        world.store.remember("runs", str(self._run))
        self._origin = world.now
        self._since = clock.monotonic()

    # Time

    def now(self) -> int:
        """The world's time in milliseconds, whether or not the world has got there."""
        return self._origin + round((self.clock.monotonic() - self._since) * self.options.speed * SECOND)

    def sync(self) -> int:
        """Let the world catch up with its clock; its time in milliseconds."""
        with self.lock:
            self.world.advance(self.now())
            return self.world.now

    def advance(self, *, to: datetime | None = None, by: float | None = None) -> datetime:
        """Put the world's clock forward, to a time or by seconds, and return when the world has arrived.

        Raises:
            ValueError: neither or both are given, or the time has passed.
        """
        if (to is None) == (by is None):
            raise ValueError("advance takes either a time or a number of seconds")
        with self.lock:
            now = self.sync()
            target = millis(to) if to is not None else now + round((by or 0) * SECOND)
            if target < now:
                raise ValueError(f"the world is at {stamp(now)} and does not go back to {stamp(target)}")
            self._origin, self._since = target, self.clock.monotonic()
            self.world.advance(target)
            self.world.remember_now()
            return moment(target)

    # Looking in

    def status(self) -> dict[str, Any]:
        """What ``GET /sandbox`` answers."""
        with self.lock:
            now = self.sync()
            return {
                "now": stamp(now),
                "rate": self.options.speed,
                "seed": self.world.seed,
                "counts": self.world.store.counts(),
                "faults": self.faults.specs,
                "readings": dict(self.readings),
                "served": self._served,
            }

    def reservation(self, identity: str) -> Document:
        """A reservation as it stands.

        Raises:
            KeyError: there is none with this id.
        """
        with self.lock:
            self.sync()
            document = self.world.get(identity)
        if document is None:
            raise KeyError(identity)
        return document

    def find(self, **fields: Any) -> list[Document]:
        """All reservations whose fields have these values, newest first."""
        columns = {
            name: fields[name] for name in ("status", "driver", "vehicle", "charging_station") if fields.get(name)
        }
        with self.lock:
            self.sync()
            rows = self.world.store.rows(columns, None, False, -1)
            documents = [self.world.document(row) for row in rows]
        return [one for one in documents if all(one.get(name) == value for name, value in fields.items())]

    # Other desks

    def edit(self, identity: str, **fields: Any) -> Document:
        """Change any fields of a reservation as another desk or Charge itself would, whatever its status.

        Raises:
            KeyError: there is none with this id.
        """
        with self.lock:
            self.sync()
            stored = self.world.store.get(identity)
            if stored is None:
                raise KeyError(identity)
            changes = {name: stamp(millis(v)) if isinstance(v, datetime) else v for name, v in fields.items()}
            return self.world.change(self.world.document(stored), changes, stored.origin)

    def create(self, **params: Any) -> Document:
        """Create a reservation as another desk would; what is not given is chosen: a crew, in two hours, 90 minutes."""
        with self.lock:
            now = self.sync()
            given = {name: stamp(millis(v)) if isinstance(v, datetime) else v for name, v in params.items()}
            crews = self.world.directory.crews
            crew = next(
                (one for one in crews if one.vehicle["id"] == given.get("vehicle")),
                crews[self.world.store.next_seq() % len(crews)],
            )
            start = read(given["ideal_start"]) if "ideal_start" in given else now + 7200 * SECOND
            chosen = {
                "driver": crew.drivers[0]["id"],
                "vehicle": crew.vehicle["id"],
                "ideal_start": stamp(start),
                "ideal_end": stamp(start + 5400 * SECOND),
                "connector_type": [crew.vehicle["charging_standard"]],
                "location": {**crew.stations[0]["location"], "radius": 1500},
            }
            return self.reservations.create(chosen | given)

    # Faults and the log

    def order_faults(self, specs: Iterable[str]) -> None:
        """Replace all faults.

        Raises:
            ValueError: a specification is bad; then nothing changes.
        """
        with self.lock:
            self.faults.order(specs)

    def clear_faults(self) -> None:
        """End all faults."""
        self.order_faults(())

    @property
    def requests(self) -> list[Logged]:
        """The recent requests, oldest first."""
        with self.lock:
            return list(self._log)

    def log(self, entry: Logged) -> None:
        """Keep a request."""
        with self.lock:
            self._log.append(entry)

    def request_id(self) -> str:
        """An id for the next request."""
        with self.lock:
            self._served += 1
            return derived("req", self.world.seed, self._run, self._served)

    @property
    def served(self) -> int:
        """How many requests came since the start."""
        return self._served


def build_world(options: SandboxOptions, clock: Clock) -> World:
    """Make the world that the options describe, or take up the one in the database they name.

    A world that follows the wall clock goes on at the wall's time; any other goes on where it stood.

    Raises:
        ValueError: the database cannot be used.
    """
    store = Store(options.db)
    if store.fresh or store.recall("start") is None:
        start = options.start if options.start is not None else clock.now()
        world = seed_world(store, options, millis(start))
        store.remember(_FOLLOWS_WALL, "1" if options.start is None and options.speed == 1 else "0")
        return world
    world = take_up(store, options)
    if options.start is not None:
        world.advance(millis(options.start))
    elif store.recall(_FOLLOWS_WALL) == "1" and options.speed == 1:
        world.advance(millis(clock.now()))
    return world


def open_sandbox(options: SandboxOptions, clock: Clock) -> Sandbox:
    """A sandbox with its key: the one given, else the database's, else a new one.

    Raises:
        ValueError: the database cannot be used, or its key is a live one.
    """
    world = build_world(options, clock)
    return sandbox_of(world, clock, options)


def sandbox_of(world: World, clock: Clock, options: SandboxOptions) -> Sandbox:
    """The sandbox over a world that is there already."""
    key = options.key or world.store.recall("key") or new_key()
    check_key(key)
    world.store.remember("key", key)
    return Sandbox(world, clock, options, key)


def new_key() -> str:
    """A random test key."""
    letters = string.ascii_letters + string.digits
    return "ch_sk_test_" + "".join(secrets.choice(letters) for _ in range(_KEY_LENGTH))
