"""A dispatcher who answers findings: the pages that he is shown, and worlds in which few things are wrong."""

from datetime import datetime, timedelta
from typing import Any

from charge_tui.desk.attention.state import Said, Verdict
from charge_tui.domain.times import rfc3339
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.render.spans import text_of
from charge_tui.tui.screens.frame import Frame
from tests.support.forms import Dispatcher
from tests.support.sandbox import START, SandboxMaker


def quiet_world(make_sandbox: SandboxMaker) -> RunningSandbox:
    """A sandbox with no reservation in it."""
    return make_sandbox(reservations=0)


def lost(sandbox: RunningSandbox, minutes: float = 20, limits: float | None = None, **fields: Any) -> str:
    """One that failed and was to start in so many minutes: critical, or high where its limits leave much time."""
    begins = START + timedelta(minutes=minutes)
    window: dict[str, Any] = {
        "ideal_start": rfc3339(begins), "ideal_end": rfc3339(begins + timedelta(minutes=90)),
    }  # fmt: skip
    if limits is not None:
        window["latest_end"] = rfc3339(begins + timedelta(minutes=90 + limits))
    row = sandbox.create(**(window | fields))
    sandbox.edit(row["id"], status="failed", failed_reason="no_available_connectors")
    return str(row["id"])


def high(sandbox: RunningSandbox, minutes: float = 60) -> str:
    """One that failed, with hours left to find another place."""
    return lost(sandbox, minutes, limits=300)


def twice(sandbox: RunningSandbox) -> tuple[str, str]:
    """Two pending ones of one vehicle, from 09:00 and 09:15 in Paris, each 90 minutes long; the earlier one first."""
    begins = (START + timedelta(hours=30), START + timedelta(hours=30, minutes=15))
    windows = [{"ideal_start": rfc3339(one), "ideal_end": rfc3339(one + timedelta(minutes=90))} for one in begins]
    first = sandbox.create(**windows[0])
    second = sandbox.create(**windows[1], vehicle=first["vehicle"], driver=first["driver"])
    return str(first["id"]), str(second["id"])


def at(minutes: float) -> datetime:
    """World time, so many minutes after the start of the sandbox."""
    return START + timedelta(minutes=minutes)


class Attending(Dispatcher):
    """A person at the queue."""

    async def at_finding(self, identity: str) -> "Attending":
        """Wait until it is in the queue, and put the cursor on it."""
        await self.desk.until(lambda: self.desk.attention.entry(identity) is not None, f"{identity} has a finding")
        await self.desk.press("g")
        await self.select(identity)
        return self

    async def over(self, identity: str) -> "Attending":
        """Put the cursor on a reservation."""
        await self.select(identity)
        return self

    async def queue(self, *identities: str) -> None:
        """Wait until exactly these wait for a verdict, in this order."""
        await self.desk.until(lambda: self.fresh == list(identities), f"{identities} wait; {self.fresh} do")

    @property
    def fresh(self) -> list[str]:
        """The leading reservations that wait for a verdict, in the order of the queue."""
        return [entry.id for entry in self.desk.attention.queue().entries if entry.fresh]

    def verdict(self, identity: str) -> Verdict | None:
        """What was said about a reservation's finding."""
        entry = self.desk.attention.entry(identity)
        return entry.verdict if entry else None

    def said(self, identity: str) -> Said | None:
        """The kind of what was said."""
        verdict = self.verdict(identity)
        return verdict.said if verdict else None

    async def page(self, *words: str) -> str:
        """Wait until a page with these words stands over the desk; all of it, on one line."""
        await self.desk.until(lambda: all(word in self.page_text for word in words), f"{words} are on the page")
        return self.page_text

    @property
    def page_text(self) -> str:
        """What the page over the desk says, scrolled-out lines too, on one line; empty where there is none."""
        screen = self.desk.app.screen
        if not isinstance(screen, Frame):
            return ""
        panes = (screen.heading, screen.text, screen.foot)
        return " ".join(" ".join(text_of(line) for pane in panes for line in pane.lines).split())
