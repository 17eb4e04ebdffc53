"""What must hold at every moment of a simulated day, laid beside the server's own account of what was so."""

import json
import sqlite3
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Final

from charge_tui.desk.attention.state import Said
from charge_tui.desk.attention.terms import Standing
from charge_tui.desk.budget import WINDOW, Share
from charge_tui.desk.state import Freshness
from charge_tui.domain.attention.finding import Severity
from charge_tui.domain.diff import status_of
from charge_tui.domain.lifecycle import OPEN, is_open
from charge_tui.domain.reservation import Row
from charge_tui.domain.times import parse_rfc3339
from charge_tui.tui.render.columns import ATTENTION, CLOSED, place
from charge_tui.tui.render.row import row_line
from charge_tui.tui.render.spans import text_of
from charge_tui.tui.render.truth import Truth, title, truth_line
from tests.support.simulation_clocks import MachineClock
from tests.support.simulation_disk import Disk
from tests.support.simulation_program import ZONE, Program
from tests.support.simulation_wire import Server

_SLACK: Final = 5.5
_DRAW_ALL_EVERY: Final = 100
_LONGEST_HOLD: Final = 900.0


@lru_cache(4_096)
def _document(body: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(body)
    return found


@lru_cache(16_384)
def _stamp(text: str) -> float:
    return parse_rfc3339(text).timestamp()


class Broken(AssertionError):
    """Something that must always hold does not."""


class Beliefs:
    """Checks one day. Kept across the runs of the desk: what was told once is not forgotten by a restart."""

    def __init__(self, server: Server, clock: MachineClock, disk: Disk, rng: Random) -> None:
        self._server = server
        self._clock = clock
        self._disk = disk
        self._rng = rng
        self._told: dict[str, str] = {}
        """What was last said of each reservation that was seen open: open, left, or how it ended."""
        self._unsaved: set[str] = set()
        self._verdicts: dict[str, Standing] = {}
        self._verdicts_of = 0
        self._drawn: dict[str, tuple[Row, object]] = {}
        """Rows as they were last drawn, with what stood beside them."""
        self._asked: dict[int, int] = {}
        self.checks = 0

    # -- all along ----------------------------------------------------------------------------------------------------

    def check(self, program: Program) -> None:
        """Look at everything that is cheap to look at."""
        self.checks += 1
        if program.failed:
            raise Broken(f"a task ended with {program.failed[0]!r}") from program.failed[0]
        self._never_falsely_fresh(program)
        self._nothing_vanishes(program)
        self._budget_holds(program)
        self._verdicts_hold(program)
        self._words_never_fail(program)

    def _world(self) -> dict[str, dict[str, str]]:
        sandbox = self._server.sandbox
        with sandbox.lock:
            sandbox.sync()
            return {
                stored.id: _document(stored.body)
                for status in OPEN
                for stored in sandbox.world.store.rows({"status": status}, None, False, -1)
            }

    def _never_falsely_fresh(self, program: Program) -> None:
        feed = program.desk.feed()
        if feed.freshness is not Freshness.FRESH:
            return
        now, account = self._clock.real(), self._server.account
        limit = 2 * program.desk._sharing.pulse().cycle + _SLACK
        world_now = self._server.sandbox.now() / 1000
        for identity, row in self._world().items():
            created = now - (world_now - _stamp(row["created"]))
            seen = max(account.served.get(identity, 0.0), created)
            if now - seen > limit:
                raise Broken(f"FRESH, and {identity} was last served {now - seen:.0f} s ago (at most {limit:.0f})")
            changed = now - (world_now - _stamp(row["updated"]))
            known = program.desk.known(identity)
            if identity in account.odd or changed > seen - 1 or known is None:
                continue
            if status_of(known) != row["status"] and not program.desk.leaving(identity):
                raise Broken(f"FRESH, and {identity} is {row['status']}, shown as {status_of(known)}")

    def _nothing_vanishes(self, program: Program) -> None:
        desk, rows = program.desk, program.desk.rows
        self._take_what_was_told(program)
        for identity, told in list(self._told.items()):
            row = rows.get(identity)
            if row is not None:
                continue
            if program.desk.feed().complete and program.desk._plan.has_looked_back and told in ("open", "left"):
                self._may_be_missing(identity, told)
        for row in rows.values():
            status = status_of(row)
            if desk.leaving(row.id):
                self._told[row.id] = "left"
            elif is_open(status):
                self._told[row.id] = "open"
                if not self._disk.well:
                    self._unsaved.add(row.id)
            elif row.id in self._told:
                self._told[row.id] = status

    def _take_what_was_told(self, program: Program) -> None:
        """An end that was told may be over for so long already that the row is forgotten at once."""
        for change in program.changes:
            if change.after is not None and not is_open(status := status_of(change.after)) and change.id in self._told:
                self._told[change.id] = status
        program.changes.clear()

    def _may_be_missing(self, identity: str, told: str) -> None:
        try:
            row = self._server.sandbox.reservation(identity)
        except KeyError:
            return
        ended = max(parse_rfc3339(row["updated"]), parse_rfc3339(row["latest_end"] or row["ideal_end"]))
        old = (self._server.sandbox.now() / 1000 - ended.timestamp()) > 86_400 - 900
        if row["status"] in OPEN or not old or identity not in self._unsaved:
            raise Broken(f"{identity} was told as {told}, is {row['status']}, and is not in the picture any more")
        self._told[identity] = "old"

    def _budget_holds(self, program: Program) -> None:
        asked, begun = program.wire.asked, self._asked.get(program.number, 0)
        own = [one for one in asked if one.share is not Share.PERSON]
        budget = program.desk._gauge.budget.per_minute
        for one, other in zip(own, own[budget:], strict=False):
            if other.at - one.at < WINDOW - 0.001:
                raise Broken(f"{budget + 1} requests in {other.at - one.at:.1f} s")
        quiet = 0.0
        for one in own:
            if one.at < quiet - 0.5:
                raise Broken(f"asked {quiet - one.at:.0f} s before the end of a Retry-After: {one.method} {one.path}")
            if one.hold:
                quiet = max(quiet, one.came + min(one.hold, _LONGEST_HOLD))
        self._asked[program.number] = begun
        del asked[: max(0, len(asked) - 400)]

    # -- verdicts -----------------------------------------------------------------------------------------------------

    def _verdicts_hold(self, program: Program) -> None:
        watch, now = program.watch, program.desk.now()
        queue = watch.queue()
        named: set[str] = set()
        for entry in (*queue.entries, *queue.snoozed):
            named |= {entry.finding.key, *(other.key for other in entry.others)}
            verdict = entry.verdict
            if verdict is None:
                continue
            if verdict.said is not Said.HANDLED and verdict.severity < entry.finding.severity:
                raise Broken(f"{entry.finding.key} got worse than what was {verdict.said}, and is not told")
            late = timedelta(seconds=2 * program.tick + 5)
            if verdict.until is not None and now > verdict.until + late and watch._looked_at is not None:
                raise Broken(f"{entry.finding.key} is still {verdict.said} at {now}, until {verdict.until}")
        if lost := [key for key in watch._delays.shown if key not in named]:
            raise Broken(f"{lost[0]} is shown nowhere in the queue")
        self._verdicts_survive(program, now)

    def remember(self, program: Program) -> None:
        """The program is about to end: what was said and kept by now must be there afterwards."""
        verdicts = program.watch.verdicts
        if program.watch._looked_at is None or not self._disk.well:
            return
        queue = program.watch.queue()
        said = [e.finding.key for e in (*queue.entries, *queue.snoozed) if e.verdict is not None]
        kept = {key: one for key in said if key not in verdicts._pending and (one := verdicts.stored.get(key))}
        self._verdicts, self._verdicts_of = kept, program.number

    def _verdicts_survive(self, program: Program, now: datetime) -> None:
        if program.number == self._verdicts_of or program.watch._looked_at is None:
            return
        for key, one in self._verdicts.items():
            finding = program.watch.finding(key)
            if finding is None or one.lapsed(now) or not one.covers(finding):
                continue
            if program.watch._in_force(key) is None:
                raise Broken(f"{key} was {one.verdict.said} before the restart, and is not any more")
        self._verdicts = {}

    # -- words --------------------------------------------------------------------------------------------------------

    def _words_never_fail(self, program: Program) -> None:
        space, desk = program.workspace, program.desk
        queue = program.watch.queue()
        truth = Truth(
            "TEST", "host", desk.feed(), desk.now(), ZONE, space.needs(), queue.fresh.get(Severity.CRITICAL, 0),
            space.next_deadline(),
        )  # fmt: skip
        line = text_of(truth_line(truth, 80))
        if desk.feed().freshness.value not in line or not title(truth):
            raise Broken(f"the line on top does not say {desk.feed().freshness}: {line}")
        if self.checks % 10:
            return
        columns = place((*ATTENTION, *CLOSED), 200)
        look = space.look()
        if not self.checks % _DRAW_ALL_EVERY:
            self._drawn.clear()
        for row in desk.rows.values():
            standing, drawn = space.standing(row.id), self._drawn.get(row.id)
            if drawn is None or drawn[0] is not row or drawn[1] != standing:
                self._drawn[row.id] = row, standing
                row_line(row, columns, look, standing)
        for identity in space.ids:
            if identity not in desk.rows:
                raise Broken(f"{identity} is on the screen and not on the desk")

    # -- the journal --------------------------------------------------------------------------------------------------

    def check_journal(self) -> None:
        """Every entry that says how it ended says what the server did; nothing was done without an entry, or twice."""
        entries = self._entries()
        account = self._server.account
        done: dict[str, list[str]] = {}
        for effect in account.effects:
            done.setdefault(effect.key, []).append(effect.id)
        for key, path in account.keys.items():
            if key not in entries:
                raise Broken(f"a request to {path} left without an entry in the journal")
        for key, ids in done.items():
            if len(ids) > 1:
                raise Broken(f"{entries[key]} took effect {len(ids)} times: {ids}")
        for key, (number, verb, state, settled, reservation) in entries.items():
            ids, name = done.get(key, []), f"entry {number} ({verb} {reservation})"
            if settled == "person":
                continue
            if state in ("refused", "not sent") and ids:
                raise Broken(f"{name} is {state} by {settled}, and took effect on {ids}")
            if state == "void" and ids and verb == "create":
                raise Broken(f"{name} is {state} by {settled}, and took effect on {ids}")
            if state in ("done", "failed") and settled in ("answer", "retry") and not ids:
                raise Broken(f"{name} is {state} by {settled}, and nothing was done")
            if state == "done" and verb == "create" and ids != [reservation]:
                raise Broken(f"{name} is {state} by {settled}, and the server made {ids}")

    def _entries(self) -> dict[str, tuple[int, str, str, str | None, str | None]]:
        file = self._disk.file("journal.sqlite")
        db = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=0)
        try:
            rows = db.execute("SELECT key, number, verb, state, settled, reservation FROM entry").fetchall()
        except sqlite3.OperationalError:
            rows = []
        finally:
            db.close()
        return {key: tuple(rest) for key, *rest in rows}

    # -- afterwards ---------------------------------------------------------------------------------------------------

    def check_recovered(self, program: Program) -> None:
        """With nothing wrong any more: the picture is whole, current, and the world's."""
        feed = program.desk.feed()
        if feed.freshness is not Freshness.FRESH or not feed.complete:
            raise Broken(f"{feed.freshness} {feed.age} after all is well again: {[p.words for p in feed.problems]}")
        lag = 2 * program.desk._sharing.pulse().cycle + _SLACK
        true = {identity: row["status"] for identity, row in self._world().items()}
        shown = {r.id: status_of(r) for r in program.desk.open_rows() if not program.desk.leaving(r.id)}
        before = self._server.sandbox.now() / 1000 - lag
        for identity in sorted(true.keys() | shown.keys()):
            if true.get(identity) == shown.get(identity):
                continue
            row = self._server.sandbox.reservation(identity)
            if _stamp(row["updated"]) < before:
                raise Broken(f"{identity} is {row['status']}, shown as {shown.get(identity)}, after all is well again")
