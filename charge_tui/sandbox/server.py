"""A running sandbox: uvicorn on loopback, in a daemon thread with an event loop of its own.

A thread, because uvicorn on the caller's loop would replace its signal handlers.
"""

import asyncio
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

import uvicorn

from charge_tui.clock import Clock, SystemClock
from charge_tui.sandbox.app import app_of
from charge_tui.sandbox.documents import Document
from charge_tui.sandbox.options import SandboxOptions
from charge_tui.sandbox.service import Logged, Sandbox, open_sandbox
from charge_tui.sandbox.transport import SandboxProtocol

HOST: Final = "127.0.0.1"

_TICK: Final = 1.0
_PATIENCE: Final = 30.0


class RunningSandbox:
    """A sandbox on a real socket, as a context manager or with ``start`` and ``stop``.

    ``stop`` keeps world and port, so that ``start`` brings back the same server; ``close`` ends the world too.

    Raises:
        ValueError: the database cannot be used.
        OSError: the port is taken.
    """

    def __init__(self, options: SandboxOptions | None = None, clock: Clock | None = None) -> None:
        self.options = options or SandboxOptions()
        self._sandbox: Sandbox = open_sandbox(self.options, clock or SystemClock())
        self.port = self.options.port
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Serve; return when connections are taken."""
        if self._server is None:
            self._server = _Server(self._sandbox, self.port)
            self.port = self._server.port

    def stop(self) -> None:
        """Stop serving and drop every connection; the world stays."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def close(self) -> None:
        """Stop serving and close the world's database."""
        self.stop()
        with self._sandbox.lock:
            self._sandbox.world.store.close()

    @property
    def base_url(self) -> str:
        """What a client is pointed at, ``/v1`` included."""
        return f"http://{HOST}:{self.port}/v1"

    @property
    def control_url(self) -> str:
        """Where the sandbox's own endpoints begin."""
        return f"http://{HOST}:{self.port}/sandbox"

    @property
    def key(self) -> str:
        """The bearer key that the sandbox takes."""
        return self._sandbox.key

    @property
    def sandbox(self) -> Sandbox:
        """The world, its clock and its faults, without the server."""
        return self._sandbox

    @property
    def connections(self) -> tuple[SandboxProtocol, ...]:
        """The connections that are open now."""
        return () if self._server is None else self._server.connections

    @property
    def requests(self) -> list[Logged]:
        """The recent requests, oldest first."""
        return self._sandbox.requests

    def advance(self, *, by: float | None = None, to: datetime | None = None) -> datetime:
        """Put the world's clock forward by seconds or to a time; returns when the world has arrived there."""
        return self._sandbox.advance(by=by, to=to)

    def order_faults(self, specs: Iterable[str]) -> None:
        """Replace all faults; ValueError for a bad one."""
        self._sandbox.order_faults(specs)

    def clear_faults(self) -> None:
        """End all faults."""
        self._sandbox.clear_faults()

    def status(self) -> dict[str, Any]:
        """What ``GET /sandbox`` answers."""
        return self._sandbox.status()

    def reservation(self, identity: str) -> Document:
        """A reservation as it stands; KeyError when there is none."""
        return self._sandbox.reservation(identity)

    def find(self, **fields: Any) -> list[Document]:
        """All reservations whose fields have these values, newest first."""
        return self._sandbox.find(**fields)

    def edit(self, identity: str, **fields: Any) -> Document:
        """Change any fields of a reservation as another desk or Charge itself would."""
        return self._sandbox.edit(identity, **fields)

    def create(self, **params: Any) -> Document:
        """Create a reservation as another desk would; what is not given is chosen."""
        return self._sandbox.create(**params)


class _Uvicorn(uvicorn.Server):
    """uvicorn, telling when it takes connections."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


class _Server:
    """One uvicorn server in its thread, from the bound socket to the last connection."""

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self._sandbox = sandbox
        # Named as TCP, since asyncio turns Nagle's delay off only for sockets that say so.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((HOST, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._protocols: set[SandboxProtocol] = set()
        self._server = _Uvicorn(self._config(), self._ready)
        self._thread = threading.Thread(target=self._run, name="charge-sandbox", daemon=True)
        self._thread.start()
        if not self._ready.wait(_PATIENCE) or self._failure is not None:
            raise RuntimeError("the sandbox's server did not start") from self._failure

    def stop(self) -> None:
        self._server.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._drop)
        self._thread.join(_PATIENCE)
        self._socket.close()

    @property
    def connections(self) -> tuple[SandboxProtocol, ...]:
        return tuple(self._protocols)

    def _config(self) -> uvicorn.Config:
        server = self

        class Protocol(SandboxProtocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                server._protocols.add(self)

            def connection_lost(self, exc: Exception | None) -> None:
                server._protocols.discard(self)
                super().connection_lost(exc)

        return uvicorn.Config(
            app_of(self._sandbox),
            http=Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=2,
        )

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        ticking = asyncio.create_task(self._tick())
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            ticking.cancel()

    async def _tick(self) -> None:
        """Let the world live between requests, so that none of them has to wait for a long catching up."""
        while True:
            await asyncio.sleep(_TICK)
            self._sandbox.sync()

    def _drop(self) -> None:
        for protocol in list(self._protocols):
            protocol.transport.abort()
