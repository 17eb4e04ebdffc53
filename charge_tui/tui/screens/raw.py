"""The JSON of one reservation."""

import json
from collections.abc import Sequence
from typing import Final

from charge_tui.domain.text import plain_json, safe
from charge_tui.tui.render.spans import Line, Span, wrap
from charge_tui.tui.screens.page import Page

_LONGEST: Final = 20_000
"""Characters of one line that are shown."""


class RawPage(Page):
    """The text as the API sends it, indented where it is JSON; ``Y`` copies it."""

    def __init__(self, identity: str, text: str) -> None:
        super().__init__(safe(identity, 60), "Esc closes  ·  Y in the table, twice, copies it")
        self._text = text

    def page_lines(self, width: int) -> Sequence[Line]:
        """A line for each line of the JSON, long ones wrapped."""
        lines: list[Line] = []
        for line in indented(self._text).splitlines():
            bare = safe(line.lstrip(" "), _LONGEST)
            space = " " * min(len(line) - len(line.lstrip(" ")), width // 2)
            first, *more = wrap(bare, max(10, width - len(space) - 2))
            key, colon, rest = first.partition('": ')
            if colon:
                lines.append((Span(space + key + '"', "accent"), Span(": " + rest)))
            else:
                lines.append((Span(space + first),))
            lines += [(Span(space + "  " + part),) for part in more]
        return lines


def copied(text: str) -> str:
    """JSON for the clipboard, on one line: what a terminal might act on when it is pasted stands there as an escape."""
    try:
        return plain_json(json.loads(text), ascii_only=False)
    except (ValueError, RecursionError):
        return safe(text, _LONGEST)


def indented(text: str) -> str:
    """JSON with two spaces of indent, its keys in their order; another text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
