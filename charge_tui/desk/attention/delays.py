"""What keeps a finding from flickering: it shows once it was seen twice, and goes a while after it ended.

An on-delay holds back chatter, not news. A critical one shows at once; a closed reservation is as it is for good, so
one sight of it is enough; and whatever happens a finding shows after ``PATIENCE``, for the second sight may never come
while the network is away.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Final

from charge_tui.domain.attention.finding import Finding, Severity, Turn
from charge_tui.records import dataclass

OFF_DELAY: Final = 30.0
"""Real seconds for which a finding that ended is still shown."""
PATIENCE: Final = 120.0
"""Real seconds after which a finding shows although its reservations were not seen again."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one look did to the findings that are shown."""

    shown: tuple[Finding, ...] = ()
    """Findings that were not shown before."""
    left: tuple[Finding, ...] = ()
    """Findings that are shown no more, as they were last."""
    changed: bool = False
    """Whether a finding that is shown became another one."""

    def __bool__(self) -> bool:
        return bool(self.shown or self.left or self.changed)


@dataclass(slots=True)
class _Waiting:
    finding: Finding
    since: float
    seen: dict[str, float | None] = field(default_factory=dict)


class Delays:
    """Findings that are shown, those that wait to be, and those that are about to go. Times are monotonic seconds.

    Args:
        seen: when a reservation was last seen.
        final: whether a reservation is closed, so that it needs no second sight.
    """

    def __init__(self, seen: Callable[[str], float | None], final: Callable[[str], bool]) -> None:
        self._seen = seen
        self._final = final
        self._shown: dict[str, Finding] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._leaving: dict[str, float] = {}

    @property
    def shown(self) -> Mapping[str, Finding]:
        """By key, those that ended a moment ago among them."""
        return self._shown

    def is_over(self, key: str) -> bool:
        """Whether a finding that is shown holds no more."""
        return key in self._leaving

    def turn(self, turn: Turn, now: float, *, at_once: bool, done_here: bool) -> Step:
        """Take in what a look did to the findings.

        Args:
            at_once: nothing waits, in either direction: the first look.
            done_here: what ended was ended by a write of this desk, so that nothing keeps it.
        """
        shown: list[Finding] = []
        for finding in turn.begun:
            if finding.key in self._shown:
                self._shown[finding.key] = finding
                self._leaving.pop(finding.key, None)
            elif at_once or self._ready(waiting := self._wait(finding, now), now):
                shown.append(finding)
            else:
                self._waiting[finding.key] = waiting
        changed = bool(len(turn.begun) - len(shown))
        for finding in turn.changed:
            if waiting_still := self._waiting.get(finding.key):
                waiting_still.finding = finding
                if self._ready(waiting_still, now):
                    shown.append(finding)
            else:
                self._shown[finding.key] = finding
                changed = True
        left = self._end(turn.ended, now, at_once or done_here)
        return self._show(shown, left, changed)

    def tick(self, now: float) -> Step:
        """Let those show that were seen again, and those go whose time is over."""
        shown = [waiting.finding for waiting in self._waiting.values() if self._ready(waiting, now)]
        over = [key for key, until in self._leaving.items() if now >= until]
        return self._show(shown, [self._drop(key) for key in over], False)

    def _wait(self, finding: Finding, now: float) -> _Waiting:
        return _Waiting(finding, now, {identity: self._seen(identity) for identity in finding.subjects})

    def _ready(self, waiting: _Waiting, now: float) -> bool:
        if waiting.finding.severity is Severity.CRITICAL or now - waiting.since >= PATIENCE:
            return True
        return all(
            self._final(identity) or self._seen(identity) != waiting.seen.get(identity)
            for identity in waiting.finding.subjects
        )

    def _end(self, ended: Iterable[Finding], now: float, at_once: bool) -> list[Finding]:
        left: list[Finding] = []
        for finding in ended:
            if self._waiting.pop(finding.key, None) or finding.key not in self._shown:
                continue
            if at_once:
                left.append(self._drop(finding.key))
            else:
                self._leaving.setdefault(finding.key, now + OFF_DELAY)
        return left

    def _drop(self, key: str) -> Finding:
        self._leaving.pop(key, None)
        return self._shown.pop(key)

    def _show(self, shown: list[Finding], left: list[Finding], changed: bool) -> Step:
        for finding in shown:
            self._waiting.pop(finding.key, None)
            self._shown[finding.key] = finding
        return Step(tuple(shown), tuple(left), changed)
