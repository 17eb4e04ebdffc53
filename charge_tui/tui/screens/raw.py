"""The JSON of one reservation."""

import json
from collections.abc import Sequence

from charge_tui.domain.text import safe
from charge_tui.tui.render.spans import Line, Span, wrap
from charge_tui.tui.screens.page import Page


class RawPage(Page):
    """The text as the API sends it, indented where it is JSON; ``Y`` copies it as it came."""

    def __init__(self, identity: str, text: str) -> None:
        super().__init__(safe(identity, 60), "Esc closes  ·  Y in the table, twice, copies it")
        self._text = text

    def page_lines(self, width: int) -> Sequence[Line]:
        """A line for each line of the JSON, long ones wrapped."""
        lines: list[Line] = []
        for line in indented(self._text).splitlines():
            key, colon, rest = line.partition('": ')
            if colon and width > 20:
                indent = len(line) - len(line.lstrip())
                first, *more = wrap(safe(rest, 4000), max(10, width - len(safe(key)) - 3))
                lines.append((Span(safe(key + '"', 200), "accent"), Span(": " + first)))
                lines += [(Span(" " * (indent + 2) + part),) for part in more]
            else:
                lines += [(Span(part),) for part in wrap(safe(line, 4000), width)]
        return lines


def indented(text: str) -> str:
    """JSON with two spaces of indent, its keys in their order; another text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
