"""The desk is killed wherever it may be, again and again, while a person works; each start finds all of it in order."""

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from typing import Protocol

from charge_tui.sandbox import RunningSandbox
from tests.support.process import PROGRAM, Terminal, clean_environment, terminal

ROOT = Path(__file__).parents[2]
LONG = bool(os.environ.get("CHARGE_LONG"))
"""Whether to die some hundreds of times."""
ORDINARY = 12
"""How often to die otherwise; the stores alone die more often, in ``tests/desk/test_disk_killed.py``."""

STATEMENTS = (
    ("PRAGMA journal_mode", 1, 0.0),
    ("CREATE TABLE", 2, 0.0),
    ("INSERT INTO entry", 1, 0.0),
    ("INSERT INTO entry", 1, 0.0002),
    ("INSERT INTO entry", 1, 0.001),
    ("INSERT INTO entry", 1, 0.004),
    ("UPDATE entry", 1, 0.0),
    ("UPDATE entry", 1, 0.0004),
    ("UPDATE entry", 1, 0.002),
    ("INSERT OR REPLACE INTO reservation", 1, 0.0),
    ("INSERT OR REPLACE INTO reservation", 20, 0.0003),
    ("INSERT INTO sight", 1, 0.001),
    ("INSERT OR REPLACE INTO verdict", 1, 0.0),
    ("INSERT OR REPLACE INTO verdict", 1, 0.001),
    ("INSERT INTO ruling", 1, 0.0),
    ("INSERT OR REPLACE INTO draft", 1, 0.0),
    ("INSERT OR REPLACE INTO draft", 1, 0.001),
    ("INSERT INTO log", 1, 0.0005),
    ("INSERT INTO alarm", 1, 0.0),
    *(("COMMIT", nth, delay) for nth in (1, 3, 8, 14) for delay in (0.0, 0.0002, 0.0008)),
)  # fmt: skip
"""Where it dies: right before or some way into the statement of that number."""


@dataclass
class Home:
    """The folders of one user, as the disk has them while no desk runs."""

    folder: Path
    sandbox: RunningSandbox
    texts: set[str] = field(default_factory=set)
    """What was typed into forms."""

    @property
    def env(self) -> dict[str, str]:
        """What the program is started with."""
        return clean_environment(
            self.folder, CHARGE_API_KEY=self.sandbox.key, CHARGE_BASE_URL=self.sandbox.base_url, TZ="Europe/Paris",
            PYTHONPATH=str(ROOT),
        )  # fmt: skip

    def rows(self, file: str, query: str) -> list[tuple[str, ...]]:
        """What a query finds in a store; nothing where there is no such file or table yet."""
        path = next(self.folder.rglob(file), None)
        if path is None:
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            wanted = query.partition(" FROM ")[2].partition(" ")[0]
            return db.execute(query).fetchall() if not wanted or wanted in tables else []

    def states(self) -> dict[str, str]:
        """The state of each journal entry, by its key."""
        return dict(self.rows("journal.sqlite", "SELECT key, state FROM entry ORDER BY number"))  # type: ignore[arg-type]

    def kept(self) -> dict[str, object]:
        """What must be there again after the next start."""
        return {
            "entries": set(self.states()),
            "settled": {pair for pair in self.states().items() if pair[1] not in ("open", "unknown")},
            "verdicts": set(self.rows("desk.sqlite", "SELECT key, at, body FROM verdict")),
            "rulings": set(self.rows("desk.sqlite", "SELECT number, body FROM ruling")),
            "log": set(self.rows("desk.sqlite", "SELECT kind, reservation, updated, state FROM log")),
            "drafts": set(self.rows("journal.sqlite", "SELECT name, texts FROM draft")),
        }

    def in_order(self) -> None:
        """No file was moved aside, none is damaged, and at most one lock is there."""
        assert not [path for path in self.folder.rglob("*") if "broken" in path.name]
        for file in ("journal.sqlite", "desk.sqlite"):
            assert set(self.rows(file, "PRAGMA integrity_check")) <= {("ok",)}
        assert len(list(self.folder.rglob("desk-*.lock"))) <= 1

    def agrees(self) -> None:
        """The journal says what the sandbox did, and everything that was sent is in it."""
        states = self.states()
        sent = {one.idempotency_key for one in self.sandbox.requests if one.method == "POST"}
        assert sent <= states.keys(), "what left has its row"
        rows = self.rows("journal.sqlite", "SELECT reservation, state FROM entry WHERE verb = 'cancel'")
        done = [identity for identity, state in rows if state == "done"]
        assert len(done) == len(set(done)), "each intent at most once"
        for identity, state in rows:
            status = self.sandbox.reservation(identity)["status"]
            assert (status == "cancelled") == (state == "done" or identity in done), (identity, state, status)


class Shown(Protocol):
    """Waits until words are shown, or the title of the detail is that."""

    def __call__(self, words: str, *, title: bool = False) -> None: ...


class Dead(Exception):
    """The program has ended meanwhile."""


