"""The program, which kills itself at a chosen statement of its stores; run as a module, before the program's arguments.

``python -m tests.support.dying WORDS NTH DELAY ...`` sends it SIGKILL when the NTH statement that begins with WORDS is
run, DELAY seconds into it. SQLite works without the interpreter's lock, so that a small delay falls into its writes;
and it writes its log into the file at each commit, so that some fall into that.
"""

import os
import signal
import sqlite3
import sys
import threading
import time
from typing import Any


class Deathbed:
    """Counts statements, and ends it."""

    def __init__(self, words: str, nth: int, delay: float) -> None:
        self._words = words
        self._left = nth
        self._delay = delay
        self._counting = threading.Lock()

    def note(self, statement: str) -> None:
        """A statement is about to run."""
        if not statement.startswith(self._words):
            return
        with self._counting:
            self._left -= 1
            now = self._left == 0
        if now and self._delay:
            threading.Thread(target=self._later, daemon=True).start()
        elif now:
            self._end()

    def _later(self) -> None:
        until = time.perf_counter() + self._delay
        while time.perf_counter() < until:
            pass
        self._end()

    def _end(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    """Run the program with its days numbered."""
    bed = Deathbed(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
    connect = sqlite3.connect

    def traced(*given: Any, **more: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*given, **more)
        db.execute("PRAGMA wal_autocheckpoint=1")
        db.set_trace_callback(bed.note)
        return db

    setattr(sqlite3, "connect", traced)  # noqa: B010 - its type is that of all its overloads
    sys.argv[1:] = sys.argv[4:]
    from charge_tui.cli import entry

    return entry()


if __name__ == "__main__":
    raise SystemExit(main())
