"""What is wrong with the system itself, in full."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from charge_tui.clock import Clock
from charge_tui.desk.state import Feed, Freshness, Gravity
from charge_tui.domain.text import safe
from charge_tui.domain.times import hhmm, span
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, wrap
from charge_tui.tui.screens.page import Page
from charge_tui.tui.timing import Ticker


class ProblemsPage(Page):
    """The feed's state and its problems, and settings that could not be followed."""

    def __init__(self, feed: Callable[[], Feed], clock: Clock, zone: tzinfo, settings: Sequence[str]) -> None:
        super().__init__("How far this picture can be trusted")
        self._feed = feed
        self._zone = zone
        self._settings = settings
        self._ticker = Ticker(clock, 1.0, self, self.show)

    def on_mount(self) -> None:
        """Show it anew every second: an age that stands still would be wrong."""
        self._ticker.start()

    def on_unmount(self) -> None:
        """Stop counting."""
        self._ticker.stop()

    def page_lines(self, width: int) -> Sequence[Line]:
        """The state, then one paragraph for each problem."""
        feed = self._feed()
        lines: list[Line] = []

        def paragraph(head: str, token: Token, text: str) -> None:
            lines.append((Span(head, token),))
            lines.extend((Span("  " + part),) for part in wrap(safe(text, 2000), width - 2))
            lines.append(BLANK)

        age = "" if feed.age is None else f", the oldest open reservation was seen {span(feed.age)} ago"
        whole = "the open set was read whole" if feed.complete else "the open set was not read whole yet"
        paragraph(feed.freshness.value, "strong", f"{whole}{age}")
        used = f"{feed.requests_last_minute} in the last minute, of {feed.budget} allowed"
        paragraph("Requests", "strong", used)
        if feed.rate != 1:
            pace = f"runs {feed.rate:g} times as fast as this one" if feed.rate else "stands still"
            paragraph("Time", "strong", f"the sandbox's clock {pace}")
        for problem in feed.problems:
            token: Token = "bad" if problem.gravity is Gravity.ERROR else "warn"
            since = hhmm(problem.since, self._zone)
            paragraph(f"! {safe(problem.words, 60)}, since {since}", token, problem.sentence)
        for text in self._settings:
            paragraph("! setting", "warn", text)
        if not feed.problems and not self._settings:
            if feed.freshness is Freshness.STALE:
                lines.append((Span("No error so far, but an answer is overdue.", "warn"),))
            else:
                lines.append((Span("Nothing is wrong.", "good"),))
        return lines
