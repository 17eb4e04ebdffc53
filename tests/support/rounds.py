"""A round through every view and page of the desk on a terminal, as somebody makes it who looks at everything."""

import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.hostile_api import Between, Spoiler, keeps_id_and_status
from tests.support.process import Terminal

ESC = "\x1b[27u"
"""The key alone, in the way of terminals that tell it from the beginning of a sequence."""


def press(it: Terminal, keys: str, *words: str) -> None:
    """Press keys, and wait until one of these words has come out after them, or stands there with what came."""
    before = len(it.seen)
    it.type(keys)

    def brought() -> bool:
        came = it.seen[before:]
        return bool(came) and any(word.encode() in came or it.screen.shows(word) for word in words)

    it.wait_until(brought, f"{keys!r} brings {words}")


def settled(it: Terminal) -> None:
    """Close whatever is open, and wait until the desk has dealt with all keys: the help comes, and is closed again.

    A page that is sending stays open, so it is asked again every second.
    """
    before, asked, there = len(it.seen), 0.0, it.screen.shows("next reservation")

    def helped() -> bool:
        nonlocal asked
        if time.monotonic() - asked > 1.0:
            asked = time.monotonic()
            it.type(ESC * 4 + "?")
        return b"next reservation" in it.seen[before:] or (not there and it.screen.shows("next reservation"))

    it.wait_until(helped, "the help is shown")
    it.type(ESC)


def click(it: Terminal, column: int, row: int) -> None:
    """Click with the mouse."""
    it.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")


def clicks(it: Terminal, size: tuple[int, int]) -> None:
    """Click all over the middle of the screen, closing what opens."""
    for row in range(3, size[1] - 1, 2):
        for column in (6, size[0] // 3, size[0] * 2 // 3, size[0] - 4):
            click(it, column, row)
        it.type(ESC)
    it.type(ESC)


def views(it: Terminal) -> None:
    """Each list, from top to bottom."""
    for view in "12345678":
        it.type(view + "Gjjg")
        settled(it)


def on(it: Terminal, identity: str) -> None:
    """Open a reservation by its id."""
    press(it, "o", "Open a reservation")
    it.type(f"{identity}\r")
    it.wait_for_title(identity)


def pages(it: Terminal, identity: str) -> None:
    """Every page that only shows, with a reservation under the cursor."""
    on(it, identity)
    press(it, "J", "copies it")
    press(it, "Gg" + ESC, "charge", "FRESH")
    it.type("1gY" + "Y")
    for keys, words in (
        ("i", "Why"), ("W", "acknowledged"), ("!", "can be trusted"), ("v", "Columns"), ("U", "settled"), ("?", "Keys"),
        (":", "ype a command"), ("f", "Show only"), ("t", "L"),
    ):  # fmt: skip
        press(it, keys, words)
        it.type("jjk" if keys not in ":f" else "a\t")
        it.type("LLL+-><0\r" if keys == "t" else "")
        settled(it)


def searches(it: Terminal, texts: Sequence[str]) -> None:
    """Look for text that somebody pasted, in every line that one can type in."""
    for opened in ("/", "o", "f"):
        it.type(opened)
        for text in texts:
            it.type(f"\x1b[200~{text.replace(chr(27), '')}\x1b[201~")
        it.type("\r" if opened == "o" else "")
        settled(it)
    it.type("F")


def records(it: Terminal, folder: Path) -> None:
    """The log and the handover page, both exported in every form to a folder."""
    for turns in range(3):
        press(it, "l", "changes seen")
        it.type("jjkGg")
        press(it, "/e\r", "with “e”")
        export(it, folder, "\t" * turns)
        settled(it)
    press(it, "H", "has to know")
    press(it, "n", "back to the page")
    it.type("\x1b[200~first \x9b31m line\r\nsecond \u202e [/red]\x1b[201~\t")
    export(it, folder, "")
    settled(it)


def export(it: Terminal, folder: Path, turns: str) -> None:
    """Write the page to a folder."""

    def full() -> int:
        return sum(path.stat().st_size > 0 for path in folder.iterdir())

    before = full()
    press(it, "E", "writes a new file")
    it.type("\x01\x0b" + str(folder) + turns + "\r")
    it.wait_until(lambda: full() > before, "it is written")


def forms(it: Terminal, pending: str, confirmed: str, failed: str) -> None:
    """Every form and question about these reservations, saved or answered where the API refuses it."""
    for identity, keys, words in ((pending, "e", "nothing yet"), (confirmed, "m", "Move"), (failed, "b", "gain")):
        on(it, identity)
        press(it, keys, words)
        it.type("\x1b[B" * 4 + ", Type2" + "\x1b[B" * 5)
        it.type("\x13")
        settled(it)
    for identity, keys in ((pending, "c"), (confirmed, "x")):
        on(it, identity)
        press(it, keys, "?", "reservation", "sent")
        it.type("y")
        settled(it)
    press(it, "n", "nothing yet")
    settled(it)


def verdicts(it: Terminal) -> None:
    """Say something of each kind about findings, and look at what was said."""
    it.type("1g")
    for keys in ("a", "jd1", "jw1"):
        it.type(keys + ESC)
    settled(it)
    press(it, "W", "acknowledged")
    it.type("jjk" + ESC)
    settled(it)


def whole(it: Terminal, size: tuple[int, int], api: Between, folder: Path, pasted: Sequence[str]) -> None:
    """All of it, and the refusals of the API at its end. The folder takes the exports."""

    def one(status: str) -> str:
        return next(str(row["id"]) for row in api.sandbox.find(status=status) if keeps_id_and_status(str(row["id"])))

    views(it)
    clicks(it, size)
    settled(it)
    verdicts(it)
    pages(it, one("pending"))
    searches(it, pasted)
    records(it, folder)
    spoiler = api.spoil
    assert isinstance(spoiler, Spoiler)
    spoiler.errors = True
    forms(it, one("pending"), one("confirmed"), one("failed"))
    spoiler.limits = True
    it.type("r")
    press(it, "!", "can be trusted")
    settled(it)
