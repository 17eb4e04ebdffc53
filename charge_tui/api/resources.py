"""Reservations, and the objects beside them that a desk resolves names with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from charge_tui.api import bodies
from charge_tui.api.answers import parsed, unreadable
from charge_tui.api.meta import Answer
from charge_tui.api.pages import Page, PageFeed, PageOf, page_of, read_page
from charge_tui.api.retry import RetryPolicy
from charge_tui.api.session import Session
from charge_tui.api.words import quoted
from charge_tui.domain.reading import odd_fields
from charge_tui.domain.reservation import Location, OddRow, Reservation, Row, read_row

N = TypeVar("N", bound=BaseModel)
T = TypeVar("T")

_PATH = "/reservations"


class Reservations:
    """``/v1/reservations`` [seed][docs: charge-api 2.3]. Every call may raise what ``charge_tui.api.errors`` lists."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        *,
        status: str | None = None,
        driver: str | None = None,
        vehicle: str | None = None,
        charging_station: str | None = None,
        limit: int = 10,
        expand: Iterable[str] = (),
        retry: RetryPolicy | None = None,
    ) -> PageFeed[Reservation]:
        """All reservations that match, newest ``created`` first, fetched in pages of ``limit`` (1–100) as needed."""
        fetch = partial(
            self.page, status=status, driver=driver, vehicle=vehicle, charging_station=charging_station, limit=limit,
            expand=tuple(expand), retry=retry,
        )  # fmt: skip
        return PageFeed("list reservations", lambda url: fetch(url=url))

    async def page(
        self,
        *,
        status: str | None = None,
        driver: str | None = None,
        vehicle: str | None = None,
        charging_station: str | None = None,
        limit: int = 10,
        expand: Iterable[str] = (),
        url: str | None = None,
        retry: RetryPolicy | None = None,
    ) -> Page:
        """One page: the first one that matches, or the one at a URL that an earlier page gave.

        A ``url`` carries filters and limit already, so those given beside it are not sent.

        Raises:
            ForeignUrl: ``url`` is not one of this API's pages of reservations.
        """
        task = "list reservations"
        if url is not None:
            return await self._session.get_page(url, _PATH, read_page, task=task, retry=retry)
        filters = {"status": status, "driver": driver, "vehicle": vehicle, "charging_station": charging_station}
        query = bodies.list_query(filters, limit, expand)
        return await self._session.get(_PATH, read_page, task=task, query=query, retry=retry)

    async def retrieve(
        self, reservation: str, *, expand: Iterable[str] = (), retry: RetryPolicy | None = None
    ) -> Reservation:
        """One reservation by its id.

        Raises:
            NotFound: there is none of that id.
            AnswerUnreadable: it lacks a field that is documented as required; ``retrieve_row`` gives what there is.
        """
        return await self._get(reservation, _reservation, expand, retry)

    async def retrieve_row(
        self, reservation: str, *, expand: Iterable[str] = (), retry: RetryPolicy | None = None
    ) -> Row:
        """One reservation by its id, however odd."""
        return await self._get(reservation, _row, expand, retry)

    async def raw(self, reservation: str, *, retry: RetryPolicy | None = None) -> str:
        """The answer's text as it came, not parsed and not made safe."""
        return await self._get(reservation, _text, (), retry)

    async def create(
        self,
        *,
        driver: str,
        vehicle: str,
        ideal_start: datetime | str,
        ideal_end: datetime | str,
        connector_type: Sequence[str],
        location: Location | Mapping[str, float],
        payment_method: str | None = None,
        earliest_start: datetime | str | None = None,
        latest_end: datetime | str | None = None,
        metadata: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        retry: RetryPolicy | None = None,
    ) -> Reservation:
        """Book. What is None is not sent. The answer is the truth, not what was sent [docs: charge-api 4.2].

        Raises:
            OutcomeUnknown: there may be a new reservation or none.
        """
        body = bodies.create_body(
            {
                "driver": driver,
                "vehicle": vehicle,
                "ideal_start": ideal_start,
                "ideal_end": ideal_end,
                "connector_type": connector_type,
                "location": location,
                "payment_method": payment_method,
                "earliest_start": earliest_start,
                "latest_end": latest_end,
                "metadata": metadata,
            }
        )
        return await self._session.post(
            _PATH, body, _reservation, task="create a reservation", idempotency_key=idempotency_key, retry=retry
        )

    async def update(
        self,
        reservation: str,
        changes: Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        retry: RetryPolicy | None = None,
    ) -> Reservation:
        """Change a pending reservation: only the fields in ``changes`` are sent; None clears the two limits.

        Raises:
            OutcomeUnknown: the change may have taken effect or not.
        """
        return await self._act(reservation, "update", "", bodies.update_body(changes), idempotency_key, retry)

    async def confirm(
        self,
        reservation: str,
        *,
        payment_method: str | None = None,
        idempotency_key: str | None = None,
        retry: RetryPolicy | None = None,
    ) -> Reservation:
        """Find a station and lock a connector now. A 2xx may hold ``failed``: read ``status`` [docs-old].

        Raises:
            OutcomeUnknown: it may have been tried or not.
        """
        body = bodies.confirm_body(payment_method)
        return await self._act(reservation, "confirm", "/confirm", body, idempotency_key, retry)

    async def cancel(
        self, reservation: str, *, idempotency_key: str | None = None, retry: RetryPolicy | None = None
    ) -> Reservation:
        """Cancel a pending or confirmed reservation; a fee may apply, and the answer does not tell [docs].

        Raises:
            OutcomeUnknown: it may be cancelled or not.
        """
        return await self._act(reservation, "cancel", "/cancel", bodies.encoded({}), idempotency_key, retry)

    async def _act(
        self, reservation: str, verb: str, action: str, body: bytes, key: str | None, retry: RetryPolicy | None
    ) -> Reservation:
        path = f"{_PATH}/{bodies.segment(reservation)}{action}"
        task = f"{verb} reservation {quoted(reservation, 60)}"
        return await self._session.post(path, body, _reservation, task=task, idempotency_key=key, retry=retry)

    async def _get(
        self, reservation: str, read: Callable[[Answer], T], expand: Iterable[str], retry: RetryPolicy | None
    ) -> T:
        path = f"{_PATH}/{bodies.segment(reservation)}"
        task = f"read reservation {quoted(reservation, 60)}"
        return await self._session.get(path, read, task=task, query=bodies.expand_query(expand), retry=retry)


