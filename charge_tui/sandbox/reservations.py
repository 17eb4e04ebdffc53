"""The calls on reservations: what each one checks, refuses and does [seed][docs: charge-api 2.3]."""

from typing import Any, Final

from charge_tui.domain.lifecycle import CONFIRMED, PENDING
from charge_tui.sandbox.documents import Document
from charge_tui.sandbox.errors import ApiError, missing
from charge_tui.sandbox.inputs import CONFIRM, CREATE, REQUIRED, UPDATE, Inputs
from charge_tui.sandbox.instants import SECOND, read
from charge_tui.sandbox.world import World

_EARLIEST_CONFIRM: Final = 3600 * SECOND


class Reservations:
    """Create, retrieve, update, confirm and cancel over a world. Every refusal is an ApiError."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.readings = world.readings
        self.inputs = Inputs(world.readings)

    def retrieve(self, identity: str) -> Document:
        """A reservation; 404 ``reservation_not_found``."""
        return self._stored(identity)[0]

    def create(self, body: dict[str, Any]) -> Document:
        """A new reservation, pending [seed: S-create]."""
        take, directory = self.inputs, self.world.directory
        given = take.fields(body, CREATE)
        for name in REQUIRED:
            if name not in given or given[name] is None:
                raise take.refuse(name, f"{name} is required.")
        driver = take.reference("driver", given["driver"])
        vehicle = take.reference("vehicle", given["vehicle"])
        proposed: Document = {
            "ideal_start": take.time("ideal_start", given["ideal_start"]),
            "ideal_end": take.time("ideal_end", given["ideal_end"]),
            "earliest_start": take.optional_time("earliest_start", given.get("earliest_start")),
            "latest_end": take.optional_time("latest_end", given.get("latest_end")),
            "connector_type": take.connectors(given["connector_type"]),
        }
        location = take.location(given["location"])
        metadata = take.new_metadata(given.get("metadata", {}))
        for kind, identity in (("driver", driver), ("vehicle", vehicle)):
            if directory.get(kind, identity) is None:
                raise take.unknown(kind)
        self._check_window(proposed)
        self._check_vehicle(vehicle, driver, proposed, "")
        first, last = proposed["earliest_start"], proposed["latest_end"]
        return self.world.create(
            driver=driver,
            vehicle=vehicle,
            ideal=(read(proposed["ideal_start"]), read(proposed["ideal_end"])),
            limits=(None if first is None else read(first), None if last is None else read(last)),
            connector_type=proposed["connector_type"],
            location=location,
            payment_method=self._payment_method(given.get("payment_method"), driver),
            metadata=metadata,
        )

    def update(self, identity: str, body: dict[str, Any]) -> Document:
        """Changed fields of a pending reservation [seed: S-update]."""
        document, origin = self._stored(identity)
        take = self.inputs
        given = take.fields(body, UPDATE)
        exempt = set(given) == {"metadata"} and self.readings.is_("update-confirmed-metadata", "allow")
        if document["status"] != PENDING and not (exempt and document["status"] == CONFIRMED):
            raise self._wrong_state("reservation_update_invalid_state", "updated", document)
        changes: Document = {}
        for name in ("ideal_start", "ideal_end"):
            if name in given:
                changes[name] = take.time(name, given[name])
        for name in ("earliest_start", "latest_end"):
            if name in given:
                limit = take.optional_time(name, given[name])
                if limit is not None or self.readings.is_("null-limits", "clear"):
                    changes[name] = limit
            elif self.readings.is_("omitted", "reset"):
                changes[name] = None
        if "connector_type" in given:
            changes["connector_type"] = take.connectors(given["connector_type"])
        if "location" in given:
            changes["location"] = take.location(given["location"], document["location"])
        if "metadata" in given:
            changes["metadata"] = take.metadata(given["metadata"], document["metadata"])
        if changes.keys() & {"ideal_start", "ideal_end", "earliest_start", "latest_end"}:
            self._check_window(document | changes, "ideal_start" in changes)
        if changes.keys() & {"ideal_start", "ideal_end", "connector_type"}:
            self._check_vehicle(document["vehicle"], document["driver"], document | changes, identity)
        return self.world.change(document, changes, origin)

    def confirm(self, identity: str, body: dict[str, Any]) -> Document:
        """Try to confirm now; the answer is the outcome, ``confirmed`` or ``failed`` [docs]."""
        document, origin = self._stored(identity)
        given = self.inputs.fields(body, CONFIRM)
        method = given.get("payment_method")
        if method is None and self.readings.is_("confirm-payment-method", "required"):
            raise self.inputs.refuse("payment_method", "payment_method is required.")
        again = document["status"] == "failed" and self.readings.is_("confirm-after-failure", "allow")
        if document["status"] != PENDING and not again:
            raise self._wrong_state("reservation_invalid_state", "confirmed", document)
        early = read(document["ideal_start"]) - self.world.now > _EARLIEST_CONFIRM
        if early and self.readings.is_("confirm-early", "refuse"):
            raise self._wrong_state("reservation_invalid_state", "confirmed this early", document)
        if method is not None:
            document["payment_method"] = self._payment_method(method, document["driver"])
        return self.world.confirm(document, origin)

    def cancel(self, identity: str) -> Document:
        """Cancel a pending or confirmed reservation; late, a fee may apply [docs]."""
        document, origin = self._stored(identity)
        late = document["status"] == CONFIRMED and self.world.now > self._free_until(document)
        refused = late and self.readings.is_("late-cancel", "refuse")
        if document["status"] not in (PENDING, CONFIRMED) or refused:
            raise self._wrong_state("reservation_cancel_invalid_state", "cancelled", document)
        return self.world.cancel(document, origin)

    # Checks

    def _stored(self, identity: str) -> tuple[Document, str]:
        stored = self.world.store.get(identity)
        if stored is None:
            raise missing("reservation")
        return self.world.document(stored), stored.origin

    def _wrong_state(self, code: str, deed: str, document: Document) -> ApiError:
        message = f"A reservation in status {document['status']} cannot be {deed}."
        return ApiError(self.readings.status("wrong-state"), message, code, "reservation")

    def _check_window(self, document: Document, starts_anew: bool = True) -> None:
        start, end = read(document["ideal_start"]), read(document["ideal_end"])
        if end <= start and self.readings.is_("window-order", "reject"):
            raise self.inputs.refuse("ideal_end", "ideal_end must be after ideal_start.")
        if starts_anew and start < self.world.now and self.readings.is_("past-start", "reject"):
            raise self.inputs.refuse("ideal_start", "ideal_start has passed.")
        if self.readings.is_("limits-order", "accept"):
            return
        first, last = document["earliest_start"], document["latest_end"]
        if first is not None and read(first) > start:
            raise self.inputs.refuse("earliest_start", "earliest_start must not be after ideal_start.")
        if last is not None and read(last) < end:
            raise self.inputs.refuse("latest_end", "latest_end must not be before ideal_end.")

    def _check_vehicle(self, vehicle: str, driver: str, document: Document, identity: str) -> None:
        known = self.world.directory.get("vehicle", vehicle)
        if known is None:
            return
        if self.readings.is_("driver-vehicle", "reject") and driver not in known["drivers"]:
            raise self.inputs.refuse("driver", "The driver is not attached to the vehicle.")
        standard = known["charging_standard"]
        if self.readings.is_("vehicle-standard", "reject") and standard not in document["connector_type"]:
            raise self.inputs.refuse("connector_type", f"The vehicle charges by {standard}.")
        window = read(document["ideal_start"]), read(document["ideal_end"])
        if self.readings.is_("overlap", "reject") and self.world.store.busy("vehicle", vehicle, *window, identity):
            raise self.inputs.refuse("vehicle", "The vehicle has another reservation in this window.")

    def _payment_method(self, given: Any, driver: str) -> str | None:
        if given is None:
            by_default = self.readings.is_("default-payment-method", "driver")
            return self.world.directory.default_payment_method(driver) if by_default else None
        identity = self.inputs.reference("payment_method", given)
        if self.world.directory.get("payment_method", identity) is None:
            raise self.inputs.unknown("payment_method")
        return identity

    def _free_until(self, document: Document) -> int:
        ideal = read(document["ideal_start"])
        reserved = read(document["reserved_start"] or document["ideal_start"])
        start = {"earlier": min(ideal, reserved), "ideal": ideal, "reserved": reserved}
        before: int = document["cancellation_policy"]["free_until_before"]
        return start[self.readings["free-until-from"]] - before * SECOND
