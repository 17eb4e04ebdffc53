"""What the rules cost with 5,000 open reservations: all of them, one change, a look at nothing new, one what-if.

Run as ``python -m tests.benchmarks.attention``; ``--json`` prints the figures as JSON, ``--open N`` takes another size.
Times are milliseconds of the processor. The fleet has a bad day: 100 more failed in the last two hours, so that each
rule has something to find. What is there at the start is kept out of the garbage collector's sight.
"""

import gc
import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from charge_tui.domain.attention.engine import Engine
from charge_tui.domain.reservation import Reservation
from tests.benchmarks.timing import figures, tell, timed
from tests.support.reservations import NOON, confirmed, reservation

_TOWNS: Final = ((48.86, 2.34), (45.75, 4.84), (43.3, 5.37), (52.52, 13.4), (51.51, -0.12))
_CONNECTORS: Final = (["CCS"], ["CCS", "Type2"], ["Type2"], ["CHAdeMO"])


def fleet(count: int, seed: int = 4) -> list[Reservation]:
    """So many open reservations of the coming two days, and one for fifty that failed in the last two hours."""
    chance = random.Random(seed)
    return [_one(chance, number, number >= count, count) for number in range(count + count // 50)]


def measure(count: int = 5000, rounds: int = 300) -> dict[str, dict[str, float]]:
    """Median and worst milliseconds of each kind of work."""
    rows = fleet(count)
    text = json.dumps([row.document() for row in rows])
    gc.collect()
    gc.freeze()
    floor, full, one_by_one = [], [], []
    for _ in range(9):
        floor.append(timed(json.loads, text))
        full.append(timed(Engine.evaluate, rows, NOON))
        one_by_one.append(timed(_seen, Engine(), rows, NOON))
    engine = Engine()
    _seen(engine, rows, NOON)
    gc.collect()
    gc.freeze()
    taken = {
        f"floor: json.loads of {count:,} open": floor,
        f"all findings of {count:,} open": full,
        f"{count:,} put one by one, then judged": one_by_one,
    }
    taken |= _changes(engine, rows, count, rounds)
    now = NOON + timedelta(seconds=1)
    taken["a tick of one second"] = [timed(engine.settle, now + timedelta(seconds=tick)) for tick in range(rounds)]
    taken[f"{count:,} rows seen again, none changed"] = [timed(_seen, engine, rows, now) for _ in range(7)]
    return {name: figures(times) for name, times in taken.items()}


def _changes(engine: Engine, rows: list[Reservation], count: int, rounds: int) -> dict[str, list[float]]:
    """One thing after another happens to reservations taken at random; each is put back."""
    chance = random.Random(7)
    now = NOON
    found: dict[str, list[float]] = {"one edit": [], "one failure": [], "nothing new": [], "what if, one edit": []}
    for _ in range(rounds):
        row = rows[chance.randrange(count)]
        now += timedelta(milliseconds=1)
        found["one edit"].append(timed(_take, engine, _edited(row, chance), now))
        found["one failure"].append(timed(_take, engine, _failed(row, now), now))
        _take(engine, row, now)
        found["nothing new"].append(timed(engine.settle, now))
        found["what if, one edit"].append(timed(engine.what_if, {row.id: _edited(row, chance)}, now))
    return found


def _one(chance: random.Random, number: int, gone: bool, count: int) -> Reservation:
    latitude, longitude = chance.choice(_TOWNS)
    starts_in = chance.uniform(-1800, 2 * 86_400)
    lasts = chance.choice((2700.0, 3600.0, 5400.0))
    fields = {
        "vehicle": f"veh_{chance.randrange(count // 2)}",
        "driver": f"drv_{chance.randrange(count // 2)}",
        "payment_method": f"pm_{chance.randrange(max(1, count // 20))}",
        "connector_type": chance.choice(_CONNECTORS),
        "location": {
            "latitude": latitude + chance.gauss(0, 0.05),
            "longitude": longitude + chance.gauss(0, 0.05),
            "radius": 1500,
        },
    }
    identity = f"res_{number:06}"
    if gone:
        reason = chance.choice(("no_available_connectors", "no_available_connectors", "payment_failed", "other"))
        updated = NOON - timedelta(seconds=chance.uniform(0, 7200))
        starts_in = chance.uniform(0, 1800)
        return reservation(
            identity, starts_in=starts_in, lasts=lasts, status="failed", failed_reason=reason, updated=updated, **fields
        )
    if starts_in < 1700:
        drift = (chance.gauss(0, 10), chance.gauss(0, 10))
        return confirmed(identity, drift=drift, starts_in=starts_in, lasts=lasts, **fields)
    return reservation(identity, starts_in=starts_in, lasts=lasts, **fields)


def _edited(row: Reservation, chance: random.Random) -> Reservation:
    later = timedelta(seconds=chance.uniform(-3600, 3600))
    return row.model_copy(update={"ideal_start": row.ideal_start + later, "ideal_end": row.ideal_end + later})


def _failed(row: Reservation, now: datetime) -> Reservation:
    return row.model_copy(update={"status": "failed", "failed_reason": "no_available_connectors", "updated": now})


def _take(engine: Engine, row: Reservation, now: datetime) -> None:
    engine.put(row, now)
    engine.settle(now)


def _seen(engine: Engine, rows: Iterable[Reservation], now: datetime) -> None:
    for row in rows:
        engine.put(row, now)
    engine.settle(now)


def main() -> None:
    """Print the figures."""
    tell("what the rules cost", measure)


if __name__ == "__main__":
    main()
