"""The desk's screen with its ways to find something: in what is loaded, by the API's filters, by an id."""

from typing import TYPE_CHECKING

from textual import on

from charge_tui.api.errors import ChargeError, NotFound
from charge_tui.desk.state import Filters
from charge_tui.domain.text import safe
from charge_tui.tui.screens.paging import PagingScreen
from charge_tui.tui.widgets.findbar import FindBar

if TYPE_CHECKING:
    from charge_tui.tui.choices import Choice


class FindingScreen(PagingScreen):
    """Finds, filters, opens by id, opens the detail and closes what was opened."""

    def do_find(self) -> None:
        """Open the line to type in, and show the table that it searches."""
        self.remove_class("-detail-open")
        self.add_class("-finding")
        self.find_bar.open()
        self.show_status()

    @on(FindBar.Changed)
    def _find_changed(self, event: FindBar.Changed) -> None:
        self.workspace.set_find(event.query)
        self.show_rows()
        self.show_edges()

    @on(FindBar.Done)
    def _find_done(self) -> None:
        self.action_leave_find()

    def action_leave_find(self) -> None:
        """From the line to type in to what was found."""
        self.find_bar.close(clear=False)
        self.remove_class("-finding")
        self.home.focus()

    def do_filter(self) -> None:
        """Open the form of the API's filters."""
        from charge_tui.tui.screens.filter import FilterForm

        self.app.push_screen(FilterForm(self.workspace.filters, self._choices()), self._filtered)

    def do_clear_filter(self) -> None:
        """Show all again."""
        self._filtered(Filters())

    def _filtered(self, filters: Filters | None) -> None:
        if filters is None or filters == self.workspace.filters:
            return
        if self.workspace.set_filters(filters):
            self.load_page()
        self.show_rows(anew=True)
        self.show_edges()

    def _choices(self) -> "dict[str, list[Choice]]":
        from charge_tui.tui.choices import Choice, told_apart

        look = self.workspace.look()
        labels = {"driver": look.driver, "vehicle": look.vehicle, "station": look.station}
        known = self.desk.names.known
        return {kind: told_apart([Choice(one.id, labels[kind](one.id)) for one in known(kind)]) for kind in labels}

    def do_open_id(self) -> None:
        """Ask for an id and show that reservation."""
        from charge_tui.tui.screens.ask import AskId

        self.app.push_screen(AskId("Open a reservation by its id", "res_…"), self._open_id)

    def _open_id(self, identity: str | None) -> None:
        if identity:
            self.run_worker(self._read_and_open(identity), group="read")

    async def _read_and_open(self, identity: str) -> None:
        shown = safe(identity, 60)
        try:
            row = await self.desk.read(identity)
        except NotFound:
            self.say(f"there is no reservation {shown}", "warn")
            return
        except ChargeError as error:
            self.say(safe(error.sentence, 300), "bad")
            return
        self.table.go(row.id)
        self.pinned = None if self.table.cursor == row.id else row
        self.show_detail()
        if not self.detail.has_focus:
            self.do_open()

    def do_open(self) -> None:
        """The detail, or back to the table."""
        if self.detail.has_focus:
            self.do_back()
            return
        self.add_class("-detail-open")
        self.detail.focus()
        self.call_after_refresh(self.show_detail)

    def do_back(self) -> None:
        """One step back: from the search, from the detail."""
        if self.find_bar.display or self.workspace.find:
            self.close_find()
            self.workspace.set_find("")
            self.show_rows()
            self.show_edges()
        self.pinned = None
        self.remove_class("-detail-open")
        self.home.focus()
