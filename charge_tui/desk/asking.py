"""What a person has read besides what the poller reads: a page, one reservation, its JSON."""

from abc import ABC, abstractmethod
from datetime import datetime

from charge_tui.api import ChargeClient
from charge_tui.api.errors import ChargeError, FeedFault, NotFound
from charge_tui.api.retry import NO_RETRY
from charge_tui.clock import Clock
from charge_tui.desk.budget import Share
from charge_tui.desk.gauge import spending
from charge_tui.desk.state import Filters, ServerPage
from charge_tui.domain.reservation import OddRow, Row


class Asking(ABC):
    """Reads at once, on the person's share of the budget, and puts what came into the picture."""

    page_size: int
    _clock: Clock

    @property
    @abstractmethod
    def client(self) -> ChargeClient:
        """The client in use."""

    @abstractmethod
    def now(self) -> datetime:
        """World time."""

    @abstractmethod
    def known(self, identity: str) -> Row | None:
        """A reservation as it was last seen."""

    @abstractmethod
    def take(self, rows: tuple[Row, ...], seen: float, source: str) -> None:
        """Take in rows that were asked for at that monotonic moment."""

    @abstractmethod
    def take_gone(self, identity: str) -> None:
        """Note that the API has no such reservation any more."""

    @abstractmethod
    def feed_fault(self, error: ChargeError) -> None:
        """Tell that a list cannot be followed to its end."""

    @abstractmethod
    def step_done(self) -> None:
        """Tell the listeners what came of one step."""

    async def page(
        self,
        *,
        status: str | None,
        filters: Filters | None = None,
        url: str | None = None,
        number: int = 1,
        share: Share = Share.PERSON,
    ) -> ServerPage:
        """A page of a view that the server pages: the first one, or the one at a URL that a page gave.

        Raises:
            ChargeError: it could not be read.
        """
        asked, wanted = self._clock.monotonic(), filters or Filters()
        try:
            with spending(share):
                page = await self.client.reservations.page(
                    status=status,
                    driver=wanted.driver,
                    vehicle=wanted.vehicle,
                    charging_station=wanted.charging_station,
                    limit=self.page_size,
                    url=url,
                    retry=NO_RETRY,
                )
        except FeedFault as fault:
            self.feed_fault(fault)
            self.step_done()
            raise
        self.take(page.rows, asked, "page")
        self.step_done()
        rows = tuple(self._newest(row) for row in page.rows)
        return ServerPage(rows, number, page.next_page_url, page.previous_page_url, self.now())

    async def read(self, identity: str) -> Row:
        """Read one reservation now.

        Raises:
            NotFound: there is none of that id.
            ChargeError: it could not be read.
        """
        asked = self._clock.monotonic()
        try:
            row = await self.client.reservations.retrieve_row(identity, retry=NO_RETRY)
        except NotFound:
            self.take_gone(identity)
            self.step_done()
            raise
        self.take((row,), asked, "read")
        self.step_done()
        return self._newest(row)

    async def raw(self, identity: str) -> str:
        """The JSON of one reservation as the API sends it now, as raw text.

        Raises:
            ChargeError: it could not be read.
        """
        return await self.client.reservations.raw(identity, retry=NO_RETRY)

    def _newest(self, row: Row) -> Row:
        return (self.known(row.id) or row) if not isinstance(row, OddRow) or row.identified else row
