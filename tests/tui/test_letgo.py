"""A closed page leaves none of its lines behind."""

import gc

from textual._styles_cache import StylesCache
from textual.widget import Widget

from charge_tui.sandbox import RunningSandbox
from tests.support.screen import Screen


async def test_a_closed_page_leaves_no_lines_behind(sandbox: RunningSandbox) -> None:
    async with Screen.open(sandbox) as desk:
        for _ in range(12):
            await desk.press("question_mark")
            await desk.press("escape")
        gc.collect()
        found = gc.get_objects()
        widgets = sum(isinstance(one, Widget) for one in found)
        assert sum(type(one) is StylesCache for one in found) <= widgets


async def test_colours_are_what_textual_makes_them(sandbox: RunningSandbox) -> None:
    from textual.color import Color

    async with Screen.open(sandbox):
        base, over = Color(10, 20, 30), Color(200, 100, 50, 0.5)
        inner, outer = StylesCache().get_inner_outer(base, over)
        assert inner.background == base + over
        assert outer.background == base
