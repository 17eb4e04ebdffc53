"""The sandbox's own endpoints, outside the API: look at the world, put its clock forward, order faults."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from charge_tui.sandbox.errors import ApiError
from charge_tui.sandbox.exchange import read_body
from charge_tui.sandbox.instants import millis, moment, read_input, stamp
from charge_tui.sandbox.service import Sandbox

_FARTHEST = 400 * 86_400


def routes(sandbox: Sandbox) -> list[Route]:
    """``/sandbox``, ``/sandbox/advance`` and ``/sandbox/faults``."""
    control = _Control(sandbox)
    return [
        Route("/sandbox", control.status, methods=["GET"]),
        Route("/sandbox/advance", control.advance, methods=["POST"]),
        Route("/sandbox/faults", control.faults, methods=["GET"]),
        Route("/sandbox/faults", control.order, methods=["POST"]),
    ]


@dataclass
class _Control:
    sandbox: Sandbox

    async def status(self, _: Request) -> Response:
        return JSONResponse(self.sandbox.status())

    async def advance(self, request: Request) -> Response:
        body = await self._body(request)
        to, by = body.get("to"), body.get("by")
        try:
            at = self.sandbox.advance(to=_time(to), by=_seconds(by))
        except ValueError as fault:
            raise ApiError(400, f"{fault}.", param="by" if to is None else "to") from fault
        return JSONResponse({"now": stamp(millis(at))})

    async def faults(self, _: Request) -> Response:
        return self._faults()

    async def order(self, request: Request) -> Response:
        specs = (await self._body(request)).get("faults")
        if not isinstance(specs, list) or not all(isinstance(spec, str) for spec in specs):
            raise ApiError(400, "faults must be an array of strings.", param="faults")
        try:
            self.sandbox.order_faults(specs)
        except ValueError as fault:
            raise ApiError(400, f"{fault}.", param="faults") from fault
        return self._faults()

    def _faults(self) -> Response:
        ordered = self.sandbox.faults.ordered
        struck = [{"fault": fault.spec, "seen": fault.seen, "struck": fault.struck} for fault in ordered]
        return JSONResponse({"faults": self.sandbox.faults.specs, "struck": struck})

    async def _body(self, request: Request) -> dict[str, Any]:
        return read_body(request, await request.body(), self.sandbox.readings)


def _time(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("to must be an RFC 3339 timestamp")
    return moment(read_input(value))


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _FARTHEST:
        raise ValueError(f"by must be 0 to {_FARTHEST} seconds")
    return float(value)
