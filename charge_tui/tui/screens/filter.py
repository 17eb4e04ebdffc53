"""The form that filters by driver, vehicle and charging station, each typed as a name or an id."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from charge_tui.desk.state import Filters
from charge_tui.domain.text import safe
from charge_tui.tui.choices import PREFIXES, Choice, label_of, matching, meant
from charge_tui.tui.render.spans import Line, Span
from charge_tui.tui.widgets.harmless import HarmlessInput
from charge_tui.tui.widgets.lines import Lines

KINDS: Final = ("driver", "vehicle", "station")


class FilterForm(ModalScreen[Filters | None]):
    """Gives the filters on Enter, None on Esc. ``choices`` is what the desk knows by name, for each kind."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("tab", "complete", show=False, priority=True),
        Binding("ctrl+l", "clear", show=False, priority=True),
    ]

    def __init__(self, filters: Filters, choices: Mapping[str, Sequence[Choice]]) -> None:
        super().__init__()
        self._choices = choices
        given = {"driver": filters.driver, "vehicle": filters.vehicle, "station": filters.charging_station}
        self.inputs = {
            kind: HarmlessInput(self._label(kind, given[kind]), id=f"filter-{kind}", compact=True) for kind in KINDS
        }
        self.names = {kind: Lines(classes="field-name") for kind in KINDS}
        self.heading = Lines(id="page-title")
        self.hints = Lines(id="filter-hints")
        self.foot = Lines(id="page-foot")

    def compose(self) -> ComposeResult:
        """A box in the middle with three fields."""
        with Vertical(id="filter"):
            yield self.heading
            for kind in KINDS:
                yield self.names[kind]
                yield self.inputs[kind]
            yield self.hints
            yield self.foot

    def on_mount(self) -> None:
        """Ready to type."""
        self.heading.show([(Span("Show only", "title"),)])
        for kind in KINDS:
            self.inputs[kind].cursor_blink = False
            self.names[kind].show([(Span(kind, "quiet"),)])
        self.foot.show([(Span("Tab completes · Enter applies · Ctrl+L clears · Esc closes", "quiet"),)])
        self.inputs["driver"].focus()
        self._show_hints()

    @on(Input.Changed)
    def _changed(self) -> None:
        self._show_hints()

    def on_descendant_focus(self) -> None:
        """Another field, other hints."""
        self._show_hints()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        chosen: dict[str, str | None] = {}
        for kind in KINDS:
            typed = self.inputs[kind].value.strip()
            found = self._meant(kind, typed)
            if typed and found is None:
                self.hints.show([(Span(f"no {kind} is called that; an id begins with {PREFIXES[kind]}", "warn"),)])
                self.inputs[kind].focus()
                return
            chosen[kind] = found
        self.dismiss(Filters(chosen["driver"], chosen["vehicle"], chosen["station"]))

    def action_complete(self) -> None:
        """Take the first choice, or go to the next field."""
        kind = self._kind()
        found = matching(self.inputs[kind].value, self._choices.get(kind, ()), 1)
        if found and self.inputs[kind].value != found[0].label:
            self.inputs[kind].value = found[0].label
            self.inputs[kind].cursor_position = len(found[0].label)
        else:
            self.focus_next()

    def action_clear(self) -> None:
        """Empty all fields."""
        for one in self.inputs.values():
            one.value = ""

    def action_cancel(self) -> None:
        """Back to the desk, the filters as they were."""
        self.dismiss(None)

    def _meant(self, kind: str, typed: str) -> str | None:
        return meant(typed, self._choices.get(kind, ()), PREFIXES[kind]) if typed else None

    def _label(self, kind: str, identity: str | None) -> str:
        return label_of(identity, self._choices.get(kind, ())) if identity else ""

    def _kind(self) -> str:
        return next((kind for kind, one in self.inputs.items() if one.has_focus), KINDS[0])

    def _show_hints(self) -> None:
        kind = self._kind()
        found = matching(self.inputs[kind].value, self._choices.get(kind, ()), 4)
        lines: list[Line] = [(Span(one.label), Span("  " + safe(one.id, 60), "quiet")) for one in found]
        if not lines and not self.inputs[kind].value:
            known = len(self._choices.get(kind, ()))
            lines = [(Span(f"any {kind}; {known} known by name", "quiet"),)]
        self.hints.show(lines)