class Neighbours(Generic[N]):
    """A kind of object that is only read here: drivers, vehicles, charging stations, payment methods [docs]."""

    def __init__(self, session: Session, path: str, noun: str, model: type[N]) -> None:
        self._session = session
        self._path = path
        self._noun = noun
        self._model = model

    async def retrieve(self, identity: str, *, retry: RetryPolicy | None = None) -> N:
        """One by its id; an optional field in an unreadable form is None, only the id is required.

        Raises:
            NotFound, PermissionDenied: concern this object alone.
        """
        path = f"{self._path}/{bodies.segment(identity)}"
        task = f"read {self._noun} {quoted(identity, 60)}"
        return await self._session.get(path, self._one, task=task, retry=retry)

    async def page(
        self,
        *,
        limit: int = 10,
        url: str | None = None,
        retry: RetryPolicy | None = None,
        **filters: str | float | None,
    ) -> PageOf[N]:
        """One page; ``filters`` are the API's own [docs: charge-api 3]. A ``url`` carries them already."""
        task = f"list {self._noun}s"
        if url is not None:
            return await self._session.get_page(url, self._path, self.read_page, task=task, retry=retry)
        query = bodies.list_query(filters, limit, ())
        return await self._session.get(self._path, self.read_page, task=task, query=query, retry=retry)

    def list(self, *, limit: int = 100, retry: RetryPolicy | None = None, **filters: str | float | None) -> PageFeed[N]:
        """All that match, fetched in pages of ``limit`` as needed."""
        return PageFeed(f"list {self._noun}s", lambda url: self.page(limit=limit, url=url, retry=retry, **filters))

    def read_page(self, answer: Answer) -> PageOf[N]:
        """A page of them; a row without an id is an odd one."""
        return page_of(answer, self._read)

    def _one(self, answer: Answer) -> N:
        row = self._read(parsed(answer), 0)
        if isinstance(row, OddRow):
            raise unreadable(answer, f"is no {self._noun}", row.raw)
        return row

    def _read(self, raw: Any, position: int) -> N | OddRow:
        try:
            return self._model.model_validate(raw)
        except (ValidationError, RecursionError):
            odd = odd_fields(self._model, raw) if isinstance(raw, dict) else {"id"}
        if "id" not in odd:
            return self._model.model_validate({name: value for name, value in raw.items() if name not in odd})
        return OddRow(f"row {position + 1}", raw, ("id missing or unreadable",))


def _row(answer: Answer) -> Row:
    return read_row(parsed(answer))


def _reservation(answer: Answer) -> Reservation:
    row = read_row(parsed(answer))
    if isinstance(row, OddRow):
        raise unreadable(answer, f"is no whole reservation ({', '.join(row.problems[:3])})", row.raw)
    return row


def _text(answer: Answer) -> str:
    return answer.text
