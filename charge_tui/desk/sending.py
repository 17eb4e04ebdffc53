"""One request that changes something: journal first, then the wire, then what came of it, then the mirror."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from charge_tui.api import ChargeClient, noting_answers
from charge_tui.api.errors import (
    AnswerUnreadable,
    AuthenticationFailed,
    ChargeError,
    NotFound,
    NotReached,
    OutcomeUnknown,
    RateLimited,
    Refused,
    WriteBlocked,
)
from charge_tui.clock import Clock
from charge_tui.desk.entries import Entry, Plan, State
from charge_tui.desk.journal import Journal
from charge_tui.desk.settling import Verdict, candidates, searched_enough, verdict, verdict_on_create
from charge_tui.domain.lifecycle import CANCELLED, CONFIRMED, FAILED, PENDING
from charge_tui.domain.reservation import OddRow, Reservation, Row, read_row
from charge_tui.domain.text import safe
from charge_tui.records import dataclass

_MOST_PAGES: Final = 5
_NOT_PAID: Final = 402


class Bench(Protocol):
    """What a writer works at: a desk, or a command without one."""

    @property
    def client(self) -> ChargeClient:
        """The client in use."""

    def now(self) -> datetime:
        """World time."""

    def take(self, rows: tuple[Row, ...], seen: float, source: str) -> None:
        """Take in rows that were asked for at that monotonic moment."""

    def take_gone(self, identity: str) -> None:
        """Take in that the API has no such reservation."""

    def step_done(self) -> None:
        """Tell whoever listens what was taken in."""


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of one request."""

    state: State
    words: str
    row: Row | None = None
    error: ChargeError | None = None
    request_id: str | None = None
    settled: str | None = None

    @property
    def pauses(self) -> bool:
        """Whether another request would fare the same way now."""
        last = self.error.last if isinstance(self.error, OutcomeUnknown) else self.error
        return isinstance(last, NotReached | AuthenticationFailed | RateLimited | WriteBlocked)


