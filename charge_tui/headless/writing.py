"""What the commands that change something have in common: they ask, keep the journal, and tell what came of it."""

import argparse
import asyncio
import random
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import uuid4

from charge_tui.api import ChargeClient, ChargeError
from charge_tui.clock import SystemClock
from charge_tui.config.errors import ConfigError
from charge_tui.config.session import Session
from charge_tui.desk.account import BareBench, account_of, journal_file
from charge_tui.desk.gauge import Gauge
from charge_tui.desk.journal import Bounds, Journal
from charge_tui.desk.outcome import Kind, Outcome
from charge_tui.desk.policy import WritePolicy
from charge_tui.desk.writes import Writer
from charge_tui.domain.reservation import OddRow, Reservation
from charge_tui.domain.text import plain_json, safe
from charge_tui.headless.calls import NOT_REACHED, REFUSED, USAGE, WELL, Narrator, exit_code
from charge_tui.headless.table import document, fields
from charge_tui.records import dataclass

UNKNOWN: Final = 5

_CODES: Final = {
    Kind.DONE: WELL,
    Kind.UNCHANGED: WELL,
    Kind.FAILED: REFUSED,
    Kind.REFUSED: REFUSED,
    Kind.CONFLICT: REFUSED,
    Kind.TAKEN: REFUSED,
    Kind.TOO_LATE: REFUSED,
    Kind.NOT_SENT: USAGE,
    Kind.VOID: NOT_REACHED,
    Kind.UNKNOWN: UNKNOWN,
}


class _Watch(Gauge):
    """Keeps the world clock, and tells a person who waits what is being waited for."""

    def retrying(self, attempt: int, seconds: float, error: ChargeError) -> None:
        """Say so."""
        Narrator().retrying(attempt, seconds, error)


@dataclass(frozen=True, slots=True)
class Work:
    """What a command has to work with."""

    client: ChargeClient
    bench: BareBench
    writer: Writer
    session: Session


@dataclass(frozen=True, slots=True)
class Intent:
    """A request that was decided on: how it is asked about, how it would leave, and how it is sent."""

    question: tuple[str, ...]
    """Lines that tell all of it, safe to show; the last one is what Yes means."""
    path: str
    body: Mapping[str, Any]
    send: Callable[[], Awaitable[Outcome]]


def write(parsed: argparse.Namespace, session: Session, prepare: Callable[[Work], Awaitable[Intent | Outcome]]) -> int:
    """Prepare, ask, send, tell; the exit code.

    Raises:
        ConfigError: there is no key, writing is closed, an option is wrong, or the question was not answered with yes.
    """
    given = vars(parsed)
    yes, dry = given.get("yes", False), given.get("dry_run", False)
    key = session.key()
    secret = key.read()
    settings, clock = session.settings, SystemClock()
    policy = WritePolicy(read_only=settings.read_only or dry, write=settings.write, confirmed=yes)
    paths = session.paths.prepared()

    async def conversation() -> int:
        gauge = _Watch(clock, settings.budget)
        async with ChargeClient(
            secret,
            settings.base_url,
            read_only=policy.closed_for,
            version=settings.charge_version,
            tls_ca=str(settings.tls_ca) if settings.tls_ca else None,
            observer=gauge,
        ) as client:
            if not dry:
                _check_open(policy, client, yes=yes)
            bench = BareBench(client, gauge, clock)
            journal = Journal(
                None if dry else journal_file(paths.state),
                account_of(client, secret),
                operator=settings.operator_name,
                token=uuid4().hex,
                now=bench.now,
                clock=clock,
                bounds=Bounds(settings.journal_days, settings.journal_megabytes),
            )
            rng, zone = random.Random(), settings.zone
            writer = Writer(bench, journal, policy, clock=clock, rng=rng, zone=lambda: zone)
            try:
                await journal.open()
                return await _carry_out(Work(client, bench, writer, session), prepare, yes=yes, dry=dry, given=given)
            finally:
                await writer.drain()
                journal.close()

    try:
        return asyncio.run(conversation())
    except ChargeError as error:
        _say(error.sentence)
        return exit_code(error)


async def _carry_out(
    work: Work,
    prepare: Callable[[Work], Awaitable[Intent | Outcome]],
    *,
    yes: bool,
    dry: bool,
    given: Mapping[str, Any],
) -> int:
    if not dry:
        await _tell_of_unsettled(work.writer)
    intent = await prepare(work)
    if isinstance(intent, Outcome):
        return _tell(intent, work.session, as_json=given.get("json", False))
    if dry:
        request = {"method": "POST", "path": intent.path, "body": intent.body}
        if given.get("json"):
            print(plain_json(request))
        else:
            print("\n".join(intent.question[:-1]))
            print(f"POST {safe(intent.path)} {plain_json(intent.body)}")
        return WELL
    if not yes:
        await asyncio.to_thread(_ask, intent.question)
    return _tell(await intent.send(), work.session, as_json=given.get("json", False))


def _check_open(policy: WritePolicy, client: ChargeClient, *, yes: bool) -> None:
    why = policy.why_closed(client.mode)
    if why is None:
        return
    if client.mode == "production" and not (policy.needs_word(client.mode) and yes):
        why = f"{why} On a production key a command needs --write and --yes, both."
    raise ConfigError(f"Nothing was sent. {why}")


def _ask(question: tuple[str, ...]) -> None:
    if not sys.stdin or not sys.stdin.isatty():
        raise ConfigError("Nothing was sent: this asks before it acts, and there is nobody to ask; --yes answers.")
    for line in question:
        _say(line)
    print("Type yes to do this: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise ConfigError("Nothing was sent: the answer was not yes.")


async def _tell_of_unsettled(writer: Writer) -> None:
    for outcome in await writer.settle_open_rows():
        _say(f"An earlier {outcome.cause} ({safe(outcome.id or 'a new one', 60)}): {outcome.sentence}")
    if writer.journal.notice:
        _say(writer.journal.notice)


def _tell(outcome: Outcome, session: Session, *, as_json: bool) -> int:
    _say(outcome.sentence)
    row = outcome.row
    if row is not None and outcome.kind in (Kind.DONE, Kind.FAILED, Kind.UNCHANGED):
        if as_json:
            print(plain_json(document(row), indent=2))
        else:
            print("\n".join(fields(row, session.settings.zone)))
    if outcome.kind is Kind.UNKNOWN:
        _say(f"It is entry {outcome.entry} of charge-tui journal; the next command looks for it again.")
    if outcome.kind is Kind.NOT_SENT and outcome.error is not None:
        return exit_code(outcome.error)
    return _CODES[outcome.kind]


async def found(work: Work, identity: str) -> Reservation:
    """The reservation that a command is about.

    Raises:
        ChargeError: it could not be read.
        ConfigError: it cannot be read whole, so it is not acted on.
    """
    row = await work.client.reservations.retrieve_row(identity)
    if isinstance(row, OddRow):
        raise ConfigError(f"{row.id} cannot be read whole ({'; '.join(row.problems)}), so nothing is sent.")
    return row


def path_of(client: ChargeClient, identity: str | None = None, action: str = "") -> str:
    """The path of a request, as ``--dry-run`` shows it."""
    base = "/" + client.base_url.split("/", 3)[3] if client.base_url.count("/") > 2 else ""
    return f"{base}/reservations" + (f"/{identity}" if identity else "") + action


def _say(text: str) -> None:
    print(f"charge-tui: {text}", file=sys.stderr)
