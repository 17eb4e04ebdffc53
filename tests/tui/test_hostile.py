"""Text from elsewhere is shown and never acts: no markup, no control character, in no pane, at no size."""

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.strip import Strip

import charge_tui.tui
from charge_tui.desk.attention.state import Entry, Said, Verdict
from charge_tui.desk.state import Change, Feed, Filters, Freshness, Gravity, Problem
from charge_tui.domain.attention import Finding, Kind, Mark, Marked, Severity
from charge_tui.domain.neighbours import Driver, PaymentMethod, Station, Vehicle
from charge_tui.domain.reservation import read_row
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.render import panels, tellings
from charge_tui.tui.render.columns import COLUMNS, place
from charge_tui.tui.render.detail import Seen, detail
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.row import row_line
from charge_tui.tui.render.spans import Line, Span, text_of, width_of
from charge_tui.tui.render.standing import Standing
from charge_tui.tui.render.truth import Truth, title, truth_line
from charge_tui.tui.screens.raw import RawPage
from charge_tui.tui.views import VIEWS
from tests.support.hostile import FORBIDDEN, HOSTILE, hostile_reservation
from tests.support.sandbox import START
from tests.support.screen import PARIS, Screen

TUI = Path(charge_tui.tui.__file__).parent


class HostileNames:
    """A book of names in which every name is the same text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def vehicle(self, _identity: str | None, /) -> str | None:
        return self.text

    driver = station = payment = vehicle

    def details(self, kind: str, _identity: str | None, /) -> object | None:
        text, parts = self.text, {"line1": self.text, "city": self.text, "make": self.text, "model": self.text}
        return {
            "driver": Driver(id=text, name=text, phone=text),
            "vehicle": Vehicle(id=text, registration_plate=text, information=parts, charging_standard=text),
            "station": Station(id=text, name=text, operator=text, operator_contact=text, address=parts),
            "payment": PaymentMethod(id=text, type=text, card={"brand": text, "last4": text}),
        }[kind]


def assert_harmless(lines: Sequence[Line], width: int | None = None) -> None:
    for line in lines:
        assert not FORBIDDEN & set(text_of(line)), repr(text_of(line))
        if width is not None:
            assert width_of(line) <= width


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_every_renderer_makes_it_harmless(text: str) -> None:
    look = Look(PARIS, START, HostileNames(text))
    for number in range(3):
        row = read_row(hostile_reservation(text, number))
        verdict = Verdict(Said.HANDLED, text, Severity.HIGH, text, START, None, text)
        facts = {"failed_reason": text, "status": text, "connector_type": text, "driver": text, "problems": [text]}
        findings = tuple(Finding(kind, text, Severity.HIGH, (row.id,), START, facts) for kind in Kind)
        standing = Standing(findings, (Marked(Mark.ODD_DATA, text),), Entry(findings[0], findings[1:], verdict), True)
        closed = read_row(hostile_reservation(text, number) | {"status": f"x{text}"})
        assert_harmless([(Span(tellings.flood_words(findings)),)])
        assert_harmless([(Span(tellings.status_words([Change(row.id, row, closed, (), START, text)], look)),)])
        for width in (30, 80, 200):
            assert_harmless([row_line(row, place(COLUMNS, width), look, standing)])
            change = Change(row.id, row, row, (), START, text)
            assert_harmless(detail(row, look, width, Seen(3.0, standing, (change,))), width)
    assert_harmless(RawPage("res_1", text).page_lines(60))
    problem = Problem(text, Gravity.ERROR, text, text, START)
    feed = Feed(Freshness.STALE, 3.0, 4.0, text, True, 1.0, (problem,), 1, 60)
    truth = Truth(text[:20] and "TEST", text, feed, START, PARIS, 4, 1, START, text and "4 changed", True)
    assert_harmless([truth_line(truth, 200)])
    assert not FORBIDDEN & set(title(truth))
    filters = Filters(text, text, text)
    assert_harmless(panels.sidebar(VIEWS[0], {"attention": "4"}, filters, look, 18), 18)
    assert not FORBIDDEN & set(panels.filter_words(filters, look))
    assert_harmless(
        panels.empty(VIEWS[0], feed, find=text, filters="", loading=False, fault="", key_of=lambda _command: "x")
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(hostile_reservation("", 1))), json_values), st.integers(20, 120))
def test_any_json_in_any_field_is_shown_somehow(fields: dict[str, Any], width: int) -> None:
    look = Look(PARIS, START, HostileNames("name"))
    row = read_row(hostile_reservation("plain", 1) | fields)
    assert_harmless([row_line(row, place(COLUMNS, width), look)])
    assert_harmless(detail(row, look, width, Seen()), width)


async def test_a_world_full_of_it_reaches_the_screen_harmless(sandbox: RunningSandbox) -> None:
    sandbox.order_faults(["hostile"])
    async with Screen.open(sandbox, size=(200, 60)) as desk:
        await _walk_through(desk)


async def _walk_through(desk: Screen) -> None:
    for keys in (("j", "j"), ("J",), ("escape",), ("2",), ("7",), ("1",), ("enter",), ("G",), ("escape",), ("f",)):
        await desk.press(*keys)
        for strip in desk.strips():
            _assert_strip(strip)
    assert desk.app.is_running


def _assert_strip(strip: Strip) -> None:
    for segment in strip:
        assert not FORBIDDEN & set(segment.text), repr(segment.text)
        meta = segment.style.meta if segment.style else {}
        assert "@click" not in meta


@pytest.mark.parametrize("path", sorted(TUI.rglob("*.py")), ids=lambda path: str(path.relative_to(TUI)))
def test_no_widget_is_given_text_that_could_be_markup(path: Path) -> None:
    """Lines go through ``Lines.show``; nothing calls what parses markup in a str, and nobody types in a bare field."""
    tree = ast.parse(path.read_text())
    bare = {"Static", "Label", "Button", "Option", "Input", "TextArea"} & {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual")
        for name in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert name not in {"notify", "update", "from_markup"} | bare, node.lineno
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Constant):
            targets = {getattr(target, "attr", "") for target in node.targets}
            assert not targets & {"border_title", "border_subtitle", "tooltip"}, node.lineno
