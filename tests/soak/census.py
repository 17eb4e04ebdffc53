"""How much there is of everything that a program must not gather: objects by kind, tasks, descriptors, memory."""

import asyncio
import gc
import os
import threading
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from typing import Final

from textual.message_pump import MessagePump
from textual.timer import Timer

from tests.soak.process import Load, load_of

PARTS: Final = (MessagePump, Timer)
"""What Textual makes for a screen and what is in it."""


@dataclass(frozen=True)
class Census:
    """What was alive at one moment, after a full collection of garbage."""

    parts: Counter[str]
    """Widgets, screens, the app and timers by class."""
    things: Counter[str]
    """All else that is of a class of this program."""
    tasks: int
    threads: int
    load: Load
    traced: int
    """Bytes that Python's own allocations hold; 0 while they are not traced."""

    @property
    def handles(self) -> tuple[int, int, int, int]:
        """Descriptors, connections, threads, tasks."""
        return self.load.descriptors, self.load.sockets, self.threads, self.tasks


def census() -> Census:
    """Count now."""
    for _ in range(3):
        gc.collect()
    parts: Counter[str] = Counter()
    things: Counter[str] = Counter()
    for it in gc.get_objects():
        kind = type(it)
        if issubclass(kind, PARTS):
            parts[kind.__qualname__] += 1
        elif kind.__module__.startswith("charge_tui.") and not kind.__module__.startswith("charge_tui.sandbox"):
            things[kind.__qualname__] += 1
    traced = tracemalloc.get_traced_memory()[0] if tracemalloc.is_tracing() else 0
    tasks = len(asyncio.all_tasks())
    return Census(parts, things, tasks, threading.active_count(), load_of(os.getpid()), traced)


def grown(before: Counter[str], after: Counter[str]) -> dict[str, tuple[int, int]]:
    """The kinds of which the count is another one: before and after."""
    return {kind: (before[kind], after[kind]) for kind in sorted({*before, *after}) if before[kind] != after[kind]}
