"""What a person has in front of him: the view, its order, what is searched for, the zone, and whether it is frozen.

Knows the desk and no Textual: the screen asks it what to show, and tells it what the person wants.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final

from charge_tui.config.zone import local_zone
from charge_tui.desk.desk import Desk
from charge_tui.desk.state import Delta, Filters, ServerPage
from charge_tui.domain.diff import newer, status_of
from charge_tui.domain.lifecycle import FAILED
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.domain.times import floor_minute
from charge_tui.domain.windows import start
from charge_tui.tui.find import Finder
from charge_tui.tui.model import SORTS, Ordered, passes, sort_key
from charge_tui.tui.render import words
from charge_tui.tui.render.look import Look
from charge_tui.tui.views import BY_NAME, View

PAUSE_SECONDS: Final = 600.0
"""After that long a freeze ends by itself."""


@dataclass(slots=True)
class Place:
    """What is remembered of a view while another one is open."""

    sort: str = "in"
    descending: bool = False
    cursor: str | None = None
    columns: tuple[str, ...] = ()
    page: ServerPage | None = None
    fault: str = ""
    """Why the page could not be read; empty when it could."""
    loading: bool = False
    marks: dict[str, Row] = field(default_factory=dict)
    """What is marked, each as it was then: a row of another page is not at hand any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the screen has to do about a step of the desk."""

    order: bool = False
    touched: frozenset[str] = field(default_factory=frozenset)


class Workspace:
    """The state of the main screen.

    Args:
        zone: the zone of the settings; ``z`` goes from it to the machine's and to UTC.
    """

    def __init__(self, desk: Desk, *, view: str, zone: tzinfo, zone_name: str) -> None:
        self.desk = desk
        self.view: View = BY_NAME[view]
        self.filters = Filters()
        self.find = ""
        self._places = {name: Place(columns=view.columns) for name, view in BY_NAME.items()}
        self._zones = _zones(zone, zone_name)
        self._zone = 0
        self._frozen_at: float | None = None
        self._held_back: set[str] = set()
        self._summed: tuple[datetime, int, datetime | None] | None = None
        self._ordered = self._order()
        self._shown: list[str] = []
        self._rows: dict[str, Row] = {}
        self.rebuild()

    # -- what to show -------------------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """What is remembered of the present view."""
        return self._places[self.view.name]

    @property
    def ids(self) -> list[str]:
        """The rows to show, in order."""
        return self._shown

    @property
    def total(self) -> int:
        """How many there would be without the search."""
        return len(self._rows)

    def row(self, identity: str) -> Row | None:
        """A row as it is to be shown: as it was when the paint was frozen, or as it is known now."""
        return self._rows.get(identity) or self.desk.known(identity)

    def look(self) -> Look:
        """How values are to be shown now."""
        return Look(self.zone, self.desk.now(), self.desk.names)

    @property
    def zone(self) -> tzinfo:
        """The zone that times are shown in."""
        return self._zones[self._zone][1]

    @property
    def zone_word(self) -> str:
        """What that zone is called here."""
        return self._zones[self._zone][0]

    def needs(self) -> int | None:
        """How many need a person, as far as this desk can tell: failed or late ones whose window is not over."""
        return self._summary()[0]

    def next_deadline(self) -> datetime | None:
        """When the next open reservation starts."""
        return self._summary()[1]

    def counts(self) -> dict[str, str]:
        """By view: how many rows it has, as text; empty where that is not known."""
        known = self.desk.counts()
        told = {name: "" if view.status is None else _count(known.get(view.status)) for name, view in BY_NAME.items()}
        needs = self.needs()
        told["attention"] = "" if not needs else str(needs)
        return told

    # -- what a person wants ------------------------------------------------------------------------------------------

    def open_view(self, name: str) -> bool:
        """Go to another view; whether the server has to be asked for its page."""
        self.view = BY_NAME[name]
        self.find = ""
        self._ordered = self._order()
        self.rebuild()
        return not self.view.held

    def set_filters(self, filters: Filters) -> bool:
        """Show only what passes; whether the server has to be asked."""
        self.filters = filters
        for place in self._places.values():
            place.page = None
        self._ordered = self._order()
        self.rebuild()
        return not self.view.held

    def set_find(self, query: str) -> None:
        """Show only what answers a query."""
        self.find = query.strip()
        self._show()

    def sort_by(self, column: str | None = None) -> None:
        """Order by a column, or the other way round when it is that already; by the next one for None."""
        place = self.place
        names = list(SORTS)
        if column is None:
            place.sort, place.descending = names[(names.index(place.sort) + 1) % len(names)], False
        elif column == place.sort:
            place.descending = not place.descending
        else:
            place.sort, place.descending = column, False
        self._ordered = self._order()
        self.rebuild()

    def next_zone(self) -> str:
        """Show times in the next zone; its word."""
        self._zone = (self._zone + 1) % len(self._zones)
        return self.zone_word

    # -- marks --------------------------------------------------------------------------------------------------------

    def marked(self) -> list[Row]:
        """The marked rows of this view as they are known now, in its order; those out of sight come last."""
        marks = self.place.marks
        ids = [*(one for one in self._shown if one in marks), *(one for one in marks if one not in set(self._shown))]
        return [self.row(identity) or marks[identity] for identity in ids]

    def out_of_sight(self, ids: Iterable[str]) -> int:
        """How many of these are not in the list that is shown."""
        return len(set(ids) - set(self._shown))

    def mark(self, identity: str) -> bool:
        """Mark a row, or unmark it; whether it is marked now."""
        row, marks = self.row(identity), self.place.marks
        if identity in marks or row is None:
            marks.pop(identity, None)
            return False
        marks[identity] = row
        return True

    def mark_all(self) -> None:
        """Mark every row of the list."""
        for identity in self._shown:
            row = self.row(identity)
            if row is not None:
                self.place.marks[identity] = row

    # -- freezing -----------------------------------------------------------------------------------------------------

    @property
    def frozen(self) -> bool:
        """Whether order and paint are frozen."""
        return self._frozen_at is not None

    @property
    def held_back(self) -> str:
        """What happened since the freeze ("4 changed")."""
        return f"{len(self._held_back)} changed" if self._held_back else ""

    def freeze(self, now: float) -> None:
        """Keep order and paint as they are from this monotonic moment on."""
        self._frozen_at = now

    def thaw(self) -> None:
        """Show what is known now."""
        self._frozen_at = None
        self._held_back.clear()
        self.rebuild()

    def freeze_is_over(self, now: float) -> bool:
        """Whether a freeze has lasted long enough."""
        return self._frozen_at is not None and now - self._frozen_at >= PAUSE_SECONDS

    # -- what the desk did --------------------------------------------------------------------------------------------

    def absorb(self, delta: Delta) -> Change:
        """Take in a step of the desk; what is to be painted for it."""
        if delta.changes or delta.whole or delta.feed:
            self._summed = None
        if self.frozen:
            self._held_back |= {change.id for change in delta.changes if change.before is not None or self.view.held}
            return Change()
        if delta.whole:
            self.rebuild()
            return Change(order=True)
        ids = {change.id for change in delta.changes}
        if not self.view.held:
            return Change(touched=frozenset(self._freshen(ids)))
        order = False
        held = self.desk.attention_rows if self.view.name == "attention" else None
        belongs = {row.id for row in held()} if held and ids else None
        for identity in ids:
            row = self.desk.known(identity)
            order |= self._ordered.put(identity, row if belongs is None or identity in belongs else None)
        if order or (self.find and ids):
            self._show()
            order = True
        return Change(order=order, touched=frozenset(ids))

    def drop_over(self) -> int:
        """Time has passed: take out of Attention what can no longer be saved; how many rows that were."""
        if self.view.name != "attention" or self.frozen:
            return 0
        belongs = {row.id for row in self.desk.attention_rows()}
        over = [identity for identity in self._ordered.rows if identity not in belongs]
        for identity in over:
            self._ordered.put(identity, None)
        if over:
            self._show()
        return len(over)

    def take_page(self, page: ServerPage) -> None:
        """Show a page that the server gave."""
        self.place.page, self.place.fault, self.place.loading = page, "", False
        self.rebuild()

    def rebuild(self) -> None:
        """Work out the rows anew from what the desk knows now, also under a freeze: a person asked for it."""
        if self.view.held:
            rows = self.desk.attention_rows() if self.view.name == "attention" else self.desk.open_rows()
            self._ordered.fill(rows)
        self._show()

    def same_page(self, page: ServerPage) -> bool:
        """Whether a page that was just read looks the same as the one that is shown."""
        shown = self.place.page
        return shown is not None and shown.rows == page.rows and shown.next_url == page.next_url

    def _summary(self) -> tuple[int | None, datetime | None]:
        now = self.desk.now()
        minute = floor_minute(now)
        if self._summed is None or self._summed[0] != minute or (self._summed[2] and self._summed[2] <= now):
            if not self.desk.rows and not self.desk.feed().complete:
                return None, None
            needs = sum(1 for row in self.desk.attention_rows() if needs_person(row, now))
            starts = (start(row) for row in self.desk.open_rows() if isinstance(row, Reservation))
            ahead = min((at for at in starts if at > now), default=None)
            self._summed = minute, needs, ahead
        return self._summed[1], self._summed[2]

    # -- inside -------------------------------------------------------------------------------------------------------

    def _order(self) -> Ordered:
        status, filters = self.view.status, self.filters
        return Ordered(sort_key(self.place.sort, self.desk.names), lambda row: passes(row, status, filters))

    def _show(self) -> None:
        if self.view.held:
            self._rows = self._ordered.rows
            ids = self._ordered.ids()
            if self.place.descending:
                ids.reverse()
        else:
            page = self.place.page
            self._rows = {row.id: self._newest(row) for row in page.rows} if page else {}
            ids = list(self._rows)
        if self.find:
            finder = Finder(self.find, self.desk.names)
            ids = [identity for identity in ids if finder.matches(self._rows[identity])]
        self._shown = ids

    def _freshen(self, ids: Iterable[str]) -> set[str]:
        touched = {identity for identity in ids if identity in self._rows}
        for identity in touched:
            self._rows[identity] = self._newest(self._rows[identity])
        return touched

    def _newest(self, row: Row) -> Row:
        known = self.desk.known(row.id)
        return newer(known, row) if known is not None and isinstance(row, Reservation) else row


def needs_person(row: Row, now: datetime) -> bool:
    """Whether a row is failed or late while something can still be done about it."""
    if not isinstance(row, Reservation):
        return True
    return status_of(row) == FAILED or words.overdue(row, now) > 0


def _count(count: int | None) -> str:
    return "" if count is None else str(count)


def _zones(zone: tzinfo, name: str) -> list[tuple[str, tzinfo]]:
    found = [(name, zone)]
    for word, other in (("local", local_zone()), ("UTC", UTC)):
        if word != name and str(other) != str(zone):
            found.append((word, other))
    return found