class Sender:
    """Reads and sends for a writer. Whatever it reads goes into the mirror."""

    def __init__(self, bench: Bench, journal: Journal, clock: Clock) -> None:
        self._bench = bench
        self._journal = journal
        self._clock = clock

    async def read(self, identity: str) -> Row:
        """A reservation as it is now.

        Raises:
            ChargeError: it could not be read.
        """
        asked = self._clock.monotonic()
        try:
            row = await self._bench.client.reservations.retrieve_row(identity)
        except NotFound:
            self._bench.take_gone(identity)
            self._bench.step_done()
            raise
        self._take(row, asked=asked)
        return row

    async def open_of(self, vehicle: str) -> list[Reservation]:
        """A vehicle's open reservations.

        Raises:
            ChargeError: they could not be read.
        """
        found: list[Reservation] = []
        for status in (PENDING, CONFIRMED):
            asked = self._clock.monotonic()
            async for page in self._bench.client.reservations.list(vehicle=vehicle, status=status, limit=100).pages():
                self._take(*page.rows, asked=asked)
                found += page.data
        return found

    async def send(self, entry: Entry, how: str = "answer") -> Result:
        """Send what an entry says, note what came of it, and look at the API where the answer was lost."""
        asked = self._clock.monotonic()
        with noting_answers() as answers:
            try:
                row: Reservation = await self._request(entry.plan)
            except OutcomeUnknown as error:
                return await self._lost(entry, error, how)
            except ChargeError as error:
                if entry.plan.verb == "confirm" and isinstance(error, Refused) and error.status == _NOT_PAID:
                    return await self._failed_perhaps(entry, error, how)
                state = State.REFUSED if isinstance(error, Refused) else State.NOT_SENT
                result = Result(state, error.sentence, error=error, request_id=error.request_id, settled=how)
                return await self._note(entry, result)
        self._take(row, asked=asked)
        request = answers[-1].request_id if answers else None
        return await self._note(entry, _answered(entry.plan, row, request, how))

    async def look(self, entry: Entry) -> Result:
        """Find out by reading what became of an entry, and note it.

        Raises:
            ChargeError: it could not be read.
        """
        wall = self._clock.now()
        if entry.plan.verb == "create":
            rows = await self._created_since(entry)
            claimed = {one.plan.reservation for one in await self._journal.recent() if one.number != entry.number}
            found = candidates(entry, rows, claimed)
            return await self._found(
                entry, verdict_on_create(entry, found, wall), found[0] if len(found) == 1 else None
            )
        try:
            row = await self.read(entry.plan.reservation or "")
        except NotFound as error:
            return await self._found(entry, Verdict(State.VOID, error.sentence), None)
        if isinstance(row, OddRow):
            return await self._found(entry, Verdict(State.UNKNOWN, "The reservation cannot be read whole."), row)
        return await self._found(entry, verdict(entry, row, wall), row)

    async def _request(self, plan: Plan) -> Reservation:
        calls, body, identity = self._bench.client.reservations, plan.body, plan.reservation or ""
        if plan.verb == "create":
            return await calls.create(**body, idempotency_key=plan.key)
        if plan.verb == "update":
            return await calls.update(identity, body, idempotency_key=plan.key)
        if plan.verb == "confirm":
            method = body.get("payment_method")
            return await calls.confirm(identity, payment_method=method, idempotency_key=plan.key)
        return await calls.cancel(identity, idempotency_key=plan.key)

    async def _lost(self, entry: Entry, error: OutcomeUnknown, how: str) -> Result:
        unread = error.last
        if isinstance(unread, AnswerUnreadable) and unread.row is not None:
            odd = read_row(unread.row)
            self._take(odd, asked=self._clock.monotonic())
            words = f"It took effect, and the answer is odd: {unread.problem}"
            return await self._note(entry, Result(State.DONE, words, odd, error, error.request_id, how))
        unknown = Result(State.UNKNOWN, error.sentence, error=error, request_id=error.request_id)
        await self._note(entry, unknown)
        try:
            seen = await self.look(entry)
        except ChargeError as fault:
            return await self._note(entry, _with(unknown, f"{unknown.words} {fault.sentence}"))
        return seen if seen.state.settled else _with(unknown, f"{unknown.words} {seen.words}", seen.row)

    async def _failed_perhaps(self, entry: Entry, error: Refused, how: str) -> Result:
        """A confirm may end as ``failed`` with an answer of 402 rather than of 200 [unknown]: the row tells."""
        refused = Result(State.REFUSED, error.sentence, error=error, request_id=error.request_id, settled=how)
        try:
            row = await self.read(entry.plan.reservation or "")
        except ChargeError as fault:
            words = f"{error.sentence} Whether it failed by that is not known: {fault.sentence}"
            return await self._note(entry, replace(refused, state=State.UNKNOWN, words=words, settled=None))
        if isinstance(row, Reservation) and row.status == FAILED:
            return await self._note(entry, replace(_answered(entry.plan, row, error.request_id, how), error=error))
        return await self._note(entry, refused)

    async def _created_since(self, entry: Entry) -> Sequence[Reservation]:
        rows: list[Reservation] = []
        count, asked = 0, self._clock.monotonic()
        listed = self._bench.client.reservations.list(vehicle=str(entry.plan.body.get("vehicle")), limit=100)
        async for page in listed.pages():
            count += 1
            self._take(*page.rows, asked=asked)
            rows += page.data
            if searched_enough(entry, page.data) or count >= _MOST_PAGES:
                break
        return rows

    def _take(self, *rows: Row, asked: float) -> None:
        self._bench.take(rows, asked, "write")
        self._bench.step_done()

    async def _found(self, entry: Entry, seen: Verdict, row: Row | None) -> Result:
        how = "read" if seen.state.settled else None
        return await self._note(entry, Result(seen.state, seen.words, row, settled=how))

    async def _note(self, entry: Entry, result: Result) -> Result:
        row = result.row
        created = row.id if row and entry.plan.verb == "create" and result.state is State.DONE else None
        answer: Any = None if row is None else row.document() if isinstance(row, Reservation) else row.raw
        noted = await self._journal.end(
            entry,
            result.state,
            result.words,
            settled=result.settled,
            request_id=result.request_id,
            answer=answer if isinstance(answer, dict) else None,
            reservation=created,
        )
        if not noted and self._journal.problem:
            return _with(result, f"{result.words} The journal could not note this: {self._journal.problem}")
        return result


def _answered(plan: Plan, row: Reservation, request: str | None, how: str) -> Result:
    wanted = {"confirm": CONFIRMED, "cancel": CANCELLED}.get(plan.verb)
    if wanted and row.status != wanted:
        reason = f" ({safe(row.failed_reason, 60)})" if row.failed_reason else ""
        words = f"It was not {wanted}: it is {safe(row.status, 40)}{reason}."
        return Result(State.FAILED, words, row, None, request, how)
    words = {"create": "Booked.", "update": "Saved.", "confirm": "Confirmed.", "cancel": "Cancelled."}[plan.verb]
    return Result(State.DONE, words, row, None, request, how)


def _with(result: Result, words: str, row: Row | None = None) -> Result:
    return replace(result, words=words, row=row or result.row)
