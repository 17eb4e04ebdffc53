"""A whole day of a desk in bad weather, from its seed alone: the same diary whenever it is played."""

import gc
import hashlib
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from charge_tui.sandbox import SandboxOptions, build_world, create_app
from tests.support.simulation_clocks import MachineClock
from tests.support.simulation_disk import Disk, Flaw
from tests.support.simulation_life import LifeLoop, bury_all
from tests.support.simulation_person import Person
from tests.support.simulation_program import Program, Setting, started
from tests.support.simulation_truth import Beliefs, Broken
from tests.support.simulation_weather import Spell, readings, spell
from tests.support.simulation_wire import Server, Trouble

DAY: Final = 86_400.0
_LOOK_EVERY: Final = 45.0
_BEAT: Final = 15.0
_SELDOM: Final = (50_000, 20, 20)
"""When Python looks for garbage: by default a tenth of a day goes into looking."""
_IN_MEMORY: Final = Path("/dev/shm")


@dataclass
class Report:
    """How a day went."""

    seed: int
    day: int
    diary: list[str] = field(default_factory=list)
    fault: str = ""
    """Why it is no good; empty for a good one."""
    seconds: float = 0.0
    """How long it was."""
    checks: int = 0
    requests: int = 0
    effects: int = 0
    starts: int = 0
    spells: int = 0

    @property
    def digest(self) -> str:
        """A name for the diary: two plays of one day have the same."""
        return hashlib.sha256("\n".join(self.diary).encode()).hexdigest()[:16]


def play(seed: int, day: int, *, hours: float = 24.0, folder: Path | None = None) -> Report:
    """Play a day from its start to its end, or to the first thing that must not be."""
    report = Report(seed, day)
    base = folder or (_IN_MEMORY if _IN_MEMORY.is_dir() else None)
    with tempfile.TemporaryDirectory(dir=base, ignore_cleanup_errors=True) as name:
        loop, thresholds = LifeLoop(), gc.get_threshold()
        gc.set_threshold(*_SELDOM)
        try:
            loop.run_until_complete(_played(report, Path(name), hours * 3600))
        finally:
            loop.close()
            gc.set_threshold(*thresholds)
    return report


async def _played(report: Report, folder: Path, seconds: float) -> None:
    await _Day(report, folder, seconds).play()


