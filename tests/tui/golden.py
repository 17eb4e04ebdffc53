"""Screens kept as plain text: what is on the screen must be what was agreed on.

``CHARGE_UPDATE_GOLDEN=1 pytest tests/tui`` writes them anew; the difference is then read like any other change.
"""

import difflib
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def expect_golden(text: str, name: str) -> None:
    """Compare a screen with the one that is kept under that name."""
    path = FOLDER / f"{name}.txt"
    shown = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if os.environ.get("CHARGE_UPDATE_GOLDEN"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(shown)
        return
    kept = path.read_text() if path.exists() else ""
    if shown != kept:
        difference = difflib.unified_diff(kept.splitlines(), shown.splitlines(), "kept", "shown", lineterm="")
        raise AssertionError(f"the screen {name} is another one:\n" + "\n".join(difference))
