"""The calls of the API as routes: reservations and the neighbours that a desk resolves names with."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from charge_tui.domain.lifecycle import STATUSES
from charge_tui.sandbox import expansion
from charge_tui.sandbox.documents import encode
from charge_tui.sandbox.errors import ApiError, missing
from charge_tui.sandbox.exchange import answer_once, origin, read_body
from charge_tui.sandbox.instants import SECOND
from charge_tui.sandbox.lists import Entry
from charge_tui.sandbox.neighbours import COLLECTIONS, Neighbours
from charge_tui.sandbox.service import Sandbox
from charge_tui.sandbox.store import FILTERS

_PATH = "/v1/reservations"

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(sandbox: Sandbox) -> list[Route]:
    """All routes below ``/v1``."""
    calls = _Reservations(sandbox)
    one = _PATH + "/{reservation}"
    made = [
        Route(_PATH, calls.list, methods=["GET"]),
        Route(_PATH, calls.create, methods=["POST"]),
        Route(one, calls.retrieve, methods=["GET"]),
        Route(one, calls.update, methods=["POST"]),
        Route(one + "/confirm", calls.confirm, methods=["POST"]),
        Route(one + "/cancel", calls.cancel, methods=["POST"]),
    ]
    for kind, collection in COLLECTIONS.items():
        neighbours = _NeighbourCalls(sandbox, kind, f"/v1/{collection}")
        made.append(Route(f"/v1/{collection}", neighbours.list, methods=["GET"]))
        made.append(Route(f"/v1/{collection}/{{identity}}", neighbours.retrieve, methods=["GET"]))
    return made


def answered(text: str, status: int = 200) -> Response:
    """A JSON answer from its text."""
    return Response(text.encode(), status, media_type="application/json")


def query_pairs(request: Request) -> list[tuple[str, str]]:
    """The query as it came, repeated names and all."""
    return parse_qsl(request.url.query, keep_blank_values=True)


@dataclass
class _Reservations:
    sandbox: Sandbox

    async def list(self, request: Request) -> Response:
        sandbox = self.sandbox
        query = sandbox.lists.query(_PATH, query_pairs(request), FILTERS, sandbox.world.now // SECOND)
        self._check_filters(dict(query.filters))
        self._check_expand(query.expand, "expand-on-list")

        def source(position: int | None, newer: bool, count: int) -> Sequence[Entry]:
            rows = sandbox.world.store.rows(query.filters, position, newer, count)
            return [(row.seq, self._text(row.body, query.expand)) for row in rows]

        with sandbox.lock:
            return answered(sandbox.lists.page(origin(request), _PATH, query, source, sandbox.world.now // SECOND))

    async def retrieve(self, request: Request) -> Response:
        paths = self._expand(request, "expand")
        with self.sandbox.lock:
            document = self.sandbox.reservations.retrieve(request.path_params["reservation"])
            return answered(self._text(encode(document), paths))

    async def create(self, request: Request) -> Response:
        status = self.sandbox.readings.status("create-status")
        return await self._write(request, lambda body: (status, self.sandbox.reservations.create(body)))

    async def update(self, request: Request) -> Response:
        identity = request.path_params["reservation"]
        return await self._write(request, lambda body: (200, self.sandbox.reservations.update(identity, body)))

    async def confirm(self, request: Request) -> Response:
        identity = request.path_params["reservation"]

        def deed(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            document = self.sandbox.reservations.confirm(identity, body)
            failed = document["status"] == "failed"
            return self.sandbox.readings.status("confirm-failure-status") if failed else 200, document

        return await self._write(request, deed)

    async def cancel(self, request: Request) -> Response:
        identity = request.path_params["reservation"]
        return await self._write(request, lambda _: (200, self.sandbox.reservations.cancel(identity)))

    async def _write(self, request: Request, deed: Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]) -> Response:
        body = read_body(request, await request.body(), self.sandbox.readings)
        paths = self._expand(request, "expand-on-write")

        def done() -> tuple[int, bytes]:
            status, document = deed(body)
            return status, self._text(encode(document), paths).encode()

        return answer_once(self.sandbox, request, body, done)

    def _expand(self, request: Request, reading: str) -> tuple[str, ...]:
        paths = tuple(value for name, value in query_pairs(request) if name == "expand")
        self._check_expand(paths, reading)
        return paths

    def _check_expand(self, paths: tuple[str, ...], reading: str) -> None:
        if paths and self.sandbox.readings.is_(reading, "off"):
            raise ApiError(400, "expand is not supported here.", "unsupported_expand_value", "expand")
        expansion.check("reservation", paths)

    def _text(self, body: str, paths: tuple[str, ...]) -> str:
        if not paths:
            return body
        return encode(expansion.expand(json.loads(body), paths, self.sandbox.world.directory))

    def _check_filters(self, filters: dict[str, str]) -> None:
        readings = self.sandbox.readings
        status = filters.pop("status", None)
        if status is not None and status not in STATUSES and readings.is_("unknown-status", "reject"):
            raise ApiError(400, f"status must be one of {', '.join(STATUSES)}.", "reservation_invalid_input", "status")
        if readings.is_("unknown-filter-id", "404"):
            for kind, identity in filters.items():
                if self.sandbox.world.directory.get(kind, identity) is None:
                    raise missing(kind)


class _NeighbourCalls:
    def __init__(self, sandbox: Sandbox, kind: str, path: str) -> None:
        self.sandbox = sandbox
        self.path = path
        self.neighbours = Neighbours(sandbox.world, kind)

    async def list(self, request: Request) -> Response:
        sandbox, now = self.sandbox, self.sandbox.world.now // SECOND
        query = sandbox.lists.query(self.path, query_pairs(request), self.neighbours.filters, now)
        expansion.check(self.neighbours.kind, query.expand)
        with sandbox.lock:
            found = self.neighbours.matching(query.filters)

            def source(position: int | None, newer: bool, count: int) -> Sequence[Entry]:
                return self.neighbours.beyond(found, position, newer, count, query.expand)

            return answered(sandbox.lists.page(origin(request), self.path, query, source, now))

    async def retrieve(self, request: Request) -> Response:
        paths = tuple(value for name, value in query_pairs(request) if name == "expand")
        expansion.check(self.neighbours.kind, paths)
        with self.sandbox.lock:
            return answered(self.neighbours.retrieve(request.path_params["identity"], paths))
