"""The four themes: which colour each meaning has. The only place that knows colours.

All of them keep the terminal's own background and foreground; colour is for what is abnormal, and nothing is told by
colour alone. ``charge-ansi`` uses the terminal's sixteen colours only.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.style import Style
from textual.theme import Theme

from charge_tui.tui.render.spans import Token


@dataclass(frozen=True)
class Palette:
    """The look of every token, each as a Rich style definition."""

    name: str
    dark: bool
    tokens: dict[Token, str]
    cursor: str
    """The row that the cursor is on, while the table has the focus."""
    resting: str
    """The same row while something else has the focus."""
    bar_cursor: str
    """The bar of the board that the cursor is on, while the board has the focus."""
    keeps_colour: bool
    """Whether tokens keep their colour on the cursor's row."""
    rule: str
    accent: str
    warn: str
    bad: str
    good: str
    quiet: str

    def style(self, token: Token) -> Style:
        """How text with that meaning looks."""
        return _style(self.tokens.get(token, ""))

    def on_cursor(self, token: Token, focused: bool) -> Style:
        """How text with that meaning looks on the cursor's row."""
        base = _style(self.cursor if focused else self.resting)
        own = self.style(token)
        if self.keeps_colour and token in _ALARMING:
            return base + Style(color=own.color, bold=own.bold)
        return base + Style(bold=own.bold) if token in _ALARMING else base

    def on_bar(self, token: Token, focused: bool) -> Style:
        """How text with that meaning looks on the board's bar that the cursor is on."""
        base = _style(self.bar_cursor if focused else self.resting)
        if token in _BLOCKS:
            return Style(color=base.bgcolor) if base.bgcolor else _PLAIN_STYLE
        return base

    def theme(self) -> Theme:
        """The same for Textual: its own widgets and the style sheets."""
        return Theme(
            name=self.name, dark=self.dark, ansi=True,
            primary=self.accent, secondary=self.accent, accent=self.accent,
            warning=self.warn, error=self.bad, success=self.good,
            foreground="ansi_default", background="ansi_default", surface="ansi_default", panel="ansi_default",
            boost="ansi_default",
            variables={
                "rule": self.rule, "quiet": self.quiet,
                "ansi-background": "ansi_default", "ansi-foreground": "ansi_default",
                "border": self.accent, "border-blurred": self.rule,
                "text-muted": self.quiet, "text-disabled": self.quiet, "foreground-muted": self.quiet,
                "block-cursor-foreground": _colour(self.cursor, fore=True),
                "block-cursor-background": _colour(self.cursor, fore=False),
                "block-cursor-text-style": "none",
                "block-cursor-blurred-foreground": _colour(self.resting, fore=True),
                "block-cursor-blurred-background": _colour(self.resting, fore=False),
                "block-hover-background": "ansi_default",
                "input-selection-foreground": _colour(self.cursor, fore=True),
                "input-selection-background": _colour(self.cursor, fore=False),
                "scrollbar": self.rule, "scrollbar-hover": self.accent, "scrollbar-active": self.accent,
                "scrollbar-background": "ansi_default", "scrollbar-background-hover": "ansi_default",
                "scrollbar-background-active": "ansi_default",
            },
        )  # fmt: skip


_ALARMING: Final = frozenset({"warn", "bad", "critical"})
_PLAIN_STYLE: Final = Style.null()
_BLOCKS: Final = frozenset({"bar"})

DARK: Final = Palette(
    name="charge-dark", dark=True,
    tokens={
        "quiet": "#8a93a0", "strong": "bold", "accent": "#7fb4f0", "good": "#86c994", "warn": "#e6b455",
        "bad": "#f58a8c", "critical": "bold #ffffff on #b3333a", "head": "#8a93a0",
        "title": "bold", "key": "bold #7fb4f0", "mode": "bold #86c994",
        "bar": "#7890ad", "inbar": "reverse #7890ad",
    },
    cursor="#ffffff on #25405f", resting="#d7dce3 on #313842", bar_cursor="bold #10161d on #b7d9ff",
    keeps_colour=True,
    rule="#414a57", accent="#7fb4f0", warn="#e6b455", bad="#f58a8c", good="#86c994", quiet="#8a93a0",
)  # fmt: skip

