"""Ways to change what a reservation asks for, so that a connector is likelier to be found; the most useful first.

A way is worth what it costs the driver: minutes of delay, kilometres of detour, a slower plug. Where stations are known
around the place, only ways that reach a free connector count; where none is known, a much wider search is the best bet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from charge_tui.domain.attention.proposing.reach import FARTHEST, Reach, Spot, Window
from charge_tui.domain.drafting import RADII, REPLACES, Fields, more_types, stamp, time_of
from charge_tui.domain.lifecycle import PENDING
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe
from charge_tui.domain.times import MINUTE, seconds_between, span, utc
from charge_tui.records import dataclass

SHIFTS: Final = range(0, 121, 5)
"""Minutes by which a window is tried later."""
STEPS: Final = (0, 5, 10, 15, 20, 30, 40, 50, 60, 75, 90, 120)
"""Minutes by which it is tried later where nothing in reach was free; each try takes a person from others that wait."""
EARLIER: Final = (5, 10, 15, 20, 30, 45, 60)
"""Minutes by which it is tried earlier, where the driver's own limit allows that: it costs a quarter of a delay."""
UNLIMITED: Final = 60
"""Minutes of delay that are proposed at most where the driver set no limit."""
_SHORTEST: Final = 0.8
_KILOMETRE: Final = 1.0
_ANOTHER_PLUG: Final = 8.0
_LAST_ONE: Final = 4.0
_SHORT: Final = 20.0
_EARTH: Final = 2e7
_BLIND_RADIUS: Final = 5000
_LATER: Final = 15
_BLIND_SHIFT: Final = 30


@dataclass(frozen=True, slots=True)
class Way:
    """One change, and what speaks for it."""

    changes: Fields
    """The fields that are others than they would be without it."""
    words: tuple[str, ...]
    """What it changes, each in a few words ("radius 1.5 → 5 km", "also Type2")."""
    why: str
    cost: float
    """What it costs the driver, as minutes."""
    sort: tuple[bool, bool, bool] = (False, False, False)
    """Whether it widens, asks for another plug, moves the window."""
    blind: bool = False
    """Whether it rests on no knowledge of stations, so that nothing tells which is better."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be found: ``values`` as they would be sent, their window not before ``soonest``.

    ``wider`` says that the present radius is not enough: that very search has come to nothing.
    """

    row: Reservation
    values: Fields
    soonest: datetime
    standard: str | None
    busy: Sequence[Window] = ()
    """Windows in which the vehicle or the driver is elsewhere."""
    wider: bool = False
    before: Sequence[Reservation] = ()
    """Those in whose place ``row`` was booked, one after the other, as far as they are known; the first wish last."""

    @property
    def asked(self) -> Reservation:
        """What was asked for at first."""
        return self.before[-1] if self.before else self.row

    @property
    def again(self) -> bool:
        """Whether ``row`` itself was booked in the place of one that came to nothing."""
        return REPLACES in (self.row.metadata or {})


def ways(wish: Wish, reach: Reach) -> tuple[Way, ...]:
    """All ways that may help, the best first; none where there is no window to ask for."""
    if wish.wider and (wish.again or _is_widest(wish)):
        return tuple(_again(wish))
    if reach.known:
        found = sorted(_seen(wish, reach), key=lambda way: way.cost)
        if found:
            widest = [way for way in _blind(wish, none_free=False) if way.sort[0] and not way.sort[2]]
            return (*found, *sorted(widest, key=lambda way: way.sort)[-1:])
    return tuple(_blind(wish, none_free=reach.known))


def differing(found: Sequence[Way], most: int) -> tuple[Way, ...]:
    """The best one, then those that spare the driver something that it asks for, then those without knowledge."""
    kept: list[Way] = []
    for way in found:
        if way.blind or not any(_within(better.sort, way.sort) for better in kept):
            kept.append(way)
    return tuple(kept[:most])


