"""Pages of a list: read whole where they are as documented, row by row where they are not, and followed with care."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any, Generic, TypeVar

import httpx
from pydantic import BaseModel, Field, ValidationError

from charge_tui.api.answers import parsed, unreadable
from charge_tui.api.auth import origin_of
from charge_tui.api.errors import ForeignUrl, PageLoop
from charge_tui.api.meta import Answer, Meta
from charge_tui.domain.reservation import OddRow, Reservation, Row, read_row
from charge_tui.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageOf(Generic[T]):
    """One page of a list, in the server's order. The URLs are as they came; only None means that there is no more."""

    rows: tuple[T | OddRow, ...]
    next_page_url: str | None
    previous_page_url: str | None
    meta: Meta

    @property
    def data(self) -> tuple[T, ...]:
        """The rows that could be read."""
        return tuple(row for row in self.rows if not isinstance(row, OddRow))

    @property
    def odd(self) -> tuple[OddRow, ...]:
        """The rows that could not."""
        return tuple(row for row in self.rows if isinstance(row, OddRow))


Page = PageOf[Reservation]
"""A page of reservations."""


class PageFeed(Generic[T]):
    """A list that is fetched page by page while it is iterated; each iteration begins anew.

    Iterating gives the rows that could be read; ``rows()`` gives the odd ones too, ``pages()`` the pages.
    """

    def __init__(self, task: str, fetch: Callable[[str | None], Awaitable[PageOf[T]]]) -> None:
        self._task = task
        self._fetch = fetch

    async def pages(self) -> AsyncIterator[PageOf[T]]:
        """Every page up to the one whose ``next_page_url`` is null; a short or empty one does not end the list.

        Raises:
            PageLoop: a page leads to one that was followed before; the pages until there have been given.
            ForeignUrl: a page leads to another origin or path.
            ChargeError: whatever a page's request may raise.
        """
        followed: set[str] = set()
        url: str | None = None
        while True:
            page = await self._fetch(url)
            yield page
            url = page.next_page_url
            if url is None:
                return
            if url in followed:
                raise PageLoop(url, task=self._task)
            followed.add(url)

    async def rows(self) -> AsyncIterator[T | OddRow]:
        """Every row, the odd ones too, in the server's order."""
        async for page in self.pages():
            for row in page.rows:
                yield row

    async def __aiter__(self) -> AsyncIterator[T]:
        async for row in self.rows():
            if not isinstance(row, OddRow):
                yield row


class _Envelope(BaseModel):
    data: list[Reservation]
    next_page_url: Annotated[str, Field(min_length=1)] | None
    previous_page_url: Annotated[str, Field(min_length=1)] | None = None


def read_page(answer: Answer) -> Page:
    """A page of reservations; a row that is not as documented becomes what ``read_row`` makes of it.

    Raises:
        AnswerUnreadable: it is not JSON, or the envelope lacks ``data`` or ``next_page_url``.
    """
    try:
        whole = _Envelope.model_validate_json(answer.body)
    except ValidationError:
        return page_of(answer, read_row)
    rows: tuple[Row, ...] = tuple(whole.data)
    return PageOf(rows, whole.next_page_url, whole.previous_page_url, answer.meta)


def page_of(answer: Answer, read: Callable[[Any, int], T | OddRow]) -> PageOf[T]:
    """A page of anything, its rows read one by one from their JSON and position.

    Raises:
        AnswerUnreadable: it is not JSON, or the envelope lacks ``data`` or ``next_page_url``.
    """
    body = parsed(answer)
    if not isinstance(body, dict):
        raise unreadable(answer, "is not a page")
    data, after, before = body.get("data"), body.get("next_page_url", ""), body.get("previous_page_url")
    if not isinstance(data, list):
        raise unreadable(answer, "is a page without data")
    if after is not None and not (isinstance(after, str) and after):
        raise unreadable(answer, "does not say whether there is another page")
    rows = tuple(read(raw, position) for position, raw in enumerate(data))
    return PageOf(rows, after, before if isinstance(before, str) and before else None, answer.meta)


def checked_page_url(text: str, list_url: httpx.URL, task: str) -> httpx.URL:
    """The URL of a page, once it is certain that it leads to the same list of the same API.

    Raises:
        ForeignUrl: another scheme, host, port or path, user-info, or no URL at all.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError, ValueError):
        raise ForeignUrl(text, "it is not a URL", task=task) from None
    if url.userinfo:
        raise ForeignUrl(text, "it has user-info", task=task)
    if origin_of(url) != origin_of(list_url):
        raise ForeignUrl(text, f"it is not of {list_url.scheme}://{list_url.netloc.decode('ascii')}", task=task)
    if url.raw_path.split(b"?", 1)[0] != list_url.raw_path.split(b"?", 1)[0]:
        raise ForeignUrl(text, "it is not a page of this list", task=task)
    return url
