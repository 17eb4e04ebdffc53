"""The objects that the five seed pages name [seed]: present in every world, left alone by its lifecycle and traffic.

Their ids, connector types, places, fees and the lengths of time between their stamps are those of the pages. What lies
in the past of a reservation (created, confirmed_at, updated) is moved by whole days to just before the world's start;
its windows are moved to about thirty days after it, out of the desk's way.
"""

from typing import Any, Final

from charge_tui.records import dataclass
from charge_tui.sandbox.instants import DAY, read, stamp

LATITUDE: Final = 48.8698
LONGITUDE: Final = 2.3319


@dataclass(frozen=True, slots=True)
class Fixture:
    """One reservation of the seed pages with the neighbours that it names."""

    id: str
    status: str
    driver: str
    vehicle: str
    payment_method: str
    station: str | None
    created: str
    updated: str
    confirmed_at: str | None
    ideal: tuple[str, str]
    reserved: tuple[str, str] | None
    metadata: tuple[tuple[str, str], ...] = ()


FIXTURES: Final = (
    Fixture(
        "res_BzPpVflI7WIwvfvbLAU7MwYvKweypDnW", "pending", "drv_MrLs3VDRkma7gHAcmQ8InEi8CKZ91hrS",
        "veh_tnnvFIIM4oBXknF7qBVAy3biBlc0iKiv", "pm_TLAK3sXzk1KvcsyGLlU8nKAN05nrF7NV", None,
        "2026-04-01T00:15:05.782Z", "2026-04-01T00:23:12.388Z", None,
        ("2026-04-01T01:15:19.251Z", "2026-04-01T02:45:43.318Z"), None,
    ),
    Fixture(
        "res_c4PukAee4b57fNPiS72AQjlnUq7lOzpx", "pending", "drv_dQGu6UkRHzJjKB4vhFA4jtRSsbbbg0vJ",
        "veh_YzV09s3YRRpsV5anQzAlA6ZPwRi6KpiU", "pm_m2NiRW0OqC9JUkocJUDcQGy27CAERWKi",
        "chst_9hx85w7aepO1o2Ztt38CPmlLoFxQNDIE", "2026-04-01T00:45:21.538Z", "2026-04-01T01:19:37.903Z",
        "2026-04-01T01:13:49.792Z", ("2026-04-01T01:45:20.858Z", "2026-04-01T03:15:19.626Z"),
        ("2026-04-01T01:45:20.166Z", "2026-04-01T03:15:42.123Z"),
    ),
    Fixture(
        "res_2gdGvYdVl4rOAYYZKw9A0NvGcnQBjhwm", "confirmed", "drv_8ww8Fgr4hAxF1UVHbUS7leiKvLSTT0SM",
        "veh_SddfwxI37wrE3eD7AbiMAXxcLGpIQiys", "pm_QT2dm0WBie4w8XFKJtYeRckANPtd9yFz",
        "chst_AHcTUvrKsE8tBn2FBr14qm4wUi8tMpxf", "2026-04-01T00:38:32.334Z", "2026-04-01T01:12:39.485Z",
        "2026-04-01T01:06:22.750Z", ("2026-04-01T01:38:50.112Z", "2026-04-01T03:08:47.086Z"),
        ("2026-04-01T01:38:30.194Z", "2026-04-01T03:08:56.058Z"),
    ),
    Fixture(
        "res_wrF0i5e6cAuXxV9ojAl7Bj0ItaN2d2SI", "pending", "drv_MYExnPHAPwjl5AFEAoAAxgCpKSAqreju",
        "veh_yophwhitse33A4AGAF4lmU9meQ2Ou9I0", "pm_QzTUskWh9JcjSzOpnAvccTNKE0lAHz3K",
        "chst_EWmDp4B9TCVM6SFNP8dqqzCpzHsqh0zV", "2026-04-01T00:25:49.017Z", "2026-04-01T00:59:15.857Z",
        "2026-04-01T00:53:49.009Z", ("2026-04-01T01:25:20.728Z", "2026-04-01T02:55:47.067Z"),
        ("2026-04-01T01:25:30.800Z", "2026-04-01T02:55:54.025Z"), (("trip_id", "trip_9384"),),
    ),
    Fixture(
        "res_nfJiRR1ok35nSfnIpS4tC7SAsUk0K3As", "confirmed", "drv_OAVzBPkaauGK3svjp2YxHyGkZxPjIuSB",
        "veh_O3C7oq0HKOkNlpzokFN5eTTVWImdeLKy", "pm_ifwG4OMNnEmqjpi7cP8EJvxiRZAzGOEX",
        "chst_AwAMEuLnH0Umz3DhtEjEaHACtMcscDDY", "2026-04-01T00:36:20.907Z", "2026-04-01T01:10:19.775Z",
        "2026-04-01T01:04:32.666Z", ("2026-04-01T01:36:39.198Z", "2026-04-01T03:06:35.302Z"),
        ("2026-04-01T01:36:39.901Z", "2026-04-01T03:06:19.700Z"),
    ),
)  # fmt: skip

_FIRST_DAY: Final = read("2026-04-01T00:00:00.000Z")
_LAST_UPDATE: Final = max(read(fixture.updated) for fixture in FIXTURES)


def documents(start: int) -> list[dict[str, Any]]:
    """The reservations of the seed pages as they stand in a world that starts at ``start``, oldest first."""
    past = (start - _LAST_UPDATE) // DAY * DAY
    ahead = (start - _FIRST_DAY) // DAY * DAY + 30 * DAY
    made = [_document(fixture, past, ahead) for fixture in FIXTURES]
    return sorted(made, key=lambda document: str(document["created"]))


def _document(fixture: Fixture, past: int, ahead: int) -> dict[str, Any]:
    def moved(text: str | None, by: int) -> str | None:
        return None if text is None else stamp(read(text) + by)

    reserved = fixture.reserved or (None, None)
    return {
        "id": fixture.id,
        "object": "reservation",
        "cancellation_policy": {"free_until_before": 1800, "type": "free_cancellation"},
        "charging_station": fixture.station,
        "confirmed_at": moved(fixture.confirmed_at, past),
        "connector_type": ["CCS"],
        "created": moved(fixture.created, past),
        "currency": "eur",
        "driver": fixture.driver,
        "earliest_start": None,
        "failed_reason": None,
        "ideal_end": moved(fixture.ideal[1], ahead),
        "ideal_start": moved(fixture.ideal[0], ahead),
        "latest_end": None,
        "location": {"latitude": LATITUDE, "longitude": LONGITUDE, "radius": 1500},
        "metadata": dict(fixture.metadata),
        "payment_method": fixture.payment_method,
        "reservation_fee": 1200,
        "reserved_end": moved(reserved[1], ahead),
        "reserved_start": moved(reserved[0], ahead),
        "status": fixture.status,
        "updated": moved(fixture.updated, past),
        "vehicle": fixture.vehicle,
    }