def windows(wish: Wish, shifts: Iterable[int] = SHIFTS) -> Iterator[tuple[Fields, Window, float]]:
    """The windows to try, as fields, with what each costs; within the limits, and while nobody is elsewhere."""
    first, last = time_of(wish.values.get("ideal_start")), time_of(wish.values.get("ideal_end"))
    if first is None or last is None or last <= first:
        return
    earliest, latest = time_of(wish.values.get("earliest_start")), time_of(wish.values.get("latest_end"))
    asked = wish.asked
    if wish.before and asked.ideal_start < asked.ideal_end and utc(asked.ideal_start) >= wish.soonest:
        first, last = utc(asked.ideal_start), utc(asked.ideal_end)
    length = seconds_between(first, last)
    ideal = utc(asked.ideal_start)
    whole = not wish.before or first == utc(asked.ideal_start)
    before = [-minutes for minutes in EARLIER] if earliest and whole else []
    after = [minutes for minutes in shifts if latest or minutes <= UNLIMITED]
    for minutes in (*after, *before):
        try:
            begins, ends = first + timedelta(minutes=minutes), last + timedelta(minutes=minutes)
        except OverflowError:
            continue
        if begins < wish.soonest or (earliest and begins < earliest):
            continue
        if latest and ends > latest:
            ends = latest
        left = seconds_between(begins, ends)
        stays = wish.row.status == PENDING and begins == ideal
        elsewhere = not stays and any(_meet(begins, ends, window) for window in wish.busy)
        if elsewhere or left < length * _SHORTEST:
            continue
        late = seconds_between(ideal, begins) / MINUTE
        if wish.before and not latest and late > UNLIMITED:
            continue
        cost = (late if late >= 0 else -late / 4) + _SHORT * (1 - left / length)
        yield {"ideal_start": stamp(begins), "ideal_end": stamp(ends)}, (begins, ends), cost


def _seen(wish: Wish, reach: Reach) -> Iterator[Way]:
    """Ways to connectors that are free as far as is known. One that was refused says that none was, all around it."""
    kinds = list(wish.values.get("connector_type") or [])
    more = list(more_types(wish.row, wish.standard))
    least = next((step for step in RADII if step > _radius(wish)), FARTHEST)
    for fields, window, minutes in windows(wish):
        failed = wish.wider and abs(seconds_between(wish.row.ideal_start, window[0])) < _LATER * MINUTE
        for types, plug in ((kinds, 0.0), ([*kinds, *more], _ANOTHER_PLUG)) if more else ((kinds, 0.0),):
            spots = reach.spots(types, window, least, beyond=_radius(wish) if failed else -1.0)
            if failed and plug:
                spots = (*spots, *(spot for spot in reach.spots(more, window, least) if spot.metres <= _radius(wish)))
            for radius, free in _radii(wish, spots, same=bool(plug) or not failed):
                detour = max(0.0, radius - _radius(wish)) / 1000 * _KILOMETRE
                cost = minutes + plug + detour + (_LAST_ONE if free == 1 else 0.0)
                yield _way(wish, fields, types, radius, cost, _free_words(free, types, radius))


def _radii(wish: Wish, spots: Sequence[Spot], *, same: bool) -> Iterator[tuple[float, int]]:
    """The smallest radius that reaches a free connector, and the smallest that reaches two.

    ``same`` allows the present one.
    """
    given = [_radius(wish)] if same else []
    least = 1
    for radius in [*given, *(step for step in RADII if step > _radius(wish) and step <= FARTHEST)]:
        free = sum(spot.free for spot in spots if spot.metres <= radius)
        if free >= least:
            yield radius, free
            least = max(2, free + 1)
            if free >= 2:
                return


def _blind(wish: Wish, *, none_free: bool) -> Iterator[Way]:
    """Without knowledge of stations: wide at once, then also with another plug, then later."""
    tried = list(windows(wish))
    if not tried:
        return
    fields, window, minutes = tried[0]
    kinds = list(wish.values.get("connector_type") or [])
    more = list(more_types(wish.row, wish.standard))
    wide = min(
        max(FARTHEST, _radius(wish)),
        next((step for step in RADII if step >= max(_BLIND_RADIUS, 3 * _radius(wish))), RADII[-1]),
    )
    why = "no connector is known to be free nearby" if none_free else "more charging stations to choose from"
    found = [] if wish.wider else [_way(wish, fields, kinds, _radius(wish), minutes, "the same once more may work")]
    found.append(_way(wish, fields, kinds, wide, minutes + 1, why))
    if more:
        both = f"{why}, and another plug that the vehicle has"
        found.append(_way(wish, fields, [*kinds, *more], wide, minutes + 2, both))
    later = next((one for one in tried if seconds_between(window[0], one[1][0]) >= _BLIND_SHIFT * MINUTE), None)
    if later:
        found.append(_way(wish, later[0], [*kinds, *more], wide, later[2] + 3, "connectors may come free by then"))
    for place, way in enumerate(found):
        if any(way.sort) or not wish.wider:
            yield replace(way, cost=float(place), blind=True)


