"""Programs on one virtual clock that can be killed at any step, as SIGKILL does: nothing of theirs runs afterwards.

A life is a context variable. Whatever the event loop would run in the context of one that is over is thrown away, so
that neither a ``finally`` nor an ``except`` of its tasks sees the end; what it had written is on disk, and no more.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, ContextVar, copy_context
from typing import Any, Final, TypeVar, TypeVarTuple, cast

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
H = TypeVar("H", bound=asyncio.Handle)

_MOST_ENDS: Final = 10
_LIFE: ContextVar["Life | None"] = ContextVar("life", default=None)


class _Idle(selectors.DefaultSelector):
    """Never asks the system: in such a loop no file is ever ready, and time goes at once to the next timer."""

    loop: "LifeLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits, and nothing is left that could wake it")
        self.loop.elapsed += max(0.0, timeout)
        return []


class LifeLoop(asyncio.SelectorEventLoop):
    """A virtual loop without threads and sockets that knows to which life each step belongs."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        idle = _Idle()
        idle.loop = self
        super().__init__(idle)
        self.set_task_factory(cast(Any, _task))

    def time(self) -> float:
        return self.elapsed

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        return _watched(super().call_soon(callback, *args, context=context))

    call_soon_threadsafe = call_soon

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return _watched(super().call_at(when, callback, *args, context=context))

    def _asyncgen_finalizer_hook(self, generator: object) -> None:
        """A generator that nobody goes on with needs no task of its own to end it."""

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Say nothing of futures that nobody asks any more: who would have asked may be dead."""
        if "never retrieved" not in str(context.get("message")):
            super().call_exception_handler(context)

    def clear(self) -> None:
        """Throw away every step of anybody that is still to be taken."""
        for handle in [*self._ready, *self._scheduled]:  # type: ignore[attr-defined]
            handle.cancel()

    def drop(self, life: "Life") -> None:
        """Throw away every step that is still to be taken in a life."""
        for handle in [*self._ready, *self._scheduled]:  # type: ignore[attr-defined]
            if handle._context.get(_LIFE) is life:
                handle.cancel()


def _task(loop: asyncio.AbstractEventLoop, work: Generator[Any, None, T], **terms: Any) -> "asyncio.Task[T]":
    task: asyncio.Task[T] = asyncio.Task(work, loop=loop, **terms)
    context: Context | None = terms.get("context")
    task.life = context.get(_LIFE) if context is not None else _LIFE.get()  # type: ignore[attr-defined]
    return task


def _watched(handle: H) -> H:
    life = handle._context.get(_LIFE)  # type: ignore[attr-defined]
    if life is not None:
        life.stepping(handle)
    return handle


class Life:
    """One run of a program, from its start to the moment at which it ends or is killed."""

    def __init__(self) -> None:
        self.over = False
        self.on_death: list[Callable[[], object]] = []
        """What the system does when it is over: locks are let go of, connections are closed."""
        self._steps: int | None = None
        self._left: tuple[asyncio.Task[Any], ...] = ()
        self._context = copy_context()
        self._context.run(_LIFE.set, self)

    def start(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Run something as a task of this program."""
        return asyncio.get_running_loop().create_task(work, context=self._context.copy())

    def call(self, work: Callable[..., T], *args: Any) -> T:
        """Call something as this program does; tasks that it makes belong to it."""
        return self._context.copy().run(work, *args)

    def kill(self) -> None:
        """End it now: what it has begun stays as it is."""
        if self.over:
            return
        self.over, self._steps = True, None
        loop = asyncio.get_running_loop()
        assert isinstance(loop, LifeLoop)
        self._left = tuple(task for task in asyncio.all_tasks() if getattr(task, "life", None) is self)
        loop.drop(self)
        for leave in self.on_death:
            leave()

    def kill_in(self, steps: int) -> None:
        """End it so many of its own steps from now: also in the middle of what takes no time at all."""
        self._steps = max(1, steps)

    def stepping(self, handle: asyncio.Handle) -> None:
        """One of its steps is about to be taken."""
        if self._steps is not None:
            self._steps -= 1
            if self._steps <= 0:
                self.kill()
        if self.over:
            handle.cancel()


def bury_all() -> None:
    """Let go of every task but the present one, once nothing that they do can matter any more."""
    here, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert isinstance(loop, LifeLoop)
    loop.clear()
    for task in asyncio.all_tasks():
        if task is not here:
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            _close(task.get_coro())


def _close(work: Any) -> None:
    for _ in range(_MOST_ENDS):
        try:
            work.close()
        except RuntimeError:  # it waits for something more in its ``finally``
            continue
        except Exception:  # noqa: BLE001 - a program without a machine may end in any way
            continue
        return
