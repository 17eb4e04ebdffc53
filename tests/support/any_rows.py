"""Rows that an API may send, however odd, for property tests: few ids, vehicles and drivers, so that they meet."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from charge_tui.domain.lifecycle import STATUSES
from charge_tui.domain.reservation import Row, read_row
from charge_tui.domain.times import rfc3339
from tests.support.hostile import HOSTILE
from tests.support.reservations import NOON, document

IDS = ("res_a", "res_b", "res_c", "res_d", "res_e", "res_f")

_EDGES = (-5400, -3600, -1800, -900, -60, 0, 0.001, 60, 300, 600, 900, 1500, 1800, 2700, 3600, 5400, 9000, 20_000)
_SECONDS = st.one_of(st.sampled_from(_EDGES), st.integers(-20_000, 20_000))
_TIMES = st.one_of(
    _SECONDS.map(lambda seconds: rfc3339(NOON + timedelta(seconds=seconds))),
    st.sampled_from(["0002-01-01T00:00:00Z", "9998-12-31T23:59:59.999Z", "2026-03-29T01:00:00.000Z"]),
)
_ODD = st.sampled_from([0, "", "soon", [], {}, 10**30, True, *HOSTILE[:6]])
_REASONS = st.sampled_from(["no_available_connectors", "payment_failed", "other", None])


def _or_odd(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, values, st.none(), _ODD)


def documents(identity: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Reservations as JSON, most of their fields sound."""
    names = st.sampled_from(["a", "b"])
    place = st.fixed_dictionaries(
        {
            "latitude": st.sampled_from([48.8, 48.82, 45, 90, -90, 91, 10**400]),
            "longitude": st.sampled_from([2.3, 2.31, 180, -180, -(10**400)]),
        }
    )
    policy = st.fixed_dictionaries(
        {"type": st.just("free_cancellation"), "free_until_before": st.sampled_from([0, 1800, -5, 10**400])}
    )
    base = st.tuples(identity or st.sampled_from(IDS), _SECONDS, st.sampled_from([-60, 0, 30, 600, 5400, 20_000])).map(
        lambda it: document(it[0], starts_in=it[1], lasts=it[2])
    )
    more = st.fixed_dictionaries(
        {},
        optional={
            "status": st.one_of(st.sampled_from(STATUSES), st.sampled_from(STATUSES), st.sampled_from(HOSTILE[:4])),
            "vehicle": _or_odd(names),
            "driver": _or_odd(names),
            "payment_method": _or_odd(names),
            "failed_reason": _or_odd(_REASONS),
            "updated": _TIMES,
            "created": _TIMES,
            "reserved_start": _or_odd(_TIMES),
            "reserved_end": _or_odd(_TIMES),
            "earliest_start": _or_odd(_TIMES),
            "latest_end": _or_odd(_TIMES),
            "location": _or_odd(place),
            "connector_type": _or_odd(st.sampled_from([["CCS"], ["CCS", "Type2"], []])),
            "cancellation_policy": _or_odd(policy),
            "metadata": _or_odd(st.sampled_from([{"replaces": name} for name in IDS])),
            "ideal_end": _TIMES,
        },
    )
    return st.tuples(base, more).map(lambda it: it[0] | it[1])


def meeting(identity: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Sound reservations as JSON that have much to do with each other: one or two of everything, much of it failed."""
    names = st.sampled_from(["a", "a", "b"])
    starts = st.sampled_from([-1800, 0, 600, 1800, 3600, 3600, 5400])
    failed = st.sampled_from(["no_available_connectors", "no_available_connectors", "payment_failed", "other"])
    status = st.sampled_from(["pending", "pending", "confirmed", "failed", "failed", "failed", "expired", "cancelled"])
    ago = st.sampled_from([0, 60, 600, 3000, 3600])
    drawn = st.tuples(identity or st.sampled_from(IDS), starts, status, failed, names, names, names, ago, ago)

    def made(it: tuple[str, int, str, str, str, str, str, int, int]) -> dict[str, Any]:
        name, begins, stands, reason, vehicle, driver, payment, updated, created = it
        sent = document(
            name,
            starts_in=begins,
            status=stands,
            failed_reason=reason if stands == "failed" else None,
            vehicle=vehicle,
            driver=driver,
            payment_method=payment,
            updated=NOON - timedelta(seconds=updated),
            created=NOON - timedelta(seconds=created + 4000),
        )
        if stands == "confirmed":
            sent |= {"reserved_start": rfc3339(NOON + timedelta(seconds=begins + created - 600))}
            sent |= {"reserved_end": sent["ideal_end"], "charging_station": "chst_1"}
        return sent

    return drawn.map(made)


def rows(identity: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Row]:
    """Rows as the model reads them: most of them sound, others partly odd or odd."""
    sound = meeting(identity)
    return st.one_of(sound, sound.map(dict), sound.map(dict), documents(identity)).map(read_row)
