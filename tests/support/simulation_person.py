"""A dispatcher in a simulation: looks at what the desk shows, and does one thing or another, whatever the weather."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from random import Random
from typing import Any, Final

from charge_tui.api.errors import ChargeError
from charge_tui.desk.attention.judging import VerdictRefused
from charge_tui.desk.attention.state import Entry
from charge_tui.desk.outcome import Outcome
from charge_tui.desk.recovery import Undo
from charge_tui.domain.drafting import copied, shifted, values_of
from charge_tui.domain.lifecycle import CONFIRMED, PENDING
from charge_tui.domain.reservation import Reservation
from tests.support.simulation_program import Program

Act = Callable[[], Awaitable[object]]

_OFTEN: Final = (
    ("edit", 6), ("confirm", 3), ("cancel", 3), ("create", 5), ("create_again", 3), ("again", 4), ("move", 4),
    ("undo", 2), ("many", 1), ("retry", 5), ("settle", 2), ("acknowledge", 6), ("snooze", 6), ("handled", 2),
    ("take_back", 1), ("acknowledge_all", 1), ("refresh", 3), ("page", 2), ("read", 2), ("watch", 2),
)  # fmt: skip
_NAMES: Final = tuple(name for name, _ in _OFTEN)
_WEIGHTS: Final = tuple(weight for _, weight in _OFTEN)


class Person:
    """Acts upon the program that runs at the moment; what is typed once may be typed again."""

    def __init__(self, rng: Random, diary: Callable[[str], None]) -> None:
        self._rng = rng
        self._diary = diary
        self._count = 0
        self._booked: list[dict[str, Any]] = []

    def act(self, program: Program) -> None:
        """Do one thing; it goes on by itself."""
        self._count += 1
        name = self._rng.choices(_NAMES, _WEIGHTS)[0]
        program.life.start(self._done(name, program)).add_done_callback(program.noted_end)

    async def _done(self, name: str, program: Program) -> None:
        deed: Coroutine[Any, Any, object] = getattr(self, f"_{name}")(program)
        try:
            came = await deed
        except (ChargeError, VerdictRefused) as error:
            self._diary(f"person: {name}: {type(error).__name__}")
            return
        for outcome in came if isinstance(came, tuple) else (came,):
            told = f"{outcome.kind.value} {outcome.id or ''} #{outcome.entry}" if isinstance(outcome, Outcome) else ""
            self._diary(f"person: {name} {told}")

    # -- what there is to choose from ---------------------------------------------------------------------------------

    def _row(self, program: Program, *statuses: str) -> Reservation | None:
        rows = sorted(
            (row for row in program.desk.rows.values() if isinstance(row, Reservation) and row.status in statuses),
            key=lambda row: row.id,
        )
        return self._rng.choice(rows) if rows else None

    def _entry(self, program: Program) -> Entry | None:
        queue = program.watch.queue()
        entries = [*queue.entries, *queue.snoozed]
        return self._rng.choice(entries) if entries else None

    def _later(self) -> timedelta:
        return timedelta(minutes=self._rng.choice((-30, 5, 15, 60, 300)))

    # -- what is done -------------------------------------------------------------------------------------------------

    async def _edit(self, program: Program) -> object:
        row = self._row(program, PENDING)
        if row is None:
            return None
        values = values_of(row)
        if self._rng.random() < 0.5:
            values |= {"metadata": {**(row.metadata or {}), "note": str(self._count)}}
        else:
            values = shifted(values, self._later(), limits=True)
        return await program.writer.edit(row, values)

    async def _confirm(self, program: Program) -> object:
        row = self._row(program, PENDING)
        return row and await program.writer.confirm(row)

    async def _cancel(self, program: Program) -> object:
        row = self._row(program, PENDING, CONFIRMED)
        return row and await program.writer.cancel(row)

    async def _create(self, program: Program) -> object:
        row = self._row(program, PENDING, CONFIRMED, "completed", "cancelled")
        if row is None:
            return None
        values = shifted(
            copied(row, program.desk.now(), replaces=False).values, timedelta(minutes=self._count), limits=True
        )
        self._booked.append(values)
        return await program.writer.create(values, despite=self._rng.random() < 0.3)

    async def _create_again(self, program: Program) -> object:
        if not self._booked:
            return None
        return await program.writer.create(self._booked[-1], despite=False)

    async def _again(self, program: Program) -> object:
        row = self._row(program, "failed", "expired", "cancelled")
        if row is None:
            return None
        values = copied(row, program.desk.now()).values
        self._booked.append(values)
        return await program.writer.book_again(row, values)

    async def _move(self, program: Program) -> object:
        row = self._row(program, CONFIRMED)
        if row is None:
            return None
        values = shifted(copied(row, program.desk.now()).values, self._later(), limits=True)
        return await program.writer.move(row, values)

    async def _undo(self, program: Program) -> object:
        offer = await program.writer.undoable()
        return await program.writer.undo(offer) if isinstance(offer, Undo) else None

    async def _many(self, program: Program) -> object:
        rows = [row for _ in range(3) if (row := self._row(program, PENDING)) is not None]
        return await program.writer.cancel_many(rows[:2], lambda done, of, outcome: None)

    async def _retry(self, program: Program) -> object:
        unknown = program.writer.unknown
        return await program.writer.retry(self._rng.choice(unknown).number) if unknown else None

    async def _settle(self, program: Program) -> object:
        return await program.writer.settle_open_rows()

    async def _acknowledge(self, program: Program) -> object:
        entry = self._entry(program)
        return entry and await program.watch.acknowledge((entry.finding.key,)) and None

    async def _acknowledge_all(self, program: Program) -> object:
        keys = [entry.finding.key for entry in program.watch.queue().entries]
        await program.watch.acknowledge_all(keys)
        return None

    async def _snooze(self, program: Program) -> object:
        entry = self._entry(program)
        if entry is None:
            return None
        minutes = self._rng.choice((5, 15, 60, 480, None))
        until = None if minutes is None else program.desk.now() + timedelta(minutes=minutes)
        await program.watch.snooze(entry.finding.key, until, "tea")
        return None

    async def _handled(self, program: Program) -> object:
        entry = self._entry(program)
        return entry and await program.watch.handled(entry.finding.key, "phoned") and None

    async def _take_back(self, program: Program) -> object:
        entry = self._entry(program)
        return entry and await program.watch.take_back(entry.finding.key) and None

    async def _refresh(self, program: Program) -> object:
        program.desk.refresh()
        return None

    async def _watch(self, program: Program) -> object:
        row = self._row(program, PENDING, CONFIRMED)
        program.desk.watch((row.id,) if row else ())
        return None

    async def _page(self, program: Program) -> object:
        page = await program.desk.page(status=self._rng.choice((None, "failed", "completed", PENDING)))
        if page.next_url:
            await program.desk.page(status=None, url=page.next_url, number=2)
        return None

    async def _read(self, program: Program) -> object:
        row = self._row(program, PENDING, CONFIRMED, "failed")
        return None if row is None else await program.desk.read(row.id)