def until(it: Terminal, come: Callable[[], object], what: str) -> None:
    """Wait until something is so, as long as the program lives."""
    it.wait_until(lambda: bool(come()) or it._ended(), what)
    if it.code is not None:
        raise Dead


@contextmanager
def alive(it: Terminal, at: float | None) -> Iterator[Shown]:
    """A person who waits for words; at a moment of the monotonic clock it is killed."""

    def shown(words: str, *, title: bool = False) -> None:
        def come() -> bool:
            if at is not None and monotonic() >= at and it.code is None:
                os.kill(it.pid, signal.SIGKILL)
            return it.screen.shows_bold(words) if title else it.has_shown(words)

        until(it, come, f"{words!r} is shown")

    with suppress(Dead, OSError):
        yield shown


def settle(home: Home, it: Terminal, shown: Shown) -> None:
    """Let the desk find out what became of everything, and send again what did not leave."""
    until(it, lambda: "open" not in home.states().values(), "it has looked for what it left behind")
    if "unknown" in home.states().values():
        it.type("U")
        shown("send again")
        it.type("s")
        until(it, lambda: "unknown" not in home.states().values(), "all of it is settled")
        shown("Every write is settled")
        it.type("q")


def work(home: Home, it: Terminal, rng: Random, shown: Shown) -> None:
    """Cancel one and take a finding, in any order, and begin an edit of another one."""
    pending = sorted(home.sandbox.find(status="pending"), key=lambda row: str(row["ideal_start"]))[-12:]
    chosen, edited = rng.sample([str(row["id"]) for row in pending], 2)
    deeds: list[Callable[[], None]] = [lambda: cancel(home, it, chosen, shown), lambda: it.type("1ga")]
    rng.shuffle(deeds)
    for deed in deeds:
        deed()
    edit(home, it, edited, shown)
    os.kill(it.pid, signal.SIGKILL)


def on_it(it: Terminal, identity: str, shown: Shown) -> None:
    it.type("o")
    shown("Open a reservation")
    it.type(identity + "\r")
    shown(identity, title=True)


def cancel(home: Home, it: Terminal, identity: str, shown: Shown) -> None:
    on_it(it, identity, shown)
    it.type("x")
    shown("CANCEL this reservation?")
    before = len(home.states())
    it.type("y")
    until(it, lambda: len(home.states()) > before and "open" not in home.states().values(), "it is cancelled")
    shown(f"Cancelled: {identity}")


def edit(home: Home, it: Terminal, identity: str, shown: Shown) -> None:
    on_it(it, identity, shown)
    it.type("e")
    shown("nothing yet")
    text = f"Type{len(home.texts)}"
    home.texts.add(text)
    it.type("\x1b[B" * 4 + f", {text}")
    shown("Not documented")


def is_typed(text: str, draft: str) -> bool:
    """Whether a draft holds that text, or, where it died between two keys, what of it was typed by then."""
    return text in draft or any(f", {text}"[:length] + "'" in draft for length in range(1, len(text) + 2))


def places(rng: Random) -> Iterator[tuple[tuple[str, ...], float | None]]:
    """Programs that die at a statement, and moments at which one is killed."""
    found: list[tuple[tuple[str, ...], float | None]] = [
        ((sys.executable, "-m", "tests.support.dying", words, str(nth), str(delay)), None)
        for words, nth, delay in STATEMENTS
    ]
    found += [(PROGRAM, rng.uniform(0.3, 3.0)) for _ in range(len(STATEMENTS) // 2)]
    for _ in range(8 if LONG else 1):
        rng.shuffle(found)
        yield from found if LONG else found[:ORDINARY]


def test_it_may_die_anywhere(sandbox: RunningSandbox, tmp_path: Path) -> None:
    rng, home, deaths = Random(5), Home(tmp_path, sandbox), 0
    for program, delay in places(rng):
        before = home.kept()
        with terminal(program=program, env=home.env, size=(120, 36)) as it:
            at = None if delay is None else monotonic() + delay
            with alive(it, at) as shown:
                shown("FRESH")
                settle(home, it, shown)
                work(home, it, rng, shown)
            assert it.wait_for_end() == -signal.SIGKILL, (program, delay)
        deaths += 1
        home.in_order()
        after = home.kept()
        for name in ("entries", "settled", "verdicts", "rulings", "log"):
            assert before[name] <= after[name], (name, program, delay)  # type: ignore[operator]
    assert deaths >= ORDINARY
    with terminal(env=home.env, size=(120, 36)) as it, alive(it, None) as shown:
        shown("FRESH")
        settle(home, it, shown)
        home.agrees()
        it.leave()
        assert it.wait_for_end() == 0
    assert set(home.states().values()) <= {"done", "void", "not sent"}
    drafts = [json.loads(texts) for _, texts in home.rows("journal.sqlite", "SELECT name, texts FROM draft")]
    assert all(any(is_typed(text, str(draft)) for text in home.texts) for draft in drafts), drafts
    assert not list(tmp_path.rglob("desk-*.lock"))
