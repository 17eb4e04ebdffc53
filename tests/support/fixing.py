"""A dispatcher at the queue: findings, what is proposed for them, and how many keys a fix takes."""

from datetime import timedelta
from typing import Any

from charge_tui.domain.times import rfc3339
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.render.spans import text_of
from charge_tui.tui.screens.fix import FixScreen
from charge_tui.tui.screens.which import WhichScreen
from tests.support.forms import Dispatcher, QuestionPage
from tests.support.sandbox import START
from tests.support.screen import Screen


def a_lost(sandbox: RunningSandbox, reason: str = "no_available_connectors", **fields: Any) -> dict[str, Any]:
    """One that just failed, and was to start in 20 minutes."""
    begins = START + timedelta(minutes=20)
    window = {"ideal_start": rfc3339(begins), "ideal_end": rfc3339(begins + timedelta(minutes=90))}
    made = sandbox.create(**(an_idle_crew(sandbox) | window | fields))
    return sandbox.edit(made["id"], status="failed", failed_reason=reason)


def an_idle_crew(sandbox: RunningSandbox) -> dict[str, Any]:
    """A vehicle and a driver with nothing open, and what they use to ask for."""
    taken = [row for status in ("pending", "confirmed", "failed") for row in sandbox.find(status=status)]
    busy = {row[name] for row in taken for name in ("vehicle", "driver")}
    rows = (row for row in sandbox.find(status="completed") if not busy & {row["vehicle"], row["driver"]})
    old = next(row for row in rows if len(row["connector_type"]) == 1)
    place = old["location"] | {"radius": 1500}
    kept = {name: old[name] for name in ("vehicle", "driver", "connector_type", "payment_method")}
    return kept | {"location": place}


def two_at_once(sandbox: RunningSandbox) -> list[str]:
    """Two pending ones of one vehicle in the same window, the one that leads their finding first."""
    begins = START + timedelta(hours=30)
    crew = an_idle_crew(sandbox)
    first = sandbox.create(**crew, ideal_start=rfc3339(begins), ideal_end=rfc3339(begins + timedelta(minutes=90)))
    begins += timedelta(minutes=15)
    second = sandbox.create(**crew, ideal_start=rfc3339(begins), ideal_end=rfc3339(begins + timedelta(minutes=90)))
    return [first["id"], second["id"]]


class Fixing(Dispatcher):
    """Counts the keys that a person presses from the moment at which the cursor is on a finding."""

    def __init__(self, desk: Screen) -> None:
        super().__init__(desk)
        self.keys = 0

    async def at_finding(self, identity: str) -> "Fixing":
        """Wait until it has a finding, go to it, and begin to count."""
        await self.desk.until(lambda: self.desk.attention.entry(identity) is not None, f"{identity} has a finding")
        await self.desk.press("g")
        await self.select(identity)
        self.keys = 0
        return self

    async def press(self, *keys: str) -> "Fixing":
        """Press keys, and count them."""
        self.keys += len(keys)
        for key in keys:
            await self.desk.press(key)
        return self

    async def read_detail(self, *words: str) -> str:
        """Wait until these words are in the detail; all of it, on one line."""
        await self.desk.until(lambda: all(word in self.detail for word in words), f"{words} are in the detail")
        return self.detail

    @property
    def detail(self) -> str:
        """What stands in the detail, on one line."""
        return " ".join(" ".join(text_of(line) for line in self.desk.desk_screen.detail.lines).split())

    async def shown_first(self) -> QuestionPage:
        """Wait until a proposal is shown before it is sent."""
        await self.desk.until(lambda: isinstance(self.desk.app.screen, FixScreen), "the proposal is shown")
        await self.desk.pilot.pause()
        return QuestionPage(self.desk)

    async def asked_which(self) -> str:
        """Wait until it is asked which one is meant; all of it."""
        await self.desk.until(lambda: isinstance(self.desk.app.screen, WhichScreen), "it is asked which one")
        await self.desk.pilot.pause()
        screen = self.desk.app.screen
        assert isinstance(screen, WhichScreen)
        await self.desk.until(lambda: screen.text.lines, "they are listed")
        return "\n".join(text_of(line) for line in (*screen.heading.lines, *screen.text.lines, *screen.foot.lines))

    def replacements(self, sandbox: RunningSandbox, identity: str) -> list[dict[str, Any]]:
        """What was booked in its place."""
        return [row for row in sandbox.find() if (row["metadata"] or {}).get("replaces") == identity]
