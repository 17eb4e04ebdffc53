"""A desk in front of which nobody is, and the one thing that somebody else changes: for what is counted of it."""

from datetime import timedelta
from typing import Final

from charge_tui.domain.times import parse_rfc3339, rfc3339
from charge_tui.sandbox import SandboxOptions
from tests.support.counting import Counted
from tests.support.virtual import START

AFTER_A_KEY: Final = 36.0
"""Seconds after a key until seconds tick no more on the screen."""


def standing(size: int) -> SandboxOptions:
    """A world that stands still, in which nothing is wrong."""
    return SandboxOptions(reservations=size, open=size, start=START, speed=0.0, traffic=False, trouble=False)


async def at_rest(it: Counted) -> None:
    """A reservation is selected, every name is known, and nobody has pressed a key for a while."""
    await it.press("down", "down")
    await it.run(seconds=AFTER_A_KEY)
    while it.screen.desk.names.wanted:
        await it.run(seconds=1)
    await it.run(seconds=20)
    it.taken()


async def change_one(it: Counted) -> None:
    """Somebody else moves the window of a reservation on the screen, not the selected one; it is seen and told."""
    table = it.screen.table
    visible = [one for one in it.screen.desk_screen.table.visible_ids if one in table.ids and one != table.cursor]
    await change(it, visible[-1])
    await it.run(seconds=90)


async def change(it: Counted, subject: str) -> None:
    """Somebody else moves the window of that reservation by a minute, and the desk sees it."""
    row = it.sandbox.reservation(subject)
    window = "reserved" if row["status"] == "confirmed" else "ideal"
    moved = {name: parse_rfc3339(row[name]) + timedelta(minutes=1) for name in (f"{window}_start", f"{window}_end")}
    it.sandbox.edit(subject, **{name: rfc3339(moment) for name, moment in moved.items()})
    seen = row["updated"]
    while str(getattr(it.screen.desk.known(subject), "updated", "")) == seen:
        await it.run(seconds=1)
