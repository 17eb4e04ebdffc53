"""What goes wrong with the feed itself: how long to wait, and what to tell the person."""

import random
from datetime import datetime
from typing import Final

from charge_tui.api.errors import AuthenticationFailed, ChargeError, FeedFault, RateLimited
from charge_tui.desk.state import Gravity, Problem
from charge_tui.domain.times import span

OFFLINE_AFTER: Final = 3
"""Failed reads in a row after which the word is OFFLINE."""
LONGEST_WAIT: Final = 900.0
"""Seconds that a Retry-After is obeyed at the most."""
REFUSED_EVERY: Final = 300.0
"""Seconds between two tries with a key that was refused."""
_FIRST_WAIT: Final = 1.0
_LONG_GAP: Final = 60.0


class Trouble:
    """The state of the feed's health. Times are monotonic seconds, ``at`` is world time."""

    def __init__(self, refresh: float, rng: random.Random) -> None:
        self._longest = refresh or 15.0
        self._rng = rng
        self._problems: dict[str, Problem] = {}
        self._first_failure: float | None = None
        self.failures = 0
        self.refused = False
        self.limited = False
        self.hold_until = float("-inf")

    @property
    def offline(self) -> bool:
        """Whether the picture cannot be brought up to date at present."""
        return self.refused or self.failures >= OFFLINE_AFTER

    def answered(self, now: float) -> float:
        """A read came back well; the seconds for which none had, 0.0 if nothing had gone wrong."""
        gap = now - self._first_failure if self._first_failure is not None else 0.0
        self._first_failure = None
        self.failures, self.refused, self.limited, self.hold_until = 0, False, False, float("-inf")
        for code in ("offline", "refused", "rate-limited"):
            self._problems.pop(code, None)
        return gap

    def failed(self, error: ChargeError, now: float, at: datetime) -> None:
        """A read failed: decide how long to wait before the next one, and note what to tell."""
        if self._first_failure is None:
            self._first_failure = now
        if isinstance(error, RateLimited):
            self._limit(error, now, at)
        elif isinstance(error, AuthenticationFailed):
            self.refused = True
            self.hold_until = now + REFUSED_EVERY
            self._problems.pop("offline", None)
            self.note(
                Problem(
                    "refused",
                    Gravity.ERROR,
                    "key refused",
                    f"{error.sentence} What is on screen stays. The key is read again and tried every "
                    f"{span(REFUSED_EVERY)} and when you press r; charge-tui doctor shows where the key comes from.",
                    at,
                )
            )
        else:
            self._fail(error, now, at)

    def hurry(self) -> None:
        """A person wants a read now: end a wait that this program chose, never one that the API asked for."""
        if not self.limited:
            self.hold_until = float("-inf")

    def wait_as_told(self, until: float) -> None:
        """The API asked another desk for quiet until that moment; it meant the account."""
        self.limited, self.hold_until = True, until

    def hold(self, now: float) -> float:
        """Seconds until the next read may leave."""
        return max(0.0, self.hold_until - now)

    def note(self, problem: Problem) -> bool:
        """Tell of a problem; one that is known keeps its ``since``. Whether it is new."""
        held = self._problems.get(problem.code)
        if held:
            problem = Problem(problem.code, problem.gravity, problem.words, problem.sentence, held.since)
        self._problems[problem.code] = problem
        return held is None

    def clear(self, code: str) -> bool:
        """A problem ended; whether there was one."""
        return self._problems.pop(code, None) is not None

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong, the errors first, then in the order in which it began."""
        return tuple(sorted(self._problems.values(), key=lambda p: (p.gravity is not Gravity.ERROR, p.since)))

    def was_long(self, gap: float) -> bool:
        """Whether so much was missed that the closed reservations have to be walked again."""
        return gap >= _LONG_GAP

    def _limit(self, error: RateLimited, now: float, at: datetime) -> None:
        told = error.retry_after
        wait = min(told, LONGEST_WAIT) if told is not None else self._backoff(self.failures + 1)
        if told is None:
            self.failures = min(self.failures + 1, OFFLINE_AFTER - 1)
        self.limited = told is not None
        self.hold_until = now + wait
        self.note(
            Problem(
                "rate-limited",
                Gravity.WARNING,
                "rate limited",
                f"{error.sentence} The desk waits as it was told and goes on by itself, the most urgent reads first; "
                "what is on screen keeps its age.",
                at,
            )
        )

    def _fail(self, error: ChargeError, now: float, at: datetime) -> None:
        self.failures += 1
        self.hold_until = now + self._backoff(self.failures)
        if self.failures >= OFFLINE_AFTER or isinstance(error, FeedFault):
            self.note(
                Problem(
                    "offline",
                    Gravity.ERROR,
                    "no answer",
                    f"{error.sentence} The last picture stays on screen with its age, and the desk tries again by "
                    f"itself at least every {span(self._longest)}; r tries at once.",
                    at,
                )
            )

    def _backoff(self, failures: int) -> float:
        full = min(self._longest, _FIRST_WAIT * 2.0 ** (min(failures, 16) - 1))
        return full * self._rng.uniform(0.5, 1.0)
