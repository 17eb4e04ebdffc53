"""Themes and style sheets: colours in one place, every meaning in every theme, nothing told by colour alone."""

import re
from pathlib import Path
from typing import get_args

import pytest
from textual.color import Color

from charge_tui.resources import styles
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.render.spans import Token
from charge_tui.tui.themes import ANSI, PALETTES, PLAIN, Palette
from tests.support.screen import Screen

TOKENS = set(get_args(Token)) - {""}


@pytest.mark.parametrize("path", sorted(styles().glob("*.tcss")), ids=lambda path: path.name)
def test_style_sheets_name_no_colour(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r":[^;{]*#[0-9a-fA-F]{3,8}\b", text)
    assert not re.search(r"\brgba?\(", text)


@pytest.mark.parametrize("palette", [*PALETTES.values(), PLAIN], ids=lambda palette: palette.name)
def test_every_meaning_has_a_look_and_keeps_the_terminals_background(palette: Palette) -> None:
    assert set(palette.tokens) == TOKENS
    for token in TOKENS - {"critical"}:
        assert palette.style(token).bgcolor is None, token
    assert palette.on_cursor("", focused=True) != palette.on_cursor("", focused=False)
    assert palette.on_cursor("", focused=False) != palette.style("")


def test_the_terminals_own_theme_uses_its_sixteen_colours_only() -> None:
    for definition in (*ANSI.tokens.values(), ANSI.cursor, ANSI.resting):
        assert "#" not in definition


def test_without_colours_there_are_none() -> None:
    for token in TOKENS:
        style = PLAIN.style(token)
        assert style.color is None
        assert style.bgcolor is None


@pytest.mark.parametrize("name", ["charge-dark", "charge-light"])
def test_colours_can_be_read_on_the_usual_background(name: str) -> None:
    palette = PALETTES[name]
    ground = Color.parse("#1a1d21" if palette.dark else "#ffffff")
    plain: tuple[Token, ...] = ("quiet", "accent", "good", "warn", "bad")
    for token in plain:
        colour = palette.style(token).color
        assert colour is not None
        assert colour.triplet is not None
        assert _contrast(Color(*colour.triplet), ground) >= 4.5, token
    on_cursor: tuple[Token, ...] = ("", "warn", "bad")
    for token in on_cursor:
        style = palette.on_cursor(token, focused=True)
        assert style.color
        assert style.bgcolor
        assert style.color.triplet
        assert style.bgcolor.triplet
        assert _contrast(Color(*style.color.triplet), Color(*style.bgcolor.triplet)) >= 4.0, token


def _contrast(one: Color, other: Color) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    parts = [part / 255 for part in color.rgb]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", sorted(PALETTES))
async def test_the_same_is_said_in_every_theme(sandbox: RunningSandbox, theme: str) -> None:
    async with Screen.open(sandbox, theme=theme) as desk:
        await desk.press(
            "j", "f", "escape", "v", "escape", "slash", "escape", "question_mark", "escape", "colon", "escape"
        )
        assert desk.app.screen is desk.desk_screen
        assert "Attention" in desk.text


async def test_without_colours_the_cursor_is_still_seen(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with Screen.open(sandbox) as desk:
        line = desk.desk_screen.table.render_line(desk.table.cursor_line())
        assert any(segment.style and segment.style.reverse for segment in line)
