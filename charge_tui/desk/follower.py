"""A desk that follows: it reads no list, and takes over what the desk that reads has seen.

What it shows is as true as what it follows: every row has the age of the sight that the other desk had of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from charge_tui.clock import Clock
from charge_tui.desk.facts import SAME_CLOCK, Facts, drift_of
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.health import Pulse
from charge_tui.desk.mirror import End
from charge_tui.desk.names import Neighbour
from charge_tui.desk.seat import Holder, this_machine
from charge_tui.desk.shared import Look, Offer, text_of
from charge_tui.desk.state import Gravity, Problem
from charge_tui.domain.reservation import Row
from charge_tui.domain.times import span

SILENT: Final = 12
"""Looks, one a second, after which a desk that wrote nothing is said to be silent."""
PASSED_BY: Final = 30
"""Looks after which another desk reads in its place."""
SLICE: Final = 100
"""Rows that are taken over at a time; a page of the API has as many."""
_WATCHED_AGAIN: Final = 30.0


class Merges(Protocol):
    """The picture that is brought up to date."""

    def merge(self, rows: Iterable[tuple[Row, End, float | None]], sights: dict[str, float]) -> None:
        """Take over rows with their end and the moment at which they were seen, and sights of unchanged ones.

        A row that comes without a moment was seen when it was seen last as far as this picture knows.
        """

    def take_names(self, identities: frozenset[str]) -> None:
        """These names became known."""

    def feed_changed(self) -> None:
        """Something besides the passing of time is different about the feed."""


LoadsNames = Callable[[str, Iterable[Neighbour]], frozenset[str]]


class Follower:
    """What is known of the desk that is followed, and what is to be told to it."""

    def __init__(self, token: str, gauge: Gauge, clock: Clock, picture: Merges, load: LoadsNames) -> None:
        self._token = token
        self._gauge = gauge
        self._clock = clock
        self._picture = picture
        self._load = load
        self._offers: list[Offer] = []
        self._watched: tuple[str, ...] = ()
        self._watch_told = float("-inf")
        self._spent = 0
        self.epoch = ""
        self.version = -1
        self.facts: Facts | None = None
        self.silence = 0
        """Looks since the other desk last said anything."""
        self.since: datetime | None = None

    def begin(self, world_now: datetime, own: Facts | None) -> None:
        """Follow from now on; ``own`` is how the reading stands here that ends with it."""
        self.silence, self.since = 0, world_now
        self.facts = own or self.facts
        self._spent = self._gauge.budget.total

    def load(self, look: Look) -> bool:
        """Take over a picture of which nobody says that it is kept up to date; whether there is any."""
        for _ in self._take_over(look):
            pass
        return bool(look.rows)

    def merge(self, look: Look | None) -> None:
        """Take over what is new, all of it at once."""
        for _ in self.slices(look):
            pass

    def slices(self, look: Look | None) -> Iterator[int]:
        """Take over what is new, so many rows at a time as are given: keys may be let through after each.

        How the reading stands is believed once all rows are there.
        """
        known = self.facts
        facts = look.facts if look else None
        if (
            look is None
            or facts is None
            or facts.machine != this_machine()
            or abs(facts.drift - drift_of(self._clock)) > SAME_CLOCK
        ):
            self._missed()
            return
        silent = bool(known and facts.beat == known.beat and look.epoch == self.epoch)
        if not silent and facts.world:
            self._gauge.world.adopt(facts.world)
        if look.version != self.version or look.epoch != self.epoch:
            yield from self._take_over(look)
        if silent:
            self._missed()
        else:
            self._heard(facts)

    def pulse(self, now: float, problem: Problem | None) -> Pulse | None:
        """How the reading of the other desk stands; None where nothing was heard."""
        if self.facts is None:
            return None
        facts, told = self.facts, self.facts.pulse
        silent = self.silence >= SILENT
        return replace(
            told,
            hold=0.0 if facts.hold_until is None or silent else max(0.0, facts.hold_until - now),
            next_read=None if facts.next_read is None or silent else max(0.0, facts.next_read - now),
            waited=None if facts.busy_since is None or silent else now - facts.busy_since,
            walked=None if told.walked is None else told.walked + now - facts.beat,
            problems=(*([problem] if problem else []), *told.problems),
        )

    def problem(self, holder: Holder | None) -> Problem | None:
        """What to say of a desk that has the seat and says nothing."""
        if self.silence < SILENT or self.since is None:
            return None
        who = f"Another desk on this machine (pid {holder.pid})" if holder else "Another desk on this machine"
        return Problem(
            "seat",
            Gravity.WARNING,
            "the reading desk is stopped",
            f"{who} reads for all desks of this account, and has written nothing for {span(self.silence)}: it may be "
            f"stopped (Ctrl+Z; fg or kill -CONT brings it back). The ages are true. After {span(PASSED_BY)} another "
            "desk reads in its place.",
            self.since,
        )

    # -- what is told to the desk that reads -------------------------------------------------------------------------

    def ask(self, kind: str, body: Any = None) -> None:
        """Tell or ask for something, with the next look."""
        self._offers.append(Offer(self._token, kind, body))

    def offer_rows(self, rows: Iterable[Row], seen: float) -> None:
        """A person had these read here: the others need not read them again."""
        at = seen + drift_of(self._clock)
        for row in rows:
            self.ask("row", {"seen": at, "document": text_of(row)})

    def watch(self, identities: tuple[str, ...]) -> None:
        """A person is looking at these here."""
        if identities != self._watched:
            self._watched, self._watch_told = identities, float("-inf")

    def offers(self, wanted_names: tuple[str, ...]) -> tuple[Offer, ...]:
        """What is to be told now; it is told once."""
        now, spent = self._clock.monotonic(), self._gauge.budget.total - self._spent
        if spent:
            self._spent += spent
            self.ask("spent", spent)
        if now - self._watch_told >= _WATCHED_AGAIN and (self._watched or wanted_names):
            self._watch_told = now
            self.ask("watch", self._watched)
            if wanted_names:
                self.ask("names", wanted_names)
        offers, self._offers = tuple(self._offers), []
        return offers

    # -- inside ------------------------------------------------------------------------------------------------------

    def _heard(self, facts: Facts) -> None:
        if self.silence >= SILENT or self.facts is None or _told(facts) != _told(self.facts):
            self._picture.feed_changed()
        self.facts, self.silence = facts, 0

    def _missed(self) -> None:
        self.silence += 1
        if self.silence == SILENT:
            self._picture.feed_changed()

    def _take_over(self, look: Look) -> Iterator[int]:
        self.epoch, self.version = look.epoch, look.version
        now, drift = self._clock.monotonic(), _drift_then(look.facts, drift_of(self._clock))
        seen: dict[str, float] = {}
        for sights in look.sights:
            seen.update(dict.fromkeys(sights.ids, min(now, sights.at - drift)))
        rows = [(row, end, seen.pop(row.id, None)) for row, end in look.rows]
        for place in range(0, len(rows), SLICE):
            part = rows[place : place + SLICE]
            self._picture.merge(part, {})
            yield len(part)
        self._picture.merge((), seen)
        for kind, found in look.names.items():
            if new := self._load(kind, found):
                self._picture.take_names(new)


def _drift_then(facts: Facts | None, drift: float) -> float:
    """The drift to read written moments by: of two that may be meant the one by which they are longer ago."""
    return max(drift, facts.drift) if facts and facts.machine == this_machine() else drift


def _told(facts: Facts) -> tuple[object, ...]:
    pulse = facts.pulse
    return pulse.complete, pulse.offline, pulse.limited, tuple(problem.code for problem in pulse.problems)
