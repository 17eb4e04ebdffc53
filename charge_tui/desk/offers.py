"""What the desk that reads makes of what the others offer it. An offer comes from a file: it is believed in nothing."""

from typing import Any, Final, Protocol

from charge_tui.clock import Clock
from charge_tui.desk.budget import Budget, Share
from charge_tui.desk.facts import drift_of
from charge_tui.desk.names import Names
from charge_tui.desk.plan import WATCHED, Plan
from charge_tui.desk.shared import Offer, parsed
from charge_tui.domain.reservation import Row, read_row

_SPENT: Final = 600


class Takes(Protocol):
    """The picture that rows are put into."""

    def take(self, rows: tuple[Row, ...], seen: float, source: str) -> None:
        """Take in rows that were asked for at that monotonic moment."""

    def take_gone(self, identity: str) -> None:
        """The API has no such reservation."""


class Hurries(Protocol):
    """What reads."""

    def hurry(self) -> None:
        """A person asked for a read."""


class Wishes:
    """Takes offers in, one by one."""

    def __init__(self, picture: Takes, poller: Hurries, plan: Plan, names: Names, budget: Budget, clock: Clock) -> None:
        self._picture = picture
        self._poller = poller
        self._plan = plan
        self._names = names
        self._budget = budget
        self._clock = clock

    def take_in(self, offer: Offer) -> None:
        """Do what an offer says; one that says nothing sensible is passed over."""
        body, now = offer.body, self._clock.monotonic()
        match offer.kind:
            case "row" if isinstance(body, dict):
                self._row(body, now)
            case "gone" if isinstance(body, str):
                self._picture.take_gone(body)
            case "refresh":
                self._poller.hurry()
            case "watch":
                self._plan.watch_elsewhere(offer.desk, _texts(body)[:WATCHED], now)
            case "names":
                self._names.want(_texts(body))
            case "spent" if isinstance(body, int):
                for _ in range(min(body, _SPENT)):
                    self._budget.spend(now, Share.PERSON)
            case _:
                pass

    def _row(self, body: dict[str, Any], now: float) -> None:
        seen, document = body.get("seen"), body.get("document")
        raw = parsed(document) if isinstance(document, str) else None
        if isinstance(raw, dict) and isinstance(seen, int | float):
            self._picture.take((read_row(raw),), min(now, seen - drift_of(self._clock)), "read")


def _texts(body: Any) -> tuple[str, ...]:
    return tuple(one for one in body if isinstance(one, str)) if isinstance(body, list) else ()
