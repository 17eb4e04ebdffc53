"""Drivers, vehicles, charging stations and payment methods: what a desk resolves names with [docs: charge-api 3].

Only the id is required; everything else is shown where it is there.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Neighbour(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    id: str


class Driver(_Neighbour):
    """A person who drives; ``vehicles`` and ``fleets`` hold ids."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    status: str | None = None
    vehicles: list[str] | None = None
    preferences: dict[str, Any] | None = None


class Vehicle(_Neighbour):
    """A vehicle; ``charging_standard`` is one connector type, ``battery_capacity`` is in Wh."""

    registration_plate: str | None = None
    vin: str | None = None
    information: dict[str, Any] | None = None
    battery_capacity: int | None = None
    charging_standard: str | None = None
    drivers: list[str] | None = None
    status: str | None = None


class Station(_Neighbour):
    """A charging station with its address, coordinates and connectors."""

    name: str | None = None
    operator: str | None = None
    operator_contact: str | None = None
    status: str | None = None
    address: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    connectors: list[dict[str, Any]] | None = None
    availability: dict[str, Any] | None = None


class PaymentMethod(_Neighbour):
    """A card, bank account or wallet; the member that ``type`` names is filled."""

    type: str | None = None
    card: dict[str, Any] | None = None
    bank_account: dict[str, Any] | None = None
    wallet: dict[str, Any] | None = None
    driver: str | None = None
    fleet: str | None = None
