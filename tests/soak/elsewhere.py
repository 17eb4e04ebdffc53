"""A sandbox in a process of its own, turned by hand: what a server gathers is not in the memory that is measured."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.managers import BaseManager
from typing import Any, cast

from charge_tui.sandbox import RunningSandbox, SandboxOptions


class Served:
    """The sandbox over there."""

    def __init__(self, options: SandboxOptions) -> None:
        self._sandbox = RunningSandbox(options)
        self._sandbox.start()

    def place(self) -> tuple[str, str]:
        """Base URL and key."""
        return self._sandbox.base_url, self._sandbox.key

    def served(self) -> int:
        """How many requests were answered."""
        return self._sandbox.sandbox.served

    def advance(self, by: float) -> datetime:
        """Put the world's clock forward by seconds."""
        return self._sandbox.advance(by=by)

    def create(self, **fields: Any) -> dict[str, Any]:
        """Create a reservation as another desk would."""
        return self._sandbox.create(**fields)

    def edit(self, identity: str, **fields: Any) -> dict[str, Any]:
        """Change a reservation as another desk would."""
        return self._sandbox.edit(identity, **fields)

    def let_come(self, *, more: bool) -> None:
        """Whether new reservations arrive from now on."""
        sandbox = self._sandbox.sandbox
        with sandbox.lock:
            sandbox.sync()
            sandbox.world.store.unschedule("arrival", "traffic")
            if more:
                sandbox.world.start_traffic()


class Elsewhere:
    """The same from here: as much of a ``RunningSandbox`` as a soak needs."""

    def __init__(self, served: Any) -> None:
        self._served = served
        self.base_url, self.key = served.place()

    @property
    def served(self) -> int:
        """How many requests were answered."""
        return int(self._served.served())

    def advance(self, *, by: float) -> datetime:
        """Put the world's clock forward by seconds; return when the world has arrived there."""
        return cast(datetime, self._served.advance(by))

    def create(self, **fields: Any) -> dict[str, Any]:
        """Create a reservation as another desk would."""
        return cast(dict[str, Any], self._served.create(**fields))

    def edit(self, identity: str, **fields: Any) -> dict[str, Any]:
        """Change a reservation as another desk would."""
        return cast(dict[str, Any], self._served.edit(identity, **fields))

    def let_come(self, *, more: bool) -> None:
        """Whether new reservations arrive from now on, as far as the world has traffic at all."""
        self._served.let_come(more=more)

    @property
    def as_running(self) -> RunningSandbox:
        """For who takes a sandbox and asks no more of it than this."""
        return cast(RunningSandbox, self)


class _Manager(BaseManager):
    pass


_Manager.register("Served", Served)


@contextmanager
def sandbox_elsewhere(options: SandboxOptions) -> Iterator[Elsewhere]:
    """A sandbox as a process of its own, gone at the end."""
    with _Manager(ctx=get_context("spawn")) as manager:
        yield Elsewhere(manager.Served(options))  # type: ignore[attr-defined]