class _Day:
    def __init__(self, report: Report, folder: Path, seconds: float) -> None:
        self._report = report
        self._length = seconds
        rng = Random(f"{report.seed}:{report.day}")
        self._rng = rng
        self._clock = MachineClock()
        open_rows = rng.choice((20, 30, 40, 60))
        options = SandboxOptions(
            seed=rng.randrange(1_000_000), reservations=open_rows * 2, open=open_rows, key="ch_sk_test_simulated",
            readings=readings(rng),
        )  # fmt: skip
        app = create_app(build_world(options, self._clock), self._clock, options)
        self._server = Server(app, self._clock.real)
        self._trouble = Trouble()
        self._disk = Disk(folder)
        self._setting = Setting(
            refresh=rng.choice((15.0, 60.0, 60.0, 120.0, 300.0)), budget=rng.choice((60, 60, 30, 12)),
            announces=rng.random() < 0.5,
        )  # fmt: skip
        self._beliefs = Beliefs(self._server, self._clock, self._disk, Random(rng.random()))
        self._person = Person(Random(rng.random()), self._note)
        self._program: Program | None = None
        self._buried: list[Program] = []
        self._acts_at = 0.0
        self._looks_at = 0.0
        self._note(f"{open_rows} open, {self._setting}, {dict(options.readings)}")

    async def play(self) -> None:
        """The whole day."""
        try:
            self._start()
            while self._clock.real() < self._length and not self._report.fault:
                await self._spell(spell(self._rng))
            await self._evening()
        except Broken as fault:
            self._report.fault = str(fault)
            self._note(f"BROKEN: {fault}")
        self._report.seconds = self._clock.real()
        self._report.checks = self._beliefs.checks
        self._report.effects = len(self._server.account.effects)
        self._tidy()

    # -- the program --------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._report.starts += 1
        self._note("start")
        self._program = started(
            self._report.starts, self._server, self._clock, self._disk, self._trouble, self._setting,
            Random(self._rng.random()), self._note,
        )  # fmt: skip

    async def _end(self, how: str) -> None:
        program = self._program
        if program is None or not program.alive:
            return
        self._note(f"end: {how}")
        if how == "quit":
            self._beliefs.remember(program)
            await program.quit()
        elif how == "moment":
            program.kill()
        else:
            self._person.act(program)
            program.life.kill_in(self._rng.randrange(1, 120))
            await self._pass(self._rng.uniform(0.5, 20.0))
            program.kill()
        if how != "quit":
            self._beliefs.remember(program)
        self._report.requests += program.wire.count
        self._buried.append(program)
        self._program = None

    # -- the weather --------------------------------------------------------------------------------------------------

    async def _spell(self, it: Spell) -> None:
        await self._pass(it.calm)
        self._report.spells += 1
        self._note(f"spell of {it.lasts:.0f} s: {it.words()}")
        self._server.sandbox.order_faults(it.faults)
        self._trouble.cut = it.cut
        if it.lag:
            self._trouble.lag = (it.lag / 4, it.lag)
        for name, flaw in it.flaws:
            self._disk.spoil(name, Flaw(flaw))
        moments = sorted(
            (self._rng.uniform(0, it.lasts), n) for n, what in enumerate((it.doze, it.clock, it.kill)) if what
        )
        deeds: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda: self._doze(it.doze), lambda: self._set_clock(it.clock),
        )  # fmt: skip
        begun = self._clock.monotonic()
        back: float | None = None
        for at, which in [*moments, (it.lasts, 3)]:
            if back is not None and begun + at > back:
                await self._pass(back - self._clock.monotonic())
                self._start()
                back = None
            await self._pass(begun + at - self._clock.monotonic())
            if which == 2:
                await self._end(it.kill)
                back = self._clock.monotonic() + it.away
            elif which < 2:
                await deeds[which]()
        await self._calm_again()
        if back is not None:
            await self._pass(back - self._clock.monotonic())
        if self._program is None:
            self._start()
        await self._recovered()

    async def _calm_again(self) -> None:
        self._note("calm")
        self._server.sandbox.clear_faults()
        self._trouble.cut, self._trouble.lag = "", (0.02, 0.3)
        self._disk.mend_all()

    async def _recovered(self) -> None:
        program = self._program
        assert program is not None
        desk = program.desk
        held = desk._trouble.hold(self._clock.monotonic())
        await self._pass(60 + held + desk._plan.cycle() + 30)
        if left := len(desk.mirror.left()):  # each is looked for by itself, at the pace of the budget
            await self._pass(30 + 120 * left / self._setting.budget)
        if self._program is program:
            self._beliefs.check_recovered(program)

    async def _doze(self, seconds: float) -> None:
        if self._rng.random() < 0.5:
            await self._until_an_answer_is_under_way()
        self._note(f"asleep for {seconds:.0f} s")
        self._clock.doze(seconds)
        self._server.sandbox.advance(by=seconds)
        self._look()
        await self._clock.sleep(1.0)
        self._look()

    async def _until_an_answer_is_under_way(self) -> None:
        for _ in range(2_000):
            if self._program is None or self._program.wire.answered:
                return
            await self._clock.sleep(0.03)

    async def _set_clock(self, seconds: float) -> None:
        self._note(f"the clock is put {seconds:+.0f} s")
        self._clock.set(seconds)
        self._look()

    def _look(self) -> None:
        program = self._program
        if program is not None and program.alive:
            program.life.call(program.watch.tick)
            self._beliefs.check(program)

    async def _pass(self, seconds: float) -> None:
        """Let time pass, act now and then, and look at everything again and again."""
        until = self._clock.monotonic() + seconds
        while (now := self._clock.monotonic()) < until:
            await self._clock.sleep(min(_BEAT, until - now))
            program = self._program
            if program is None or not program.alive:
                continue
            now = self._clock.monotonic()
            if now >= self._acts_at:
                self._acts_at = now + self._rng.uniform(20, 900)
                self._person.act(program)
            if now >= self._looks_at:
                self._looks_at = now + _LOOK_EVERY
                self._beliefs.check(program)

    async def _evening(self) -> None:
        """All is well, and stays so: what can be known is known by then."""
        await self._calm_again()
        if self._program is None:
            self._start()
        await self._recovered()
        self._acts_at = float("inf")
        await self._pass(1500.0)
        self._beliefs.check_journal()

    def _tidy(self) -> None:
        if self._program is not None:
            self._report.requests += self._program.wire.count
            self._program.kill()
            self._buried.append(self._program)
        bury_all()

    def _note(self, words: str) -> None:
        self._report.diary.append(f"{self._clock_words()} {words}")

    def _clock_words(self) -> str:
        seconds = int(self._clock.real()) if self._report.diary else 0
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
