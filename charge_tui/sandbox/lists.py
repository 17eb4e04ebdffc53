"""Lists: newest first, by opaque tokens that stay valid while rows come and go [seed: S-list; docs: charge-api 1.8]."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from charge_tui.records import dataclass
from charge_tui.sandbox.errors import ApiError
from charge_tui.sandbox.paging import Pager, Token, digest
from charge_tui.sandbox.readings import Readings

DEFAULT_LIMIT: Final = 10
MOST: Final = 100

_PAGE_LIFE: Final = 3600
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)

Entry = tuple[int, str]
"""A place in the order of creation and the JSON text that stands there."""

Source = Callable[[int | None, bool, int], Sequence[Entry]]
"""(position, newer, count) -> at most so many entries beyond the position, nearest first."""


@dataclass(frozen=True, slots=True)
class Query:
    """The query of a list, checked: which filters, what to expand, and the page that is asked for."""

    filters: Mapping[str, str]
    expand: tuple[str, ...]
    limit: int
    limit_given: bool
    token: Token | None


class Lists:
    """Reads list queries and writes pages."""

    def __init__(self, readings: Readings, pager: Pager) -> None:
        self.readings = readings
        self.pager = pager

    def query(self, path: str, pairs: Sequence[tuple[str, str]], filters: Sequence[str], now: int) -> Query:
        """Check the query of a list; ``now`` is in seconds.

        Raises:
            ApiError: 400 for a bad limit, token or parameter.
        """
        known = {*filters, "limit", "page", "expand"}
        values: dict[str, str] = {}
        for name, value in pairs:
            if name not in known and self.readings.is_("unknown-parameters", "reject"):
                raise ApiError(400, f"Unknown parameter {name[:80]!r}.", "reservation_invalid_input", name[:80])
            values[name] = value
        chosen = {name: values[name] for name in filters if values.get(name)}
        token = self._token(values["page"], digest(path, chosen), now) if "page" in values else None
        limit = self._limit(values["limit"]) if "limit" in values else token.limit if token else DEFAULT_LIMIT
        expand = tuple(value for name, value in pairs if name == "expand")
        return Query(chosen, expand, limit, "limit" in values, token)

    def page(self, origin: str, path: str, query: Query, source: Source, now: int) -> str:
        """The JSON text of the page that a query asks for; ``origin`` is the scheme and host that its URLs name."""
        token = query.token
        position = token.position if token else None
        backwards = bool(token and token.newer)
        found = list(source(position, backwards, query.limit + 1))
        more = len(found) > query.limit
        found = found[: query.limit]
        if backwards:
            found.reverse()
        newest, oldest = (found[0][0], found[-1][0]) if found else _around(position, backwards)
        if backwards:
            newer, older = more, bool(source(oldest, False, 1))
        else:
            newer, older = token is not None and bool(source(newest, True, 1)), more
        filters = digest(path, query.filters)

        def url(at: int | None, towards_newer: bool, there: bool) -> str:
            if not there or at is None:
                return "null"
            text = self.pager.write(Token(at, towards_newer, query.limit, filters, now))
            return f'"{self._url(origin, path, query, text)}"'

        rows = [text for _, text in found]
        if backwards and self.readings.is_("previous-order", "oldest-first"):
            rows.reverse()
        return (
            f'{{"data":[{",".join(rows)}],"next_page_url":{url(oldest, False, older)},'
            f'"previous_page_url":{url(newest, True, newer)}}}'
        )

    def _url(self, origin: str, path: str, query: Query, token: str) -> str:
        pairs = [("page", token), *query.filters.items(), *(("expand", name) for name in query.expand)]
        if query.limit_given:
            pairs.append(("limit", str(query.limit)))
        if self.readings.is_("page-urls", "documented-host"):
            origin = "https://api.chargeapi.co"
        return f"{origin}{path}?{urlencode(pairs, quote_via=quote)}"

    def _limit(self, text: str) -> int:
        if not _INTEGER.fullmatch(text):
            raise ApiError(400, "limit must be an integer.", "reservation_invalid_input", "limit")
        limit = int(text)
        if 1 <= limit <= MOST:
            return limit
        if self.readings.is_("limit-out-of-range", "clamp"):
            return min(max(limit, 1), MOST)
        raise ApiError(400, f"limit must be 1 to {MOST}.", "reservation_invalid_input", "limit")

    def _token(self, text: str, filters: bytes, now: int) -> Token:
        status = self.readings.status("page-refusal")
        try:
            token = self.pager.read(text)
        except ValueError as fault:
            raise ApiError(status, "Invalid page token.", "reservation_invalid_input", "page") from fault
        if token.filters != filters and self.readings.is_("page-other-filter", "reject"):
            raise ApiError(status, "The page token belongs to other filters.", "reservation_invalid_input", "page")
        if now - token.made > _PAGE_LIFE and self.readings.is_("page-life", "1h"):
            raise ApiError(status, "The page token has lapsed.", "reservation_invalid_input", "page")
        return token


def _around(position: int | None, backwards: bool) -> tuple[int | None, int | None]:
    """Where the pages on both sides of an empty one begin: the row at its position is part of the one it came from."""
    if position is None:
        return None, None
    return (position, position + 1) if backwards else (position - 1, position)
