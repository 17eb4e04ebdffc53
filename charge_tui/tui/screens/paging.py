"""The desk's screen with its views: which one is open, and the pages of those that the server pages."""

from charge_tui.api.errors import ChargeError
from charge_tui.desk.budget import Share
from charge_tui.domain.text import safe
from charge_tui.tui.screens.picture import PictureScreen
from charge_tui.tui.widgets.walkable import Walkable


class PagingScreen(PictureScreen):
    """Opens views, and asks the server for pages: beside the keys, the last one asked for wins."""

    _page_asked = 0
    _page_at = 0.0

    @property
    def home(self) -> Walkable:
        """Where the cursor is walked: the table, or what stands in its place."""
        return self.table

    def go_on(self) -> None:
        """To the reservation after the one under the cursor."""
        self.home.move(1)

    def on_mount(self) -> None:
        """Ask for the first page where the desk begins with a view that is paged."""
        if not self.workspace.view.held:
            self.load_page()

    def open_view(self, name: str) -> None:
        """Show another view."""
        ask_server = self.workspace.open_view(name)
        self.close_find()
        self.show_columns()
        self.show_rows(anew=True)
        self.show_edges()
        if ask_server and self.workspace.place.page is None:
            self.load_page()

    def load_page(self, url: str | None = None, number: int = 1, *, quietly: bool = False) -> None:
        """Ask the server for a page of the present view, and show it unless another one was asked for since."""
        self._page_asked += 1
        self._page_at = self.clock.monotonic()
        if not quietly:
            self.workspace.place.loading = True
            self.show_edges()
        self.run_worker(self._load_page(self._page_asked, url, number, quietly), group="page")

    async def _load_page(self, asked: int, url: str | None, number: int, quietly: bool) -> None:
        space = self.workspace
        view, place = space.view, space.place
        try:
            share = Share.QUIET if quietly else Share.PERSON
            page = await self.desk.page(status=view.status, filters=space.filters, url=url, number=number, share=share)
        except ChargeError as error:
            if asked == self._page_asked and space.view is view:
                place.loading = False
                if not quietly:
                    place.fault = safe(error.sentence, 300) if place.page is None else ""
                    self.say(safe(error.sentence, 300), "bad")
                self.show_edges()
            return
        if asked != self._page_asked or space.view is not view or (quietly and space.frozen):
            place.loading = False
            return
        if quietly and space.same_page(page):
            return
        space.take_page(page)
        self.show_rows(anew=not quietly)
        self.show_edges()

    def tick(self) -> None:
        """A second has passed; page 1 of a view that the server pages is read again in turn, or tried again."""
        super().tick()
        place, every = self.workspace.place, self.options.refresh
        due = every > 0 and self.clock.monotonic() - self._page_at >= every
        first = place.page.number == 1 if place.page else bool(place.fault) and not place.loading
        if due and first and not self.workspace.view.held and not self.workspace.frozen and self.desk.spare():
            self.load_page(quietly=True)

    def do_next_page(self) -> None:
        """The server's next page, or a screenful down."""
        page = self.workspace.place.page
        if self.workspace.view.held:
            self.home.move_page(1)
        elif page and page.next_url:
            self.load_page(page.next_url, page.number + 1)
        elif page:
            self.say("this is the last page")
        else:
            self.say("no page was read yet")

    def do_previous_page(self) -> None:
        """The server's previous page, or a screenful up."""
        page = self.workspace.place.page
        if self.workspace.view.held:
            self.home.move_page(-1)
        elif page and page.previous_url:
            self.load_page(page.previous_url, max(1, page.number - 1))
        elif page:
            self.say("this is the first page")
        else:
            self.say("no page was read yet")

    def close_find(self) -> None:
        """Away with the line to type in, and with what stood in it."""
        self.find_bar.close(clear=True)
        self.remove_class("-finding")
