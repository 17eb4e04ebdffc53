"""Why a reservation stands in the queue, in full."""

from collections.abc import Callable, Sequence

from charge_tui.clock import Clock
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import Line
from charge_tui.tui.render.why import Case, why_lines
from charge_tui.tui.screens.page import Page
from charge_tui.tui.timing import Ticker


class WhyPage(Page):
    """The finding as it was when the key was pressed; what is left until its time counts down."""

    def __init__(self, case: Case, limits: Thresholds, look: Callable[[], Look], clock: Clock) -> None:
        super().__init__("Why")
        self.case = case
        self._limits = limits
        self._look = look
        self._ticker = Ticker(clock, 1.0, self, self.show)

    def on_mount(self) -> None:
        """Count down."""
        self._ticker.start()

    def on_unmount(self) -> None:
        """Stop counting."""
        self._ticker.stop()

    def page_lines(self, width: int) -> Sequence[Line]:
        """The explanation."""
        return why_lines(self.case, self._limits, self._look(), width)
