"""The desk's screen as it follows what happens: a step of the desk, a turn of the queue, a second, a key."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.message import Message

from charge_tui.clock import Clock
from charge_tui.desk.attention.watch import GLANCE
from charge_tui.desk.desk import Desk
from charge_tui.desk.state import Delta
from charge_tui.desk.writes import Writer
from charge_tui.domain.times import floor_minute
from charge_tui.tui.commands import Keymap
from charge_tui.tui.options import Options
from charge_tui.tui.render import panels, tellings
from charge_tui.tui.render.detail import counts_seconds
from charge_tui.tui.screens.showing import ShowingScreen
from charge_tui.tui.timing import Later, Ticker
from charge_tui.tui.widgets.table import ReservationTable

if TYPE_CHECKING:
    from charge_tui.desk.attention.watch import Watch

REST: Final = 0.12
"""Seconds that keys must rest before the detail follows the cursor."""
KEPT: Final = 5
"""Minutes between two times at which the screen is kept for the next start."""
SLOWLY: Final = 5
"""Seconds between two looks at a detail that nobody reads and that shows no seconds."""
TOLD: Final = 8.0
"""Seconds that a word about something stays in the status line."""
NARROWEST, LOWEST = 60, 16
"""The smallest screen that shows the desk."""


class PictureScreen(ShowingScreen):
    """What is seen, at the moment at which it is so. ``DeskScreen`` adds what can be done."""

    class Stepped(Message):
        """The desk did one step."""

        def __init__(self, delta: Delta) -> None:
            super().__init__()
            self.delta = delta

    class Turned(Message):
        """What needs a person, or what is marked, is different."""

    def __init__(
        self, desk: Desk, writer: Writer, watch: "Watch", clock: Clock, options: Options, keymap: Keymap
    ) -> None:
        super().__init__(desk, writer, watch, clock, options, keymap)
        self._minute: datetime = floor_minute(self._look.now)
        self._ticks = 0
        self._sizing = False
        self._followed = 0
        self._glanced = float("-inf")
        self._owed = False
        self._later = Later(clock, REST, self, self._rested)
        self._ticker = Ticker(clock, 1.0, self, self.tick)

    def on_mount(self) -> None:
        """Begin to follow the desk and the clock."""
        self._unsubscribe = self.desk.subscribe(self._desk_stepped), self.attention.subscribe(self._watch_turned)
        self.workspace.rebuild()
        self._ticker.start()
        self.table.focus()
        for problem in (*self.keymap.problems, *self.options.problems)[:1]:
            self.say(problem, "warn")

    def on_unmount(self) -> None:
        """Stop following them."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._ticker.stop()
        self._later.cancel()

    def _desk_stepped(self, delta: Delta) -> None:
        self.post_message(self.Stepped(delta))

    def _watch_turned(self) -> None:
        self.post_message(self.Turned())

    # -- what happened ------------------------------------------------------------------------------------------------

    @on(Stepped)
    def _stepped(self, event: Stepped) -> None:
        space, delta = self.workspace, event.delta
        if not space.frozen:
            self._tell_changes(delta)
        change = space.absorb(delta, held=self.at_work)
        self._owed = change.order or self._owed
        if self._shown_just_now():
            return
        order = space.turn(held=self.at_work) or self._owed
        self._owed = False
        self._look = space.look()
        if order:
            self.show_rows()
        if change.touched:
            self.table.touch(change.touched)
        if delta.names and not space.frozen:
            self.table.touch_visible()
        changed = {one.id for one in delta.changes}
        if not space.frozen and (self.detail_of in changed or delta.names):
            self.show_detail()
        self.show_edges()

    def _shown_just_now(self) -> bool:
        """Whether the first look goes on and was shown a moment ago: each of its pages would keep the next waiting."""
        now = self.clock.monotonic()
        if self.desk.feed().complete or now - self._glanced >= GLANCE:
            self._glanced = now
            return False
        return True

    @on(Turned)
    def _turned(self) -> None:
        space = self.workspace
        self._look = space.look()
        if space.turn(held=self.at_work):
            self.show_rows()
        if not space.frozen:
            self.table.touch_visible()
            self.show_detail()
        self.show_edges()

    def _tell_changes(self, delta: Delta) -> None:
        """Mark what changed, and say so where a status did, of what stands on the screen and was not done from here."""
        now, seen = self.clock.monotonic(), set(self.table.visible_ids)
        for change in delta.changes:
            if change.before is not None:
                self.recent.note(change.id, change.fields, now)
        told = [change for change in delta.changes if change.id in seen and change.source != "write"]
        words = "" if self.attention.queue().flood else tellings.status_words(told, self._look)
        if words and self._said[1] in ("", "quiet"):
            self.say(words)

    @on(ReservationTable.Moved)
    def _moved(self, event: ReservationTable.Moved) -> None:
        event.stop()
        self.follow()

    def follow(self) -> None:
        """Let the rest of the screen follow the cursor of the table, wherever it went since this was done last."""
        if self._followed == self.table.moves:
            return
        self._followed, cursor = self.table.moves, self.table.cursor
        self.workspace.place.cursor = cursor
        self.pinned = None
        if cursor is not None and self.recent.visit(cursor):
            self.table.touch([cursor])
        self.show_status()
        self._later.start()

    def _rested(self) -> None:
        self.show_detail()
        self.show_footer()

    def touched(self) -> None:
        """Somebody is there: seconds tick, and nothing moves under his hands."""
        self._touched_at = self.clock.monotonic()
        self._untouched = False

    def on_key(self, _event: events.Key) -> None:
        """A key."""
        self.touched()

    def on_mouse_down(self, _event: events.MouseDown) -> None:
        """A click."""
        self.touched()

    def on_resize(self, event: events.Resize) -> None:
        """Another size: other columns, other panes."""
        width, height = event.size
        self.set_class(width < NARROWEST or height < LOWEST, "-too-small")
        self.notice.show(panels.too_small(width, height, NARROWEST, LOWEST))
        self._size_changed()

    def _size_changed(self) -> None:
        if not self._sizing:
            self._sizing = True
            self.call_after_refresh(self._sized)

    def _sized(self) -> None:
        from charge_tui.tui.app import ChargeApp

        self._sizing = False
        self.show_all()
        self.refresh()
        if isinstance(self.app, ChargeApp):
            self.call_after_refresh(self.app.picture_stands)

    def _compositor_refresh(self) -> None:
        """Paint nothing that is painted over at once: for a size, a start's too, Textual lays out up to five times."""
        from charge_tui.tui.app import ChargeApp

        if self._sizing or (isinstance(self.app, ChargeApp) and self.app.holding):
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()

    def keep(self) -> None:
        """Keep what stands on the screen for the next start; nothing before the open set was read once."""
        feed, keep = self.desk.feed(), self.options.keep
        if keep is None or feed.age is None or not feed.complete or self.has_class("-too-small"):
            return
        lines = [strip.text for strip in self._compositor.render_strips(self.size)]
        keep(self.clock.now().timestamp() - feed.age, f"charge  {self.options.mode}  {self.options.host}", lines)

    @on(ReservationTable.Resized)
    def _table_resized(self) -> None:
        """Choose the columns anew: under a form the layout follows later than the terminal's new size."""
        self._size_changed()

    def tick(self) -> None:
        """A second has passed. What shows minutes is worked out less often while nobody is there."""
        if self.workspace.freeze_is_over(self.clock.monotonic()):
            self.thaw()
        self.attention.tick()
        space = self.workspace
        self._look = space.look()
        self.table.touch(self.recent.fade(self.clock.monotonic(), present=self._ticking()))
        if not self.at_work:
            self.settle_order()
        minute = floor_minute(self._look.now)
        anew = minute != self._minute or self._ticking()
        if minute != self._minute:
            self._minute = minute
            if not space.frozen:
                self.table.touch_visible()
            if not minute.minute % KEPT:
                self.keep()
        if self._said[0] and self.clock.monotonic() - self._said[2] >= TOLD:
            self._said = ("", "", 0.0)
            anew = True
        self._ticks += 1
        if not space.frozen and not self._later.waiting:
            row = self.shown_row()
            if anew or not self._ticks % SLOWLY or (row is not None and counts_seconds(row, self._look)):
                self.show_detail()
        if anew:
            self.show_edges()
        else:
            self.show_truth()

    def settle_order(self) -> None:
        """Show what Attention should show by now, in its order: nobody is there to be disturbed, or somebody asked."""
        if self.workspace.settle():
            self.show_rows()
            self.show_edges()

    def thaw(self) -> None:
        """End the freeze."""
        self.workspace.thaw()
        self.show_all()