def _again(wish: Wish) -> Iterator[Way]:
    """After a second refusal, or a search as wide as can be: everything in reach at once, then a little later.

    With little time left any connector is better than none, and Charge takes the nearest one that is free [inferred].
    Where the widest search came to nothing too, connectors come free all the time, and a small step each time begins
    hardly later than has to be; a window that was tried is not tried again.
    """
    kinds = list(wish.values.get("connector_type") or [])
    every = [*kinds, *more_types(wish.row, wish.standard)]
    widest = max(FARTHEST, _radius(wish))
    order = sorted(windows(wish, STEPS), key=lambda one: one[2])
    if not _is_widest(wish):
        same = utc(wish.row.ideal_start)
        order.sort(key=lambda one: abs(seconds_between(same, one[1][0])) >= MINUTE)
        why = "everything in reach: what was asked for has come to nothing"
    else:
        why = "nothing in reach is free then; connectors may come free a little later"
        order = [one for one in order if not _was_tried(wish, one[1])]
    for place, (fields, _, _) in enumerate(order):
        yield replace(_way(wish, fields, every, widest, float(place), why), blind=True)


def _was_tried(wish: Wish, window: Window) -> bool:
    rows = (wish.row, *wish.before)
    return any(abs(seconds_between(utc(row.ideal_start), window[0])) < MINUTE for row in rows)


def _is_widest(wish: Wish) -> bool:
    """Whether it was sought as far as helps, and with every plug that the vehicle has."""
    return _radius(wish) >= FARTHEST and not more_types(wish.row, wish.standard)


def _way(wish: Wish, fields: Fields, types: list[str], radius: float, cost: float, why: str) -> Way:
    changes: Fields = {name: value for name, value in fields.items() if wish.values.get(name) != value}
    words: list[str] = []
    moved = when_words(wish.row, fields)
    if moved:
        words.append(moved)
    place: dict[str, Any] | None = wish.values.get("location")
    widens = place is not None and radius > _radius(wish)
    if place is not None and widens:
        changes["location"] = place | {"radius": radius}
        words.append(radius_words(place.get("radius"), radius))
    present = list(wish.values.get("connector_type") or [])
    more = [kind for kind in types if kind not in present]
    if more:
        changes["connector_type"] = types
        words.append(f"also {', '.join(safe(kind, 20) for kind in more)}")
    return Way(changes, tuple(words), why, cost, (widens, bool(more), bool(changes.keys() & fields.keys())))


def when_words(row: Reservation, fields: Fields) -> str:
    """How a window departs from what was asked for ("12m later", "10m shorter"); empty for the same one."""
    first, last = time_of(fields.get("ideal_start")), time_of(fields.get("ideal_end"))
    if first is None or last is None:
        return ""
    off = seconds_between(row.ideal_start, first)
    shorter = seconds_between(row.ideal_start, row.ideal_end) - seconds_between(first, last)
    parts = [f"{span(off)} {'later' if off > 0 else 'earlier'}"] if abs(off) >= MINUTE else []
    if shorter >= MINUTE:
        parts.append(f"{span(shorter)} shorter")
    return ", ".join(parts)


def radius_words(was: Any, will: float) -> str:
    """A wider radius in a few words ("radius 1.5 → 5 km")."""
    if not isinstance(was, int | float) or was <= 0:
        return f"radius {will / 1000:g} km"
    return f"radius {was / 1000:g} → {will / 1000:g} km" if was >= 100 else f"radius {was:g} → {will:g} m"


def _free_words(free: int, types: Sequence[str], radius: float) -> str:
    kinds = " or ".join(safe(kind, 20) for kind in types) or "connector"
    many = "" if len(types) else "s" if free > 1 else ""
    return f"{free} free {kinds}{many} within {radius / 1000:g} km, as far as is known here"


def _radius(wish: Wish) -> float:
    radius = (wish.values.get("location") or {}).get("radius")
    return float(radius) if isinstance(radius, int | float) and 0 < radius < _EARTH else 0.0


def _within(less: tuple[bool, bool, bool], more: tuple[bool, bool, bool]) -> bool:
    """Whether everything that the one asks for is asked for by the other too."""
    return all(not asked or also for asked, also in zip(less, more, strict=True))


def _meet(begins: datetime, ends: datetime, window: Window) -> bool:
    return seconds_between(max(begins, window[0]), min(ends, window[1])) > MINUTE
