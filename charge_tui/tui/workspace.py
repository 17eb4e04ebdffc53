"""What a person has in front of him: the view, its order, what is searched for, the zone, and whether it is frozen.

Knows the desk and no Textual: the screen asks it what to show, and tells it what the person wants.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from charge_tui.desk.desk import Desk
from charge_tui.desk.state import Delta, Filters, ServerPage
from charge_tui.domain.diff import newer
from charge_tui.domain.reservation import Reservation, Row
from charge_tui.tui.find import Finder
from charge_tui.tui.model import SORTS, URGENCY, Ordered, Rule, passes, sort_key
from charge_tui.tui.place import Change, Place
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.standing import Standing
from charge_tui.tui.render.tellings import news_words
from charge_tui.tui.starts import Starts
from charge_tui.tui.urgency import Urgency
from charge_tui.tui.views import BY_NAME, View
from charge_tui.tui.zones import Zones

if TYPE_CHECKING:
    from charge_tui.desk.attention.watch import Watch

PAUSE_SECONDS: Final = 600.0
"""After that long a freeze ends by itself."""


class Workspace:
    """The state of the main screen.

    Args:
        zone: the zone of the settings; ``z`` goes from it to the machine's and to UTC.
    """

    def __init__(self, desk: Desk, watch: "Watch", *, view: str, zone: tzinfo, zone_name: str) -> None:
        self.desk = desk
        self.watch = watch
        self.view: View = BY_NAME[view]
        self.filters = Filters()
        self.find = ""
        self._places = {
            name: Place(URGENCY if name == "attention" else "in", columns=view.columns)
            for name, view in BY_NAME.items()
        }
        self._zones = Zones(zone, zone_name)
        self._frozen_at: float | None = None
        self._held_back: set[str] = set()
        self.urgency = Urgency(desk, watch)
        self._starts = Starts()
        self._counted: dict[str, int | None] | None = None
        self._ordered = self._order()
        self._lines: Sequence[str] = ()
        self._shown: list[str] = []
        self._rows: Mapping[str, Row] = {}
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
    def lines(self) -> Sequence[str]:
        """The same with the rules between them."""
        return self._lines

    @property
    def urgent(self) -> bool:
        """Whether the rows stand in the order of the queue."""
        return self.view.name == "attention" and self.place.sort == URGENCY

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
        return self._zones.zone

    @property
    def zone_word(self) -> str:
        """What that zone is called here."""
        return self._zones.word

    def standing(self, identity: str) -> Standing:
        """How a row stands with the findings."""
        return self.urgency.standing(identity, urgent=self.urgent)

    def needs(self) -> int | None:
        """How many wait for a person; None while that is not known."""
        return self.urgency.queue.waiting if self.desk.rows or self.desk.feed().complete else None

    def next_start(self) -> datetime | None:
        """When the next open reservation starts."""
        return self._starts.next(self.desk.now())

    def next_deadline(self) -> datetime | None:
        """The next time of consequence of what waits for a person, else when the next open reservation starts."""
        return self.urgency.next_due(self.desk.now()) or self.next_start()

    def counts(self) -> dict[str, str]:
        """By view: how many rows it has, as text; empty where that is not known."""
        if self._counted is None:
            self._counted = self.desk.counts()
        known = self._counted
        told = {name: "" if view.status is None else _count(known.get(view.status)) for name, view in BY_NAME.items()}
        needs = self.needs()
        told["attention"] = str(needs) if needs else ""
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
        names = [name for name in SORTS if name != URGENCY or self.view.name == "attention"]
        if column is None:
            place.sort, place.descending = names[(names.index(place.sort) + 1) % len(names)], False
        elif column == place.sort:
            place.descending = not place.descending and column != URGENCY
        elif column in names:
            place.sort, place.descending = column, False
        self._ordered = self._order()
        self.rebuild()

    def next_zone(self) -> str:
        """Show times in the next zone; its word."""
        return self._zones.next()

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
        """What happened since the freeze ("4 new, 1 critical", "4 changed")."""
        new = news_words(*self.urgency.news()) if self.frozen else ""
        return new or (f"{len(self._held_back)} changed" if self._held_back else "")

    def freeze(self, now: float) -> None:
        """Keep order and paint as they are from this monotonic moment on."""
        self._frozen_at = now
        self.urgency.look()

    def thaw(self) -> None:
        """Show what is known now."""
        self._frozen_at = None
        self._held_back.clear()
        self.rebuild()

    def freeze_is_over(self, now: float) -> bool:
        """Whether a freeze has lasted long enough."""
        return self._frozen_at is not None and now - self._frozen_at >= PAUSE_SECONDS

    # -- what the desk did --------------------------------------------------------------------------------------------

    def absorb(self, delta: Delta, *, held: bool = False) -> Change:
        """Take in a step of the desk; what is to be painted for it. ``held``: Attention must not change its order."""
        self._counted = None
        if delta.whole:
            self._starts.fill(self.desk.open_rows())
        for change in delta.changes:
            self._starts.put(change.id, change.after)
        if self.frozen:
            self._held_back |= {change.id for change in delta.changes if change.before is not None or self.view.held}
            return Change()
        if delta.whole:
            self.rebuild()
            return Change(order=True)
        ids = {change.id for change in delta.changes}
        if not self.view.held:
            return Change(touched=frozenset(self._freshen(ids)))
        if self.view.name == "attention":
            order = self.urgency.put(ids)
        else:
            order = False
            for identity in ids:
                order |= self._ordered.put(identity, self.desk.known(identity))
        if order or (self.find and ids):
            order = self._show(held=held)
        return Change(order=order, touched=frozenset(ids))

    def turn(self, *, held: bool) -> bool:
        """Take in the queue as it is now; whether the rows have to be shown anew."""
        if self.frozen or not self.urgency.turn():
            return False
        return self.view.name == "attention" and self._show(held=held)

    def settle(self) -> bool:
        """Give a held order up: show what should be shown; whether that is another order."""
        return self.urgent and not self.frozen and self.urgency.behind and self._show()

    def take_page(self, page: ServerPage) -> None:
        """Show a page that the server gave."""
        self.place.page, self.place.fault, self.place.loading = page, "", False
        self.rebuild()

    def rebuild(self) -> None:
        """Work out the rows anew from what the desk knows now, also under a freeze: a person asked for it."""
        self._counted = None
        self._starts.fill(self.desk.open_rows())
        if self.view.name == "attention":
            self.urgency.order(sort_key(self.place.sort, self.desk.names), self.filters)
        elif self.view.held:
            self._ordered.fill(self.desk.open_rows())
        self._show()

    def same_page(self, page: ServerPage) -> bool:
        """Whether a page that was just read looks the same as the one that is shown."""
        shown = self.place.page
        return shown is not None and shown.rows == page.rows and shown.next_url == page.next_url

    # -- inside -------------------------------------------------------------------------------------------------------

    def _order(self) -> Ordered:
        status, filters = self.view.status, self.filters
        return Ordered(sort_key(self.place.sort, self.desk.names), lambda row: passes(row, status, filters))

    def _show(self, *, held: bool = False) -> bool:
        finder = Finder(self.find, self.desk.names) if self.find else None
        before = self._lines
        if self.view.name == "attention":
            self._rows = self.urgency.rows
            if self.urgent:
                self._lines = self.urgency.arrange(finder.matches if finder else None, held=held)
                self._shown = [line for line in self._lines if not isinstance(line, Rule)]
                return self._lines != before
            ids = self.urgency.ids()
        elif self.view.held:
            self._rows, ids = self._ordered.rows, self._ordered.ids()
        else:
            page = self.place.page
            self._rows = {row.id: self._newest(row) for row in page.rows} if page else {}
            ids = list(self._rows)
        if self.view.held and self.place.descending:
            ids.reverse()
        if finder:
            ids = [identity for identity in ids if finder.matches(self._rows[identity])]
        self._lines = self._shown = ids
        return ids != before

    def _freshen(self, ids: Iterable[str]) -> set[str]:
        touched = {identity for identity in ids if identity in self._rows}
        self._rows = {**self._rows, **{identity: self._newest(self._rows[identity]) for identity in touched}}
        return touched

    def _newest(self, row: Row) -> Row:
        known = self.desk.known(row.id)
        return newer(known, row) if known is not None and isinstance(row, Reservation) else row


def _count(count: int | None) -> str:
    return "" if count is None else str(count)
