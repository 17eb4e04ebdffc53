"""The world behind the sandbox: its reservations, its time, and what happens when that time passes.

Time moves only in ``advance``, which takes the due events of the calendar in order. What an event does follows from the
seed, the reservation and the state of the world at the event's own time; nothing reads a clock.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from charge_tui.domain.lifecycle import CONFIRMED, PENDING
from charge_tui.sandbox import lifecycle
from charge_tui.sandbox.directory import Directory
from charge_tui.sandbox.documents import Document, columns, hard_end, ideal, limits, new_document
from charge_tui.sandbox.drafts import FEES, Draft, draft, metadata
from charge_tui.sandbox.ids import derived
from charge_tui.sandbox.instants import DAY, read, stamp
from charge_tui.sandbox.readings import Readings
from charge_tui.sandbox.store import Store, Stored

FIXTURE: Final = "fixture"
"""Origin of what the seed pages name: exempt from lifecycle and traffic."""
TRAFFIC: Final = "traffic"
"""Origin of what the world itself makes."""
REQUEST: Final = "request"
"""Origin of what was created over the API."""

_TRAFFIC_LEAD: Final = 30 * 60_000
_PERSIST_EVERY: Final = 60_000


class World:
    """A world with its time. ``now`` is in milliseconds since 1970; it never goes back."""

    def __init__(
        self,
        store: Store,
        seed: int,
        readings: Readings,
        open_target: int,
        *,
        traffic: bool = True,
        trouble: bool = True,
    ) -> None:
        self.store = store
        self.seed = seed
        self.readings = readings
        self.open_target = open_target
        self.traffic = traffic
        self.trouble = trouble
        self.directory = Directory((kind, json.loads(body)) for kind, body in store.neighbours())
        self.now = int(store.recall("now") or 0)
        self._persisted = self.now

    # Time

    def advance(self, to: int) -> None:
        """Let the time pass until ``to``: every due event happens at its own time, in order."""
        if to <= self.now:
            return
        with self.store.transaction():
            while (event := self.store.take_due(to)) is not None:
                at, kind, subject = event
                self.now = max(self.now, at)
                self._happens(kind, subject)
                self._persisted = 0
            self.now = to
            if to - self._persisted >= _PERSIST_EVERY:
                self.remember_now()

    def remember_now(self) -> None:
        """Keep the world's time in the store."""
        self.store.remember("now", str(self.now))
        self._persisted = self.now

    def _happens(self, kind: str, subject: str) -> None:
        if kind == "arrival":
            self._arrival()
            return
        stored = self.store.get(subject)
        if stored is None or stored.status not in (PENDING, CONFIRMED):
            return
        document = json.loads(stored.body)
        events: dict[str, Callable[[Document, str], None]] = {
            "confirm": self._confirm_due,
            "end": self._end_due,
            "lapse": self._lapse_due,
            "cancel": self._cancel_due,
            "shift": self._shift_due,
            "note": self._note_due,
        }
        events[kind](document, stored.origin)

    # Reading

    def get(self, identity: str) -> Document | None:
        """A reservation's document by its id."""
        stored = self.store.get(identity)
        return None if stored is None else self.document(stored)

    def document(self, stored: Stored) -> Document:
        """The document of a stored reservation."""
        document: Document = json.loads(stored.body)
        return document

    # Writing

    def create(
        self,
        *,
        driver: str,
        vehicle: str,
        ideal: tuple[int, int],
        limits: tuple[int | None, int | None] = (None, None),
        connector_type: list[str],
        location: dict[str, Any],
        payment_method: str | None,
        metadata: dict[str, Any],
        origin: str = REQUEST,
    ) -> Document:
        """Create a reservation, pending, and put its confirmation on the calendar."""
        identity = derived("res", self.seed, "reservation", self.store.next_seq(), self.now)
        currency = self.directory.currency(driver)
        document = new_document(
            identity,
            self.now,
            driver=driver,
            vehicle=vehicle,
            ideal=ideal,
            limits=limits,
            connector_type=connector_type,
            location=location,
            payment_method=payment_method,
            metadata=metadata,
            currency=currency,
            fee=FEES.get(currency, 1200),
        )
        with self.store.transaction():
            self.store.add([columns(document, origin)])
            self.plan(document, origin)
            self.remember_now()
        return document

    def change(self, document: Document, changes: Document, origin: str) -> Document:
        """Put changed fields into a pending reservation; a changed window gets a new place on the calendar."""
        before = ideal(document), limits(document)
        document |= changes
        with self.store.transaction():
            self.save(document, origin)
            if document["status"] == PENDING and (ideal(document), limits(document)) != before:
                self._schedule_confirmation(document, origin)
            self.remember_now()
        return document

    def cancel(self, document: Document, origin: str) -> Document:
        """Cancel: station, confirmed_at and reserved window stay as they are [docs]; the connector is free again."""
        with self.store.transaction():
            self.store.release(document["id"])
            document["status"] = "cancelled"
            self.save(document, origin)
            self.remember_now()
        return document

    def confirm(self, document: Document, origin: str) -> Document:
        """Try to confirm now: ``confirmed`` with a station and a locked connector, or ``failed`` with a reason."""
        troubled = origin == TRAFFIC and self.trouble
        window = lifecycle.granted(self.seed, document["id"], ideal(document), limits(document), troubled=troubled)
        found = self._free_connector(document, window)
        with self.store.transaction():
            if lifecycle.fails_otherwise(self.seed, document["id"], troubled=troubled):
                self._fail(document, "other")
            elif found is None:
                self._fail(document, "no_available_connectors")
            elif self.directory.declined(document["payment_method"]):
                self._fail(document, "payment_failed")
            else:
                station, connector = found
                self.store.book([(document["id"], station, connector, *window)])
                document |= {
                    "charging_station": station,
                    "confirmed_at": stamp(self.now),
                    "failed_reason": None,
                    "reserved_end": stamp(window[1]),
                    "reserved_start": stamp(window[0]),
                    "status": CONFIRMED,
                }
                if origin != FIXTURE:
                    at, _ = lifecycle.outcome(
                        self.seed, document["id"], max(window[1], self.now), self.readings["end-lag"]
                    )
                    self.store.schedule([(at, "end", document["id"])])
            self.save(document, origin)
            self.remember_now()
        return document

    def save(self, document: Document, origin: str) -> None:
        """Keep a changed reservation; ``updated`` always grows, so that two changes never look like one."""
        document["updated"] = stamp(max(self.now, read(document["updated"]) + 1))
        self.store.replace(columns(document, origin))

    def plan(self, document: Document, origin: str) -> None:
        """Put what will become of a new pending reservation on the calendar."""
        if origin == FIXTURE:
            return
        confirm = self._schedule_confirmation(document, origin)
        if origin == TRAFFIC and self.traffic:
            start, _ = ideal(document)
            changes = lifecycle.other_desk(self.seed, document["id"], self.now, start, confirm)
            self.store.schedule((change.at, change.kind, document["id"]) for change in changes)

    def start_traffic(self) -> None:
        """Let new reservations arrive, where the world has traffic and a fleet."""
        if self.traffic and self.open_target and self.directory.crews:
            at = lifecycle.next_arrival(self.seed, self.now, self.open_target, self.open_target)
            self.store.schedule([(at, "arrival", "traffic")])

    # Events

    def _confirm_due(self, document: Document, origin: str) -> None:
        if document["status"] == PENDING:
            self.confirm(document, origin)

    def _end_due(self, document: Document, origin: str) -> None:
        if document["status"] != CONFIRMED:
            return
        _, status = lifecycle.outcome(self.seed, document["id"], read(document["reserved_end"]))
        self.store.release(document["id"])
        document["status"] = status
        self.save(document, origin)

    def _lapse_due(self, document: Document, origin: str) -> None:
        if document["status"] == PENDING:
            document["status"] = "expired"
            self.save(document, origin)

    def _cancel_due(self, document: Document, origin: str) -> None:
        self.cancel(document, origin)

    def _shift_due(self, document: Document, origin: str) -> None:
        if document["status"] != PENDING:
            return
        start, end = lifecycle.shifted(self.seed, document["id"], ideal(document))
        first, last = limits(document)
        fits = (first is None or start >= first) and (last is None or end <= last)
        if fits and start > self.now + _TRAFFIC_LEAD:
            self.change(document, {"ideal_start": stamp(start), "ideal_end": stamp(end)}, origin)

    def _note_due(self, document: Document, origin: str) -> None:
        if document["status"] == PENDING:
            added = metadata(lifecycle.draw(self.seed, document["id"], "note")) or {"checked": "yes"}
            self.change(document, {"metadata": document["metadata"] | added}, origin)

    def _arrival(self) -> None:
        rng = lifecycle.draw(self.seed, self.now, "draft")
        wanted: Draft = draft(rng, self.directory, self.now + _TRAFFIC_LEAD, self.now + DAY, self._busy)
        self.create(
            driver=wanted.driver,
            vehicle=wanted.vehicle,
            ideal=wanted.ideal,
            limits=wanted.limits,
            connector_type=wanted.connector_type,
            location=wanted.location,
            payment_method=wanted.payment_method,
            metadata=wanted.metadata,
            origin=TRAFFIC,
        )
        at = lifecycle.next_arrival(self.seed, self.now, self.store.count(PENDING, CONFIRMED), self.open_target)
        self.store.schedule([(at, "arrival", "traffic")])

    # Details

    def _busy(self, vehicle: str, driver: str, starts: int, ends: int) -> bool:
        return self.store.busy("vehicle", vehicle, starts, ends) or self.store.busy("driver", driver, starts, ends)

    def _schedule_confirmation(self, document: Document, origin: str) -> int | None:
        if origin == FIXTURE:
            return None
        identity = document["id"]
        start, _ = ideal(document)
        troubled = origin == TRAFFIC and self.traffic and self.trouble
        at = lifecycle.confirm_at(self.seed, identity, self.now, start, troubled=troubled)
        if at is None:
            self.store.unschedule("confirm", identity)
        else:
            self.store.schedule([(at, "confirm", identity)])
        if self.readings.is_("expires-from", "both"):
            self.store.schedule([(lifecycle.pending_end(self.seed, identity, hard_end(document)), "lapse", identity)])
        return at

    def _fail(self, document: Document, reason: str) -> None:
        document |= {"status": "failed", "failed_reason": reason}
        self.store.unschedule("end", document["id"])

    def _free_connector(self, document: Document, window: tuple[int, int]) -> tuple[str, str] | None:
        if window[1] <= self.now:
            return None
        place = document["location"]
        radius = place["radius"] * (1000 if self.readings.is_("radius-unit", "kilometres") else 1)
        stations = self.directory.near(place["latitude"], place["longitude"], radius)
        wanted: list[set[str]] = [set(document["connector_type"])]
        if self.readings.is_("connector-order", "preferred"):
            wanted = [{kind} for kind in document["connector_type"]]
        for kinds in wanted:
            for station in stations:
                taken = self.store.taken(station["id"], *window)
                for connector in station["connectors"]:
                    if connector["id"] not in taken and (connector["type"] in kinds or not document["connector_type"]):
                        return station["id"], connector["id"]
        return None
