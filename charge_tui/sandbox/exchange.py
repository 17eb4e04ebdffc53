"""What is common to all requests: the body, the host that was asked, and answers that are given only once."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from charge_tui.sandbox.errors import ApiError
from charge_tui.sandbox.instants import DAY
from charge_tui.sandbox.readings import Readings
from charge_tui.sandbox.service import Sandbox

LARGEST_BODY: Final = 1_000_000

_LONGEST_KEY: Final = 255
_DEEPEST: Final = 60
_FORM: Final = "application/x-www-form-urlencoded"


def origin(request: Request) -> str:
    """Scheme and host that the client asked, as its page URLs shall name them."""
    return f"{request.url.scheme}://{request.headers['host']}"


def read_body(request: Request, raw: bytes, readings: Readings) -> dict[str, Any]:
    """The JSON object of a request; an empty body is an empty object.

    Raises:
        ApiError: not JSON, not an object, nested too deeply, or too large.
    """
    if len(raw) > LARGEST_BODY and readings.is_("large-bodies", "reject"):
        raise ApiError(413, "The body is larger than 1 MB.")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM:
        if readings.is_("form-bodies", "reject") and raw:
            raise ApiError(400, "The body must be JSON.")
        return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise ApiError(400, "The body is not JSON.") from fault
    if not isinstance(body, dict):
        raise ApiError(400, "The body must be a JSON object.")
    if _depth(body) > _DEEPEST:
        raise ApiError(400, "The body is nested too deeply.")
    return body


def answer_once(
    sandbox: Sandbox, request: Request, body: dict[str, Any], deed: Callable[[], tuple[int, bytes]]
) -> Response:
    """Do what a POST asks, or give the first answer to its Idempotency-Key again [docs: charge-api 1.12].

    The deed and the memory of its answer are committed together, before anything is answered.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        with sandbox.lock, sandbox.world.store.transaction():
            status, answer = deed()
        return Response(answer, status, media_type="application/json")
    if not 0 < len(key) <= _LONGEST_KEY:
        raise ApiError(400, f"Idempotency-Key must have 1 to {_LONGEST_KEY} characters.", param="Idempotency-Key")
    store, now = sandbox.world.store, sandbox.world.now
    digest = _digest(request, body)
    with sandbox.lock, store.transaction():
        store.forget_answers(now - DAY)
        known = store.answer(key)
        if known is not None:
            return _again(sandbox, digest, known)
        refusal: ApiError | None = None
        try:
            status, answer = deed()
        except ApiError as error:
            if sandbox.readings.is_("idempotency-failures", "forget"):
                raise
            refusal, status, answer = error, error.status, error.body(request.state.request_id)
        store.keep_answer(key, now, digest, status, answer)
    if refusal is not None:
        raise refusal
    return Response(answer, status, media_type="application/json")


def _again(sandbox: Sandbox, digest: str, known: tuple[str, int, bytes]) -> Response:
    if known[0] != digest:
        status = sandbox.readings.status("idempotency-conflict")
        message = "This Idempotency-Key was used with another request."
        raise ApiError(status, message, "idempotency_key_conflict", "Idempotency-Key")
    marked = {"Idempotent-Replayed": "true"} if sandbox.readings.is_("replay-marker", "header") else None
    return Response(known[2], known[1], marked, media_type="application/json")


def _digest(request: Request, body: dict[str, Any]) -> str:
    text = json.dumps([request.method, request.url.path, request.url.query, body], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level and deepest <= _DEEPEST:
        deepest += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return deepest
