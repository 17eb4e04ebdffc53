"""What can be known of the terminal before anything is drawn."""

import os
from collections.abc import Mapping, MutableMapping
from typing import Final

STDIN: Final = 0
STDERR: Final = 2  # the screen is drawn through standard error, so that standard output stays free

_NO_SCREEN: Final = frozenset({"", "dumb", "unknown"})
_SHAPES: Final = "│━█▌◆…"
_INSTEAD: Final = "the same reservations without a screen: charge-tui list"


def why_no_screen(environment: Mapping[str, str]) -> str | None:
    """Why the desk cannot be drawn here, in one sentence that says what to do instead; None where it can."""
    if not (os.isatty(STDIN) and os.isatty(STDERR)):
        return f"The desk needs a terminal, and standard input or standard error is none; {_INSTEAD}"
    kind = environment.get("TERM", "")
    if kind in _NO_SCREEN:
        told = f"TERM={kind}" if kind else "TERM is not set, and a terminal without a type"
        return f"{told} cannot show the desk; set TERM to your terminal's type, or see {_INSTEAD}"
    return None


def over_ssh(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection."""
    return bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))


def calm_over_ssh(environment: MutableMapping[str, str]) -> None:
    """Switch animations off where each frame crosses a network; Textual reads this when it is imported."""
    if over_ssh(environment):
        environment.setdefault("TEXTUAL_ANIMATIONS", "none")


def colours(environment: Mapping[str, str]) -> str:
    """How many colours the terminal says it has, as Textual will read it."""
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "16 million"
    kind = environment.get("TERM", "")
    return "256" if kind.endswith("256color") else "16"


def shapes_fit(encoding: str | None) -> bool:
    """Whether what is written in that encoding can hold the shapes that the desk draws with; else ASCII is left."""
    try:
        _SHAPES.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