LIGHT: Final = Palette(
    name="charge-light", dark=False,
    tokens={
        "quiet": "#69707a", "strong": "bold", "accent": "#1d5fa8", "good": "#2f7a3f", "warn": "#8f5a00",
        "bad": "#b3262e", "critical": "bold #ffffff on #b3262e", "head": "#69707a",
        "title": "bold", "key": "bold #1d5fa8", "mode": "bold #2f7a3f",
        "bar": "#4f6d90", "inbar": "reverse #4f6d90",
    },
    cursor="#101418 on #cfe1f7", resting="#24292f on #e3e6ea", bar_cursor="bold #ffffff on #0b3a75",
    keeps_colour=True,
    rule="#c3c8cf", accent="#1d5fa8", warn="#8f5a00", bad="#b3262e", good="#2f7a3f", quiet="#69707a",
)  # fmt: skip

CONTRAST: Final = Palette(
    name="charge-contrast", dark=True,
    tokens={
        "quiet": "", "strong": "bold", "accent": "bold #00d7ff", "good": "bold #5fff5f", "warn": "bold #ffd700",
        "bad": "bold #ff8787", "critical": "bold #000000 on #ffd700", "head": "underline",
        "title": "bold underline", "key": "bold #00d7ff", "mode": "bold #5fff5f",
        "bar": "bold #00d7ff", "inbar": "bold",
    },
    cursor="bold #000000 on #ffffff", resting="bold #ffffff on #444444", bar_cursor="bold #000000 on #ffffff",
    keeps_colour=False,
    rule="#a8a8a8", accent="#00d7ff", warn="#ffd700", bad="#ff8787", good="#5fff5f", quiet="ansi_default",
)  # fmt: skip

ANSI: Final = Palette(
    name="charge-ansi", dark=True,
    tokens={
        "quiet": "dim", "strong": "bold", "accent": "cyan", "good": "green", "warn": "yellow",
        "bad": "red", "critical": "bold reverse red", "head": "dim",
        "title": "bold", "key": "bold cyan", "mode": "bold green",
        "bar": "blue", "inbar": "reverse blue",
    },
    cursor="black on cyan", resting="reverse", bar_cursor="black on cyan", keeps_colour=False,
    rule="ansi_bright_black", accent="ansi_cyan", warn="ansi_yellow", bad="ansi_red", good="ansi_green",
    quiet="ansi_default",
)  # fmt: skip

PLAIN: Final = Palette(
    name="charge-plain", dark=True,
    tokens={
        "quiet": "dim", "strong": "bold", "accent": "bold", "good": "", "warn": "bold", "bad": "bold",
        "critical": "bold reverse", "head": "dim", "title": "bold", "key": "bold", "mode": "bold",
        "bar": "", "inbar": "",
    },
    cursor="reverse", resting="underline", bar_cursor="reverse", keeps_colour=False,
    rule="ansi_default", accent="ansi_default", warn="ansi_default", bad="ansi_default", good="ansi_default",
    quiet="ansi_default",
)  # fmt: skip
"""What NO_COLOR shows, whichever theme is set: attributes alone."""

PALETTES: Final = {palette.name: palette for palette in (DARK, LIGHT, CONTRAST, ANSI)}


def palette(theme: str, no_color: bool) -> Palette:
    """The palette of a theme's name, or the one without colours."""
    return PLAIN if no_color else PALETTES[theme]


@lru_cache(256)
def _style(definition: str) -> Style:
    return Style.parse(definition) if definition else Style.null()


def _colour(definition: str, *, fore: bool) -> str:
    style = _style(definition)
    colour = style.color if fore else style.bgcolor
    if colour is None:
        return "ansi_default"
    return colour.name if colour.triplet else f"ansi_{colour.name}"
