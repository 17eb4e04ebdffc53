"""The sandbox behind a server that spoils what it answers, and keeps every byte that it was sent."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

import httpx

from charge_tui.sandbox import RunningSandbox

_PASSED_ON: Final = ("content-type", "idempotency-key", "charge-version", "accept")
_OWN: Final = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "server"})
_KEPT: Final = frozenset({"object", "created", "updated", "ideal_start", "ideal_end", "earliest_start", "latest_end",
                          "reserved_start", "reserved_end", "location", "status"})  # fmt: skip


@dataclass
class Answered:
    """An answer on its way back, to be changed as one likes."""

    method: str
    path: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes


Spoil = Callable[[Answered], None]


@dataclass
class Between:
    """A server on loopback before the sandbox. ``spoil`` may be replaced while it runs."""

    sandbox: RunningSandbox
    spoil: Spoil
    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    """Every request that came, whole: its line, its headers, its body."""
    real: dict[str, str] = field(default_factory=dict)
    """The sandbox's id for each one that was given out in its place."""

    @property
    def base_url(self) -> str:
        """As a client takes it."""
        return f"http://127.0.0.1:{self.port}/v1"

    def target(self, target: str) -> str:
        """A request's target with the sandbox's own ids."""
        path, _, query = target.partition("?")
        parts = [quote(self.real.get(unquote(part), unquote(part)), safe="") for part in path.split("/")]
        pairs = [(name, self.real.get(value, value)) for name, value in parse_qsl(query, keep_blank_values=True)]
        return "/".join(parts) + (f"?{urlencode(pairs)}" if pairs else "")


@contextmanager
def between(sandbox: RunningSandbox, spoil: Spoil) -> Iterator[Between]:
    """Run such a server."""
    it = Between(sandbox, spoil)
    client = httpx.Client(trust_env=False, timeout=30)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        raw_requestline: bytes

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            it.heard.append(self.raw_requestline + self.headers.as_bytes() + body)
            passed = {name: value for name in _PASSED_ON if (value := self.headers.get(name))}
            passed["Authorization"] = f"Bearer {sandbox.key}"
            url = f"http://127.0.0.1:{sandbox.port}{it.target(self.path)}"
            try:
                answer = client.request(self.command, url, headers=passed, content=body)
            except httpx.HTTPError:
                self.close_connection = True
                return
            headers = [(name, value) for name, value in answer.headers.items() if name not in _OWN]
            content = answer.content.replace(f"127.0.0.1:{sandbox.port}".encode(), f"127.0.0.1:{it.port}".encode())
            answered = Answered(self.command, self.path, answer.status_code, headers, content)
            it.spoil(answered)
            self.wfile.write(_raw(answered))

        do_GET = do_POST = handle_any  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    it.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        client.close()


def _raw(answered: Answered) -> bytes:
    head = [f"HTTP/1.1 {answered.status} Status", f"Content-Length: {len(answered.body)}"]
    head += [f"{name}: {value}" for name, value in answered.headers]
    return "\r\n".join(head).encode("latin-1", "replace") + b"\r\n\r\n" + answered.body


class Spoiler:
    """Puts texts into every field that a text can stand in, the same ones for the same object each time.

    Of each four reservations one has another id, one another status, and all have other names, reasons and metadata.
    Times stay, so that the desk has something to do. ``errors`` lets writes be refused, ``limits`` lets reads be.
    """

    def __init__(self, texts: Sequence[str], real: dict[str, str] | None = None) -> None:
        self.texts = texts
        self.real = {} if real is None else real
        self.errors = False
        self.limits = False

    def __call__(self, answered: Answered) -> None:
        """Spoil an answer."""
        text = self._text(answered.path, "header")
        answered.headers += [("Request-Id", _header(text)), ("X-Unheard", _header(text))]
        if (self.errors and answered.method == "POST") or (self.limits and answered.method == "GET"):
            names = ("type", "code", "param", "message", "doc_url", "request")
            answered.status = 429 if self.limits else 422
            answered.headers += [("Retry-After", _header(text))]
            answered.body = _json({name: self._text(answered.path, name) for name in names} | {"object": "error"})
            return
        try:
            body = json.loads(answered.body)
        except ValueError:
            return
        answered.body = _json(self._spoiled(body))

    def _spoiled(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._spoiled(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "data" in value and "next_page_url" in value:
            return value | {"data": self._spoiled(value["data"])}
        if "ideal_start" in value:
            return self._reservation(value)
        return self._object(value, str(value.get("id")))

    def _reservation(self, row: dict[str, Any]) -> dict[str, Any]:
        identity = str(row["id"])
        number = _number(identity) % 4
        text = self._text(identity, "row")
        new = {name: value if name in _KEPT else self._object(value, identity + name) for name, value in row.items()}
        new |= {"failed_reason": text, "currency": text, "connector_type": [text, self._text(identity, "type")]}
        new["metadata"] = {text[:200]: self._text(identity, "value"), "nested": {text[:99]: [text]}, "plain": text}
        new[f"unknown {text[:99]}"] = text
        for name in ("id", "driver", "vehicle", "charging_station", "payment_method"):
            new[name] = row.get(name)
            if isinstance(row.get(name), str) and number == 0:
                new[name] = self._renamed(row[name])
        if number == 1:
            new["status"] = text or "new"
            self.real[identity] = identity
        return new

    def _renamed(self, identity: str) -> str:
        new = f"{identity}{self._text(identity, 'id')[:80]}"
        self.real[new] = identity
        return new

    def _object(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            kept = {"id", "object"}
            return {key: one if key in kept else self._object(one, name + key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._object(one, name) for one in value]
        return self._text(name, "value") if isinstance(value, str | None) else value

    def _text(self, *name: str) -> str:
        return self.texts[_number(" ".join(name)) % len(self.texts)]


def keeps_id_and_status(identity: str) -> bool:
    """Whether a reservation is served under its own id and with its own status."""
    return _number(identity) % 4 > 1


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode("utf-8", "replace")).digest()[:6], "big")


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _header(text: str) -> str:
    """As much of a text as a header can hold: bytes above 0x7F, C1 among them, stay."""
    return "".join(char for char in text[:200] if char >= " " and char != "\x7f" and ord(char) < 256).strip() or "x"
