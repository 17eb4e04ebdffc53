"""Names for ids: plates of vehicles, names of drivers and stations, and what a payment method is.

The list of a fleet is read once, a few pages of it; an id that is in none of them is read by itself when somebody looks
at it. An id that cannot be read (gone, forbidden) is left alone for a while.
"""

from collections.abc import Iterable
from typing import Final, Protocol

from charge_tui.api import ChargeClient
from charge_tui.api.errors import InvalidRequest, NotFound, PermissionDenied
from charge_tui.api.retry import NO_RETRY
from charge_tui.domain.neighbours import Driver, PaymentMethod, Station, Vehicle
from charge_tui.domain.text import safe

Neighbour = Driver | Vehicle | Station | PaymentMethod

KINDS: Final = ("vehicle", "driver", "station", "payment")
_RESOURCES: Final = {
    "vehicle": "vehicles",
    "driver": "drivers",
    "station": "charging_stations",
    "payment": "payment_methods",
}
_PREFIXES: Final = {"veh_": "vehicle", "drv_": "driver", "chst_": "station", "pm_": "payment"}
_PAGES: Final = 20
_MISS_SECONDS: Final = 600.0
_FRESH_SECONDS: Final = 6 * 3600.0


class KeepsNames(Protocol):
    """Where names outlive the program."""

    def save_names(self, kind: str, found: Iterable[Neighbour]) -> None:
        """Keep these."""


class Names:
    """What the desk knows by name. ``vehicle``, ``driver``, ``station`` and ``payment`` answer at once, and remember
    what they could not answer: that is looked up next. Times are monotonic seconds."""

    def __init__(self, store: KeepsNames) -> None:
        self._store = store
        self._known: dict[str, dict[str, Neighbour]] = {kind: {} for kind in KINDS}
        self._wanted: dict[str, None] = {}
        self._missed: dict[str, float] = {}
        self._lists: dict[str, str | None] = dict.fromkeys(KINDS, "")
        self._pages: dict[str, int] = dict.fromkeys(KINDS, 0)
        self._listed_at: dict[str, float] = {}
        self.now = 0.0

    def vehicle(self, identity: str | None) -> str | None:
        """The plate of a vehicle, safe to show; None while it is not known."""
        found = self._find("vehicle", identity)
        if not isinstance(found, Vehicle):
            return None
        return safe(found.registration_plate or found.vin or "", 40) or None

    def driver(self, identity: str | None) -> str | None:
        """The name of a driver, safe to show; None while it is not known."""
        found = self._find("driver", identity)
        return safe(found.name or "", 80) or None if isinstance(found, Driver) else None

    def station(self, identity: str | None) -> str | None:
        """The name of a charging station, safe to show; None while it is not known."""
        found = self._find("station", identity)
        return safe(found.name or "", 80) or None if isinstance(found, Station) else None

    def payment(self, identity: str | None) -> str | None:
        """What a payment method is ("visa …4242"), safe to show; None while it is not known."""
        found = self._find("payment", identity)
        if not isinstance(found, PaymentMethod):
            return None
        member = {"card": found.card, "bank_account": found.bank_account, "wallet": found.wallet}.get(found.type or "")
        words = [str((member or {}).get(key)) for key in ("brand", "bank_name") if (member or {}).get(key)]
        last4 = (member or {}).get("last4")
        text = " ".join([*(words or [found.type or "payment method"]), *([f"…{last4}"] if last4 else [])])
        return safe(text, 60)

    def details(self, kind: str, identity: str | None) -> Neighbour | None:
        """All that is known of one: ``kind`` is vehicle, driver, station or payment."""
        return self._find(kind, identity)

    def known(self, kind: str) -> list[Neighbour]:
        """All of one kind that are known, in no order: what a form completes from."""
        return list(self._known[kind].values())

    def want(self, identities: Iterable[str]) -> None:
        """Somebody looks at these: look up the ones that are not known."""
        for identity in identities:
            kind = kind_of(identity)
            if kind and identity not in self._known[kind]:
                self._wanted[identity] = None

    @property
    def wanted(self) -> bool:
        """Whether there is anything to look up."""
        self._drop_missed()
        return bool(self._wanted) and (
            any(url is not None for url in self._lists.values()) or bool(self._next_single())
        )

    def load(self, kind: str, found: Iterable[Neighbour]) -> frozenset[str]:
        """Names from disk; the ids of which that says anything new."""
        known, new = self._known[kind], set[str]()
        for one in found:
            if known.get(one.id) != one:
                known[one.id] = one
                new.add(one.id)
            self._wanted.pop(one.id, None)
        return frozenset(new)

    def asked_for(self) -> tuple[str, ...]:
        """The ids that somebody looks at and that are not known."""
        self._drop_missed()
        return tuple(self._wanted)

    async def look_up(self, client: ChargeClient) -> frozenset[str]:
        """Send one request for names; the ids that became known.

        Raises:
            ChargeError: the request failed for a reason that is not of one id alone.
        """
        kind = self._kind_to_list()
        if kind:
            return await self._list(client, kind)
        identity = self._next_single()
        return await self._single(client, identity) if identity else frozenset()

    async def _list(self, client: ChargeClient, kind: str) -> frozenset[str]:
        resource = getattr(client, _RESOURCES[kind])
        url = self._lists[kind] or None
        try:
            page = await resource.page(limit=100, url=url, retry=NO_RETRY)
        except (PermissionDenied, NotFound, InvalidRequest):
            self._lists[kind] = None
            return frozenset()
        self._pages[kind] += 1
        self._lists[kind] = page.next_page_url if self._pages[kind] < _PAGES else None
        return self._learn(kind, page.data)

    async def _single(self, client: ChargeClient, identity: str) -> frozenset[str]:
        kind = kind_of(identity)
        if kind is None:
            return frozenset()
        try:
            found = await getattr(client, _RESOURCES[kind]).retrieve(identity, retry=NO_RETRY)
        except (PermissionDenied, NotFound, InvalidRequest):
            self._missed[identity] = self.now + _MISS_SECONDS
            self._wanted.pop(identity, None)
            return frozenset()
        return self._learn(kind, [found])

    def _learn(self, kind: str, found: list[Neighbour]) -> frozenset[str]:
        known = self._known[kind]
        new = frozenset(one.id for one in found if known.get(one.id) != one)
        known.update((one.id, one) for one in found)
        for one in found:
            self._wanted.pop(one.id, None)
        if new:
            self._store.save_names(kind, [one for one in found if one.id in new])
        return new

    def _find(self, kind: str, identity: str | None) -> Neighbour | None:
        if not identity:
            return None
        found = self._known[kind].get(identity)
        if found is None and kind_of(identity) == kind:
            self._wanted[identity] = None
        return found

    def _kind_to_list(self) -> str | None:
        wanted = {kind_of(identity) for identity in self._wanted}
        return next((kind for kind in KINDS if kind in wanted and self._lists[kind] is not None), None)

    def _next_single(self) -> str | None:
        return next((i for i in self._wanted if self._lists[kind_of(i) or ""] is None), None)

    def _drop_missed(self) -> None:
        for identity in [i for i, until in self._missed.items() if until <= self.now]:
            del self._missed[identity]
        for identity in [i for i in self._wanted if i in self._missed]:
            del self._wanted[identity]


def kind_of(identity: str) -> str | None:
    """The kind of object that an id's documented prefix names; None for one that the desk does not look up."""
    return next((kind for prefix, kind in _PREFIXES.items() if identity.startswith(prefix)), None)
