"""Nothing is gathered: refreshes with churn, pages opened and closed, changes of status, on a clock turned by hand.

    python -m tests.soak.flat [refreshes|pages|changes ...] [--share 1.0]

Each part does its work in two halves and counts after each: what the second half added, in bytes and in live objects.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from charge_tui.domain.reservation import Reservation
from charge_tui.sandbox import SandboxOptions
from tests.soak.census import Census, census, grown
from tests.soak.elsewhere import Elsewhere, sandbox_elsewhere
from tests.soak.process import load_of
from tests.support.attending import lost
from tests.support.handclock import HandClock
from tests.support.sandbox import KEY, START
from tests.support.screen import Screen

REFRESHES, PAGES, CHANGES = 10_000, 2_000, 100_000
MOST: Final = 2 * 2**20
"""Bytes that the second half may add."""
_PAST: Final = 900.0
"""Seconds of the world between two refreshes."""
_STEP: Final = 50
_TENTHS: Final = 10
_LEFT: Final = 20
"""How many may have left the lists with their end still to be read when the next refresh begins: else they pile up."""
_DAYS: Final = 4
"""After which nothing matters any more of what a world had under way."""
_COURSE: Final = ("pending", "confirmed", "completed")
_READ: Final = ("pending", "confirmed", "failed")


@dataclass(frozen=True)
class Flat:
    """What there was after the first half, and after the second."""

    name: str
    count: int
    half: Census
    whole: Census
    seconds: float
    disk: dict[str, int]
    """Bytes of each file at the end."""
    course: tuple[int, ...]
    """Resident bytes after each tenth of the work."""

    @property
    def added(self) -> tuple[int, int]:
        """Bytes that the second half added: traced, and resident."""
        return self.whole.traced - self.half.traced, self.whole.load.rss - self.half.load.rss

    @property
    def parts(self) -> dict[str, tuple[int, int]]:
        """Kinds of widgets, screens and timers of which there is another number."""
        return grown(self.half.parts, self.whole.parts)

    @property
    def things(self) -> dict[str, tuple[int, int]]:
        """The same of everything else."""
        return grown(self.half.things, self.whole.things)

    def told(self) -> str:
        """The figures, in lines."""
        traced, resident = (value / 2**20 for value in self.added)
        files = ", ".join(f"{name} {size / 1000:,.0f} kB" for name, size in self.disk.items())
        return (
            f"{self.name}: {self.count:,} in {self.seconds:.0f} s; second half: traced {traced:+.2f} MiB, resident "
            f"{resident:+.2f} MiB (now {self.whole.load.rss / 2**20:.0f} MiB)\n"
            f"  resident by tenths: {' '.join(f'{rss / 2**20:.1f}' for rss in self.course)} MiB\n"
            f"  descriptors, connections, threads, tasks: {self.half.handles} then {self.whole.handles}\n"
            f"  widgets, screens, timers: {sum(self.whole.parts.values())}, other numbers: {self.parts or 'none'}\n"
            f"  other objects: {sum(self.whole.things.values()):,}, other numbers: {self.things or 'none'}\n"
            f"  on disk: {files}"
        )


@dataclass
class Soaked:
    """A desk on a screen and its world, both on one clock turned by hand."""

    screen: Screen
    sandbox: Elsewhere
    clock: HandClock
    home: Path
    patterns: tuple[Reservation, ...]
    """Reservations to make others of."""
    busy: bool
    """Whether the world has traffic."""

    async def halves(
        self, name: str, count: int, work: Callable[[int], Awaitable[None]], *, trace: bool, tell: bool = False
    ) -> Flat:
        """Do the work of that many turns in two halves, counting after each."""
        began, course, half = time.perf_counter(), list[int](), None
        if trace:
            tracemalloc.start()
        try:
            for tenth in range(_TENTHS):
                await work(count * (tenth + 1) // _TENTHS - count * tenth // _TENTHS)
                if tenth + 1 == _TENTHS // 2:
                    half = await self._census()
                course.append(load_of(os.getpid()).rss)
                if tell:
                    print(f"{name} {tenth + 1}/{_TENTHS}: {course[-1] / 2**20:.1f} MiB", flush=True)
            whole = await self._census()
        finally:
            if trace:
                tracemalloc.stop()
        files = {path.name: path.stat().st_size for path in sorted(self.home.iterdir())}
        assert half is not None
        return Flat(name, count, half, whole, time.perf_counter() - began, files, tuple(course))

    async def settle(self) -> None:
        """Let time pass until everything that waits for it has happened, the forgetting of what is old too."""
        screen = self.screen
        await screen.press("escape", "1", "g")
        for _ in range(8):
            await self.clock.advance(40.0)
            await screen.quiesce()
        await screen.until(lambda: not screen.desk.names.wanted, "every name is known")
        await self.clock.advance(1.0)
        await screen.quiesce()

    async def _world_ends(self) -> None:
        """Nothing new arrives for days, so that what a busy world holds by chance is not in the counts."""
        self.sandbox.let_come(more=False)
        for _ in range(_DAYS):
            self.sandbox.advance(by=86_400.0)
            await self.refreshes(1)
        while self.screen.desk.mirror.left():
            await asyncio.sleep(0.001)
            await self.clock.advance(0.1)

    async def _census(self) -> Census:
        if self.busy:
            await self._world_ends()
        await self.settle()
        found = census()
        self.sandbox.let_come(more=self.busy)
        return found

    # -- the three kinds of work ------------------------------------------------------------------------------------

    async def refreshes(self, count: int) -> None:
        """Read anew, a quarter of an hour of the world later each time."""
        for _ in range(count):
            self.sandbox.advance(by=_PAST)
            before = self.sandbox.served
            self.screen.desk.refresh()
            await self.clock.advance(1.0)
            while self.sandbox.served < before + len(_READ) or len(self.screen.desk.mirror.left()) > _LEFT:
                await asyncio.sleep(0.001)
                await self.clock.advance(0.1)

    async def pages(self, count: int) -> None:
        """Open and close forms, questions, menus and pages, one kind after the other."""
        for number in range(count):
            await self.open_and_close(OPENINGS[number % len(OPENINGS)])

    async def open_and_close(self, opening: "Opening") -> None:
        """One of them; that it does not open at all is a failure."""
        screen, keys = self.screen, opening.keys
        if screen.desk_screen.workspace.view.key != opening.view:
            await screen.press(opening.view)
        await screen.press("g", *keys)
        await screen.until(lambda: self._is_open(opening), f"{opening.name} is open")
        await self.clock.advance(1.0)
        while self._is_open(opening):
            await screen.press("t" if opening.name == "board" else "escape")
        if "space" in keys:
            await screen.press("M")

    def _is_open(self, opening: "Opening") -> bool:
        desk = self.screen.desk_screen
        if opening.name == "board":
            return desk.has_class("-board")
        return desk.find_bar.display or len(self.screen.app.screen_stack) > 1

    async def changes(self, count: int) -> None:
        """Take in changes of status, fifty at a time; each reservation goes from pending to its end, and another comes.

        They are put where the poller puts them, so everything behind it works: mirror, rules, log, screen.
        """
        desk, done = self.screen.desk, 0
        while done < count:
            self._made += 1
            for status in _COURSE:
                window = {"ideal_start": desk.now(), "ideal_end": desk.now() + timedelta(hours=1)}
                rows = tuple(
                    one.model_copy(
                        update={"id": f"res_{self._made:08}{at:03}", "status": status, "updated": desk.now()} | window
                    )
                    for at, one in enumerate(self.patterns)
                )
                desk.take(rows, self.clock.monotonic(), "poll")
                desk.step_done()
                done += len(rows)
                await asyncio.sleep(0)
            self.sandbox.advance(by=4 * 3600.0)
            desk.refresh()
            await self.clock.advance(1.0)
            await self.screen.quiesce()

    _made: int = 0


@dataclass(frozen=True)
class Opening:
    """Something that is opened: in which view, by which keys, and what it is."""

    view: str
    keys: tuple[str, ...]
    name: str


OPENINGS: Final = (
    Opening("3", ("e",), "the form of an edit"),
    Opening("3", ("n",), "the form of a new one"),
    Opening("1", ("b",), "the form of a copy"),
    Opening("4", ("m",), "the form of a move"),
    Opening("3", ("c",), "the question of a confirm"),
    Opening("4", ("x",), "the question of a cancel"),
    Opening("1", ("i",), "why"),
    Opening("1", ("W",), "the verdicts"),
    Opening("1", ("w",), "the snooze menu"),
    Opening("1", ("d",), "the reasons"),
    Opening("1", ("l",), "the log"),
    Opening("1", ("H",), "the handover"),
    Opening("1", ("t",), "board"),
    Opening("1", ("question_mark",), "the help"),
    Opening("1", ("colon",), "the palette"),
    Opening("1", ("J",), "the JSON"),
    Opening("1", ("exclamation_mark",), "the problems"),
    Opening("1", ("v",), "the columns"),
    Opening("1", ("f",), "the filter"),
    Opening("1", ("o",), "the question for an id"),
    Opening("1", ("slash",), "the search"),
    Opening("3", ("space", "x"), "the question about many"),
    Opening("1", ("y",), "the fix"),
    Opening("1", ("q",), "the question of leaving"),
)
"""All kinds of forms, questions, menus and pages."""


@asynccontextmanager
async def soaking(home: Path, *, traffic: bool, reservations: int = 200) -> AsyncIterator[Soaked]:
    """A desk on a sandbox of its own, files and all; with ``traffic`` the world is a busy one."""
    clock = HandClock()
    options = SandboxOptions(
        start=START, speed=0.0, reservations=reservations, key=KEY, traffic=traffic, trouble=traffic,
        readings={"expires-from": "both"},  # what is pending ends as well: the world gathers nothing that is open
    )  # fmt: skip
    with sandbox_elsewhere(options) as sandbox:
        lost(sandbox.as_running)
        async with Screen.open(
            sandbox.as_running, clock=clock, picture=home / "picture.sqlite", journal=home / "journal.sqlite",
            store=home / "desk.sqlite",
        ) as screen:  # fmt: skip
            await screen.settle()
            rows = [row for row in screen.desk.open_rows() if isinstance(row, Reservation)]
            yield Soaked(screen, sandbox, clock, home, tuple(rows[:_STEP]), traffic)


PARTS: Final = {"refreshes": REFRESHES, "pages": PAGES, "changes": CHANGES}


async def flat(name: str, count: int, home: Path, *, trace: bool = True, tell: bool = False) -> Flat:
    """One part: its name, and how many turns of it."""
    async with soaking(home, traffic=name == "refreshes") as soaked:
        return await soaked.halves(name, count, getattr(soaked, name), trace=trace, tell=tell)


def main(names: list[str], share: float, *, trace: bool) -> int:
    """Run these parts and print their figures; 1 if one of them gathers anything."""
    worst = 0
    for name in names or list(PARTS):
        with tempfile.TemporaryDirectory() as folder:
            found = asyncio.run(flat(name, round(PARTS[name] * share), Path(folder), trace=trace, tell=True))
        print(found.told(), flush=True)
        worst |= bool(found.parts) or found.half.handles != found.whole.handles or max(found.added) > MOST
    return worst


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What the second half of long work adds.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--no-trace", action="store_true", help="do not trace Python's memory; twice as fast")
    parser.add_argument("--share", type=float, default=1.0, help="do only so much of it")
    given = parser.parse_args()
    sys.exit(main(given.parts, given.share, trace=not given.no_trace))
