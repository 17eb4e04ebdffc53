"""From the bytes of an answer to its meaning: headers, the error object, one object."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from charge_tui.api.errors import BY_STATUS, AnswerUnreadable, APIError, InvalidRequest, Redirected, ServerFault
from charge_tui.api.meta import Answer, Meta
from charge_tui.api.words import quoted
from charge_tui.domain.text import without_keys
from charge_tui.domain.times import parse_rfc3339

_ID_HEADERS: Final = ("request-id", "x-request-id", "charge-request-id")
_MOST_DIGITS: Final = 4000


def read_meta(
    method: str,
    path: str,
    status: int,
    headers: Mapping[str, str],
    size: int,
    *,
    sent_at: float,
    received_at: float,
    loopback: bool,
) -> Meta:
    """What the headers say. The sandbox's world clock is believed on a loopback host only."""
    request_id = next((headers[name] for name in _ID_HEADERS if headers.get(name)), None)
    world_now = rate = None
    if loopback:
        world_now = _instant(headers.get("charge-sandbox-now"))
        rate = _number(headers.get("charge-sandbox-rate"))
    date = http_date(headers.get("date"))
    return Meta(method, path, status, request_id, date, world_now, rate, sent_at, received_at, size)


def http_date(text: str | None) -> datetime | None:
    """The instant that an HTTP date names, in UTC; None for anything else."""
    try:
        at = parsedate_to_datetime(text) if text else None
        return None if at is None else at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def retry_after(value: str | None, meta: Meta, now: datetime) -> float | None:
    """Seconds to wait, from a header of either form; a date counts from the answer's own Date, else from ``now``."""
    seconds = _number(value.strip()) if value else None
    if seconds is not None:
        return seconds
    at = http_date(value)
    if at is None:
        return None
    return max(0.0, (at - (meta.date or now)).total_seconds()) / (meta.rate or 1.0)


def checked(answer: Answer, now: datetime) -> Answer:
    """The same answer if it is a 2xx.

    Raises:
        AnswerUnreadable: a 2xx whose body could not be read to its end.
        Redirected: any 3xx.
        Refused: a 4xx, as the class that belongs to it.
        ServerFault: a 5xx, or a status outside what HTTP has.
    """
    status = answer.meta.status
    if 200 <= status < 300:
        if answer.flaw is not None:
            raise unreadable(answer, answer.flaw)
        return answer
    if 300 <= status < 400:
        raise Redirected(answer.headers.get("location"), task=answer.task, meta=answer.meta)
    raise _api_error(answer, retry_after(answer.headers.get("retry-after"), answer.meta, now))


def _api_error(answer: Answer, wait: float | None) -> APIError:
    meta = answer.meta
    kind = BY_STATUS.get(meta.status, InvalidRequest) if 400 <= meta.status < 500 else ServerFault
    try:
        body = parsed(answer)
    except AnswerUnreadable:
        body = None
    fields: dict[str, str | None] = {}
    if isinstance(body, dict):
        inner = body.get("error")
        source = inner if isinstance(inner, dict) and "message" not in body else body
        for name in ("type", "code", "param", "message", "doc_url", "request"):
            value = source.get(name)
            fields[name] = without_keys(value) if isinstance(value, str) and value else None
    request_id = fields.pop("request", None) or meta.request_id
    return kind(
        _problem(answer, fields), task=answer.task, meta=meta, request_id=request_id, retry_after=wait, **fields
    )


def _problem(answer: Answer, fields: Mapping[str, str | None]) -> str:
    status = answer.meta.status
    message, code, param = fields.get("message"), fields.get("code"), fields.get("param")
    if message:
        where = f", at {quoted(param, 80)}" if param else ""
        what = f" {quoted(code, 80)}" if code else ""
        return f"the API says “{quoted(message)}” ({status}{what}{where})."
    if code:
        return f"the API answered {status}, {quoted(code, 80)}."
    start = " ".join(answer.text[:400].split())
    return f"the answer was {status} {_reason(status)}" + (f", beginning “{quoted(start, 80)}”." if start else ".")


def _reason(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "with no known meaning"


def parsed(answer: Answer) -> Any:
    """The body as JSON, as leniently as JSON allows: bad UTF-8, lone surrogates and endless integers do not hurt.

    Raises:
        AnswerUnreadable: it is not JSON.
    """
    try:
        return json.loads(answer.text, parse_int=_integer)
    except (ValueError, RecursionError):
        raise unreadable(answer, "is not JSON") from None


def unreadable(answer: Answer, what: str, row: Any = None) -> AnswerUnreadable:
    """The error for an answer that is well-formed HTTP and yet not what is documented."""
    start = " ".join(answer.text[:400].split())
    begins = f", beginning “{quoted(start, 60)}”" if start else ", and empty"
    return AnswerUnreadable(
        f"the answer ({answer.meta.status}) {what}{begins}.", task=answer.task, meta=answer.meta, row=row
    )


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < _MOST_DIGITS else digits


def _instant(text: str | None) -> datetime | None:
    try:
        return parse_rfc3339(text) if text else None
    except ValueError:
        return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
