"""The list of what was snoozed, acknowledged and handled, with the keys that take it back."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from charge_tui.clock import Clock
from charge_tui.desk.attention.state import Entry, Said
from charge_tui.domain.attention.words import why
from charge_tui.domain.reservation import Row
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span
from charge_tui.tui.render.verdicts import judged, verdict_lines
from charge_tui.tui.screens.frame import Frame, keys
from charge_tui.tui.timing import Ticker

if TYPE_CHECKING:
    from charge_tui.desk.attention.watch import Watch


class VerdictsScreen(Frame[str | None]):
    """Gives the reservation to go to; None when it was closed. The cursor stays with its finding."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("g,home", "move(-1000000)", show=False),
        Binding("G,end", "move(1000000)", show=False),
        Binding("w,a", "take_back", show=False),
        Binding("enter", "go", show=False),
    ]

    def __init__(
        self, watch: "Watch", row: Callable[[str], Row | None], look: Callable[[], Look], clock: Clock
    ) -> None:
        super().__init__()
        self._watch = watch
        self._row = row
        self._look = look
        self._cursor: str | None = None
        self._at = 0
        self._words = ""
        self._ticker = Ticker(clock, 1.0, self, self.show)

    def on_mount(self) -> None:
        """Follow what other desks say, and the clock."""
        self._unsubscribe = self._watch.subscribe(self.show)
        self._ticker.start()

    def on_unmount(self) -> None:
        """Stop following."""
        self._unsubscribe()
        self._ticker.stop()

    @property
    def entries(self) -> list[Entry]:
        """Every verdict in force, also where the reservation stands under another of its findings."""
        watch, now, found = self._watch, self._look().now, []
        for key in sorted(watch.verdicts.keys()):
            finding, one = watch.finding(key), watch.verdicts.of(key)
            if finding is not None and one is not None and one.in_force(finding, now):
                found.append(Entry(finding, (), one.verdict))
        return judged(found)

    def action_move(self, steps: int) -> None:
        """To another one."""
        entries = self.entries
        self._words = ""
        if entries:
            self._at = max(0, min(len(entries) - 1, self._place(entries) + steps))
            self._cursor = entries[self._at].finding.key
        self.show()

    def action_take_back(self) -> None:
        """Wake it, or take back what was said; then it waits for a verdict again."""
        entry = self._entry()
        if entry is None or entry.verdict is None:
            return
        key, woken = entry.finding.key, entry.verdict.said is Said.SNOOZED
        words = f"{'awake again' if woken else 'taken back'}: {why(entry.finding)}"
        self.run_worker(self._take_back(self._watch.wake(key) if woken else self._watch.take_back(key), words))

    async def _take_back(self, work: Awaitable[object], words: str) -> None:
        await work
        self._words = words
        self.show()

    def action_go(self) -> None:
        """To the reservation."""
        entry = self._entry()
        if entry is not None:
            self.dismiss(entry.id)

    def _entry(self) -> Entry | None:
        entries = self.entries
        return entries[self._place(entries)] if entries else None

    def _place(self, entries: list[Entry]) -> int:
        own = next((place for place, one in enumerate(entries) if one.finding.key == self._cursor), None)
        return max(0, min(self._at, len(entries) - 1)) if own is None else own

    def show(self) -> None:
        """Show the list as it is now."""
        width = self.text.size.width
        if not width:
            return
        entries = self.entries
        place = self._place(entries)
        lines: list[Line] = [(Span(self._words, "good"),), BLANK] if self._words else []
        if not entries:
            lines.append((Span("Nothing is snoozed, acknowledged or handled.", "quiet"),))
            self.paint(self._head(), lines, keys(("Esc", "back")))
            return
        self._at, self._cursor = place, entries[place].finding.key
        told = verdict_lines(entries, [self._row(one.id) for one in entries], place, self._look(), width)
        above = len(lines)
        first, last = told.places[place]
        self.paint(self._head(), [*lines, *told.lines], self._foot(entries[place]))
        self.into_view(0 if place == 0 else first + above, last + above)

    def _head(self) -> Line:
        return (Span("Snoozed, acknowledged, handled", "title"),)

    def _foot(self, entry: Entry) -> Line:
        snoozed = entry.verdict is not None and entry.verdict.said is Said.SNOOZED
        back = ("w", "wakes it") if snoozed else ("a", "takes it back")
        return keys(("j k", "one"), back, ("Enter", "goes to it"), ("Esc", "back"))
